"""What a plan is made from: living sources, links with what they stand for, and what was asked for before."""

from decimal import Decimal

import polars as pl

from sf_intacct.flow import judging
from sf_intacct.flow.decide import Step
from sf_intacct.store import plan_sources
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import (
    ACCOUNTS,
    DAY,
    MAPPINGS,
    ORDERS,
    account,
    core,
    linked,
    order,
    planned,
    written,
)


def test_sources_are_living_rows_with_their_living_lines(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        order(session, "801B", is_deleted=True)
        order(session, "801C")
        core(session, "salesforce_order_items", order_item_id="802A", order_id="801A")
        core(session, "salesforce_order_items", is_deleted=True, order_item_id="802B", order_id="801A")
        core(session, "salesforce_order_items", order_item_id="802C", order_id="801C")
        heads, lines = plan_sources.sources(session, ORDERS, pl.Series(["801A", "801B"]))
        assert heads["order_id"].to_list() == ["801A"]
        assert lines is not None
        assert lines["order_item_id"].to_list() == ["802A"]
        assert "is_deleted" not in heads.columns


def test_a_crossing_without_lines_has_none(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        account(session, "001A")
        heads, lines = plan_sources.sources(session, ACCOUNTS, pl.Series(["001A"]))
        assert heads["account_id"].to_list() == ["001A"]
        assert lines is None


def links(session: Session) -> dict[str, tuple[str | None, bool]]:
    found = plan_sources.links(session, MAPPINGS, ["account_to_customer"])
    return {row["source_id"]: (row["natural_key"], row["is_ready"]) for row in found.to_dicts()}


def test_a_counterpart_is_ready_when_it_is_there_by_our_mark_or_by_the_journal(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for name in "ABC":
            account(session, f"001{name}")
        core(session, "intacct_customers", record_number="1", customer_id="C-A", salesforce_id="001A")
        linked(session, "account_to_customer", "001B", "2", "C-B")
        assert links(session) == {"001A": ("C-A", True), "001B": ("C-B", True), "001C": (None, False)}


def test_a_counterpart_that_is_planned_has_its_name_already_and_is_not_ready(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        account(session, "001A")
        planned(session, ACCOUNTS, **{"001A": Step.SEND})
        session.run("update plan.account_to_customer set natural_key = 'C-A'")
        assert links(session) == {"001A": ("C-A", False)}


def test_a_record_in_quarantine_is_known_and_has_no_counterpart(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        session.run(
            "insert into core.quarantine (table_name, document_id, label, cause, sync_day, tick) "
            "values ('salesforce_accounts', '001Q', 'Acme', 'missing_value', ?, 1)",
            [DAY],
        )
        assert links(session) == {"001Q": (None, False)}


def test_a_document_that_crossed_and_is_asked_for_no_more_is_held_for_a_person(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "verified", target_id="7", amount=Decimal("9.00"))
        written(session, "order_to_invoice", "801B", "refused")
        rows = plan_sources.ended(session, ORDERS, pl.Series(["801A", "801B", "801C"]))
        assert rows.select("source_id", "target_id", "amount", "target_stage", "is_deleted").rows() == [
            ("801A", "7", Decimal("9.00"), "open", True)
        ]
        judged = judging.ended(ORDERS, rows.with_columns(is_turned=False))
        assert judged.select("outcome", "ruled").rows() == [("hold", "withdrawn_after_posting")]


def test_the_reference_tables_of_a_mapping_are_those_it_looks_values_up_in() -> None:
    assert plan_sources.references(ORDERS, MAPPINGS) == []

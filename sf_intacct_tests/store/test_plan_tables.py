"""plan: what has to be planned again, and everything a plan is made from."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow import judging
from sf_intacct.flow.decide import PLAN, Planned, Step
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import FINDINGS, together
from sf_intacct.flow.scope import NEEDS
from sf_intacct.store import plan_tables
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import (
    ACCOUNTS,
    DAY,
    MAPPINGS,
    NOON,
    ORDERS,
    REVISION,
    candidates,
    core,
    linked,
    planned,
    written,
)

OPEN = [step for step in Step if step not in (Step.UNCHANGED, Step.ABSENT)]


def account(session: Session, account_id: str, **values: Any) -> None:
    core(session, "salesforce_accounts", account_id=account_id, **values)


def order(session: Session, order_id: str, **values: Any) -> None:
    core(session, "salesforce_orders", **{"order_id": order_id, "order_number": f"N-{order_id}", **values})


# Each way to become a candidate


def test_at_first_everything_is_planned_and_then_nothing(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        account(session, "001A")
        account(session, "001B")
        assert planned(session, ACCOUNTS) == {"001A", "001B"}
        assert candidates(session, ACCOUNTS) == set()


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_source_that_changed_or_was_deleted_is_planned_again(furnished: Warehouse, is_deleted: bool) -> None:
    with furnished.transaction() as session:
        for order_id in ("801A", "801B"):
            order(session, order_id)
        planned(session, ORDERS)
        order(session, "801B", is_deleted=is_deleted)
        assert candidates(session, ORDERS) == {"801B"}


def test_a_neighbour_that_changed_brings_the_records_beside_it(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for name in "AB":
            core(session, "salesforce_contacts", contact_id=f"003{name}")
            account(session, f"001{name}", bill_to_contact_id=f"003{name}")
        planned(session, ACCOUNTS)
        core(session, "salesforce_contacts", contact_id="003B")
        assert candidates(session, ACCOUNTS) == {"001B"}


def test_a_settled_document_is_not_reached_by_its_neighbours(furnished: Warehouse) -> None:
    """Terms that change today do not reach back into the books."""
    with furnished.transaction() as session:
        account(session, "001A")
        for order_id in ("801A", "801B"):
            order(session, order_id, account_id="001A")
        planned(session, ORDERS, **{"801B": Step.WAITING})
        account(session, "001A", payment_terms="Net 60")
        assert candidates(session, ORDERS) == {"801B"}  # only the one that is still waiting


@pytest.mark.parametrize("step", OPEN)
def test_what_is_not_settled_is_planned_again_each_time(furnished: Warehouse, step: Step) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS, **{"801A": step})
        assert candidates(session, ORDERS) == {"801A"}


@pytest.mark.parametrize("step", [Step.UNCHANGED, Step.ABSENT])
def test_what_is_settled_is_left_alone(furnished: Warehouse, step: Step) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS, **{"801A": step})
        assert candidates(session, ORDERS) == set()


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_target_that_changed_brings_the_record_it_is_marked_with(furnished: Warehouse, is_deleted: bool) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS)
        core(session, "intacct_invoices", is_deleted, invoice_key="7", salesforce_id="801A")
        assert candidates(session, ORDERS) == {"801A"}


def test_a_target_that_changed_brings_the_record_the_journal_knows_it_by(furnished: Warehouse) -> None:
    """Somebody may have taken our mark off."""
    with furnished.transaction() as session:
        order(session, "801A")
        linked(session, "order_to_invoice", "801A", "7")
        linked(session, "another_crossing", "801B", "7")
        planned(session, ORDERS)
        core(session, "intacct_invoices", invoice_key="7", salesforce_id=None)
        assert candidates(session, ORDERS) == {"801A"}


def test_a_target_of_nobody_brings_nobody(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_invoices", invoice_key="7", salesforce_id=None)
        assert candidates(session, ORDERS) == set()


def test_new_mappings_plan_everything_again_that_is_kept_in_step(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        account(session, "001A")
        planned(session, ACCOUNTS)
        assert candidates(session, ACCOUNTS, "revision 2") == {"001A"}
        planned(session, ACCOUNTS, "revision 2")
        assert candidates(session, ACCOUNTS, "revision 2") == set()


def test_new_mappings_leave_settled_documents_alone(furnished: Warehouse) -> None:
    """A new rule is for new documents, and for those that are still on their way."""
    with furnished.transaction() as session:
        for order_id in ("801A", "801B"):
            order(session, order_id)
        planned(session, ORDERS, **{"801B": Step.SEND})
        assert candidates(session, ORDERS, "revision 2") == {"801B"}


def test_a_record_with_several_reasons_is_planned_once(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS, **{"801A": Step.SEND})
        order(session, "801A")
        core(session, "intacct_invoices", invoice_key="7", salesforce_id="801A")
        assert plan_tables.candidates(session, ORDERS, REVISION, DAY).ids.to_list() == ["801A"]


def test_what_changes_while_we_plan_is_planned_the_next_time(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        scope = plan_tables.candidates(session, ORDERS, REVISION, DAY)
        order(session, "801B")
        nothing = Planned(pl.DataFrame(schema=PLAN), together([]), [])
        plan_tables.publish(session, ORDERS, nothing, pl.DataFrame(schema=NEEDS), scope)
        assert candidates(session, ORDERS) == {"801B"}


# What a plan is made from


def test_sources_are_living_rows_with_their_living_lines(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        order(session, "801B", is_deleted=True)
        order(session, "801C")
        core(session, "salesforce_order_items", order_item_id="802A", order_id="801A")
        core(session, "salesforce_order_items", is_deleted=True, order_item_id="802B", order_id="801A")
        core(session, "salesforce_order_items", order_item_id="802C", order_id="801C")
        heads, lines = plan_tables.sources(session, ORDERS, pl.Series(["801A", "801B"]))
        assert heads["order_id"].to_list() == ["801A"]
        assert lines is not None
        assert lines["order_item_id"].to_list() == ["802A"]
        assert "is_deleted" not in heads.columns


def test_a_crossing_without_lines_has_none(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        account(session, "001A")
        heads, lines = plan_tables.sources(session, ACCOUNTS, pl.Series(["001A"]))
        assert heads["account_id"].to_list() == ["001A"]
        assert lines is None


def links(session: Session) -> dict[str, tuple[str | None, bool]]:
    found = plan_tables.links(session, MAPPINGS, ["account_to_customer"])
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


def other_side(session: Session, *source_ids: str, references: tuple[str, ...] = ()) -> Any:
    """What is there for orders of these ids."""
    heads = pl.DataFrame(
        [{"source_id": each, "natural_key": f"N-{each}", "claim": None} for each in source_ids],
        schema={"source_id": pl.String, "natural_key": pl.String, "claim": pl.String},
    )
    evaluated = Evaluated(heads, None, together([]), pl.DataFrame(schema=NEEDS))
    return plan_tables.other_side(session, ORDERS, evaluated, REVISION, references)


@pytest.mark.parametrize(
    ("why", "invoice"),
    [
        ("by its name", {"invoice_number": "N-801A"}),
        ("by our mark", {"invoice_number": "other", "salesforce_id": "801A"}),
        ("by the journal", {"invoice_number": "other"}),
    ],
)
def test_what_may_be_a_counterpart_is_found(furnished: Warehouse, why: str, invoice: dict[str, Any]) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_invoices", invoice_key="7", **invoice)
        core(session, "intacct_invoices", invoice_key="8", invoice_number="not ours")
        core(session, "intacct_invoices", is_deleted=True, invoice_key="9", invoice_number="N-801A")
        if why == "by the journal":
            linked(session, "order_to_invoice", "801A", "7")
        assert other_side(session, "801A").heads["target_id"].to_list() == ["7"], why


def test_what_is_there_is_spelt_as_the_house_does(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(
            session,
            "intacct_invoices",
            invoice_key="7",
            invoice_number="N-801A",
            customer_id="C-1",
            invoiced_on=date(2026, 3, 5),
            salesforce_id="801A",
            state="Posted",
            modified_at=NOON + timedelta(microseconds=5),
        )
        core(session, "intacct_invoice_items", line_key="70", invoice_key="7", line_number=1, amount=Decimal("12.50"))
        found = other_side(session, "801A")
        (head,) = found.heads.to_dicts()
        assert head == {
            "target_id": "7",
            "target_version": "2026-03-05T12:00:00.000005Z",
            "target_key": "N-801A",
            "target_mark": "801A",
            "target_is_void": False,
            "target_stage": "open",
            "target_entity": None,
            "RECORDID": "N-801A",
            "CUSTOMERID": "C-1",
            "WHENCREATED": "2026-03-05",
            "SALESFORCE_ID": "801A",
        }
        assert found.lines.select("target_id", "TRX_AMOUNT").rows() == [("7", "12.50")]


def test_a_document_that_was_taken_back_says_so(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_invoices", invoice_key="7", invoice_number="N-801A", state="Reversed")
        assert other_side(session, "801A").heads["target_is_void"].to_list() == [True]


def history(session: Session, *references: str) -> dict[str, Any]:
    (row,) = other_side(session, "801A", references=references).history.to_dicts()
    return dict(row)


@pytest.mark.parametrize(
    ("state", "open_state", "is_verified"),
    [
        ("pending", "pending", None),
        ("refused", "refused", None),
        ("uncertain", "uncertain", None),
        ("accepted", None, False),
        ("verified", None, True),
    ],
)
def test_the_newest_write_tells_how_things_stand(
    furnished: Warehouse, state: str, open_state: str | None, is_verified: bool | None
) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "cancelled", created_at=NOON - timedelta(days=1))
        written(session, "order_to_invoice", "801A", state)
        written(session, "another_crossing", "801A", "held", created_at=NOON + timedelta(days=1))
        known = history(session)
        assert (known["state"], known["is_verified"]) == (open_state, is_verified)
        told = (known["known_hash"], known["known_wording"], known["known_source_hash"])
        assert told == ("content hash", "wording hash", "source hash")


def test_a_refused_write_may_be_tried_again_once_what_it_hung_on_has_moved(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_terms", record_number="1")
        written(session, "order_to_invoice", "801A", "refused")
        assert history(session, "intacct_terms")["may_retry"] is False
        core(session, "intacct_items", record_number="1", item_id="W")
        assert history(session, "intacct_terms")["may_retry"] is False  # it does not hang on items
        core(session, "intacct_terms", record_number="2")
        assert history(session, "intacct_terms")["may_retry"] is True


def test_a_refused_write_may_be_tried_again_under_new_mappings(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "refused", mapping_revision="revision 0")
        known = history(session)
        assert (known["may_retry"], known["is_same_mapping"]) == (True, False)


def test_a_counterpart_that_was_deleted_in_the_books_is_gone(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "verified", target_id="7")
        linked(session, "order_to_invoice", "801A", "7")
        assert history(session)["is_gone"] is False
        core(session, "intacct_invoices", is_deleted=True, invoice_key="7")
        known = history(session)
        assert (known["linked_id"], known["is_gone"]) == ("7", True)


def test_the_newest_decision_says_whether_a_record_is_left_alone(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        decisions = [("801A", "ignore"), ("801B", "ignore"), ("801B", "retry"), ("801C", "ignore")]
        for number, (source_id, decision) in enumerate(decisions):
            crossing = "another_crossing" if source_id == "801C" else "order_to_invoice"
            session.run(
                "insert into journal.decision values (?, ?, ?, ?, 'because', 'ann', ?, 1)",
                [number, crossing, source_id, decision, NOON],
            )
        assert other_side(session, "801A", "801B", "801C").ignored == ["801A"]


def test_a_document_that_crossed_and_is_asked_for_no_more_is_held_for_a_person(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "verified", target_id="7", amount=Decimal("9.00"))
        written(session, "order_to_invoice", "801B", "refused")
        rows = plan_tables.ended(session, ORDERS, pl.Series(["801A", "801B", "801C"]))
        assert rows.select("source_id", "target_id", "amount", "target_stage", "is_deleted").rows() == [
            ("801A", "7", Decimal("9.00"), "open", True)
        ]
        judged = judging.ended(ORDERS, rows.with_columns(is_turned=False))
        assert judged.select("outcome", "ruled").rows() == [("hold", "withdrawn_after_posting")]


# Publishing a plan, and what apply takes from it


def test_a_plan_replaces_what_it_covers_and_nothing_else(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for order_id in ("801A", "801B"):
            order(session, order_id)
        planned(session, ORDERS, **{"801A": Step.SEND, "801B": Step.ABSENT})
        planned(session, ORDERS)
        rows = session.frame("select source_id, step, sync_day, mapping_revision from plan.order_to_invoice order by 1")
        assert rows.rows() == [("801A", "unchanged", DAY, REVISION), ("801B", "absent", DAY, REVISION)]


def test_a_record_that_left_the_crossing_leaves_the_plan(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS, **{"801A": Step.WAITING})
        scope = plan_tables.candidates(session, ORDERS, REVISION, DAY)
        nothing = Planned(pl.DataFrame(schema=PLAN), together([]), [])
        plan_tables.publish(session, ORDERS, nothing, pl.DataFrame(schema=NEEDS), scope)
        assert session.value("select count(*) from plan.order_to_invoice") == 0


def test_findings_and_needs_are_replaced_with_their_records(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for order_id in ("801A", "801B"):
            order(session, order_id)
        scope = plan_tables.candidates(session, ORDERS, REVISION, DAY)
        found = pl.DataFrame(
            [
                {"document_id": each, "cause": "missing_item", "subject": "SKU-9", "seen": "x", "column": "ITEMID"}
                for each in ("801A", "801B", "801B")
            ],
            schema=FINDINGS,
        )
        rows = pl.DataFrame([{"source_id": each, "step": "waiting"} for each in ("801A", "801B")], schema=PLAN)
        needs = pl.DataFrame([("801A", "account_to_customer", "001A")], schema=NEEDS, orient="row")
        plan_tables.publish(session, ORDERS, Planned(rows, found, []), needs, scope)
        told = session.frame("select crossing, document_id, cause, column_name from plan.findings order by 2").rows()
        assert told == [("order_to_invoice", each, "missing_item", "ITEMID") for each in ("801A", "801B")]
        assert plan_tables.needs(session, "order_to_invoice").rows() == [("801A", "account_to_customer", "001A")]
        assert plan_tables.needs(session, "account_to_customer").height == 0
        planned(session, ORDERS)
        assert session.value("select count(*) from plan.findings") == 0
        assert plan_tables.needs(session, "order_to_invoice").height == 0


def to_send(session: Session, version: str) -> None:
    """An order that is planned to be sent, made from this version of it."""
    planned(session, ORDERS, **{"801A": Step.SEND})
    session.run("update plan.order_to_invoice set source_version = ? where source_id = '801A'", [version])


@pytest.mark.parametrize(
    ("version", "is_deleted", "has_moved"),
    [
        ("2026-03-05T12:00:00.000000Z", False, False),
        ("2026-03-05T11:59:59.000000Z", False, True),
        ("2026-03-05T12:00:00.000000Z", True, True),
    ],
)
def test_a_plan_is_not_carried_out_when_what_it_was_made_from_has_moved(
    furnished: Warehouse, version: str, is_deleted: bool, has_moved: bool
) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        to_send(session, version)
        order(session, "801A", is_deleted=is_deleted)
        rows = plan_tables.unsettled(session, ORDERS)
        assert rows.select("source_id", "has_moved").rows() == [("801A", has_moved)]


@pytest.mark.parametrize("step", list(Step))
def test_whatever_is_not_in_step_is_unsettled(furnished: Warehouse, step: Step) -> None:
    with furnished.transaction() as session:
        order(session, "801A")
        planned(session, ORDERS, **{"801A": step})
        rows = plan_tables.unsettled(session, ORDERS).select("source_id", "step").rows()
    assert rows == ([] if step in (Step.UNCHANGED, Step.ABSENT) else [("801A", step)])


def test_the_reference_tables_of_a_mapping_are_those_it_looks_values_up_in() -> None:
    assert plan_tables.references(ORDERS, MAPPINGS) == []

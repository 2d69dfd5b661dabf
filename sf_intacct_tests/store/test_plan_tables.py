"""plan: what has to be planned again, and everything a plan is made from."""

import polars as pl
import pytest

from sf_intacct.flow.decide import PLAN, Planned, Step
from sf_intacct.flow.findings import FINDINGS, together
from sf_intacct.flow.scope import NEEDS
from sf_intacct.store import plan_tables
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import (
    ACCOUNTS,
    DAY,
    ORDERS,
    REVISION,
    account,
    candidates,
    core,
    linked,
    order,
    planned,
)

OPEN = [step for step in Step if step not in (Step.UNCHANGED, Step.ABSENT)]


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

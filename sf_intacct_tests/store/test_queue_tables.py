"""Everything that a crossing cannot carry, wherever it got stuck, and the queue as a table."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.decide import PLAN, Planned, Step
from sf_intacct.flow.findings import FINDINGS
from sf_intacct.flow.scope import NEEDS
from sf_intacct.store import plan_tables, queue_tables
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import DAY, NOON, ORDERS, REVISION, core, written


def quarantined(
    session: Session, document_id: str, table: str = "salesforce_orders", cause: str = "missing_value"
) -> None:
    session.run(
        "insert into core.quarantine (table_name, document_id, label, amount, cause, subject, seen, sync_day, tick) "
        "values (?, ?, 'N-1', 9.00, ?, 'Status', 'x', ?, 1)",
        [table, document_id, cause, DAY],
    )


def planned(session: Session, step: Step, *, found: str | None = "missing_item", cause: str | None = None) -> None:
    """Order 801A is planned, with one finding."""
    core(session, "salesforce_orders", order_id="801A")
    row = {"source_id": "801A", "step": step.value, "label": "N-A", "amount": Decimal("9.00"), "currency": "USD"}
    finding = {"document_id": "801A", "cause": found, "subject": "SKU-9", "seen": "x", "column": "ITEMID"}
    findings = pl.DataFrame([finding] if found else [], schema=FINDINGS)
    scope = plan_tables.candidates(session, ORDERS, REVISION, DAY)
    rows = pl.DataFrame([{**row, "cause": cause}], schema=PLAN)
    plan_tables.publish(session, ORDERS, Planned(rows, findings, []), pl.DataFrame(schema=NEEDS), scope)


def kept_up(session: Session) -> list[tuple[Any, ...]]:
    rows = queue_tables.kept_up(session, ORDERS)
    return rows.select("stage", "source_id", "label", "cause", "subject", "seen").rows()


def test_a_document_in_quarantine_is_kept_up(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        quarantined(session, "801Q")
        quarantined(session, "001Q", "salesforce_accounts")
        assert kept_up(session) == [("quarantined", "801Q", "N-1", "missing_value", "Status", "x")]


@pytest.mark.parametrize("step", list(Step))
def test_a_finding_counts_while_its_record_waits_or_is_held(furnished: Warehouse, step: Step) -> None:
    with furnished.transaction() as session:
        planned(session, step)
        told = [("planned", "801A", "N-A", "missing_item", "SKU-9", "x")]
        assert kept_up(session) == (told if step in (Step.WAITING, Step.HELD) else [])


@pytest.mark.parametrize("state", ["refused", "held"])
def test_a_write_that_was_refused_or_held_is_told_in_the_other_sides_own_words(
    furnished: Warehouse, state: str
) -> None:
    with furnished.transaction() as session:
        planned(session, Step.REFUSED, found=None)
        written(session, "order_to_invoice", "801A", state, cause="BL01001973", message="Invalid Customer 'C-9'")
        assert kept_up(session) == [("refused", "801A", "801A", "BL01001973", "key", "Invalid Customer 'C-9'")]


@pytest.mark.parametrize(
    ("step", "cause", "told"),
    [
        (Step.SEND, None, 1),
        (Step.REFUSED, None, 1),
        (Step.UNDER_WAY, None, 1),
        (Step.HELD, "identity_taken", 1),
        (Step.HELD, "ignored", 0),  # somebody said so
        (Step.UNCHANGED, None, 0),  # both sides agree by now
        (Step.WAITING, "missing_item", 0),  # the plan has a better reason
    ],
)
def test_an_old_refusal_is_told_only_as_long_as_it_still_says_something(
    furnished: Warehouse, step: Step, cause: str | None, told: int
) -> None:
    with furnished.transaction() as session:
        planned(session, step, found=None, cause=cause)
        written(session, "order_to_invoice", "801A", "refused", cause="X", message="no")
        assert len(kept_up(session)) == told


@pytest.mark.parametrize("state", ["pending", "in_flight", "uncertain", "accepted", "verified", "cancelled"])
def test_nothing_else_keeps_a_record_up(furnished: Warehouse, state: str) -> None:
    with furnished.transaction() as session:
        planned(session, Step.UNDER_WAY, found=None)
        written(session, "order_to_invoice", "801A", state)
        assert kept_up(session) == []


def test_records_that_no_crossing_starts_from_are_told_too(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        quarantined(session, "801Q")
        quarantined(session, "7", "intacct_terms")
        rows = queue_tables.quarantined_elsewhere(session, ["salesforce_orders"])
        assert rows.select("table_name", "source_id").rows() == [("intacct_terms", "7")]
        assert queue_tables.quarantined_elsewhere(session, []).height == 2


def test_the_queue_is_replaced_whole(furnished: Warehouse) -> None:
    row = dict.fromkeys(queue_tables.QUEUE, "x") | {
        "amount": Decimal("9.00"),
        "first_seen_at": NOON,
        "lines": 2,
        "attempts": 1,
    }
    with furnished.transaction() as session:
        queue_tables.replace(session, [row, {**row, "source_id": "y", "amount": None}])
        assert session.value("select count(*) from receipts.exceptions") == 2
        queue_tables.replace(session, [row])
        assert session.frame("select source_id, amount, first_seen_at from receipts.exceptions").rows() == [
            ("x", Decimal("9.00"), NOON)
        ]
        queue_tables.replace(session, [])
        assert session.value("select count(*) from receipts.exceptions") == 0

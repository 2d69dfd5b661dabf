"""core: lawful documents only, whole ones only, and the last good state when a day breaks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from sf_intacct.flow.check import Judged, Verdict, check
from sf_intacct.flow.contracts import Contract
from sf_intacct.store import core_tables
from sf_intacct.store.core_tables import touched
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.shop import DAY, LINES, NOON, ORDERS, gone, line, observe, order, tables

BAD = "not an amount"


def publish(session: Session, contract: Contract = ORDERS, day: date = DAY) -> Judged:
    """Judges everything that moved, and publishes what the gate lets pass."""
    moved = touched(session, contract, LINES)
    judged = check(contract, moved.heads, LINES, moved.lines)
    core_tables.publish(session, contract, LINES, judged, day, moved.upto)
    return judged


def orders(session: Session) -> list[tuple[str, str]]:
    """Id and number of the orders in core that are not deleted."""
    return session.frame("select order_id, number from core.shop_orders where not is_deleted order by 1").rows()


def amounts(session: Session) -> list[tuple[str, Decimal]]:
    return session.frame("select line_id, amount from core.shop_lines where not is_deleted order by 1").rows()


def quarantine(session: Session) -> list[tuple[object, ...]]:
    return session.frame("select document_id, label, amount, cause from core.quarantine order by 1").rows()


def waiting(session: Session, contract: Contract = ORDERS) -> list[str]:
    """Ids of the documents that would be judged now."""
    return sorted(touched(session, contract, LINES).heads["record_id"])


def test_lawful_documents_are_published_typed_and_with_their_lines(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1, TOTAL="12.50")])
        observe(session, LINES, [line("a1", "A", "12.50")])
        assert publish(session).verdict is Verdict.PASS
        assert session.frame(
            "select order_id, number, total, modified_at, is_deleted, sync_day from core.shop_orders"
        ).rows() == [("A", "N-A", Decimal("12.50"), NOON.replace(minute=1), False, DAY)]
        assert amounts(session) == [("a1", Decimal("12.50"))]
        assert core_tables.sizes(session, ORDERS, LINES) == [1, 1]
        assert quarantine(session) == []


def test_one_bad_line_keeps_its_whole_document_out_and_no_other(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A"), order("B", TOTAL="99.00")])
        observe(session, LINES, [line("a1", "A"), line("b1", "B"), line("b2", "B", BAD)])
        assert publish(session).verdict is Verdict.PARTIAL
        assert orders(session) == [("A", "N-A")]
        assert [name for name, _ in amounts(session)] == ["a1"]
        assert quarantine(session) == [("B", "N-B", Decimal("99.00"), "unreadable_value")]


def test_a_document_that_was_mended_leaves_the_quarantine(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A")])
        observe(session, LINES, [line("a1", "A", BAD)])
        publish(session)
        observe(session, LINES, [line("a1", "A", "5.00")])
        publish(session)
        assert quarantine(session) == []
        assert amounts(session) == [("a1", Decimal("5.00"))]


def test_a_document_that_breaks_a_law_later_keeps_its_last_good_state(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", NUMBER="good")])
        observe(session, LINES, [line("a1", "A", "5.00")])
        publish(session)
        observe(session, ORDERS, [order("A", 1, NUMBER=None)])
        publish(session)
        assert orders(session) == [("A", "good")]
        assert amounts(session) == [("a1", Decimal("5.00"))]
        assert [(row[0], row[3]) for row in quarantine(session)] == [("A", "missing_value")]


def test_every_reason_is_kept_once(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", NUMBER=None)])
        observe(session, LINES, [line("a1", "A", BAD), line("a2", "A", BAD)])
        publish(session)
        assert sorted(row[3] for row in quarantine(session)) == ["missing_value", "unreadable_value"]  # type: ignore[type-var]


def test_a_document_that_changed_replaces_itself_and_its_lines(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A"), order("B")])
        observe(session, LINES, [line("a1", "A"), line("a2", "A"), line("b1", "B")])
        publish(session)
        observe(session, ORDERS, [order("A", 1, NUMBER="new")])
        observe(session, LINES, [{**line("a1", "A"), "is_deleted": "true"}, line("a3", "A")])
        publish(session)
        assert orders(session) == [("A", "new"), ("B", "N-B")]
        assert [name for name, _ in amounts(session)] == ["a2", "a3", "b1"]


def test_a_deleted_document_stays_as_a_tombstone(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A")])
        publish(session)
        observe(session, ORDERS, [gone("A", 1)])
        publish(session)
        assert orders(session) == []
        assert session.value("select is_deleted from core.shop_orders where order_id = 'A'") is True
        assert core_tables.sizes(session, ORDERS, None) == [0]


def test_a_deleted_document_cannot_break_a_law_any_more(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", NUMBER=None)])
        publish(session)
        observe(session, ORDERS, [gone("A", 1)])
        assert publish(session).verdict is Verdict.PASS
        assert quarantine(session) == []
        assert session.value("select count(*) from core.shop_orders") == 0  # it never was there


def test_a_document_that_was_unlawful_when_it_was_deleted_is_deleted_in_core(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", NUMBER="good")])
        observe(session, LINES, [line("a1", "A")])
        publish(session)
        observe(session, ORDERS, [order("A", 1, NUMBER=None)])
        observe(session, LINES, [line("a1", "A", BAD)])
        publish(session)
        observe(session, ORDERS, [gone("A", 2)])
        publish(session, day=date(2026, 3, 7))
        rows = session.frame("select number, is_deleted, sync_day from core.shop_orders").rows()
    assert rows == [("good", True, date(2026, 3, 7))]


# A day that is refused


def broken_day(session: Session) -> Judged:
    """A day on which every one of several documents is bad: something else broke."""
    observe(session, ORDERS, [order(name, 1, NUMBER=None) for name in "ABC"])
    return publish(session, day=date(2026, 3, 6))


def test_a_refused_day_leaves_core_as_it_was(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order(name) for name in "ABC"])
        observe(session, LINES, [line(f"{name.lower()}1", name) for name in "ABC"])
        publish(session)
        before = session.frame("select * from core.shop_orders order by 1"), amounts(session)
        assert broken_day(session).verdict is Verdict.REFUSE
        after = session.frame("select * from core.shop_orders order by 1"), amounts(session)
        assert before[0].equals(after[0])
        assert before[1] == after[1]
        assert [(row[0], row[3]) for row in quarantine(session)] == [(name, "missing_value") for name in "ABC"]


def test_a_refused_day_is_judged_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        broken_day(session)
        assert waiting(session) == ["A", "B", "C"]
        observe(session, ORDERS, [order("A", 2)])
        assert publish(session).verdict is Verdict.PARTIAL
        assert orders(session) == [("A", "N-A")]
        assert waiting(session) == []


# What has to be judged


def test_what_was_judged_is_not_judged_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A"), order("B")])
        assert waiting(session) == ["A", "B"]
        publish(session)
        assert waiting(session) == []
        observe(session, ORDERS, [order("B", 1)])
        assert waiting(session) == ["B"]


def test_a_document_is_judged_again_when_only_a_line_changed(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A")])
        observe(session, LINES, [line("a1", "A")])
        publish(session)
        observe(session, LINES, [line("a1", "A", "11.00")])
        assert waiting(session) == ["A"]


def test_lines_that_came_before_their_head_wait_for_it(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, LINES, [line("a1", "A")])
        publish(session)
        assert amounts(session) == []
        observe(session, ORDERS, [order("A")])
        publish(session)
        assert [name for name, _ in amounts(session)] == ["a1"]


@pytest.mark.parametrize("changed", ["a law of the head", "a law of the lines"])
def test_a_changed_contract_judges_everything_again(warehouse: Warehouse, changed: str) -> None:
    """What was lawful may not be any more."""
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", TOTAL=None), order("B")])
        publish(session)
        assert waiting(session) == []
        heads, lines = ORDERS, LINES
        if changed == "a law of the head":
            heads = replace(ORDERS, columns=tuple(replace(c, required=True) for c in ORDERS.columns))
        else:
            lines = replace(LINES, columns=tuple(replace(c, length_max=9) for c in LINES.columns))
        moved = touched(session, heads, lines)
        assert sorted(moved.heads["record_id"]) == ["A", "B"]


def test_a_law_that_was_added_finds_what_is_in_core_already(warehouse: Warehouse) -> None:
    stricter = replace(ORDERS, columns=tuple(replace(c, required=True) for c in ORDERS.columns))
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", TOTAL=None), order("B")])
        publish(session)
        assert publish(session, stricter).verdict is Verdict.PARTIAL
        assert [(row[0], row[3]) for row in quarantine(session)] == [("A", "missing_value")]
        assert waiting(session, stricter) == []


def test_a_day_of_its_own_can_be_judged_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A")], day=date(2026, 3, 5))
        observe(session, ORDERS, [order("B")], day=date(2026, 3, 6))
        publish(session)
        assert touched(session, ORDERS, None, date(2026, 3, 5)).heads["record_id"].to_list() == ["A"]


def test_documents_without_lines_have_no_frame_of_lines(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A")])
        moved = touched(session, ORDERS, None)
        assert moved.lines is None
        judged = check(ORDERS, moved.heads)
        core_tables.publish(session, ORDERS, None, judged, DAY, moved.upto)
        assert orders(session) == [("A", "N-A")]


def test_everything_published_carries_a_number_in_the_one_order_of_changes(warehouse: Warehouse) -> None:
    """By which whatever follows knows what to look at."""
    with warehouse.transaction() as session:
        tables(session)
        ticks = []
        for minute in range(3):
            observe(session, ORDERS, [order("A", minute), order(f"B{minute}")])
            publish(session)
            ticks.append(session.frame("select order_id, tick from core.shop_orders"))
    newest = [dict(frame.iter_rows()) for frame in ticks]
    assert newest[0]["A"] < newest[1]["A"] < newest[2]["A"]
    assert newest[0]["B0"] == newest[2]["B0"]
    assert ticks[0].schema["tick"] == pl.Int64()

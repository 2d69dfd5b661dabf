"""raw: every version ever observed and nothing twice, and a watermark that never goes back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct.flow.contracts.contract import text
from sf_intacct.store import raw_tables, statements
from sf_intacct.store.raw_tables import Observed
from sf_intacct.store.spool import spooled
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.shop import LINES, NOON, ORDERS, gone, line, observe, order, page, tables, versions

MINUTE = timedelta(minutes=1)


def mark(session: Session) -> datetime | None:
    found = raw_tables.watermark(session, ORDERS)
    return found.stamp if found else None


# Versions


def test_what_is_read_for_the_first_time_is_new(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        assert observe(session, ORDERS, [order("A", 1)], [order("B", 2)]) == Observed(2, 2, 0, NOON + 2 * MINUTE)
        assert versions(session) == [("A", "N-A", False), ("B", "N-B", False)]


@pytest.mark.answers("A19")
def test_an_overlap_that_is_read_again_adds_nothing(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1), order("B", 2)])
        assert observe(session, ORDERS, [order("A", 1), order("B", 2)]) == Observed(2, 0, 0, NOON + 2 * MINUTE)
        assert observe(session, ORDERS, [order("B", 2), order("C", 3)]).new == 1
        assert [version[0] for version in versions(session)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("why", "now"),
    [
        ("another value and stamp", order("A", 2, NUMBER="N-2")),
        ("another value under the same stamp", order("A", 1, NUMBER="N-2")),
        ("the same values under another stamp", order("A", 2)),
        ("a value that is gone", order("A", 1, TOTAL=None)),
        ("an empty value where there was none", order("A", 1, TOTAL="")),
    ],
)
def test_a_record_that_changed_is_another_version_and_the_old_one_stays(
    warehouse: Warehouse, why: str, now: dict[str, str | None]
) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        assert observe(session, ORDERS, [now]).new == 1, why
        assert len(versions(session)) == 2


@pytest.mark.answers("E17")
def test_nothing_and_empty_are_two_things(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1, TOTAL=None)])
        assert observe(session, ORDERS, [order("A", 1, TOTAL="")]).new == 1


def test_values_cannot_run_into_each_other(warehouse: Warehouse) -> None:
    """Moved over a border between two fields, the same letters are other values."""
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1, NUMBER="1", TOTAL="23")])
        assert observe(session, ORDERS, [order("A", 1, NUMBER="12", TOTAL="3")]).new == 1


def test_a_record_that_comes_twice_in_one_read_counts_once_and_the_newest_counts(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        seen = observe(session, ORDERS, [order("A", 1)], [order("A", 3, NUMBER="new")], [order("A", 2, NUMBER="old")])
        assert (seen.read, seen.new) == (3, 1)
        assert versions(session) == [("A", "new", False)]


def test_every_version_carries_the_day_on_which_it_was_observed(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)], day=date(2026, 3, 5))
        observe(session, ORDERS, [order("A", 1), order("B", 1)], day=date(2026, 3, 6))
        days = session.frame("select record_id, sync_day, observed_at from raw.shop_orders order by record_id").rows()
    assert days == [("A", date(2026, 3, 5), NOON), ("B", date(2026, 3, 6), NOON)]


# Tombstones


def test_a_deletion_is_a_version_of_its_own_and_keeps_what_the_record_said(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        assert observe(session, ORDERS, [gone("A", 2)]) == Observed(1, 1, 1, NOON + 2 * MINUTE)
        assert versions(session) == [("A", "N-A", False), ("A", "N-A", True)]
        assert observe(session, ORDERS, [gone("A", 2)]).new == 0


def test_a_deletion_of_what_we_never_knew_is_nothing(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        assert observe(session, ORDERS, [gone("Z", 2)]).new == 0
        assert versions(session) == []


@pytest.mark.answers("A22")
def test_a_record_that_comes_back_is_a_version_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        for rows in ([order("A", 1)], [gone("A", 2)], [order("A", 3)]):
            assert observe(session, ORDERS, rows).new == 1
        assert [version[2] for version in versions(session)] == [False, True, False]


# Lines


def read_lines(session: Session, *rows: dict[str, str | None]) -> Observed:
    """Reads the lines of every order that has to be read."""
    return observe(session, LINES, list(rows), parents=raw_tables.documents_to_read(session, LINES, ORDERS))


def test_lines_that_are_gone_when_their_document_is_read_again_get_a_tombstone(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1), order("B", 1)])
        read_lines(session, line("a1", "A"), line("a2", "A"), line("b1", "B"))
        observe(session, ORDERS, [order("A", 2)])
        assert read_lines(session, line("a2", "A")) == Observed(1, 1, 1, None)
        latest = session.frame(statements.latest_versions(LINES, "true")).sort("record_id")
        assert latest.select("record_id", "is_deleted").rows() == [("a1", True), ("a2", False), ("b1", False)]


def test_a_document_that_lost_all_its_lines_has_none(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        read_lines(session, line("a1", "A"))
        observe(session, ORDERS, [order("A", 2)])
        assert read_lines(session).deleted == 1
        observe(session, ORDERS, [order("A", 3)])
        assert read_lines(session).new == 0  # buried once is enough


def test_a_line_that_moved_to_another_document_is_not_buried(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1), order("B", 1)])
        read_lines(session, line("a1", "A"))
        observe(session, ORDERS, [order("A", 2), order("B", 2)])
        assert read_lines(session, line("a1", "B")).deleted == 0
        assert versions(session, LINES)[-1] == ("a1", "B", False)


def test_the_lines_of_every_document_that_changed_are_read_and_of_no_other(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1), order("B", 1)])
        assert raw_tables.documents_to_read(session, LINES, ORDERS).ids == ["A", "B"]
        read_lines(session, line("a1", "A"), line("b1", "B"))
        assert raw_tables.documents_to_read(session, LINES, ORDERS).ids == []
        observe(session, ORDERS, [order("B", 2), order("C", 2)])
        assert raw_tables.documents_to_read(session, LINES, ORDERS).ids == ["B", "C"]


def test_a_deleted_document_has_no_lines_to_read(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        read_lines(session, line("a1", "A"))
        observe(session, ORDERS, [gone("A", 2)])
        assert raw_tables.documents_to_read(session, LINES, ORDERS).ids == []


def test_a_document_that_changed_while_its_lines_were_read_is_read_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        asked = raw_tables.documents_to_read(session, LINES, ORDERS)
        observe(session, ORDERS, [order("A", 2)])
        observe(session, LINES, [line("a1", "A")], parents=asked)
        assert raw_tables.documents_to_read(session, LINES, ORDERS).ids == ["A"]


# The watermark


def test_before_the_first_read_there_is_no_watermark_and_everything_is_read(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        assert mark(session) is None
        assert raw_tables.start(session, ORDERS, 5 * MINUTE) is None
        assert raw_tables.boundary(session, ORDERS) == (None, 0)


@pytest.mark.answers("A18")
def test_the_next_read_begins_an_overlap_before_the_newest_stamp(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 7), order("B", 3)])
        assert mark(session) == NOON + 7 * MINUTE
        assert raw_tables.start(session, ORDERS, 5 * MINUTE) == NOON + 2 * MINUTE


@pytest.mark.answers("J1")
def test_the_watermark_never_goes_back(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 7)])
        for rows in ([order("B", 3)], [], [order("C", None)], [gone("B", 5)]):
            assert observe(session, ORDERS, rows).watermark == NOON + 7 * MINUTE
        assert mark(session) == NOON + 7 * MINUTE


@pytest.mark.answers("C10")
def test_what_is_read_out_of_turn_is_known_and_leaves_the_watermark_where_it_is(warehouse: Warehouse) -> None:
    """Its neighbours were not read: from its stamp on, they would never be."""
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        now = order("A", 1, TOTAL="7")
        with spooled(ORDERS.selection, [page(ORDERS, [now, order("B", 9)])]) as spool:
            raw_tables.append_aside(session, ORDERS, spool, date(2026, 3, 6), NOON)
        assert mark(session) == NOON + MINUTE
        assert [version[0] for version in versions(session)] == ["A", "A", "B"]
        assert observe(session, ORDERS, [now]).new == 0


@pytest.mark.answers("K6")
def test_lines_tell_what_they_name_since_a_tick(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1), order("B", 1)])
        asked = raw_tables.documents_to_read(session, LINES, ORDERS)
        assert raw_tables.named(session, LINES, "ORDER", asked.upto) == []
        observe(session, LINES, [line("a1", "A"), line("b1", "B"), line("b2", "B")], parents=asked)
        assert raw_tables.named(session, LINES, "ORDER", asked.upto) == ["A", "B"]
        observe(session, ORDERS, [order("B", 2)])
        asked = raw_tables.documents_to_read(session, LINES, ORDERS)
        observe(session, LINES, [], parents=asked)
        assert raw_tables.named(session, LINES, "ORDER", asked.upto) == ["B"], "what is gone is told as well"


def test_a_tombstone_moves_the_watermark_like_any_other_change(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
        assert observe(session, ORDERS, [gone("A", 9)]).watermark == NOON + 9 * MINUTE


@pytest.mark.answers("A1")
def test_the_watermark_moves_with_its_rows_or_not_at_all(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 1)])
    with pytest.raises(KeyboardInterrupt), warehouse.transaction() as session:  # noqa: PT012
        observe(session, ORDERS, [order("B", 2)])
        raise KeyboardInterrupt
    with warehouse.transaction() as session:
        assert mark(session) == NOON + MINUTE
        assert [version[0] for version in versions(session)] == ["A"]


def test_a_changed_selection_reads_from_the_beginning(warehouse: Warehouse) -> None:
    """What we hold of the old records lacks the new field."""
    wider = replace(ORDERS, columns=(*ORDERS.columns, text("buyer", "BUYER", "Who bought")))
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 7)])
        tables(session, wider)
        assert raw_tables.start(session, wider, 5 * MINUTE) is None
        assert observe(session, wider, [order("A", 7, BUYER="Ann")]).new == 1
        assert raw_tables.start(session, wider, 5 * MINUTE) == NOON + 2 * MINUTE
        assert raw_tables.start(session, ORDERS, 5 * MINUTE) is None


def test_the_boundary_counts_the_records_of_the_watermarks_own_second(warehouse: Warehouse) -> None:
    """One that is committed late in that second is seen by the count, not by the stamp."""
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", 6), order("B", 7), order("C", 7)])
        assert raw_tables.boundary(session, ORDERS) == (NOON + 7 * MINUTE, 2)
        observe(session, ORDERS, [order("B", 8)])
        assert raw_tables.boundary(session, ORDERS) == (NOON + 8 * MINUTE, 1)


@pytest.mark.answers("J6")
def test_an_instant_comes_back_in_utc(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        tables(session)
        observe(session, ORDERS, [order("A", None, STAMP="2026-03-05T14:00:00.123456+02:00")])
        assert mark(session) == datetime(2026, 3, 5, 12, 0, 0, 123_456, tzinfo=UTC)


# The law of reading

HISTORY = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["1", "2", None])), min_size=1, max_size=8)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORY, st.data())
@pytest.mark.answers("A17")
def test_however_a_history_is_cut_into_overlapping_reads_the_same_is_known(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    """Records change (or, without a value, are deleted) one a minute; each read repeats some of the last one."""
    rows = [
        gone(name, minute) if value is None else order(name, minute, NUMBER=value)
        for minute, (name, value) in enumerate(history)
    ]
    warehouse = Warehouse(tmp_path_factory.mktemp("law") / "warehouse.duckdb")
    with warehouse.transaction() as session:
        tables(session)
        end, counts = 0, []
        while end < len(rows):
            begin = data.draw(st.integers(0, end), label="read again from")
            end = data.draw(st.integers(end + 1, len(rows)), label="up to")
            observe(session, ORDERS, rows[begin:end])
            counts.append(len(versions(session)))
        latest = session.frame(statements.latest_versions(ORDERS, "true")).to_dicts()
    assert counts == sorted(counts)
    truth = dict(history)
    assert {row["record_id"]: row["NUMBER"] for row in latest if not row["is_deleted"]} == {
        name: value for name, value in truth.items() if value is not None
    }
    # What came and went between two reads was never seen; what was seen and is gone is known to be gone.
    assert {row["record_id"] for row in latest if row["is_deleted"]} <= {n for n, value in truth.items() if not value}


def test_what_has_no_stamp_is_read_whole_and_what_a_read_lacks_is_gone(warehouse: Warehouse) -> None:
    listed = replace(ORDERS, lines=None, stamp="")
    with warehouse.transaction() as session:
        tables(session)
        assert observe(session, listed, [order("A"), order("B")]) == Observed(2, 2, 0, None)
        assert raw_tables.start(session, listed, MINUTE) is None
        assert observe(session, listed, [order("A"), order("B")]).new == 0
        assert observe(session, listed, [order("B", NUMBER="N-2")]) == Observed(1, 2, 1, None)
        assert observe(session, listed, []) == Observed(0, 1, 1, None)
        assert observe(session, listed, [order("A")]).new == 1
        told = [("A", "N-A", True), ("A", "N-A", False), ("B", "N-2", True)]
        assert [one for one in told if one not in versions(session)] == []

"""The watermark: a server's stamp that never goes back and never passes an unread change."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from sf_intacct.model.watermark import Watermark

instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
overlaps = st.timedeltas(timedelta(0), timedelta(days=1))


@given(instants, st.lists(st.none() | instants, max_size=12))
@pytest.mark.answers("J1")
def test_it_ends_at_the_newest_stamp_seen_whatever_the_order(start: datetime, seen: list[datetime | None]) -> None:
    mark = Watermark(start)
    for stamp in seen:
        before, mark = mark, mark.reaching(stamp)
        assert mark.stamp >= before.stamp
    assert mark.stamp == max([start, *(stamp for stamp in seen if stamp)])


@given(instants)
def test_a_page_without_stamps_does_not_move_it(start: datetime) -> None:
    assert Watermark(start).reaching(None) == Watermark(start)


@given(instants, overlaps)
def test_the_next_read_overlaps_the_last(start: datetime, overlap: timedelta) -> None:
    assert Watermark(start).start(overlap) == start - overlap


def test_a_change_that_commits_late_but_within_the_overlap_is_read_again() -> None:
    mark = Watermark(datetime(2026, 3, 17, 9, 30, tzinfo=UTC)).reaching(datetime(2026, 3, 17, 9, 40, tzinfo=UTC))
    committed_late = datetime(2026, 3, 17, 9, 31, tzinfo=UTC)
    assert mark.start(timedelta(minutes=15)) <= committed_late


@pytest.mark.answers("J3")
def test_stamps_of_other_offsets_are_compared_as_instants() -> None:
    noon = Watermark(datetime(2026, 3, 17, 12, tzinfo=UTC))
    half_past_eleven = datetime(2026, 3, 17, 13, 30, tzinfo=timezone(timedelta(hours=2)))
    assert noon.reaching(half_past_eleven) == noon


@pytest.mark.answers("J3", "J4")
def test_a_stamp_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Watermark(datetime(2026, 3, 17))  # noqa: DTZ001 - the very thing that is refused

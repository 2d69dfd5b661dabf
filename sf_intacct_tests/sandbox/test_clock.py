"""The world's time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.clock import Clock

START = datetime(2026, 3, 17, 9, 30, 15, tzinfo=UTC)


def test_a_frozen_clock_moves_only_when_it_is_moved() -> None:
    clock = Clock(START, frozen=True)
    assert clock.frozen
    assert clock.now() == clock.now() == START
    assert clock.advance(timedelta(seconds=90)) == START + timedelta(seconds=90) == clock.now()


def test_a_running_clock_starts_where_it_is_told_and_runs() -> None:
    clock = Clock(START)
    first, second = clock.now(), clock.now()
    assert not clock.frozen
    assert START <= first <= second < START + timedelta(minutes=1)


def test_a_running_clock_keeps_its_pace_when_it_is_moved() -> None:
    clock = Clock()
    before = clock.now()
    after = clock.advance(timedelta(days=1))
    assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=1)


@given(st.integers(-(10**9), 10**9), st.integers(-12, 12))
def test_a_frozen_clock_can_be_moved_to_any_instant_in_any_offset(seconds: int, hours: int) -> None:
    clock = Clock(START, frozen=True)
    aware = (START + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=hours)))
    assert clock.move_to(aware) == aware
    assert clock.now().tzinfo is UTC


def test_an_instant_without_an_offset_is_refused() -> None:
    clock = Clock(START, frozen=True)
    with pytest.raises(ValueError, match="offset"):
        clock.move_to(datetime(2026, 1, 1))  # noqa: DTZ001 - the very thing that is refused
    assert clock.now() == START

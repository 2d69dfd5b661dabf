"""Pauses between attempts: longer each time, bounded, different for each key, and the same in every run."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from sf_intacct.model.backoff import backoff

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
keys, attempts = st.text(max_size=10), st.integers(0, 10_000)


@given(keys, attempts)
def test_a_pause_is_between_half_and_the_whole_of_what_it_may_be(key: str, attempt: int) -> None:
    most = min(FIRST * 2 ** min(max(attempt, 1) - 1, 32), LONGEST)
    assert most / 2 <= backoff(key, attempt, FIRST, LONGEST) <= most


@given(keys, attempts)
def test_the_same_story_waits_the_same_way_again(key: str, attempt: int) -> None:
    assert backoff(key, attempt, FIRST, LONGEST) == backoff(key, attempt, FIRST, LONGEST)


def test_not_everything_comes_back_at_the_same_moment() -> None:
    assert len({backoff(f"k{n}", 3, FIRST, LONGEST) for n in range(100)}) > 50


def test_pauses_grow_until_they_are_as_long_as_they_may_be() -> None:
    pauses = [backoff("k", attempt, FIRST, LONGEST) for attempt in range(1, 9)]
    assert pauses[0] <= FIRST
    assert all(later >= earlier for earlier, later in pairwise(pauses[:5]))
    assert pauses[-1] > LONGEST / 2


def test_without_a_pause_there_is_none() -> None:
    assert backoff("k", 7, timedelta(0), LONGEST) == timedelta(0)

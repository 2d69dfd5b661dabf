"""Processes killed at named points leave nothing twice and nothing lost; more of them by `make crash`."""

from collections.abc import Iterator

import pytest

from sf_intacct_tests.crash.history import GIVEN, Task, judge, leave, points_of
from sf_intacct_tests.crash.points import ANY_INSTANT, POINTS, STEPS, place


@pytest.fixture(scope="module", autouse=True)
def _leaving() -> Iterator[None]:
    yield
    leave()


@pytest.mark.answers("F1")
def test_processes_killed_after_a_read_and_after_an_answer_leave_one_invoice_of_every_order() -> None:
    points = (
        "read: versions and watermark after their commit",
        "apply: Intacct has answered, no receipt is written",
    )
    told = judge(Task(seed=3, kills=2, only=points))
    assert (told.failures, told.is_well, told.kills) == ([], True, 2)


@pytest.mark.long
@pytest.mark.answers("F1")
@pytest.mark.parametrize("journal", ["sqlite", "postgres"])
@pytest.mark.answers("F1")
def test_processes_killed_at_every_named_point_leave_the_books_as_if_they_had_lived(journal: str) -> None:
    told = [judge(Task(seed, journal)) for seed in range(4)]
    assert [one.failures for one in told if not one.is_well] == []
    assert set(points_of(told)) == {point.name for point in POINTS}


@pytest.mark.long
def test_what_was_read_back_is_written_down_by_the_next_process_when_the_first_did_not_live_to() -> None:
    """The plan was committed first: nothing moved any more, nobody looked again, and the write stayed unverified."""
    points = ("read-back: seen, not written down", "plan: agreed fields kept, disagreements not")
    told = judge(Task(seed=11, kills=4, only=points))
    assert (told.failures, told.is_well) == ([], True)


def test_every_named_point_is_a_place_in_the_house_and_has_something_to_do_there() -> None:
    for point in POINTS:
        assert point is ANY_INSTANT or callable(place(point.at)[2]), point.name
        assert point.given in GIVEN


def test_every_step_of_the_road_has_points_and_no_two_have_one_name() -> None:
    assert {point.step for point in POINTS} == {*STEPS, "any instant"}
    assert len({point.name for point in POINTS}) == len(POINTS)

"""Circles of parents, found whatever their length and wherever one starts."""

from hypothesis import given, strategies as st

from sf_intacct.flow.kin import circle


def test_a_record_above_itself_is_a_circle_of_one() -> None:
    assert circle("a", {"a": "a"}) == ["a"]


def test_a_circle_reads_the_same_from_each_of_its_members() -> None:
    parents = {"b": "c", "c": "a", "a": "b"}
    assert [circle(name, parents) for name in "abc"] == [["a", "b", "c"]] * 3


def test_a_record_below_a_circle_belongs_to_none() -> None:
    assert circle("x", {"x": "a", "a": "b", "b": "a"}) == []


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 12).map(str) | st.none()))
def test_walking_up_from_a_member_comes_back_to_it_and_from_others_never(parents: dict[str, str | None]) -> None:
    for start in parents:
        here, steps = parents.get(start), 0
        while here is not None and here != start and steps <= len(parents):
            here, steps = parents.get(here), steps + 1
        assert (circle(start, parents) != []) == (here == start)

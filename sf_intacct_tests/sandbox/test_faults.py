"""Faults as rules: which call they look at, on which they strike, how often."""

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.faults import KINDS, Fault, Faults
from sf_intacct.sandbox.wire import Call

WRITE = Call("salesforce", ("PATCH sobjects/Account", "update Account"), is_write=True)
READ = Call("salesforce", ("query", "query Account"), is_write=False)


def struck(rules: Faults, calls: list[Call]) -> list[bool]:
    return [rules.next_for(call) is not None for call in calls]


def rules(**rule: object) -> Faults:
    found = Faults()
    found.set([{"kind": "drop_reply", **rule}])
    return found


def test_a_fault_strikes_the_first_matching_call_once() -> None:
    assert struck(rules(), [READ, READ]) == [True, False]


def test_it_may_wait_for_the_nth_match_and_strike_several_times() -> None:
    found = rules(nth=2, times=2, writes_only=True)
    assert struck(found, [WRITE, READ, WRITE, READ, WRITE, WRITE]) == [False, False, True, False, True, False]


@given(st.integers(1, 6), st.integers(0, 30))
def test_every_nth_call_is_struck_without_end(every: int, calls: int) -> None:
    found = struck(rules(every=every, times=None), [READ] * calls)
    assert [number for number, hit in enumerate(found, start=1) if hit] == list(range(every, calls + 1, every))


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        ({"operation": "update *"}, True),
        ({"operation": "PATCH sobjects/*"}, True),
        ({"operation": "patch *"}, False),
        ({"operation": "query"}, False),
        ({"system": "salesforce"}, True),
        ({"system": "intacct"}, False),
    ],
)
def test_it_looks_at_the_calls_that_its_pattern_names(rule: dict[str, str], hit: bool) -> None:
    assert struck(rules(**rule), [WRITE]) == [hit]


def test_of_two_that_strike_the_first_happens_and_the_other_waits() -> None:
    found = Faults()
    found.set([{"kind": "throttle"}, {"kind": "drop_request"}])
    kinds = [fault.kind if (fault := found.next_for(READ)) else None for _ in range(3)]
    assert kinds == ["throttle", "drop_request", None]
    assert [rule["fired"] for rule in found.report()] == [1, 1]


def test_an_unknown_kind_is_refused_and_the_rules_in_force_stay() -> None:
    found = rules()
    with pytest.raises(ValueError, match="gremlin"):
        found.set([{"kind": "gremlin"}])
    assert [rule["kind"] for rule in found.report()] == ["drop_reply"]


def test_every_kind_says_what_it_does() -> None:
    assert all(KINDS.values())
    assert {Fault(kind).kind for kind in KINDS} == KINDS.keys()

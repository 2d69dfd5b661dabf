"""Intents: one key per thing that is made, and a state machine that cannot post twice."""

from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sf_intacct.model.intent import (
    DONE,
    TRANSITIONS,
    UNSETTLED,
    Action,
    IllegalTransition,
    Intent,
    State,
    checked,
    content_hash,
    create_key,
    update_key,
)
from sf_intacct.model.receipt import Result
from sf_intacct.model.record import RecordReference

ORDER = RecordReference("salesforce", "Order", "801D000000IRt53IAD")
words = st.text(max_size=12)

# The whole state machine of failure-modes.md, section 4, in the house's words: every step there is.
STEPS = """
pending    -> in_flight accepted held cancelled
in_flight  -> accepted refused uncertain pending
uncertain  -> accepted refused pending held
refused    -> pending cancelled
held       -> pending accepted cancelled
cancelled  -> pending
accepted   -> verified
verified   ->
"""


def _create(**other: Any) -> str:
    given: dict[str, Any] = {
        "environment": "production",
        "crossing": "order_to_invoice",
        "source": ORDER,
        "company": "acme",
    }
    return create_key(**{**given, **other})


def _update(**other: Any) -> str:
    given: dict[str, Any] = {
        "environment": "production",
        "crossing": "account_to_customer",
        "source": ORDER,
        "company": "acme",
        "versions": ("2026-03-17T09:30:15.000000Z", "2026-03-16T00:00:00.000000Z"),
        "says": content_hash('{"fields":{"NAME":"Acme"}}'),
    }
    return update_key(**{**given, **other})


def _intent(**other: Any) -> Intent:
    given: dict[str, Any] = {
        "key": _create(),
        "crossing": "order_to_invoice",
        "action": Action.CREATE,
        "source": ORDER,
        "source_version": "2026-03-17T09:30:15.000000Z",
        "source_hash": "s",
        "target_system": "intacct",
        "target_object": "ARINVOICE",
        "target_id": None,
        "target_version": None,
        "natural_key": "SO-1",
        "label": "00000100",
        "content_hash": "c",
        "wording_hash": "w",
        "mapping_revision": "r",
        "request": "<create/>",
    }
    return Intent(**{**given, **other})


# Keys


def test_the_key_of_a_create_never_changes_between_releases() -> None:
    """A key that came out differently after an upgrade would make every invoice a second time."""
    assert _create() == "4eiayrm3t4s7rmgo2224rswl2szrcb7z"


def test_the_key_of_an_update_never_changes_between_releases() -> None:
    assert _update() == "u5xlfagimg7cwo3max3plib5qf7c2pgv"


@given(words, words, words, words)
def test_the_same_source_has_the_same_key_for_ever(environment: str, crossing: str, company: str, record: str) -> None:
    source = RecordReference("salesforce", "Order", record)
    again = RecordReference("salesforce", "Order", record)
    assert create_key(environment, crossing, source, company) == create_key(environment, crossing, again, company)


@pytest.mark.answers("G7", "H7")
def test_a_create_key_cannot_know_attempt_payload_mapping_or_clock() -> None:
    """The key is a function of exactly these: whoever adds an argument has to change this list, and should not."""
    arguments = create_key.__code__.co_varnames[: create_key.__code__.co_argcount]
    assert arguments == ("environment", "crossing", "source", "company")


@pytest.mark.parametrize(
    "other",
    [
        {"environment": "restored backup"},
        {"company": "acme-sandbox"},
        {"crossing": "order_to_credit_memo"},
        {"source": replace(ORDER, record_id="801D000000IqhSLIAZ")},
        {"source": replace(ORDER, object="Opportunity")},
        {"source": replace(ORDER, system="intacct")},
    ],
    ids=lambda other: next(iter(other)),
)
@pytest.mark.parametrize("key", [_create, _update], ids=["create", "update"])
def test_another_environment_company_crossing_or_record_has_another_key(
    key: Callable[..., str], other: dict[str, Any]
) -> None:
    assert key(**other) != key()


@given(st.tuples(words, words, words, words), st.tuples(words, words, words, words))
def test_parts_of_a_key_cannot_run_into_each_other(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Joined without care, ("ab", "c") and ("a", "bc") would be one key: two records, one invoice."""

    def key(environment: str, crossing: str, company: str, record: str) -> str:
        return create_key(environment, crossing, RecordReference("salesforce", "Order", record), company)

    assert (key(*one) == key(*other)) == (one == other)


@given(words, words)
def test_no_way_of_splitting_one_text_gives_the_same_key(one: str, other: str) -> None:
    keys = {create_key((one + other)[:cut], (one + other)[cut:], ORDER, "acme") for cut in range(len(one + other) + 1)}
    assert len(keys) == len(one + other) + 1


@pytest.mark.parametrize(
    "other",
    [
        {"versions": ("2026-03-17T09:30:16.000000Z", "2026-03-16T00:00:00.000000Z")},
        {"versions": ("2026-03-17T09:30:15.000000Z", "2026-03-17T00:00:00.000000Z")},
        {"versions": ("2026-03-17T09:30:15.000000Z", "")},
        {"says": content_hash('{"fields":{"NAME":"Acme Ltd"}}')},
    ],
    ids=["source moved", "target moved", "target unseen", "says something else"],
)
def test_an_update_is_keyed_by_what_it_says_about_which_versions(other: dict[str, Any]) -> None:
    assert _update(**other) != _update()


def test_an_update_and_a_create_of_one_record_are_two_writes() -> None:
    assert _update(crossing="order_to_invoice") != _create()


@given(words, words)
def test_a_key_fits_where_both_systems_keep_it(environment: str, record: str) -> None:
    key = create_key(environment, "x", RecordReference("salesforce", "Order", record), "acme")
    assert len(key) == 32
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz234567")


@given(words, words)
def test_the_content_hash_tells_texts_apart(one: str, other: str) -> None:
    assert (content_hash(one) == content_hash(other)) == (one == other)


# States


def _declared() -> Iterator[tuple[State, State]]:
    for line in STEPS.strip().splitlines():
        before, _, after = line.partition("->")
        yield from ((State(before.strip()), State(word)) for word in after.split())


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_these_are_all_the_steps_there_are(before: State, after: State) -> None:
    if (before, after) in set(_declared()):
        assert checked(before, after) is after
    else:
        with pytest.raises(IllegalTransition, match=f"from {before.value} to {after.value}"):
            checked(before, after)


def test_every_state_says_where_it_may_go() -> None:
    assert set(TRANSITIONS) == set(State)


def _reachable(start: State) -> set[State]:
    seen: set[State] = set()
    ways = [start]
    while ways:
        for after in TRANSITIONS[ways.pop()] - seen:
            seen.add(after)
            ways.append(after)
    return seen


@pytest.mark.parametrize("done", sorted(DONE))
def test_what_was_accepted_is_never_sent_again_by_any_path(done: State) -> None:
    assert _reachable(done) & {State.IN_FLIGHT, State.PENDING, *UNSETTLED, State.REFUSED} == set()


def test_nothing_uncertain_is_sent_again_without_being_pending_first() -> None:
    """Pending is where quiet time and two looks lead; in flight is entered from there and from nowhere else."""
    assert [before for before in State if State.IN_FLIGHT in TRANSITIONS[before]] == [State.PENDING]


@pytest.mark.answers("K10")
def test_accepted_needs_proof() -> None:
    """A write becomes accepted by an answer, by a look, or by a person who was shown one.

    From rest only by a look: a house whose journal was lost looks before it sends.
    """
    proven = {before for before in State if State.ACCEPTED in TRANSITIONS[before]}
    assert proven == {State.PENDING, State.IN_FLIGHT, State.UNCERTAIN, State.HELD}
    assert [before for before in State if State.VERIFIED in TRANSITIONS[before]] == [State.ACCEPTED]


@pytest.mark.parametrize("state", [state for state in State if state not in DONE])
def test_everything_unfinished_can_still_end_well(state: State) -> None:
    assert State.VERIFIED in _reachable(state)


def test_only_a_settled_write_may_be_given_up() -> None:
    """What may yet arrive cannot be cancelled: first it has to be known what came of it."""
    for risky in (State.IN_FLIGHT, State.UNCERTAIN):
        assert State.CANCELLED not in TRANSITIONS[risky]


def test_unsettled_and_done_do_not_overlap() -> None:
    assert not UNSETTLED & DONE
    assert UNSETTLED | DONE | {State.REFUSED, State.HELD, State.CANCELLED} == set(State)


# Wire identity


@pytest.mark.parametrize(
    "other",
    [
        {"attempt": 7},
        {"state": State.UNCERTAIN},
        {"is_doubtful": True},
        {"request": "<create>other</create>"},
        {"content_hash": "other"},
        {"mapping_revision": "other"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_wire_identity_survives_everything_but_a_refusal(other: dict[str, Any]) -> None:
    assert _intent(**other).wire_identity == _intent().wire_identity


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_every_refusal_gives_a_new_wire_identity(one: int, other: int) -> None:
    same = _intent(refusals=one).wire_identity == _intent(refusals=other).wire_identity
    assert same == (one == other)


def test_two_records_never_share_a_wire_identity() -> None:
    other = _create(source=replace(ORDER, record_id="801D000000IqhSLIAZ"))
    assert _intent(key=other).wire_identity != _intent().wire_identity


def test_an_intent_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        _intent().request = "<something else/>"  # type: ignore[misc]


def test_every_result_has_a_word_of_its_own() -> None:
    assert len({result.value for result in Result}) == len(Result)

"""The journal on both databases: nothing is sent that is not here first, and every state follows from a receipt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct.errors import TryLater
from sf_intacct.model.backoff import backoff
from sf_intacct.model.intent import Action, IllegalTransition, Intent, State
from sf_intacct.model.receipt import NAME_TAKEN, Outcome, Result
from sf_intacct.store.journal import ATTEMPTS_MAX, PASSES_MAX, Entered, Journal, Patience
from sf_intacct.store.journal_tables import INTENT, LINK, RECEIPT
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
MINUTE = timedelta(minutes=1)
PATIENCE = Patience(quiet=30 * MINUTE, apart=MINUTE, pause=MINUTE / 2)
ACCEPTED = Outcome(Result.ACCEPTED, target_id="7")
REFUSED = Outcome(Result.REFUSED, code="BL01001973", message="Invalid Customer")
UNCERTAIN = Outcome(Result.UNCERTAIN, code="no_answer", message="silence")
DOUBTFUL = Outcome(Result.DOUBTFUL, code="BL34000061", message="already exists")
ABSENT = Outcome(Result.ABSENT)
FOUND = Outcome(Result.FOUND, target_id="7")


def entered(journal: Journal, *intents: Intent, now: datetime = NOON) -> Entered:
    return journal.enter(intents or (intent(),), now, "run 1")


def the(journal: Journal, key: str = "k1") -> Intent:
    """The intent as the journal has it now."""
    (found,) = [one for one in journal.in_state(CROSSING, *State) if one.key == key]
    return found


def sent(journal: Journal, now: datetime = NOON, key: str = "k1") -> Intent:
    return journal.send([the(journal, key)], now)[0]


def answered(journal: Journal, outcome: Outcome, now: datetime = NOON, key: str = "k1") -> Intent:
    """Settles the intent as it now stands."""
    (settled,) = journal.settle([(the(journal, key), outcome)], now, "run 1", PATIENCE)
    assert settled == the(journal, key)
    return settled


def in_(journal: Journal, state: State) -> Intent:
    """An intent that is in this state, by the shortest road there."""
    entered(journal)
    roads: dict[State, Sequence[Outcome]] = {
        State.IN_FLIGHT: (),
        State.ACCEPTED: (ACCEPTED,),
        State.REFUSED: (REFUSED,),
        State.UNCERTAIN: (UNCERTAIN,),
        State.HELD: (UNCERTAIN, Outcome(Result.DIFFERENT)),
        State.VERIFIED: (ACCEPTED, Outcome(Result.VERIFIED)),
    }
    if state in roads:
        sent(journal)
        for outcome in roads[state]:
            answered(journal, outcome)
    if state is State.CANCELLED:
        journal.cancel([the(journal)], "withdrawn", NOON, "run 1")
    assert the(journal).state is state
    return the(journal)


def receipts(journal: Journal) -> list[tuple[Any, ...]]:
    return [(row["intent_key"], row["attempt"], row["result"], row["code"]) for row in journal.receipts_after(0)]


# One key is one intent


def test_the_same_key_twice_is_one_intent(journal: Journal) -> None:
    assert entered(journal, intent(), intent("k2", "801B")) == Entered(new=2)
    assert entered(journal, intent(), intent("k2", "801B")) == Entered(known=2)
    assert journal.counts() == {(CROSSING, "pending"): 2}


def test_another_opened_journal_sees_what_was_written_down(journal: Journal, journal_url: str) -> None:
    entered(journal)
    other = Journal(journal_url)
    assert [one.key for one in other.in_state(CROSSING, State.PENDING)] == ["k1"]
    other.close()


def test_a_pending_write_is_replaced_by_a_newer_plan_of_itself(journal: Journal) -> None:
    entered(journal)
    newer = intent(request="<create_invoice>2</create_invoice>", amount=Decimal("200.00"), source_version="later")
    assert entered(journal, newer, now=NOON + MINUTE) == Entered(replaced=1)
    assert the(journal) == newer


@pytest.mark.parametrize("state", [State.REFUSED, State.CANCELLED])
def test_a_write_that_was_given_up_is_pending_again_when_it_is_planned_again(journal: Journal, state: State) -> None:
    before = in_(journal, state)
    assert entered(journal) == Entered(replaced=1)
    again = the(journal)
    assert again == replace(intent(), attempt=before.attempt, refusals=before.refusals, sent_at=again.sent_at)
    assert (again.cause, again.message) == (None, None)


@pytest.mark.parametrize("state", [State.IN_FLIGHT, State.UNCERTAIN, State.HELD, State.ACCEPTED, State.VERIFIED])
@pytest.mark.answers("D36", "H2")
def test_a_write_that_may_have_been_carried_out_keeps_its_frozen_request(journal: Journal, state: State) -> None:
    before = in_(journal, state)
    assert entered(journal, intent(request="<create_invoice>2</create_invoice>")) == Entered(known=1)
    assert the(journal) == before


def test_a_source_is_created_once_even_under_another_key(journal: Journal) -> None:
    entered(journal)
    with pytest.raises(sa.exc.IntegrityError):
        entered(journal, intent("another key"))
    assert journal.counts() == {(CROSSING, "pending"): 1}


@pytest.mark.parametrize(
    "other",
    [
        intent("k2", "801B"),
        intent("k2", crossing="order_to_credit"),
        intent("k2", action=Action.UPDATE, target_id="7"),
        intent("k2", source=replace(intent().source, system="elsewhere")),
    ],
)
def test_another_source_crossing_or_update_is_another_write(journal: Journal, other: Intent) -> None:
    entered(journal)
    assert entered(journal, other) == Entered(new=1)


def test_a_batch_is_written_down_whole_or_not_at_all(journal: Journal) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        entered(journal, intent("k2", "801B"), intent("k3", "801B"))
    assert journal.counts() == {}


# Sending


@pytest.mark.answers("F5")
def test_a_write_is_marked_as_being_sent_before_a_byte_leaves(journal: Journal, journal_url: str) -> None:
    entered(journal)
    (marked,) = journal.send([the(journal)], NOON + MINUTE)
    other = Journal(journal_url)  # as whoever comes after a crash would see it
    assert other.in_state(CROSSING, State.IN_FLIGHT) == [marked]
    other.close()
    assert (marked.attempt, marked.sent_at, marked.due_at) == (1, NOON + MINUTE, None)


def test_what_is_not_pending_is_not_sent(journal: Journal) -> None:
    for state in (State.IN_FLIGHT, State.ACCEPTED, State.VERIFIED):
        with pytest.raises(IllegalTransition):
            journal.send([replace(intent(), state=state)], NOON)


@pytest.mark.answers("G2")
def test_a_batch_is_sent_whole_or_not_at_all(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"))
    journal.send([the(journal, "k2")], NOON)
    with pytest.raises(IllegalTransition):
        journal.send([the(journal), the(journal, "k2")], NOON)
    assert the(journal).state is State.PENDING


# What an answer leads to


@pytest.mark.parametrize(
    ("outcome", "state", "changes"),
    [
        (ACCEPTED, State.ACCEPTED, {"target_id": "7"}),
        (REFUSED, State.REFUSED, {"refusals": 1, "attempt": 0, "cause": "BL01001973", "message": "Invalid Customer"}),
        (
            Outcome(Result.NOT_EXECUTED, code="throttled", message="wait"),
            State.PENDING,
            {"due_at": NOON + backoff("k1", 1, MINUTE / 2, 15 * MINUTE), "cause": "throttled", "message": "wait"},
        ),
        (UNCERTAIN, State.UNCERTAIN, {"due_at": NOON, "cause": "no_answer", "message": "silence"}),
        (
            DOUBTFUL,
            State.UNCERTAIN,
            {"due_at": NOON, "is_doubtful": True, "cause": "BL34000061", "message": "already exists"},
        ),
    ],
)
@pytest.mark.answers("D15", "D19")
def test_each_answer_leads_to_one_state(
    journal: Journal, outcome: Outcome, state: State, changes: dict[str, Any]
) -> None:
    entered(journal)
    before = sent(journal)
    assert answered(journal, outcome) == replace(before, state=state, **changes)
    assert receipts(journal) == [("k1", 1, outcome.result.value, outcome.code)]


@pytest.mark.parametrize(
    ("outcome", "state", "changes"),
    [
        (FOUND, State.ACCEPTED, {"target_id": "7", "due_at": None, "cause": None, "message": None}),
        (
            Outcome(Result.DIFFERENT, message="belongs to 801B"),
            State.HELD,
            {"cause": "identity_taken", "message": "belongs to 801B"},
        ),
    ],
)
def test_each_look_leads_to_one_state(
    journal: Journal, outcome: Outcome, state: State, changes: dict[str, Any]
) -> None:
    before = in_(journal, State.UNCERTAIN)
    assert answered(journal, outcome) == replace(before, state=state, **changes)


@pytest.mark.parametrize("outcome", [REFUSED, UNCERTAIN, ABSENT, Outcome(Result.NOT_EXECUTED)])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.VERIFIED])
def test_what_is_accepted_is_never_taken_back(journal: Journal, state: State, outcome: Outcome) -> None:
    before = in_(journal, state)
    told = receipts(journal)
    if outcome is not ABSENT:  # a look that finds nothing moves nothing by itself
        with pytest.raises(IllegalTransition):
            answered(journal, outcome)
        assert receipts(journal) == told
    assert the(journal) == before


@pytest.mark.parametrize("state", sorted(State))
def test_a_decision_settles_nothing_by_itself(journal: Journal, state: State) -> None:
    in_(journal, state)
    with pytest.raises(ValueError, match="settles nothing by itself"):
        answered(journal, Outcome(Result.DECIDED))


def test_answers_of_one_batch_are_written_whole_or_not_at_all(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"))
    first, second = sent(journal), the(journal, "k2")
    with pytest.raises(IllegalTransition):
        journal.settle([(first, ACCEPTED), (second, ACCEPTED)], NOON, "run 1", PATIENCE)
    assert the(journal) == first
    assert receipts(journal) == []


# Quiet time and two looks


def uncertain(journal: Journal) -> Intent:
    """Sent at noon, and nobody knows what came of it."""
    entered(journal)
    sent(journal, NOON)
    return answered(journal, UNCERTAIN, NOON + MINUTE)


@pytest.mark.answers("D2")
def test_a_look_within_the_quiet_time_does_not_count(journal: Journal) -> None:
    """The other side may still be committing."""
    uncertain(journal)
    for minute in (1, 2, 29):
        looked = answered(journal, ABSENT, NOON + minute * MINUTE)
        assert (looked.state, looked.due_at, looked.looked_at) == (State.UNCERTAIN, NOON + 30 * MINUTE, None)


def test_anothers_record_of_our_name_says_nothing_of_ours_until_the_quiet_time_is_over(journal: Journal) -> None:
    entered(journal)
    sent(journal)
    answered(journal, UNCERTAIN)
    taken = Outcome(Result.DIFFERENT, code=NAME_TAKEN, message="SO-1 is there already and belongs to nobody")
    early = answered(journal, taken, NOON + 29 * MINUTE)
    assert (early.state, early.due_at) == (State.UNCERTAIN, NOON + 30 * MINUTE)
    assert answered(journal, taken, NOON + 30 * MINUTE).state is State.HELD


@pytest.mark.answers("D2", "D3")
def test_only_a_second_look_after_the_quiet_time_makes_it_pending_again(journal: Journal) -> None:
    uncertain(journal)
    first = answered(journal, ABSENT, NOON + 30 * MINUTE)
    assert (first.state, first.looked_at, first.due_at) == (State.UNCERTAIN, NOON + 30 * MINUTE, NOON + 31 * MINUTE)
    assert journal.in_state(CROSSING, State.UNCERTAIN, due_by=NOON + 30 * MINUTE) == []
    assert journal.in_state(CROSSING, State.UNCERTAIN, due_by=NOON + 31 * MINUTE) == [first]
    second = answered(journal, ABSENT, NOON + 31 * MINUTE)
    assert (second.state, second.due_at) == (State.PENDING, None)
    assert second.wire_identity == first.wire_identity  # the same words again, under the same name
    assert second.request == first.request


@pytest.mark.answers("D2")
def test_what_appears_between_the_two_looks_is_found(journal: Journal) -> None:
    uncertain(journal)
    answered(journal, ABSENT, NOON + 30 * MINUTE)
    assert answered(journal, FOUND, NOON + 31 * MINUTE).state is State.ACCEPTED


def test_every_send_has_its_own_quiet_time_and_its_own_two_looks(journal: Journal) -> None:
    uncertain(journal)
    for minute in (30, 31):
        answered(journal, ABSENT, NOON + minute * MINUTE)
    sent(journal, NOON + 32 * MINUTE)
    again = answered(journal, UNCERTAIN, NOON + 33 * MINUTE)
    assert (again.attempt, again.looked_at) == (2, None)
    assert answered(journal, ABSENT, NOON + 61 * MINUTE).due_at == NOON + 62 * MINUTE
    assert answered(journal, ABSENT, NOON + 62 * MINUTE).state is State.UNCERTAIN
    assert answered(journal, ABSENT, NOON + 63 * MINUTE).state is State.PENDING


def test_where_every_write_is_absolute_one_look_is_enough(journal: Journal) -> None:
    uncertain(journal)
    hasty = Patience(quiet=timedelta(0), apart=timedelta(0))
    (settled,) = journal.settle([(the(journal), ABSENT)], NOON + MINUTE, "run 1", hasty)
    assert settled.state is State.PENDING


def test_what_was_sent_often_and_never_found_is_held_for_a_person(journal: Journal) -> None:
    entered(journal)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        at = NOON + attempt * 100 * MINUTE
        sent(journal, at)
        answered(journal, UNCERTAIN, at)
        answered(journal, ABSENT, at + 30 * MINUTE)
        last = answered(journal, ABSENT, at + 31 * MINUTE)
    assert (last.state, last.cause, last.attempt) == (State.HELD, "cannot_settle", ATTEMPTS_MAX)


@pytest.mark.answers("D27", "D41", "D42")
def test_a_doubtful_answer_with_nothing_there_was_a_refusal(journal: Journal) -> None:
    """It was an answer, so nothing is under way any more: there is nothing to wait for."""
    entered(journal)
    before = sent(journal)
    answered(journal, DOUBTFUL)
    settled = answered(journal, ABSENT, NOON + MINUTE)
    assert (settled.state, settled.refusals, settled.attempt) == (State.REFUSED, 1, 0)
    assert settled.wire_identity != before.wire_identity


def test_the_next_send_does_not_inherit_the_doubt(journal: Journal) -> None:
    entered(journal)
    sent(journal)
    answered(journal, DOUBTFUL)
    answered(journal, ABSENT)
    entered(journal)
    assert sent(journal, NOON + MINUTE).is_doubtful is False


# The wire identity


def test_only_a_definite_refusal_changes_the_identity_on_the_wire(journal: Journal) -> None:
    entered(journal)
    names = [sent(journal).wire_identity]
    for outcome in (UNCERTAIN, ABSENT, ABSENT):
        names.append(answered(journal, outcome, NOON + 40 * MINUTE).wire_identity)
    names.append(sent(journal, NOON + 41 * MINUTE).wire_identity)
    names.append(answered(journal, Outcome(Result.NOT_EXECUTED)).wire_identity)
    names.append(sent(journal, NOON + 42 * MINUTE).wire_identity)
    assert set(names) == {"k1-0"}
    assert answered(journal, REFUSED).wire_identity == "k1-1"
    entered(journal)
    assert (sent(journal, NOON + 43 * MINUTE).wire_identity, the(journal).attempt) == ("k1-1", 1)


# Receipts


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(RECEIPT).values(result="accepted"),
        sa.update(RECEIPT).where(RECEIPT.c.number == 1).values(message="it was otherwise"),
        sa.delete(RECEIPT),
    ],
)
@pytest.mark.answers("S21")
def test_a_receipt_is_never_changed_by_anybody(journal: Journal, statement: sa.Executable) -> None:
    in_(journal, State.REFUSED)
    with pytest.raises(sa.exc.DBAPIError, match="a receipt is never changed"), journal.engine.begin() as connection:
        connection.execute(statement)
    assert receipts(journal) == [("k1", 1, "refused", "BL01001973")]


def test_receipts_are_not_swept_away_all_at_once_either(journal: Journal) -> None:
    in_(journal, State.REFUSED)
    sweep = "truncate receipt" if journal.engine.dialect.name == "postgresql" else "delete from receipt"
    with pytest.raises(sa.exc.DBAPIError, match="a receipt is never changed"), journal.engine.begin() as connection:
        connection.execute(sa.text(sweep))


def test_a_write_that_has_receipts_cannot_be_made_unsaid(journal: Journal) -> None:
    in_(journal, State.REFUSED)
    with pytest.raises(sa.exc.IntegrityError), journal.engine.begin() as connection:
        connection.execute(sa.delete(INTENT))


def test_receipts_are_numbered_in_the_order_they_came(journal: Journal) -> None:
    uncertain(journal)
    answered(journal, ABSENT, NOON + 30 * MINUTE)
    answered(journal, FOUND, NOON + 31 * MINUTE)
    told = journal.receipts_after(0)
    assert [row["result"] for row in told] == ["uncertain", "absent", "found"]
    assert [row["recorded_at"] for row in told] == [NOON + MINUTE, NOON + 30 * MINUTE, NOON + 31 * MINUTE]
    assert [row["result"] for row in journal.receipts_after(told[0]["number"])] == ["absent", "found"]
    assert told[2]["target_id"] == "7"
    assert {row["run"] for row in told} == {"run 1"}


# Somebody else


@pytest.mark.answers("G2")
def test_a_write_that_somebody_else_has_moved_is_noticed(journal: Journal) -> None:
    entered(journal)
    stale = the(journal)
    sent(journal)
    with pytest.raises(TryLater, match="moved by somebody else"):
        journal.send([stale], NOON)
    assert the(journal).attempt == 1


@pytest.mark.answers("G2")
def test_an_answer_to_an_older_attempt_is_noticed(journal: Journal) -> None:
    entered(journal)
    first = sent(journal)
    answered(journal, Outcome(Result.NOT_EXECUTED))
    sent(journal, NOON + MINUTE)
    with pytest.raises(TryLater, match="moved by somebody else"):
        journal.settle([(first, REFUSED)], NOON, "the other run", PATIENCE)
    assert the(journal).state is State.IN_FLIGHT
    assert receipts(journal) == [("k1", 1, "not_executed", "")]


def test_changes_are_numbered_in_the_order_of_their_commits(journal: Journal) -> None:
    """Or a mirror that has seen number 2 would never see a number 1 that is committed after it."""
    entered(journal)
    with journal.transaction() as first:
        assert first.change > 0
        with pytest.raises(sa.exc.OperationalError), _without_patience(journal.engine) as second:
            second.execute(sa.text("update counter set value = value + 1 where name = 'change'"))


def _without_patience(engine: sa.Engine) -> Any:
    """A connection that fails at once where others would wait."""
    if engine.dialect.name == "postgresql":
        timid = sa.create_engine(engine.url, connect_args={"options": "-c lock_timeout=50"}, poolclass=sa.NullPool)
    else:
        timid = sa.create_engine(engine.url, connect_args={"timeout": 0}, poolclass=sa.NullPool)
    return timid.begin()


# Links


def test_an_accepted_write_leaves_a_link_and_no_other_does(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"))
    sent(journal)
    answered(journal, ACCEPTED)
    sent(journal, key="k2")
    answered(journal, REFUSED, key="k2")
    assert journal.links_of(CROSSING, ["801A", "801B", "801C"]) == {"801A"}
    assert journal.links_of("another crossing", ["801A"]) == set()


def test_many_links_are_asked_for_at_once(journal: Journal) -> None:
    in_(journal, State.ACCEPTED)
    assert journal.links_of(CROSSING, [*(f"801{n}" for n in range(2000)), "801A"]) == {"801A"}


def test_the_newest_target_is_the_counterpart(journal: Journal) -> None:
    in_(journal, State.ACCEPTED)
    again = intent("u1", action=Action.UPDATE, target_id="8")
    entered(journal, again)
    sent(journal, key="u1")
    answered(journal, Outcome(Result.ACCEPTED, target_id="8"), key="u1")
    links = journal.links_after(0)
    assert [(row["source_id"], row["target_id"]) for row in links] == [("801A", "8")]


def test_one_target_is_nobody_elses(journal: Journal) -> None:
    in_(journal, State.ACCEPTED)
    entered(journal, intent("k2", "801B"))
    sent(journal, key="k2")
    assert answered(journal, ACCEPTED, key="k2").state is State.UNCERTAIN
    held = answered(journal, Outcome(Result.FOUND, target_id=ACCEPTED.target_id), key="k2")
    assert (held.state, held.cause) == (State.HELD, "identity_taken")
    assert "801A" in (held.message or "")
    assert journal.links_of(CROSSING, ["801A", "801B"]) == {"801A"}


# One wire identity, one wording


def proven_absent(journal: Journal) -> Intent:
    """Sent at noon without an answer, and twice not found after the quiet time."""
    uncertain(journal)
    answered(journal, ABSENT, NOON + 31 * MINUTE)
    return answered(journal, ABSENT, NOON + 40 * MINUTE)


@pytest.mark.answers("H2")
def test_what_was_proven_absent_goes_again_word_for_word_under_the_same_identity(journal: Journal) -> None:
    before = proven_absent(journal)
    entered(journal)
    after = the(journal)
    assert (after.state, after.wire_identity, after.request) == (State.PENDING, before.wire_identity, before.request)


@pytest.mark.parametrize("is_withdrawn", [False, True])
@pytest.mark.answers("H2")
def test_other_words_for_what_was_proven_absent_go_under_another_identity(journal: Journal, is_withdrawn: bool) -> None:
    before = proven_absent(journal)
    if is_withdrawn:
        journal.cancel([before], "withdrawn", NOON, "run 1")
    entered(journal, replace(intent(), request="<other/>"))
    after = the(journal)
    assert (after.state, after.request, after.attempt) == (State.PENDING, "<other/>", 0)
    assert after.wire_identity != before.wire_identity


# What the database itself refuses


@pytest.mark.parametrize(
    "values",
    [
        {"state": "accepted"},  # without a record
        {"state": "perhaps"},
        {"action": "delete"},
        {"request": None},
    ],
)
def test_a_state_that_cannot_be_is_refused_by_the_database(journal: Journal, values: dict[str, Any]) -> None:
    entered(journal)
    with pytest.raises(sa.exc.IntegrityError), journal.engine.begin() as connection:
        connection.execute(sa.update(INTENT).values(**values))


def test_a_link_needs_a_target(journal: Journal) -> None:
    row = {"crossing": "x", "source_id": "1", "target_id": None, "natural_key": "k", "change": 1}
    with pytest.raises(sa.exc.IntegrityError), journal.engine.begin() as connection:
        connection.execute(sa.insert(LINK).values(**row))


@pytest.mark.answers("J4")
def test_an_instant_without_its_offset_is_refused(journal: Journal) -> None:
    naive = datetime(2026, 3, 5, 12)  # noqa: DTZ001 - that is the point
    with pytest.raises(sa.exc.StatementError, match="instants with their offset only"):
        entered(journal, now=naive)
    entered(journal)
    with pytest.raises(sa.exc.StatementError, match="instants with their offset only"):
        sent(journal, naive)
    with pytest.raises(sa.exc.StatementError, match="instants with their offset only"):
        journal.in_state(CROSSING, State.PENDING, due_by=naive)
    assert the(journal).state is State.PENDING


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15)
ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "natural_key": WORDS,
            "label": WORDS,
            "request": WORDS,
            "amount": st.none() | AMOUNTS,
            "currency": st.none() | WORDS,
            "sent_at": st.none() | INSTANTS,
            "due_at": st.none() | INSTANTS,
            "is_doubtful": st.booleans(),
            "refusals": st.integers(0, 100),
        }
    )
)
def test_what_is_written_down_is_read_back_exactly(journal: Journal, values: dict[str, Any]) -> None:
    said = intent(**values)
    with journal.transaction() as entry:
        entry.enter([said], NOON, "run 1")
        entry.connection.execute(sa.update(INTENT).values(state="cancelled"))  # so that the next one may replace it
    read = replace(the(journal), state=State.PENDING)
    with journal.engine.begin() as connection:
        connection.execute(sa.delete(INTENT))
    assert read == said
    assert str(read.amount) == str(said.amount)


# Looking, verifying, cancelling


def test_writes_are_worked_on_from_the_oldest_on(journal: Journal) -> None:
    entered(journal, intent("c", "801C"), now=NOON + MINUTE)
    entered(journal, intent("b", "801B"), intent("a", "801A"), now=NOON)
    assert [one.key for one in journal.in_state(CROSSING, State.PENDING)] == ["a", "b", "c"]
    assert journal.in_state("another crossing", State.PENDING) == []


def test_what_is_not_due_yet_is_left_alone(journal: Journal) -> None:
    entered(journal)
    sent(journal)
    answered(journal, Outcome(Result.NOT_EXECUTED), NOON)
    assert journal.in_state(CROSSING, State.PENDING, due_by=NOON + MINUTE / 4) == []
    assert [one.key for one in journal.in_state(CROSSING, State.PENDING, due_by=NOON + MINUTE / 2)] == ["k1"]
    elsewhere = (NOON + MINUTE / 2).astimezone(timezone(timedelta(hours=-8)))
    assert [one.key for one in journal.in_state(CROSSING, State.PENDING, due_by=elsewhere)] == ["k1"]


def test_only_accepted_writes_of_the_records_that_were_read_back_are_verified(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"), intent("k3", "801C"))
    for key, target in (("k1", "7"), ("k2", "8")):
        sent(journal, key=key)
        answered(journal, Outcome(Result.ACCEPTED, target_id=target), key=key)
    assert journal.verify(CROSSING, ["801A", "801C"], NOON, "run 2") == 1
    assert {key: the(journal, key).state for key in ("k1", "k2", "k3")} == {
        "k1": State.VERIFIED,
        "k2": State.ACCEPTED,
        "k3": State.PENDING,
    }
    assert journal.verify(CROSSING, [], NOON, "run 2") == 0
    assert journal.verify(CROSSING, ["801A"], NOON, "run 2") == 0


def test_a_write_that_nobody_asks_for_any_more_is_given_up_with_a_receipt(journal: Journal) -> None:
    entered(journal)
    journal.cancel([the(journal)], "withdrawn", NOON, "run 2")
    assert (the(journal).state, the(journal).cause) == (State.CANCELLED, "withdrawn")
    assert receipts(journal) == [("k1", 0, "decided", "withdrawn")]


@pytest.mark.parametrize("state", [State.IN_FLIGHT, State.UNCERTAIN, State.ACCEPTED])
def test_what_may_have_been_carried_out_is_not_given_up(journal: Journal, state: State) -> None:
    before = in_(journal, state)
    with pytest.raises(IllegalTransition):
        journal.cancel([before], "withdrawn", NOON, "run 2")
    assert the(journal) == before


# For the mirror


def test_whoever_follows_gets_each_change_once_and_no_request(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"))
    first = journal.intents_after(0)
    assert sorted(row["key"] for row in first) == ["k1", "k2"]
    assert "request" not in first[0]
    seen = max(row["change"] for row in first)
    assert (journal.intents_after(seen), journal.links_after(seen)) == ([], [])
    sent(journal)
    answered(journal, ACCEPTED)
    intents, links = journal.intents_after(seen), journal.links_after(seen)
    assert [(row["key"], row["state"]) for row in intents] == [("k1", "accepted")]
    assert [row["target_id"] for row in links] == ["7"]


def test_changes_of_one_transaction_share_one_number(journal: Journal) -> None:
    entered(journal, intent(), intent("k2", "801B"))
    intents = journal.intents_after(0)
    assert len({row["change"] for row in intents}) == 1
    assert intents[0]["created_at"] == NOON.astimezone(UTC)


def test_a_journal_of_before_is_widened_and_still_knows_one_create_per_source(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/journal.sqlite"
    old = Journal(url)
    with old.engine.begin() as connection:
        connection.execute(sa.text("drop index one_create_per_source"))
        for name in ("kept_hash", "fixed_hash", "entity"):
            connection.execute(sa.text(f"alter table intent drop column {name}"))
    old.close()

    journal = Journal(url)
    journal.enter([intent("k1", kept_hash="said")], NOON, "run 1")
    assert [i.kept_hash for i in journal.in_state("order_to_invoice", State.PENDING)] == ["said"]
    with pytest.raises(sa.exc.IntegrityError):
        journal.enter([intent("k2")], NOON, "run 1")
    journal.close()


def test_a_refusal_that_passes_is_tried_again_later_under_another_identity_and_not_for_ever(journal: Journal) -> None:
    entered(journal)
    passing = Outcome(Result.REFUSED, code="PL04000050", message="system temporarily unavailable", passes=True)
    for refusals in range(1, PASSES_MAX + 1):
        sent(journal)
        waiting = answered(journal, passing)
        assert (waiting.state, waiting.wire_identity) == (State.PENDING, f"k1-{refusals}")
        assert waiting.due_at is not None
        assert waiting.due_at > NOON
    sent(journal)
    assert answered(journal, passing).state is State.REFUSED

"""What need not be kept for ever is forgotten; what keeps a write single never is."""

from datetime import timedelta

import pytest

from sf_intacct.flow.bundle import leaves
from sf_intacct.model.intent import State, content_hash
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import journal_chain, retention
from sf_intacct.store.journal import Journal, Patience
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
DAY = timedelta(days=1)
WORDS = "<create_invoice><customerid>Zoë</customerid></create_invoice>"
ROADS = {
    State.PENDING: None,
    State.IN_FLIGHT: (),
    State.UNCERTAIN: (Result.UNCERTAIN,),
    State.REFUSED: (Result.REFUSED,),
    State.HELD: (Result.UNCERTAIN, Result.DIFFERENT),
    State.ACCEPTED: (Result.ACCEPTED,),
    State.VERIFIED: (Result.ACCEPTED, Result.VERIFIED),
    State.CANCELLED: (Result.REFUSED,),
}


def brought_to(journal: Journal, state: State) -> None:
    journal.enter([intent(request=WORDS)], NOON, "run 1")
    road = ROADS[state]
    if road is not None:
        (one,) = journal.send(journal.in_state(CROSSING, State.PENDING), NOON)
        for result in road:
            (one,) = journal.settle([(one, Outcome(result, target_id="7"))], NOON, "run 1", Patience())
        if state is State.CANCELLED:
            journal.cancel([one], "withdrawn", NOON, "run 1")
    assert [one.state for one in journal.in_state(CROSSING, *State)] == [state]


@pytest.mark.parametrize("state", State)
def test_only_what_is_over_is_forgotten(sqlite_journal: Journal, state: State) -> None:
    brought_to(sqlite_journal, state)
    is_over = state in (State.VERIFIED, State.CANCELLED)
    assert retention.forgettable(sqlite_journal, NOON + DAY) == (["k1"] if is_over else [])
    assert retention.forget(sqlite_journal, NOON + DAY) == (["k1"] if is_over else [])
    (one,) = sqlite_journal.in_state(CROSSING, *State)
    assert (one.request == WORDS) is not is_over


def test_its_hash_stands_in_its_place_and_everything_else_stays(journal: Journal) -> None:
    brought_to(journal, State.VERIFIED)
    (before,) = journal.in_state(CROSSING, State.VERIFIED)
    receipts = journal.receipts_after(0)
    retention.forget(journal, NOON + DAY)
    (after,) = journal.in_state(CROSSING, State.VERIFIED)
    assert list(leaves(after.request)) == [("/masked", f"sha256:{content_hash(WORDS)}")]
    assert {name: getattr(after, name) for name in after.__slots__ if name != "request"} == {
        name: getattr(before, name) for name in before.__slots__ if name != "request"
    }
    assert journal.receipts_after(0) == receipts
    assert journal.links_of(CROSSING, ["801A"]) == {"801A"}
    with journal.engine.begin() as connection:
        assert journal_chain.walk(connection).breaks == ()
        assert journal_chain.unproven(connection) == []


def test_what_was_over_only_lately_is_kept_and_nothing_is_forgotten_twice(journal: Journal) -> None:
    brought_to(journal, State.VERIFIED)
    assert retention.forget(journal, NOON) == []
    assert retention.forget(journal, NOON + DAY) == ["k1"]
    assert retention.forget(journal, NOON + DAY) == []
    assert retention.requests(journal, ["k1"]) == {}


def test_a_write_whose_words_were_forgotten_is_still_made_once(journal: Journal) -> None:
    """The same source, planned anew: its key is known, and it is linked."""
    brought_to(journal, State.VERIFIED)
    retention.forget(journal, NOON + DAY)
    assert journal.enter([intent(request=WORDS)], NOON + DAY, "run 2").known == 1
    assert journal.in_state(CROSSING, State.PENDING) == []


def test_one_that_was_given_up_and_is_wanted_again_goes_in_new_words_under_a_new_identity(journal: Journal) -> None:
    brought_to(journal, State.CANCELLED)
    (given_up,) = journal.in_state(CROSSING, State.CANCELLED)
    retention.forget(journal, NOON + DAY)
    assert journal.enter([intent(request=WORDS)], NOON + DAY, "run 2").replaced == 1
    (wanted,) = journal.in_state(CROSSING, State.PENDING)
    assert (wanted.request, wanted.attempt) == (WORDS, 0)
    assert wanted.refusals >= given_up.refusals

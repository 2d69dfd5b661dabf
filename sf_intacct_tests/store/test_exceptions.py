"""The exception queue, on both databases: one root cause, its victims, and what people decide about them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from sf_intacct.flow.queue import Victim
from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import decisions, exceptions
from sf_intacct.store.decisions import About, Decided, Disposition
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_tables import DECISION
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
HOUR = timedelta(hours=1)


def victim(source_id: str = "801A", cause: str = "missing_item", subject: str = "SKU-9", **other: Any) -> Victim:
    said: dict[str, Any] = {
        "crossing": CROSSING,
        "source_object": "Order",
        "label": f"order {source_id}",
        "seen": "01tA",
        "column": "ITEMID",
        "amount": Decimal("100.10"),
        "currency": "USD",
    }
    return Victim(cause=cause, subject=subject, source_id=source_id, **{**said, **other})


def queue(journal: Journal, *, resolved: bool = False) -> list[tuple[str, str, list[str]]]:
    """Cause, subject and victims of every exception."""
    found = exceptions.listed(journal, resolved=resolved)
    return [(one["cause"], one["subject"], [each["source_id"] for each in one["victims"]]) for one in found]


def refresh(journal: Journal, *victims: Victim, at: datetime = NOON) -> None:
    exceptions.refresh(journal, victims, at)


def decide(journal: Journal, decision: str, which: Victim | None = None) -> int:
    exception_id = (which or victim()).exception_id
    return exceptions.decide(journal, exception_id, decision, "because", "ann", NOON + HOUR, "run 2")


def stuck(journal: Journal, state: State, key: str = "k1", source_id: str = "801A") -> None:
    """A write of the order that was refused, or that is held for a person."""
    journal.enter([intent(key, source_id)], NOON, "run 1")
    (sent,) = journal.send([one for one in journal.in_state(CROSSING, State.PENDING) if one.key == key], NOON)
    results = [Result.REFUSED] if state is State.REFUSED else [Result.UNCERTAIN, Result.DIFFERENT]
    for result in results:
        outcome = Outcome(result, code="BL01001973", message="no")
        (sent,) = journal.settle([(sent, outcome)], NOON, "run 1", Patience())
    assert sent.state is state


# One root cause


def test_one_cause_with_many_victims_is_one_exception(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801B"), victim("801C", subject="SKU-7"))
    assert sorted(queue(journal)) == [
        ("missing_item", "SKU-7", ["801C"]),
        ("missing_item", "SKU-9", ["801A", "801B"]),
    ]


def test_one_record_may_suffer_from_several_causes(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801A", cause="too_long", subject="memo"))
    assert sorted(queue(journal)) == [("missing_item", "SKU-9", ["801A"]), ("too_long", "memo", ["801A"])]


def test_one_cause_may_keep_records_of_several_crossings(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801A", crossing="order_to_credit"))
    assert queue(journal) == [("missing_item", "SKU-9", ["801A", "801A"])]


def test_the_same_cause_is_the_same_exception_today_and_tomorrow() -> None:
    assert victim("801A").exception_id == victim("801B", seen="something else").exception_id
    assert len({victim(cause=c, subject=s).exception_id for c, s in (("a", "bc"), ("ab", "c"), ("a", "b"))}) == 3


def test_an_exception_says_all_there_is_to_know_about_its_victims(journal: Journal) -> None:
    refresh(journal, victim())
    (found,) = exceptions.listed(journal)
    assert (found["id"], found["first_seen_at"], found["resolved_at"]) == (victim().exception_id, NOON, None)
    assert found["victims"] == [
        {
            "crossing": CROSSING,
            "source_id": "801A",
            "source_object": "Order",
            "label": "order 801A",
            "amount": Decimal("100.10"),
            "currency": "USD",
            "seen": "01tA",
            "first_seen_at": NOON,
            "cleared_at": None,
            "column_name": "ITEMID",
            "lines": 0,
            "attempts": 0,
            "answer": "",
            "through": "",
        }
    ]
    assert exceptions.as_victim(found, found["victims"][0]) == victim()


def test_what_is_told_of_a_victim_is_what_was_last_seen(journal: Journal) -> None:
    refresh(journal, victim(amount=Decimal("100.10"), lines=1))
    refresh(journal, victim(amount=Decimal("90.00"), lines=2, attempts=3, answer="BL1: no"), at=NOON + HOUR)
    (found,) = exceptions.listed(journal)
    (row,) = found["victims"]
    assert (row["amount"], row["lines"], row["attempts"], row["answer"]) == (Decimal("90.00"), 2, 3, "BL1: no")
    assert row["first_seen_at"] == NOON


# Time passes


def test_what_is_gone_is_resolved_and_leaves_the_queue(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801B", subject="SKU-7"))
    refresh(journal, victim("801A"), at=NOON + HOUR)
    assert queue(journal) == [("missing_item", "SKU-9", ["801A"])]
    resolved = {one["subject"]: one["resolved_at"] for one in exceptions.listed(journal, resolved=True)}
    assert resolved == {"SKU-9": None, "SKU-7": NOON + HOUR}


def test_a_victim_that_got_away_leaves_the_others_behind(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801B"))
    refresh(journal, victim("801B"), at=NOON + HOUR)
    assert queue(journal) == [("missing_item", "SKU-9", ["801B"])]
    assert queue(journal, resolved=True) == [("missing_item", "SKU-9", ["801A", "801B"])]


def test_an_exception_ages_while_it_lasts(journal: Journal) -> None:
    for hours in range(3):
        refresh(journal, victim(), at=NOON + hours * HOUR)
    (found,) = exceptions.listed(journal)
    assert (found["first_seen_at"], found["last_seen_at"]) == (NOON, NOON + 2 * HOUR)
    assert found["victims"][0]["first_seen_at"] == NOON


def test_what_comes_back_is_open_again_and_as_old_as_it_was(journal: Journal) -> None:
    refresh(journal, victim())
    refresh(journal, at=NOON + HOUR)
    assert queue(journal) == []
    refresh(journal, victim(), at=NOON + 2 * HOUR)
    (found,) = exceptions.listed(journal)
    assert (found["resolved_at"], found["first_seen_at"]) == (None, NOON)
    assert found["victims"][0]["cleared_at"] is None


def test_the_oldest_comes_first(journal: Journal) -> None:
    refresh(journal, victim("801B", subject="SKU-7"), at=NOON)
    refresh(journal, victim("801A"), victim("801B", subject="SKU-7"), at=NOON + HOUR)
    assert [subject for _, subject, _ in queue(journal)] == ["SKU-7", "SKU-9"]


def test_an_empty_queue_stays_empty(journal: Journal) -> None:
    refresh(journal)
    assert queue(journal, resolved=True) == []


# What people decide


@pytest.mark.parametrize("state", [State.REFUSED, State.HELD])
@pytest.mark.answers("K9")
def test_a_retry_makes_what_was_stuck_pending_again(journal: Journal, state: State) -> None:
    stuck(journal, state)
    refresh(journal, victim())
    assert decide(journal, "retry") == 1
    (pending,) = journal.in_state(CROSSING, State.PENDING)
    assert (pending.cause, pending.message, pending.due_at) == (None, None, None)


def test_a_retry_of_a_refusal_goes_out_under_another_identity(journal: Journal) -> None:
    stuck(journal, State.REFUSED)
    refresh(journal, victim())
    decide(journal, "retry")
    assert journal.in_state(CROSSING, State.PENDING)[0].wire_identity == "k1-1"


@pytest.mark.parametrize("state", [State.REFUSED, State.HELD])
def test_what_is_ignored_is_not_sent_any_more(journal: Journal, state: State) -> None:
    stuck(journal, state)
    refresh(journal, victim())
    assert decide(journal, "ignore") == 1
    assert [one.key for one in journal.in_state(CROSSING, State.CANCELLED)] == ["k1"]


def test_a_decision_is_written_down_for_every_open_victim_with_its_reason(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801B"), victim("801C", subject="SKU-7"))
    refresh(journal, victim("801A"), victim("801C", subject="SKU-7"))
    assert decide(journal, "ignore") == 1
    (written,) = journal.decisions_after(0)
    assert {
        name: written[name] for name in ("crossing", "source_id", "decision", "reason", "decided_by", "recorded_at")
    } == {
        "crossing": CROSSING,
        "source_id": "801A",
        "decision": "ignore",
        "reason": "because",
        "decided_by": "ann",
        "recorded_at": NOON + HOUR,
    }


def test_a_decision_moves_the_victims_alone_and_leaves_a_receipt(journal: Journal) -> None:
    stuck(journal, State.REFUSED, "k1", "801A")
    stuck(journal, State.REFUSED, "k2", "801B")
    refresh(journal, victim("801A"), victim("801B", subject="SKU-7"))
    decide(journal, "retry")
    assert [one.key for one in journal.in_state(CROSSING, State.REFUSED)] == ["k2"]
    last = journal.receipts_after(0)[-1]
    assert (last["intent_key"], last["result"], last["code"], last["run"]) == ("k1", "decided", "retry", "run 2")


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNCERTAIN])
@pytest.mark.answers("K9")
def test_no_decision_touches_what_may_have_been_carried_out(journal: Journal, state: State) -> None:
    journal.enter([intent()], NOON, "run 1")
    (sent,) = journal.send(journal.in_state(CROSSING, State.PENDING), NOON)
    result = Result.ACCEPTED if state is State.ACCEPTED else Result.UNCERTAIN
    journal.settle([(sent, Outcome(result, target_id="7"))], NOON, "run 1", Patience())
    refresh(journal, victim())
    for decision in ("retry", "ignore"):
        assert decide(journal, decision) == 1
    assert [one.key for one in journal.in_state(CROSSING, state)] == ["k1"]


def test_a_decision_about_nothing_is_none(journal: Journal) -> None:
    refresh(journal, victim())
    refresh(journal, at=NOON + HOUR)
    for decision in ("retry", "ignore"):
        assert decide(journal, decision) == 0
    assert exceptions.decide(journal, "no such id", "retry", "because", "ann", NOON, "run 2") == 0
    assert journal.decisions_after(0) == []


@pytest.mark.answers("K10")
def test_nobody_can_decide_anything_else(journal: Journal) -> None:
    refresh(journal, victim())
    with pytest.raises(ValueError, match="post it twice"):
        decide(journal, "post it twice")
    said = {"crossing": CROSSING, "source_id": "801A", "reason": "because", "decided_by": "ann", "recorded_at": NOON}
    with pytest.raises(sa.exc.IntegrityError), journal.engine.begin() as connection:
        connection.execute(sa.insert(DECISION).values(decision="post it twice", **said))
    assert journal.decisions_after(0) == []


@pytest.mark.parametrize("state", [State.PENDING, State.REFUSED, State.HELD])
def test_what_is_held_is_not_sent_until_somebody_says_so(journal: Journal, state: State) -> None:
    if state is State.PENDING:
        journal.enter([intent("k1", "801A")], NOON, "run 1")
    else:
        stuck(journal, state)
    refresh(journal, victim())
    assert decide(journal, "hold") == 1
    assert [one.key for one in journal.in_state(CROSSING, State.CANCELLED)] == ["k1"]


def test_an_exception_is_given_to_somebody_and_its_records_are_as_they_were(journal: Journal) -> None:
    refresh(journal, victim())
    given = Decided(victim().exception_id, Disposition.ASSIGN, "on leave", (About(CROSSING, "801A"),), "bob")
    decisions.decide(journal, [given], "ann", NOON + HOUR, "run 2")
    (found,) = exceptions.listed(journal)
    assert found["owner"] == "bob"
    assert journal.decisions_after(0) == []
    (done,) = decisions.dispositions(journal, victim().exception_id)
    assert (done["disposition"], done["detail"], done["decided_by"], done["records"]) == ("assign", "bob", "ann", 1)


@pytest.mark.parametrize("table", ["decision", "disposition"])
@pytest.mark.parametrize("verb", ["update {} set reason = 'another'", "delete from {}"])
def test_what_was_decided_is_never_changed(journal: Journal, table: str, verb: str) -> None:
    refresh(journal, victim())
    decide(journal, "ignore")
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), journal.engine.begin() as connection:
        connection.execute(sa.text(verb.format(table)))


def test_several_decisions_are_one_all_or_none(journal: Journal) -> None:
    refresh(journal, victim("801A"), victim("801B", subject="SKU-7"))
    wrong = Decided("x", Disposition.HOLD, None, (About(CROSSING, "801B"),))  # type: ignore[arg-type]
    right = Decided(victim().exception_id, Disposition.HOLD, "because", (About(CROSSING, "801A"),))
    with pytest.raises(sa.exc.IntegrityError):
        decisions.decide(journal, [right, wrong], "ann", NOON, "run 2")
    assert journal.decisions_after(0) == []


def test_decisions_are_numbered_and_the_newest_counts(journal: Journal) -> None:
    refresh(journal, victim())
    for decision in ("ignore", "retry"):
        decide(journal, decision)
    first, second = journal.decisions_after(0)
    assert (first["decision"], second["decision"]) == ("ignore", "retry")
    assert journal.decisions_after(first["number"]) == [second]

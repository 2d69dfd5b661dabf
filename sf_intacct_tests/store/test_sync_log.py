"""The sync log, on both databases: every send with what it was made from, every answer with the send it answers."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from sf_intacct.flow.queue import Victim
from sf_intacct.model.intent import State, content_hash
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import exceptions, sync_log, verdicts
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_tables import DECISION
from sf_intacct.store.log_tables import SENT
from sf_intacct.store.sync_log import Entry
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
MINUTE = timedelta(minutes=1)


def logged(journal: Journal, **narrowed: str) -> list[Entry]:
    with journal.engine.begin() as connection:
        return sync_log.entries(connection, **narrowed)  # type: ignore[arg-type]


def sent(journal: Journal, minute: int, outcome: Outcome) -> None:
    (one,) = journal.send(journal.in_state(CROSSING, State.PENDING), NOON + minute * MINUTE, f"run {minute}")
    journal.settle([(one, outcome)], NOON + (minute + 1) * MINUTE, f"run {minute}", Patience())


def refused_and_sent_again_in_other_words(journal: Journal) -> None:
    """Version 1 of the source is refused; a person mends it; version 2 is accepted."""
    journal.enter([intent(source_version="v1", mapping_revision="r1", request="<one/>")], NOON, "run 0")
    sent(journal, 1, Outcome(Result.REFUSED, code="BL1", message="Invalid Customer"))
    journal.enter([intent(source_version="v2", mapping_revision="r2", request="<two/>")], NOON + 3 * MINUTE, "run 3")
    sent(journal, 4, Outcome(Result.ACCEPTED, target_id="7"))


def test_each_send_and_each_answer_say_what_they_were_made_from(journal: Journal) -> None:
    """Though the intent has become another meanwhile."""
    refused_and_sent_again_in_other_words(journal)
    told = [
        (one.at, one.event, one.attempt, one.source_version, one.mapping_revision, one.request_hash, one.run)
        for one in logged(journal)
    ]
    one, two = content_hash("<one/>"), content_hash("<two/>")
    assert told == [
        (NOON + 1 * MINUTE, "sent", 1, "v1", "r1", one, "run 1"),
        (NOON + 2 * MINUTE, "refused", 1, "v1", "r1", one, "run 1"),
        (NOON + 4 * MINUTE, "sent", 1, "v2", "r2", two, "run 4"),
        (NOON + 5 * MINUTE, "accepted", 1, "v2", "r2", two, "run 4"),
    ]


def test_a_line_says_what_it_is_about_and_in_the_other_sides_words(journal: Journal) -> None:
    refused_and_sent_again_in_other_words(journal)
    refused, accepted = logged(journal)[1], logged(journal)[3]
    assert (refused.crossing, refused.source_object, refused.source_id, refused.label) == (
        CROSSING,
        "Order",
        "801A",
        "1",
    )
    assert (refused.target_system, refused.target_object, refused.natural_key) == ("intacct", "ARINVOICE", "SO-1")
    assert (refused.code, refused.message, refused.target_id) == ("BL1", "Invalid Customer", None)
    assert (accepted.target_id, accepted.amount, accepted.currency) == ("7", Decimal("100.00"), "USD")
    assert [one.receipt for one in logged(journal)] == [None, 1, None, 2]


def test_what_people_decided_stands_between_with_their_names(journal: Journal) -> None:
    victim = Victim("missing_item", "SKU-9", CROSSING, "Order", "801A", "1", "", "", None, None)
    exceptions.refresh(journal, [victim], NOON)
    exceptions.decide(journal, victim.exception_id, "retry", "mended", "ann", NOON + 3 * MINUTE, "cli ann")
    verdict = verdicts.Verdict("account_to_customer", "001A", "9", "C-9", True, "name", reason="I know them")
    verdicts.give(journal, [verdict], "bob", NOON + 6 * MINUTE, "cli bob")
    refused_and_sent_again_in_other_words(journal)
    assert [(one.event, one.by, one.message) for one in logged(journal) if one.by] == [
        ("retry", "ann", "mended"),
        ("same", "bob", "I know them"),
    ]
    assert [one.event for one in logged(journal)] == ["sent", "refused", "retry", "sent", "accepted", "same"]


def test_the_log_can_be_narrowed(journal: Journal) -> None:
    journal.enter([intent(), intent("k2", "801B"), intent("k3", "801C", crossing="other")], NOON, "run 0")
    for crossing in (CROSSING, "other"):
        journal.send(journal.in_state(crossing, State.PENDING), NOON, "run 1")
    assert {one.source_id for one in logged(journal)} == {"801A", "801B", "801C"}
    assert [one.intent_key for one in logged(journal, source_id="801B")] == ["k2"]
    assert [one.intent_key for one in logged(journal, crossing="other")] == ["k3"]
    with journal.engine.begin() as connection:
        assert sync_log.entries(connection, since=NOON + MINUTE) == []
        assert len(sync_log.entries(connection, since=NOON)) == 3


@pytest.mark.parametrize("table", [SENT, DECISION], ids=["sent", "decision"])
@pytest.mark.parametrize("change", [sa.update, sa.delete], ids=["update", "delete"])
def test_nothing_of_it_is_ever_changed(journal: Journal, table: sa.Table, change: type) -> None:
    test_what_people_decided_stands_between_with_their_names(journal)
    statement = change(table)
    if change is sa.update:
        statement = statement.values(run="another") if table is SENT else statement.values(reason="another")
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), journal.engine.begin() as connection:
        connection.execute(statement)


def test_what_a_batch_that_was_not_marked_says_is_not_in_the_log(journal: Journal) -> None:
    journal.enter([intent()], NOON, "run 0")
    pending = journal.in_state(CROSSING, State.PENDING)
    journal.send(pending, NOON, "run 1")
    with pytest.raises(Exception, match="moved by somebody else"):
        journal.send(pending, NOON, "run 2")
    assert [one.run for one in logged(journal)] == ["run 1"]

"""The journal as tables of the warehouse: it follows, whole and once, and never leads."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sf_intacct.flow.queue import Victim
from sf_intacct.model.intent import Action, State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import exceptions, journal_mirror
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_tables import DECISION, INTENT, LINK, RECEIPT, VERDICT
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"


@pytest.fixture
def mirror(warehouse: Warehouse) -> Warehouse:
    with warehouse.transaction() as session:
        for statement in journal_mirror.CREATE:
            session.run(statement)
    return warehouse


def follow(mirror: Warehouse, journal: Journal) -> None:
    with mirror.transaction() as session:
        journal_mirror.follow(session, journal)


def rows(mirror: Warehouse, table: str, *columns: str) -> list[tuple[Any, ...]]:
    with mirror.transaction() as session:
        return session.frame(f"select {', '.join(columns)} from journal.{table} order by 1, 2").rows()


def answered(journal: Journal, outcome: Outcome) -> None:
    (sent,) = journal.send(journal.in_state(CROSSING, State.PENDING)[:1], NOON + timedelta(minutes=1))
    journal.settle([(sent, outcome)], NOON + timedelta(minutes=2), "run 1", Patience())


def test_every_column_of_the_journal_is_in_the_mirror_but_the_request() -> None:
    pairs = [
        (INTENT, journal_mirror.INTENT_COLUMNS),
        (LINK, journal_mirror.LINK_COLUMNS),
        (RECEIPT, journal_mirror.RECEIPT_COLUMNS),
        (DECISION, journal_mirror.DECISION_COLUMNS),
        (VERDICT, journal_mirror.VERDICT_COLUMNS),
    ]
    for table, columns in pairs:
        assert {column.name for column in table.c} - set(columns) == ({"request"} if table is INTENT else set())
        assert set(columns) <= {column.name for column in table.c}


def test_the_mirror_says_what_the_journal_says(mirror: Warehouse, journal: Journal) -> None:
    journal.enter([intent(), intent("k2", "801B", amount=None, currency=None)], NOON, "run 1")
    answered(journal, Outcome(Result.ACCEPTED, target_id="7"))
    follow(mirror, journal)
    assert rows(mirror, "intent", "key", "state", "amount", "sent_at", "created_at", "is_doubtful") == [
        ("k1", "accepted", Decimal("100.00"), NOON + timedelta(minutes=1), NOON, False),
        ("k2", "pending", None, None, NOON, False),
    ]
    assert rows(mirror, "link", "source_id", "target_id", "natural_key") == [("801A", "7", "SO-1")]
    assert rows(mirror, "receipt", "intent_key", "result", "recorded_at") == [
        ("k1", "accepted", NOON + timedelta(minutes=2))
    ]


def test_a_write_that_moved_replaces_itself(mirror: Warehouse, sqlite_journal: Journal) -> None:
    sqlite_journal.enter([intent()], NOON, "run 1")
    follow(mirror, sqlite_journal)
    answered(sqlite_journal, Outcome(Result.REFUSED, code="X", message="no"))
    follow(mirror, sqlite_journal)
    assert rows(mirror, "intent", "key", "state", "cause", "refusals") == [("k1", "refused", "X", 1)]


def test_a_counterpart_that_changed_replaces_itself(mirror: Warehouse, sqlite_journal: Journal) -> None:
    sqlite_journal.enter([intent()], NOON, "run 1")
    answered(sqlite_journal, Outcome(Result.ACCEPTED, target_id="7"))
    follow(mirror, sqlite_journal)
    sqlite_journal.enter([intent("u1", action=Action.UPDATE, target_id="8")], NOON, "run 1")
    answered(sqlite_journal, Outcome(Result.ACCEPTED, target_id="8"))
    follow(mirror, sqlite_journal)
    assert rows(mirror, "link", "source_id", "target_id") == [("801A", "8")]


def test_decisions_are_followed(mirror: Warehouse, sqlite_journal: Journal) -> None:
    victim = Victim("missing_item", "SKU-9", CROSSING, "Order", "801A", "1", "", "", None, None)
    exceptions.refresh(sqlite_journal, [victim], NOON)
    exceptions.decide(sqlite_journal, victim.exception_id, "ignore", "ours", "ann", NOON, "run 1")
    follow(mirror, sqlite_journal)
    assert rows(mirror, "decision", "source_id", "decision", "reason", "decided_by") == [
        ("801A", "ignore", "ours", "ann")
    ]


def test_following_again_changes_nothing_and_takes_no_number(mirror: Warehouse, sqlite_journal: Journal) -> None:
    sqlite_journal.enter([intent()], NOON, "run 1")
    answered(sqlite_journal, Outcome(Result.ACCEPTED, target_id="7"))
    follow(mirror, sqlite_journal)

    def whole(session: Session) -> list[list[tuple[Any, ...]]]:
        return [session.frame(f"select * from journal.{name}").rows() for name in ("intent", "link", "receipt")]

    with mirror.transaction() as session:
        before, tick = whole(session), session.next_tick()
        journal_mirror.follow(session, sqlite_journal)
        assert whole(session) == before
        assert session.next_tick() == tick + 1


def test_only_what_moved_gets_a_new_number(mirror: Warehouse, sqlite_journal: Journal) -> None:
    """By which whatever follows the mirror knows what to look at."""
    sqlite_journal.enter([intent(), intent("k2", "801B")], NOON, "run 1")
    follow(mirror, sqlite_journal)
    before = dict(rows(mirror, "intent", "key", "tick"))
    answered(sqlite_journal, Outcome(Result.UNCERTAIN))
    follow(mirror, sqlite_journal)
    after = dict(rows(mirror, "intent", "key", "tick"))
    assert after["k1"] > before["k1"]
    assert after["k2"] == before["k2"]


def test_a_mirror_that_was_lost_is_made_whole_again(mirror: Warehouse, sqlite_journal: Journal) -> None:
    sqlite_journal.enter([intent()], NOON, "run 1")
    answered(sqlite_journal, Outcome(Result.ACCEPTED, target_id="7"))
    follow(mirror, sqlite_journal)
    names = ("intent", "link", "receipt")
    before = [rows(mirror, name, "* exclude tick") for name in names]
    with mirror.transaction() as session:
        for name in names:
            session.run(f"delete from journal.{name}")
    follow(mirror, sqlite_journal)
    assert [rows(mirror, name, "* exclude tick") for name in names] == before

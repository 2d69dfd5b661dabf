"""The chain of receipts, on both databases: whatever is changed, taken out or put in shows, and where (F9, S21)."""

import json
import threading
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result, sealed
from sf_intacct.store import journal_chain, journal_schema
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_chain import Tip, Walked
from sf_intacct.store.journal_tables import RECEIPT
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
MINUTE = timedelta(minutes=1)
REFUSED = Outcome(Result.REFUSED, code="BL01001973", message="Ogiltig kund: “Ångström”")


def filled(journal: Journal, writes: int = 5) -> Walked:
    """So many writes, sent and answered: a receipt each."""
    journal.enter([intent(f"k{n}", f"801{n}") for n in range(1, writes + 1)], NOON, "run 1")
    for one in journal.send(journal.in_state(CROSSING, State.PENDING), NOON):
        journal.settle([(one, REFUSED)], NOON + MINUTE, "run 1", Patience())
    return walked(journal)


def walked(journal: Journal, after: Tip | None = None) -> Walked:
    with journal.engine.begin() as connection:
        return journal_chain.walk(connection, after or Tip())


def forged(journal: Journal, *statements: sa.Executable) -> None:
    """What somebody does who owns the database: no trigger stops them."""
    with journal.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"drop trigger receipt_no_{verb}")
        else:
            connection.exec_driver_sql("drop trigger receipt_is_final on receipt")
        for statement in statements:
            connection.execute(statement)


def test_each_receipt_is_sealed_with_the_one_before_it(journal: Journal) -> None:
    whole = filled(journal)
    assert (whole.receipts, whole.tip.number, whole.breaks) == (5, 5, ())
    before = ""
    for row in journal.receipts_after(0):
        spelt = "2026-03-05T12:01:00.000000+00:00"
        says: list[str | int | None] = [
            row["intent_key"],
            1,
            spelt,
            "refused",
            None,
            REFUSED.code,
            REFUSED.message,
            "run 1",
        ]
        assert row["hash"] == sealed(before, row["number"], says)
        before = row["hash"]
    assert before == whole.tip.hash


def test_a_seal_is_what_anybody_can_compute_without_us() -> None:
    told = '["sf_intacct/receipt/1", "abc", 2, "k1", 1, "2026-03-05T12:01:00.000000+00:00", "found", "7", "", "", "r"]'
    content: list[str | int | None] = ["k1", 1, "2026-03-05T12:01:00.000000+00:00", "found", "7", "", "", "r"]
    assert json.loads(told)[3:] == content
    assert sealed("abc", 2, content) == sha256(told.encode()).hexdigest()


def test_an_empty_journal_is_an_empty_chain(journal: Journal) -> None:
    assert walked(journal) == Walked(0, Tip(0, ""), ())


def test_a_chain_may_be_walked_from_a_receipt_that_is_known(journal: Journal) -> None:
    filled(journal)
    third = Tip(3, journal.receipts_after(2)[0]["hash"])
    assert walked(journal, third) == Walked(2, walked(journal).tip, ())
    assert walked(journal, Tip(3, "another")).breaks == (4,)


@pytest.mark.parametrize(
    "change",
    [
        {"intent_key": "k1"},
        {"attempt": 2},
        {"recorded_at": NOON},
        {"result": "accepted"},
        {"target_id": "7"},
        {"code": ""},
        {"message": "Ogiltig kund: “Angström”"},
        {"run": "run 2"},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.answers("S21")
def test_whatever_is_changed_shows_and_where(sqlite_journal: Journal, change: dict[str, Any]) -> None:
    filled(sqlite_journal)
    forged(sqlite_journal, sa.update(RECEIPT).where(RECEIPT.c.number == 3).values(**change))
    assert walked(sqlite_journal).breaks == (3,)


def test_what_is_changed_shows_on_both_databases_and_so_does_a_hash_that_was_mended_with_it(journal: Journal) -> None:
    filled(journal)
    third = journal.receipts_after(2)[0]
    says: list[str | int | None] = ["k3", 1, "2026-03-05T12:01:00.000000+00:00", "accepted", "7", "", "", "run 1"]
    lie = {"result": "accepted", "target_id": "7", "code": "", "message": ""}
    forged(journal, sa.update(RECEIPT).where(RECEIPT.c.number == third["number"]).values(**lie))
    assert walked(journal).breaks == (3,)
    mended = sealed(journal.receipts_after(1)[0]["hash"], 3, says)
    with journal.engine.begin() as connection:
        connection.execute(sa.update(RECEIPT).where(RECEIPT.c.number == 3).values(hash=mended))
    assert walked(journal).breaks == (4,), "the one behind it was sealed with the true one"


@pytest.mark.parametrize(("gone", "shows_at"), [(1, 2), (3, 4)])
@pytest.mark.answers("S21")
def test_what_is_taken_out_shows_at_the_next_one(sqlite_journal: Journal, gone: int, shows_at: int) -> None:
    filled(sqlite_journal)
    forged(sqlite_journal, sa.delete(RECEIPT).where(RECEIPT.c.number == gone))
    assert walked(sqlite_journal).breaks == (shows_at,)


def test_what_is_put_in_shows(sqlite_journal: Journal) -> None:
    filled(sqlite_journal)
    row = {**sqlite_journal.receipts_after(4)[0], "number": 6}
    forged(
        sqlite_journal, sa.insert(RECEIPT).values(**row), sa.insert(RECEIPT).values(**{**row, "number": 7, "hash": ""})
    )
    assert walked(sqlite_journal).breaks == (6, 7)


def test_a_tail_that_is_missing_does_not_show_in_the_chain_itself_but_its_tip_is_older(journal: Journal) -> None:
    """That is why the head is kept in a second place."""
    whole = filled(journal)
    forged(journal, sa.delete(RECEIPT).where(RECEIPT.c.number == 5))
    assert walked(journal).breaks == ()
    assert walked(journal).tip.number == whole.tip.number - 1


def test_senders_that_answer_at_the_same_time_make_one_chain(journal: Journal, journal_url: str) -> None:
    """Two systems have two leases, and so two writers of receipts."""
    other = Journal(journal_url)
    journal.enter([intent(f"k{n}", f"801{n}") for n in range(20)], NOON, "run 1")
    sent = journal.send(journal.in_state(CROSSING, State.PENDING), NOON)

    def answer(by: Journal, part: int) -> None:
        for one in sent[part::2]:
            by.settle([(one, REFUSED)], NOON, "run 1", Patience())

    answering = [threading.Thread(target=answer, args=(by, part)) for part, by in enumerate((journal, other))]
    for one in answering:
        one.start()
    for one in answering:
        one.join()
    other.close()
    whole = walked(journal)
    assert (whole.receipts, whole.tip.number, whole.breaks) == (20, 20, ())


def test_an_answer_that_was_not_written_down_leaves_the_chain_as_it_was(journal: Journal) -> None:
    before = filled(journal)
    refused = journal.in_state(CROSSING, State.REFUSED)

    def dies_before_the_commit() -> None:
        with journal.transaction() as entry:
            entry.receipt(refused[0], REFUSED, NOON, "run 1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        dies_before_the_commit()
    assert walked(journal) == before
    journal.cancel(journal.in_state(CROSSING, State.REFUSED), "withdrawn", NOON, "run 2")
    assert walked(journal).breaks == ()
    assert walked(journal).tip.number == 10


def test_receipts_from_before_the_chain_are_brought_into_it_once(journal: Journal, journal_url: str) -> None:
    whole = filled(journal)
    forged(journal, sa.update(RECEIPT).values(hash=""))
    assert walked(journal).breaks == (1, 2, 3, 4, 5)
    journal_schema.ensure(journal.engine)
    assert walked(journal) == whole
    with pytest.raises(sa.exc.DBAPIError, match="a receipt is never changed"), journal.engine.begin() as connection:
        connection.execute(sa.update(RECEIPT).values(hash=""))


def test_one_receipt_without_a_hash_among_others_is_not_mended(journal: Journal) -> None:
    """A process of an older version wrote it, or somebody who does not know of the chain."""
    filled(journal)
    forged(journal, sa.update(RECEIPT).where(RECEIPT.c.number == 4).values(hash=""))
    journal_schema.ensure(journal.engine)
    assert walked(journal).breaks == (4, 5)

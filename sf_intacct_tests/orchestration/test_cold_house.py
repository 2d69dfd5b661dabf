"""A journal that is older than others remember, missing or edited: the house is cold, and looks before it sends.

Failure modes F9, F10, F11, F17 and I13, against a system in memory whose books are the judge.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from sf_intacct.errors import TryLater
from sf_intacct.model.intent import Intent, State, create_key
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.record import RecordReference
from sf_intacct.orchestration import applying, waking
from sf_intacct.orchestration.applying import Applied, Plan
from sf_intacct.orchestration.house import House
from sf_intacct.settings import from_environment
from sf_intacct.store import coldness, journal_chain
from sf_intacct.store.log_tables import COLD
from sf_intacct.store.mapping_files import read_mappings
from sf_intacct_tests.intents import NOON, intent
from sf_intacct_tests.town import MAPPINGS

CROSSING = "order_to_invoice"
QUIET = timedelta(minutes=30)
_READ = read_mappings(MAPPINGS)
ONE_CROSSING = replace(_READ, crossings={CROSSING: _READ.crossings[CROSSING]})


class Books:
    """A gateway in memory: it makes what it is sent, and remembers nothing of identities."""

    name = "intacct"
    company = "ACME"
    call_timeout = timedelta(seconds=1)

    def __init__(self) -> None:
        self.made: list[str] = []
        self.looked: list[str] = []
        self.answers: dict[str, Result] = {}
        self.is_blind = False

    def apply(self, intents: Sequence[Intent], may_send: Callable[[], None]) -> list[Outcome]:
        may_send()
        return [self._make(one) for one in intents]

    def _make(self, one: Intent) -> Outcome:
        if one.natural_key in self.answers:
            return Outcome(self.answers[one.natural_key], code="X", message="no")
        self.made.append(one.natural_key)
        return Outcome(Result.ACCEPTED, target_id=f"record of {one.natural_key}")

    def find(self, intents: Sequence[Intent]) -> list[Outcome]:
        if self.is_blind:
            raise TryLater("reading ARINVOICE", seen="HTTP 503")
        self.looked += [one.natural_key for one in intents]
        return [self._seen(one) for one in intents]

    def _seen(self, one: Intent) -> Outcome:
        if one.natural_key in self.made:
            return Outcome(Result.FOUND, target_id=f"record of {one.natural_key}")
        return Outcome(Result.ABSENT)


class World:
    """One home, one gateway, a clock, and a plan: every order that people have activated."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.books, self.at = folder, Books(), NOON
        self.orders: list[str] = []

    def now(self) -> datetime:
        return self.at

    def house(self) -> House:
        """Another process."""
        needed = {
            "HOME": str(self.folder),
            "MAPPINGS": str(MAPPINGS),
            "SALESFORCE_URL": "https://acme.my.salesforce.com",
            "INTACCT_SENDER_ID": "s",
            "INTACCT_SENDER_PASSWORD": "s",
            "INTACCT_COMPANY_ID": "ACME",
            "INTACCT_USER_ID": "u",
            "INTACCT_USER_PASSWORD": "p",
        }
        made = House(from_environment({f"SF_INTACCT_{name}": value for name, value in needed.items()}), now=self.now)
        made.__dict__.update(mappings=ONE_CROSSING, intacct=self.books)
        return made

    def apply(self, *orders: str, house: House | None = None) -> Applied:
        """People activate orders, and a process of its own sends what is not known to be there."""
        self.orders += orders
        sender = house or self.house()
        try:
            return applying.carry_out(sender, ONE_CROSSING.crossings[CROSSING], lambda: self._plan(sender))
        finally:
            sender.close()

    def _plan(self, sender: House) -> Plan:
        ids = [f"801{name}" for name in self.orders]
        there = sender.journal.links_of(CROSSING, ids)
        fresh = [(one, f"801{one}") for one in self.orders if f"801{one}" not in there]
        return Plan(set(ids), set(ids), set(), [_invoice(name, record) for name, record in fresh], 0)

    def lose(self) -> None:
        """The journal is gone; the head beside it is not."""
        for file in self.folder.glob("journal.sqlite*"):
            file.unlink()

    def backup(self) -> None:
        self.house().close()
        self._copy("journal.sqlite", "backup.sqlite")

    def restore(self) -> None:
        self.lose()
        shutil.copy(self.folder / "backup.sqlite", self.folder / "journal.sqlite")

    def _copy(self, old: str, new: str) -> None:
        source, target = (sqlite3.connect(self.folder / name) for name in (old, new))
        source.backup(target)
        source.close()
        target.close()

    def edit(self, statement: str) -> None:
        """Somebody writes into the file who knows how to get around the triggers."""
        connection = sqlite3.connect(self.folder / "journal.sqlite")
        connection.executescript(f"drop trigger receipt_no_update; drop trigger receipt_no_delete; {statement}")
        connection.close()

    def cold(self) -> coldness.Cold | None:
        house = self.house()
        found = coldness.present(house.journal)
        house.close()
        return found

    def states(self) -> dict[str, str]:
        house = self.house()
        found = {one.natural_key: one.state.value for one in house.journal.in_state(CROSSING, *State)}
        house.close()
        return found


def _invoice(name: str, record: str) -> Intent:
    key = create_key("local", CROSSING, RecordReference("salesforce", "Order", record), "ACME")
    return intent(key, record, natural_key=f"SO-{name}", label=name)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_house_whose_journal_is_whole_sends_without_looking(world: World) -> None:
    world.apply("1", "2")
    world.apply("3")
    assert sorted(world.books.made) == ["SO-1", "SO-2", "SO-3"]
    assert world.books.looked == []
    assert world.cold() is None


@pytest.mark.answers("F17")
def test_a_lost_journal_makes_no_second_invoice_though_the_plan_asks_for_it(world: World) -> None:
    world.apply("1", "2")
    world.lose()
    world.at += QUIET + timedelta(minutes=1)
    applied = world.apply("3")
    assert sorted(world.books.made) == ["SO-1", "SO-2", "SO-3"]
    assert world.states() == dict.fromkeys(("SO-1", "SO-2", "SO-3"), "accepted")
    assert (applied.results["found"], applied.results["absent"], applied.sent) == (2, 1, 1)


@pytest.mark.answers("F11", "S22")
def test_a_restored_backup_makes_no_second_invoice(world: World) -> None:
    world.apply("1")
    world.backup()
    world.apply("2")
    world.restore()
    world.at += QUIET
    world.apply()
    assert sorted(world.books.made) == ["SO-1", "SO-2"]
    assert world.states() == dict.fromkeys(("SO-1", "SO-2"), "accepted")


@pytest.mark.answers("F10")
def test_a_send_that_was_never_answered_is_remembered_too(world: World) -> None:
    """The head counts changes, not receipts alone: what was in flight may be carried out."""
    world.backup()
    house = world.house()
    house.journal.enter([_invoice("1", "8011")], NOON, "run 1")
    house.journal.send(house.journal.in_state(CROSSING, State.PENDING), NOON)
    house.close()
    world.books.made.append("SO-1")
    world.restore()
    world.at += QUIET
    world.apply("1")
    assert sorted(world.books.made) == ["SO-1"]


@pytest.mark.answers("F11", "F17")
def test_until_the_quiet_time_is_over_nothing_is_sent_and_what_is_there_is_taken(world: World) -> None:
    """What the last sender of the lost journal sent last may still arrive (failure modes, D-rows of late commits)."""
    world.apply("1")
    world.lose()
    world.at += QUIET - timedelta(seconds=1)
    world.apply("2")
    assert world.states() == {"SO-1": "accepted", "SO-2": "pending"}
    assert world.cold() is not None, "it is no clean pass"
    world.books.made.append("SO-2")  # it arrives
    world.at += timedelta(seconds=2)
    world.apply()
    assert world.states()["SO-2"] == "accepted"
    assert sorted(world.books.made) == ["SO-1", "SO-2"]


@pytest.mark.answers("F10", "F17")
def test_nothing_is_sent_while_a_look_up_fails(world: World) -> None:
    world.apply("1")
    world.lose()
    world.at += QUIET
    world.books.is_blind = True
    for _ in range(3):
        with pytest.raises(TryLater, match="HTTP 503"):
            world.apply()
    assert sorted(world.books.made) == ["SO-1"]
    assert world.cold() is not None
    world.books.is_blind = False
    world.apply()
    assert sorted(world.books.made) == ["SO-1"]
    assert world.cold() is None


def test_a_house_is_cold_across_processes_and_warm_after_one_clean_pass(world: World) -> None:
    world.apply("1")
    world.lose()
    house = world.house()
    found = waking.awake(house)
    house.close()
    assert found is not None
    assert found.cause == "missing"
    assert "journal.head knows of 1 receipts" in found.seen
    assert world.cold() == found
    world.at += QUIET
    assert world.apply().cold is None
    assert world.cold() is None
    looked = len(world.books.looked)
    world.apply("2")
    assert world.books.looked[looked:] == []


@pytest.mark.answers("D41")
def test_a_cold_house_doubts_a_refusal_and_looks_before_it_counts(world: World) -> None:
    """It may only mean that a sender whom nobody remembers got through (failure modes, D41)."""
    world.apply("1")
    world.lose()
    world.at += QUIET
    world.books.answers["SO-2"] = Result.REFUSED
    applied = world.apply("2")
    assert (applied.results["doubtful"], applied.results["refused"]) == (1, 0)
    assert world.states()["SO-2"] == "refused"
    assert world.books.looked.count("SO-2") == 2


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("update receipt set target_id = '9' where number = 1", "the first is number 1"),
        ("pragma foreign_keys = off; delete from receipt where number = 1", "the first is number 2"),
        ("delete from receipt where number = 2", "it has 1 receipts"),
        ("update receipt set hash = 'x' where number = 2", "receipt 2 is another one than journal.head knows"),
    ],
)
@pytest.mark.answers("F9", "F10", "S21")
def test_an_edited_journal_is_noticed(world: World, statement: str, seen: str) -> None:
    world.apply("1", "2")
    _walk_long_ago(world)
    world.edit(statement)
    world.at += QUIET
    house = world.house()
    found = waking.awake(house)
    house.close()
    assert found is not None
    assert found.cause in ("edited", "older")
    assert seen in found.seen


def _walk_long_ago(world: World) -> None:
    """The chain was last followed days ago: the next start follows it from its beginning."""
    head = world.folder / "journal.head"
    head.write_text(json.dumps({**json.loads(head.read_text()), "walked_at": "2026-03-01T00:00:00+00:00"}))


def test_what_was_noticed_once_does_not_make_the_house_cold_for_ever(world: World) -> None:
    world.apply("1", "2")
    _walk_long_ago(world)
    world.edit("update receipt set target_id = '9' where number = 1")
    world.at += QUIET
    assert world.apply().cold is None, "cold, and warm after its clean pass"
    _walk_long_ago(world)
    house = world.house()
    assert waking.awake(house) is None
    told = waking.verified(house)
    assert (told.holds, [one["number"] for one in told.breaks], told.findings) == (False, [1], [])
    with house.journal.engine.begin() as connection:
        assert connection.execute(COLD.select()).one().breaks == "[1]"
    house.close()


def test_a_journal_that_nothing_remembers_is_not_believed(world: World) -> None:
    world.apply("1")
    (world.folder / "journal.head").unlink()
    house = world.house()
    found = waking.awake(house)
    house.close()
    assert found is not None
    assert found.cause == "unwitnessed"


def test_a_head_that_cannot_be_read_is_not_believed_either(world: World) -> None:
    world.apply("1")
    (world.folder / "journal.head").write_text("{")
    house = world.house()
    assert waking.awake(house) is not None
    house.close()
    assert world.cold() is not None


def test_a_new_journal_of_which_nobody_has_heard_is_just_new(world: World) -> None:
    house = world.house()
    assert waking.awake(house) is None
    assert waking.verified(house).holds
    house.close()


@pytest.mark.answers("K10")
def test_a_state_that_somebody_typed_is_told(world: World) -> None:
    """Nobody can type a state: each follows from a receipt (failure modes, rule 11 and K10)."""
    world.apply("1")
    world.books.answers["SO-2"] = Result.NOT_EXECUTED
    world.apply("2")
    world.edit("update intent set state = 'accepted', target_id = '9' where natural_key = 'SO-2'")
    house = world.house()
    told = waking.verified(house)
    assert told.unproven == [_invoice("2", "8012").key]
    assert not told.holds
    house.close()


@pytest.mark.answers("F9")
def test_every_start_follows_what_was_added_since_the_last_and_once_a_day_the_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[int] = []
    walk = journal_chain.walk

    def counting(connection: sa.Connection, after: journal_chain.Tip) -> journal_chain.Walked:
        walked = walk(connection, after)
        followed.append(walked.receipts)
        return walked

    monkeypatch.setattr(journal_chain, "walk", counting)
    for order, later in (("1", timedelta()), ("2", timedelta()), ("3", timedelta()), ("4", timedelta(days=1))):
        world.at += later
        world.apply(order)
    assert followed == [0, 1, 1, 3]

"""Drills: two senders at once, a clock that jumps, a disk without room. One effect of every order each time."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sf_intacct.errors import ClockError, FixNeeded
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.model.intent import State
from sf_intacct.orchestration import applying
from sf_intacct.orchestration.house import House
from sf_intacct.store.journal import Journal
from sf_intacct_tests.crash.nursery import Nursery, opened
from sf_intacct_tests.full_disk import full_disk
from sf_intacct_tests.postgres import emptied
from sf_intacct_tests.town import Town, line, look, order, settle, tie_out

pytestmark = pytest.mark.long

INVOICES = "order_to_invoice"
ORDERS = [order(str(number)) for number in range(1, 5)]
LINES = [line(number, str(number)) for number in range(1, 5)]


def _planned_but_not_sent(town: Town, house: House) -> None:
    """Everything has crossed but the invoices: they are in the journal, and the gateway was busy."""
    town.seed(ORDERS, LINES)
    town.fault("throttle", operation="create_invoice")
    settle(house)
    town.pass_time(minutes=1)
    assert len(house.journal.in_state(INVOICES, State.PENDING)) == 4


def _each_order_has_one_invoice(town: Town, house: House) -> None:
    assert sorted(invoice["RECORDID"] for invoice in town.invoices()) == ["SO-1", "SO-2", "SO-3", "SO-4"]
    assert town.control("GET", "books")["intacct"]["repeated_executions"] == {}
    assert tie_out(house).classes == {"tied": 4}


@contextmanager
def _two(folder: Path) -> Iterator[tuple[Nursery, Nursery]]:
    with opened(folder / "first.log") as first, opened(folder / "second.log") as second:
        yield first, second


def _child(town: Town, manner: str, name: str, **settings: Any) -> dict[str, Any]:
    return {
        "environment": town.environment(**settings),
        "folder": str(town.folder),
        "log": str(town.folder / f"{name}.child.log"),
        "answer": str(town.folder / f"{name}.answer"),
        "offset": town.clock_offset.total_seconds(),
        "point": None,
        "nth": None,
        "seconds": None,
        "manner": manner,
    }


def _meanwhile(do: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Begins to do it; asked later, waits for what came of it."""
    told: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: told.update(do()))
    thread.start()

    def ended() -> dict[str, Any]:
        thread.join()
        return told

    return ended


def _in_flight(journal: Journal) -> None:
    while not journal.in_state(INVOICES, State.IN_FLIGHT):
        time.sleep(0.01)


@pytest.mark.answers("G1", "G2")
def test_of_two_processes_that_apply_at_once_one_is_told_that_the_other_is_at_it(town: Town) -> None:
    house = town.house()
    _planned_but_not_sent(town, house)
    town.fault("delay", operation="create_invoice", settings={"seconds": 4})
    with _two(town.folder) as (first, second):
        one = _meanwhile(lambda: first.child(_child(town, "apply", "first")))
        _in_flight(house.journal)
        other = second.child(_child(town, "apply", "second"))
    assert (one()["ended"], one()["writes"], other["ended"]) == ("done", 4, "Busy")
    assert "held by" in other["error"]
    settle(house)
    _each_order_has_one_invoice(town, house)


@pytest.mark.answers("G1")
def test_two_homes_that_share_a_journal_send_every_order_once(town: Town, postgres: str) -> None:
    shared = {"journal_url": emptied(postgres)}
    elsewhere = {**shared, "home": town.folder / "elsewhere"}
    here, there = town.house(**shared), town.house(**elsewhere)
    _planned_but_not_sent(town, here)
    look(there)
    town.fault("delay", operation="create_invoice", settings={"seconds": 4})
    with _two(town.folder) as (first, second):
        one = _meanwhile(lambda: first.child(_child(town, "apply", "first", **shared)))
        _in_flight(here.journal)
        other = second.child(_child(town, "apply", "second", **elsewhere))
        again = second.child(_child(town, "apply", "second", **elsewhere)) if one() else {}
    assert (one()["ended"], one()["writes"], other["ended"]) == ("done", 4, "Busy")
    assert again["ended"] == "done"
    for house in (here, there):
        settle(house)
        _each_order_has_one_invoice(town, house)


@pytest.mark.answers("G8")
def test_two_whole_syncs_at_once_make_one_invoice_of_every_order(town: Town) -> None:
    town.seed(ORDERS, LINES)
    with _two(town.folder) as (first, second):
        one = _meanwhile(lambda: first.child(_child(town, "command", "first")))
        other = second.child(_child(town, "command", "second"))
    assert {one()["ended"], other["ended"]} <= {"done", "Busy", "TryLater", "SyncError"}
    house = town.house()
    settle(house)
    town.pass_time(minutes=31)
    settle(house)
    _each_order_has_one_invoice(town, house)


@pytest.mark.answers("J2")
@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_sends_nothing_until_it_is_right_again(town: Town, hours: int) -> None:
    house = town.house()
    _planned_but_not_sent(town, house)
    town.clock_offset += timedelta(hours=hours)
    with pytest.raises(ClockError, match=r"3[56]\d\d s"):  # any reply tells what time it is there
        house.intacct.find(house.journal.in_state(INVOICES, State.PENDING))
    with suppress(ClockError):  # where the clock went back, nothing is due yet
        applying.apply(house, INVOICES)
    assert town.invoices() == []

    town.clock_offset -= timedelta(hours=hours)
    town.pass_time(minutes=62)  # what a clock put off that was an hour ahead is due an hour late
    settle(house)
    _each_order_has_one_invoice(town, house)


@pytest.mark.answers("F5")
def test_nothing_is_sent_that_the_journal_has_no_room_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    house = town.house()
    _planned_but_not_sent(town, house)
    send = Journal.send

    def without_room(*arguments: Any) -> Any:
        with full_disk():
            return send(*arguments)

    monkeypatch.setattr(Journal, "send", without_room)
    with pytest.raises(FixNeeded, match="make room on the disk"):
        applying.apply(house, INVOICES)
    assert town.invoices() == []

    monkeypatch.undo()
    settle(house)
    _each_order_has_one_invoice(town, house)


@pytest.mark.answers("F5")
def test_an_answer_that_finds_no_room_is_looked_up_when_there_is_some(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = town.house()
    _planned_but_not_sent(town, house)
    apply, disk = IntacctSystem.apply, ExitStack()

    def then_full(*arguments: Any) -> Any:
        outcomes = apply(*arguments)
        disk.enter_context(full_disk())
        return outcomes

    monkeypatch.setattr(IntacctSystem, "apply", then_full)
    with pytest.raises(FixNeeded, match="make room on the disk"):
        applying.apply(house, INVOICES)
    disk.close()
    monkeypatch.undo()
    assert len(town.invoices()) == 4

    town.pass_time(minutes=6)  # the lease could not be given back either: it lapses
    fresh = town.house()
    settle(fresh)
    _each_order_has_one_invoice(town, fresh)

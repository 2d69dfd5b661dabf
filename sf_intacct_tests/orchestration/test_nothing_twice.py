"""Journeys over a bad wire: nothing is written twice, nothing is lost, whatever the answer was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sf_intacct.errors import Busy
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.model.intent import State
from sf_intacct.orchestration import applying, publishing, reading
from sf_intacct.orchestration.house import House
from sf_intacct.settings import Settings
from sf_intacct.store import coldness
from sf_intacct.store.lease import leased
from sf_intacct_tests.town import Town, line, order, queue, settle, tie_out, walk

ORDERS = [order(str(number)) for number in range(1, 5)]
LINES = [line(number, str(number)) for number in range(1, 5)]


def _executions_are_single(town: Town) -> None:
    assert town.control("GET", "books")["intacct"]["repeated_executions"] == {}


@pytest.mark.answers("D1")
def test_a_lost_reply_never_makes_a_second_invoice(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    town.fault("drop_reply", operation="create_invoice")
    settle(house)

    assert sorted(invoice["RECORDID"] for invoice in town.invoices()) == ["SO-1", "SO-2", "SO-3", "SO-4"]
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("truncate", {"keep": 0.5}),
        ("server_error", {"status": 500, "committed": True}),
        ("server_error", {"status": 524, "committed": True}),
    ],
)
@pytest.mark.answers("D5", "D6", "D11")
def test_an_answer_that_proves_nothing_is_looked_up_and_found(
    town: Town, kind: str, settings: dict[str, object]
) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    town.fault(kind, operation="create_invoice", settings=settings)
    settle(house)

    assert len(town.invoices()) == 4
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "settings"), [("drop_request", {}), ("server_error", {"status": 500, "committed": False})]
)
@pytest.mark.answers("D3", "D4")
def test_what_may_have_been_carried_out_is_sent_again_only_after_quiet_time_and_two_looks(
    town: Town, kind: str, settings: dict[str, object]
) -> None:
    town.seed(ORDERS, LINES)
    house = town.house(quiet_seconds=1800, look_apart_seconds=60)
    town.fault(kind, operation="create_invoice", settings=settings)
    settle(house)
    assert town.invoices() == []
    assert len(house.journal.in_state("order_to_invoice", State.UNCERTAIN)) == 4

    town.pass_time(minutes=29)
    assert walk(house).sent["order_to_invoice"] == 0
    town.pass_time(minutes=2)
    assert walk(house).sent["order_to_invoice"] == 0, "one look is not enough"
    town.pass_time(minutes=2)
    assert walk(house).sent["order_to_invoice"] == 4
    settle(house)
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.long
def test_a_throttled_write_was_not_carried_out_and_is_sent_again_after_a_pause(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house(pause_seconds=30)
    town.fault("throttle", operation="create_invoice", settings={"retry_after": 1})
    settle(house)
    assert town.invoices() == []

    town.pass_time(seconds=31)
    settle(house)
    assert tie_out(house).classes == {"tied": 4}


@pytest.mark.long
@pytest.mark.parametrize("operation", ["create_invoice", "query ARINVOICE", "PATCH *", "queryAll"])
def test_a_session_that_runs_out_is_renewed_and_nothing_is_lost(town: Town, operation: str) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    town.fault("expire_session", operation=operation)
    settle(house)
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.long
def test_every_seventh_write_losing_its_reply_ends_in_the_same_books(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house(intacct_batch_size=1, salesforce_batch_size=1)
    town.fault("drop_reply", writes_only=True, every=7, times=None)
    settle(house, walks_max=12)
    town.no_faults()

    assert tie_out(house).classes == {"tied": 4}
    assert len(town.rows("salesforce", "Intacct_Invoice__c")) == 4
    assert {row["Intacct_Sync_Status__c"] for row in town.rows("salesforce", "Order")} == {"Synced"}
    _executions_are_single(town)


def _planned_but_not_sent(town: Town, house: House) -> None:
    """Everything has crossed but the invoices: they are in the journal, and the gateway was busy."""
    town.fault("throttle", operation="create_invoice")
    settle(house)
    assert len(house.journal.in_state("order_to_invoice", State.PENDING)) == 4


@pytest.mark.long
@pytest.mark.answers("G10")
def test_a_sender_that_died_leaves_writes_that_are_looked_up_before_anything_else(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    _planned_but_not_sent(town, house)
    sent = house.journal.send(house.journal.in_state("order_to_invoice", State.PENDING), house.now())
    house.intacct.apply(sent)  # carried out; the process dies before it can write the answer down

    settle(town.house())
    assert len(town.invoices()) == 4
    _executions_are_single(town)


@pytest.mark.long
@pytest.mark.answers("D1")
def test_a_lost_reply_is_looked_up_by_name_and_not_only_seen_by_the_next_reading(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    _planned_but_not_sent(town, house)
    town.pass_time(minutes=1)
    town.fault("drop_reply", operation="create_invoice", times=None)

    applying.apply(house, "order_to_invoice")
    assert len(house.journal.in_state("order_to_invoice", State.ACCEPTED)) == 4
    _executions_are_single(town)


@pytest.mark.long
@pytest.mark.answers("C17", "D20", "D23")
def test_what_does_not_show_yet_and_would_not_be_recognised_as_a_repeat_is_made_once(town: Town) -> None:
    """Neither control ids nor document numbers stop a second one: the quiet time and the look-up alone do."""
    town.seed(ORDERS, LINES)
    house = town.house(quiet_seconds=1800, look_apart_seconds=60)
    _planned_but_not_sent(town, house)
    for setting, value in (
        ("read_lag_seconds", 600),
        ("remember_control_ids", False),
        ("refuse_duplicate_invoice_numbers", False),
    ):
        town.act("intacct", "configure", setting=setting, value=value)
    town.pass_time(minutes=1)
    town.fault("drop_reply", operation="create_invoice", times=None)
    for minutes in (0, 5, 31, 2, 2):
        town.pass_time(minutes=minutes)
        walk(house)

    assert len(town.invoices()) == 4
    settle(house)
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.long
@pytest.mark.answers("F17")
def test_losing_every_store_makes_no_duplicate(town: Town) -> None:
    town.seed(ORDERS, LINES)
    settle(town.house())
    for file in (town.folder / "home").iterdir():
        file.unlink()

    fresh = town.house()
    settle(fresh)
    assert len(town.invoices()) == 4
    assert len(town.rows("intacct", "CUSTOMER")) == 2
    assert fresh.journal.in_state("order_to_invoice", *State) == []
    assert tie_out(fresh).classes == {"tied": 4}


@pytest.mark.long
def test_losing_the_journal_alone_makes_the_house_cold_and_no_duplicate(town: Town) -> None:
    """The warehouse knows more than the new journal: its mirror is made anew, and everything is planned again."""
    town.seed(ORDERS, LINES)
    settle(town.house())
    for file in (town.folder / "home").glob("journal.sqlite*"):
        file.unlink()
    town.pass_time(minutes=31)

    house = town.house()
    walk(house)
    assert [cold.cause for cold in [coldness.newest(house.journal)] if cold] == ["missing"]
    settle(house)
    assert coldness.present(house.journal) is None
    assert len(town.invoices()) == 4
    assert len(town.rows("intacct", "CUSTOMER")) == 2
    assert tie_out(house).classes == {"tied": 4}
    _executions_are_single(town)


@pytest.mark.answers("D21", "G1")
def test_a_second_sender_is_told_that_the_first_is_at_it(town: Town) -> None:
    town.seed(ORDERS, LINES)
    first, second = town.house(), town.house()
    with leased(first.journal, "intacct", timedelta(seconds=1), first.now), pytest.raises(Busy):
        applying.apply(second, "order_to_invoice")


@pytest.mark.long
@pytest.mark.answers("F1")
def test_a_process_killed_hard_in_the_middle_of_sending_ends_in_the_same_books(town: Town) -> None:
    many = [order(str(number)) for number in range(1, 61)]
    town.seed(many, [line(number, str(number)) for number in range(1, 61)])
    house = town.house(intacct_batch_size=2)
    town.fault("delay", operation="create_invoice", nth=5, times=None, settings={"seconds": 0.3})
    environment = {f"SF_INTACCT_{name.upper()}": str(value) for name, value in _plain(house.settings)}
    process = subprocess.Popen(
        [sys.executable, "-m", "sf_intacct", "sync"],
        env={**os.environ, **environment},
        cwd=town.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and len(town.invoices()) < 12:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    town.no_faults()
    assert 12 <= len(town.invoices()) < 60, "it was killed too late to prove anything"

    settle(house)
    # What was on its way when the process died may never have arrived: it goes again after the quiet time.
    for minutes in (31, 2, 2):
        town.pass_time(minutes=minutes)
        walk(house)
    settle(house)
    assert tie_out(house).classes == {"tied": 60}
    _executions_are_single(town)


def _plain(settings: Settings) -> Iterator[tuple[str, object]]:
    for name, value in settings:
        if value is not None:
            yield name, value.get_secret_value() if hasattr(value, "get_secret_value") else value


@pytest.mark.long
@pytest.mark.answers("D36")
def test_a_plan_whose_source_has_moved_is_not_carried_out(town: Town) -> None:
    town.seed(ORDERS, LINES)
    house = town.house()
    _planned_but_not_sent(town, house)
    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"PoNumber": "PO-1"})
    reading.read(house, OBSERVED["salesforce_orders"])
    publishing.publish(house, OBSERVED["salesforce_orders"])
    town.pass_time(minutes=1)

    applied = applying.apply(house, "order_to_invoice")
    assert applied.moved == 1
    settle(house)
    assert town.invoice("SO-1")["DOCNUMBER"] == "PO-1"
    assert queue(house) == {}

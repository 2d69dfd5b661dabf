"""Alerts on a house: one message for what turned, none when nothing did, none lost, none twice, and no sync stopped."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sf_intacct.alerts import webhook
from sf_intacct.errors import TryLater
from sf_intacct.flow.approval import Waiting
from sf_intacct.flow.queue import Victim
from sf_intacct.orchestration import alerting
from sf_intacct.orchestration.assets.telling import told_check
from sf_intacct.orchestration.house import House
from sf_intacct.sandbox.server import Addresses
from sf_intacct.store import alerts, exceptions, pauses, waiting_plans
from sf_intacct_tests.alerts.servers import Hook, mail_server, web_server
from sf_intacct_tests.town import MAPPINGS, Town


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as made:
        yield made


NOBODY = Addresses("http://127.0.0.1:9", "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one mapping and its tables, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    shutil.copytree(MAPPINGS / "crosswalks", folder / "mappings" / "crosswalks")
    for name in ("company.yaml", "product_to_item.yaml"):
        shutil.copy(MAPPINGS / name, folder / "mappings")
    made = Town(NOBODY, folder)
    with made.house().transaction():
        pass
    made.close()
    return folder


@pytest.fixture
def quiet_town(prepared: Path, tmp_path: Path) -> Iterator[Town]:
    """A town whose systems nobody asks: alerts live on what the house knows."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    made = Town(NOBODY, tmp_path)
    yield made
    made.close()


def house_of(town: Town, hook: Hook, **settings: object) -> House:
    return town.house(alert_webhook_url=hook.url, alert_webhook_secret="canary-shared", **settings)


def kept(house: House, *orders: str, cause: str = "missing_item", subject: str = "SKU-9") -> None:
    """These orders cannot cross now, for one cause."""
    victims = [Victim(cause, subject, "order_to_invoice", "Order", o, o, "", "", None, None) for o in orders]
    exceptions.refresh(house.journal, victims, house.now())


def changes_of(hook: Hook) -> list[list[str]]:
    return [[change["change"] for change in json.loads(body)["changes"]] for _, body in hook.got]


def test_people_are_told_when_something_turns_and_only_then(quiet_town: Town, hook: Hook) -> None:
    house = house_of(quiet_town, hook)
    assert alerting.tell(house) == alerting.Told()
    kept(house, "1")
    assert alerting.tell(house) == alerting.Told(turned=1, sent=1)
    kept(house, "1")
    assert alerting.tell(house) == alerting.Told()
    kept(house, "1", "2", "3")
    alerting.tell(house)
    kept(house)
    alerting.tell(house)
    assert changes_of(hook) == [["opened"], ["grew"], ["resolved"]]
    first = json.loads(hook.got[0][1])
    assert first["changes"][0]["title"] == "The product SKU-9 is not an item in Intacct."
    assert first["environment"] == "town"


def test_a_restart_neither_repeats_nor_loses_what_was_told(quiet_town: Town, hook: Hook) -> None:
    kept(house_of(quiet_town, hook), "1")
    alerting.tell(house_of(quiet_town, hook))
    alerting.tell(house_of(quiet_town, hook))
    assert len(hook.got) == 1
    before = house_of(quiet_town, hook)
    kept(before, "1", "2")
    alerting._enter(before, ["webhook"])  # and then the process dies
    alerting.tell(house_of(quiet_town, hook))
    assert changes_of(hook) == [["opened"], ["grew"]]


def test_a_message_whose_sender_died_before_it_could_note_it_is_sent_again_under_its_number(
    quiet_town: Town, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(quiet_town, hook)
    kept(house, "1")
    with monkeypatch.context() as dying:
        dying.setattr(alerts, "delivered", _die)
        assert alerting.tell(house).problems == ("alerts: KeyboardInterruptedInTest",)
    assert alerting.tell(house).sent == 0, "not at once"
    quiet_town.clock_offset = _minutes(2)
    assert alerting.tell(house).sent == 1
    assert len({headers[webhook.NUMBER] for headers, _ in hook.got}) == 1
    assert len({body for _, body in hook.got}) == 1


def test_a_receiver_that_is_down_stops_nothing_is_seen_and_is_told_once_it_is_back(
    quiet_town: Town, hook: Hook
) -> None:
    house = house_of(quiet_town, hook)
    hook.status = 503
    kept(house, "1")
    told = alerting.tell(house)
    assert told.problems == ("message 1 by webhook: 127.0.0.1 answered 503, 1 attempts",)
    check = told_check(told)
    assert not check.passed
    for _ in range(5):
        alerting.tell(house)
    assert len(hook.got) == 1, "no storm: the next attempt is not before its time"
    quiet_town.clock_offset = _minutes(2)
    alerting.tell(house)
    quiet_town.clock_offset = _minutes(3)
    alerting.tell(house)
    assert len(hook.got) == 2, "the pause grows"
    hook.status = 200
    quiet_town.clock_offset = _minutes(10)
    assert alerting.tell(house) == alerting.Told(turned=0, sent=1)
    assert told_check(alerting.tell(house)).passed


def test_what_could_not_be_told_for_a_week_is_given_up_and_stays_to_be_seen(quiet_town: Town, hook: Hook) -> None:
    house = house_of(quiet_town, hook)
    hook.status = 500
    kept(house, "1")
    alerting.tell(house)
    quiet_town.clock_offset = _minutes(8 * 24 * 60)
    assert len(alerting.tell(house).problems) == 1
    calls = len(hook.got)
    quiet_town.clock_offset = _minutes(9 * 24 * 60)
    assert len(alerting.tell(house).problems) == 1
    assert len(hook.got) == calls
    assert [row["state"] for row in alerts.listed(house.journal)] == ["given_up"]


def test_whatever_breaks_while_telling_breaks_no_sync(
    quiet_town: Town, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(quiet_town, hook)
    monkeypatch.setattr(alerting, "facts", lambda house: _raise(TryLater("opening", seen="canary-shared")))
    assert alerting.tell(house).problems == ("alerts: TryLater",)


def test_two_processes_tell_one_turn_once(quiet_town: Town, hook: Hook) -> None:
    houses = [house_of(quiet_town, hook) for _ in range(4)]
    kept(houses[0], "1")
    assert all(house.journal for house in houses)
    threads = [threading.Thread(target=alerting.tell, args=(house,)) for house in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert changes_of(hook) == [["opened"]]


def test_each_channel_has_a_state_of_its_own(quiet_town: Town, hook: Hook) -> None:
    with mail_server() as post:
        mails = {"alert_email_to": "ada@x.example", "alert_email_from": "s@x.example", "alert_smtp_host": "127.0.0.1"}
        house = house_of(quiet_town, hook, **mails, alert_smtp_port=post.port)
        hook.status = 500
        kept(house, "1")
        assert alerting.tell(house).sent == 1
        assert len(post.got) == 1
        states = {row["channel"]: row["state"] for row in alerts.listed(house.journal)}
        assert states == {"webhook": "pending", "email": "delivered"}


def test_who_sets_no_channel_pays_for_none_and_is_told_everything_once_there_is_one(
    quiet_town: Town, hook: Hook
) -> None:
    mute = quiet_town.house()
    kept(mute, "1")
    assert alerting.tell(mute) == alerting.Told()
    assert alerts.listed(mute.journal) == []
    alerting.tell(house_of(quiet_town, hook))
    assert changes_of(hook) == [["opened"]]


def test_a_pause_is_told_and_its_end_too(quiet_town: Town, hook: Hook) -> None:
    house = house_of(quiet_town, hook)
    for is_paused in (True, False):
        pauses.say(house.journal, pauses.EVERYTHING, is_paused, "ada", "month end", house.now())
        alerting.tell(house)
    assert changes_of(hook) == [["opened"], ["resolved"]]
    assert "by ada: month end" in json.loads(hook.got[0][1])["changes"][0]["title"]


def test_a_plan_that_waits_for_approval_is_told_until_it_is_approved(
    quiet_town: Town, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(quiet_town, hook)
    fields: Any = {
        "rows": {},
        "documents": 7,
        "reasons": ("more than 5 documents",),
        "before": "",
        "mapping_revision": "r",
    }
    plan = Waiting(1, "order_to_invoice", "a" * 16, money={"USD": Decimal(900)}, people=1, since=house.now(), **fields)
    approved = replace(plan, approved_by={"ada": house.now()})
    for standing in ([plan], [plan], [approved]):
        monkeypatch.setattr(waiting_plans, "standing", lambda journal, standing=standing: standing)
        alerting.tell(house)
    assert changes_of(hook) == [["opened"], ["resolved"]]
    (change,) = json.loads(hook.got[0][1])["changes"]
    assert "waits for approval: more than 5 documents" in change["title"]
    assert (change["records"], change["money"]) == (7, {"USD": "900.00"})


class KeyboardInterruptedInTest(Exception):
    pass


def _die(*arguments: object) -> None:
    raise KeyboardInterruptedInTest


def _raise(error: Exception) -> None:
    raise error


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)

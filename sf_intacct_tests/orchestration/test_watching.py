"""A look for news: what is new is named, what we wrote or read ourselves is not news, and looking changes nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sf_intacct.orchestration import watching
from sf_intacct.orchestration.house import House
from sf_intacct_tests.town import Town, settle, tie_out, walk

pytestmark = pytest.mark.xdist_group("watched")  # one process makes the world that these share


@pytest.fixture
def house(quiet: Town) -> House:
    return quiet.houses[0]


def _note(town: Town, order: str, note: str, age_seconds: float = 0) -> None:
    """Somebody in Sales writes a note, which crosses nowhere; it may be dated back, and committed only now."""
    order_id, fields = town.order(order)["Id"], {"Description": note}
    town.act("salesforce", "edit", object="Order", id=order_id, fields=fields, stamp_age_seconds=age_seconds)


def test_before_the_first_sync_everything_that_is_there_is_news_and_empty_tables_are_not(town: Town) -> None:
    town.seed()
    house = town.house()
    assert watching.news(house, "salesforce").objects == ["Account", "Contact", "Product2"]
    reference = ["ARTERM", "GLACCOUNT", "DEPARTMENT", "LOCATION", "CLASS", "SODOCUMENTPARAMS"]
    assert watching.news(house, "intacct").objects == reference


def test_after_a_sync_that_wrote_to_both_systems_nothing_is_new_in_either(house: House) -> None:
    assert watching.news(house, "salesforce").objects == []
    assert watching.news(house, "intacct").objects == []


@pytest.mark.parametrize(
    ("system", "act", "arguments", "objects"),
    [
        ("salesforce", "edit", {"object": "Contact", "id": "Ingrid Ångström", "fields": {"Title": "Ms"}}, ["Contact"]),
        ("salesforce", "recalculate", {"object": "Product2"}, ["Product2"]),
        ("intacct", "edit", {"object": "CUSTOMER", "key": "C-1", "fields": {"COMMENTS": "kind"}}, ["CUSTOMER"]),
    ],
)
def test_what_somebody_did_is_news_of_the_objects_it_touched_in_that_system_alone(
    quiet: Town, house: House, system: str, act: str, arguments: dict[str, Any], objects: list[str]
) -> None:
    before = watching.news(house, system)
    quiet.act(system, act, **arguments)
    news = watching.news(house, system)
    assert news.objects == objects
    assert news.digest != before.digest
    assert watching.news(house, "intacct" if system == "salesforce" else "salesforce").objects == []


@pytest.mark.answers("G6")
def test_the_same_news_has_the_same_digest_whoever_looks_and_however_often(quiet: Town, house: House) -> None:
    _note(quiet, "1", "call first")
    first = watching.news(house, "salesforce")
    assert first.objects == ["Order"]
    assert watching.news(quiet.house(), "salesforce") == first


@pytest.mark.answers("A19")
def test_a_record_committed_late_into_the_last_second_that_was_read_is_news(quiet: Town, house: House) -> None:
    """Its stamp is not newer than the watermark: only counting finds it."""
    _note(quiet, "1", "call first")
    settle(house)
    assert watching.news(house, "salesforce").objects == []
    newest = datetime.fromisoformat(quiet.order("1")["SystemModstamp"])
    now = datetime.fromisoformat(quiet.control("GET", "clock")["now"])

    _note(quiet, "2", "call later", age_seconds=(now - newest).total_seconds())
    assert datetime.fromisoformat(quiet.order("2")["SystemModstamp"]) == newest, "else this test shows nothing"
    assert watching.news(house, "salesforce").objects == ["Order"]


def test_a_record_that_somebody_deleted_in_intacct_is_news(quiet: Town, house: House) -> None:
    before = quiet.calls()
    quiet.act("intacct", "delete", object="CLASS", key="SVC")
    assert watching.news(house, "intacct").objects == ["CLASS"]
    assert quiet.calls() == before + 1, "the audit history is asked in the same request"
    settle(house)
    assert watching.news(house, "intacct").objects == []


def test_a_record_that_came_and_went_unseen_is_no_news(quiet: Town, house: House) -> None:
    fields = {"account": "4000", "amount": "5.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}
    quiet.act("intacct", "create_invoice", customer="C-1", number="OOPS", date="2026-11-02", lines=[fields])
    quiet.act("intacct", "delete_invoice", invoice="OOPS")
    assert watching.news(house, "intacct").objects == []


def test_what_customers_owe_is_older_when_the_day_has_turned(quiet: Town, house: House) -> None:
    tomorrow = quiet.house()
    tomorrow.now = lambda: quiet.now() + timedelta(days=1)
    assert not watching.is_older(house)
    assert watching.is_older(tomorrow)


def test_looking_writes_nothing_and_leaves_what_is_new_to_be_read(quiet: Town, house: House) -> None:
    _note(quiet, "1", "call twice")
    before = quiet.calls()
    watching.news(house, "salesforce")
    watching.news(house, "intacct")
    assert quiet.calls() > before
    assert quiet.writes(since=before) == 0
    assert walk(house).new == 1


@pytest.mark.long
def test_a_write_that_waits_is_counted_once_it_is_due(quiet: Town) -> None:
    house = quiet.house(pause_seconds=60)
    assert watching.unfinished(house) == 0
    quiet.fault("throttle", system="intacct", writes_only=True)
    quiet.act("salesforce", "edit", object="Account", id="Bolt & Nut", fields={"Phone": "6"})
    walk(house)
    assert watching.unfinished(house) == 0, "its pause has not passed"

    quiet.pass_time(seconds=61)
    assert watching.unfinished(house) == 1
    settle(house)
    assert watching.unfinished(house) == 0


@pytest.mark.long
def test_finance_is_behind_in_the_months_of_what_moved_and_in_no_other(quiet: Town, house: House) -> None:
    assert watching.finance_behind(house).objects == []
    _note(quiet, "1", "call again")
    walk(house)
    behind = watching.finance_behind(house)
    assert behind.objects == ["2026-10-01"]
    assert watching.finance_behind(house) == behind

    _note(quiet, "2", "call again")
    walk(house)
    assert watching.finance_behind(house).objects == ["2026-10-01", "2026-11-01"]
    tie_out(house)
    assert watching.finance_behind(house).objects == []

"""exceptions: what cannot cross is listed by cause, shown by record, and decided upon by people."""

import re
from decimal import Decimal

import pytest

from sf_intacct.store import exceptions
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.town import line, order, queue, tie_out, walk


def _id(desk: Desk, cause: str) -> str:
    (found,) = [one["id"] for one in exceptions.listed(desk.house.journal) if one["cause"] == cause]
    return str(found)


def test_the_list_has_one_line_for_each_cause_with_its_money_and_its_owner(settled: Desk) -> None:
    listed = settled.says("exceptions", "list").splitlines()
    (closed,) = [row for row in listed if "a period that Finance has closed" in row]
    (unmapped,) = [row for row in listed if "Department 'Nowhere' has no counterpart in Intacct" in row]
    assert closed.split()[-5:] == ["1", "698.00", "USD", "finance", "today"]
    assert unmapped.split()[-5:] == ["2", "1,396.00", "USD", "operations", "today"]
    assert unmapped.startswith(_id(settled, "unmapped_value"))


def test_a_program_is_told_the_same_with_money_that_it_can_add(settled: Desk) -> None:
    chosen = ("--cause", "period_closed", "--cause", "unmapped_value")
    told = {one["cause"]: one for one in settled.told("exceptions", "list", *chosen)["exceptions"]}
    assert told.keys() == {"period_closed", "unmapped_value"}
    assert sum(Decimal(one["money"]) for one in told.values()) == Decimal("2094.00")
    unmapped = told["unmapped_value"]
    assert (unmapped["records"], unmapped["lines"], unmapped["kinds"]) == (2, 2, {"order": 2})
    assert (unmapped["who"], unmapped["class"], unmapped["again"]) == ("operations", "mapping", "moved")
    assert (unmapped["sums"], unmapped["currency"]) == ({"USD": "1396.00"}, "USD")
    said = "Department 'Nowhere' has no counterpart in Intacct: 2 lines, 2 orders, 1,396.00 USD"
    assert unmapped["headline"] == said


def test_the_list_can_be_narrowed(settled: Desk) -> None:
    def causes(*words: str) -> list[str]:
        return [one["cause"] for one in settled.told("exceptions", "list", *words)["exceptions"]]

    assert causes("--cause", "period_closed") == ["period_closed"]
    assert "period_closed" in causes("--who", "finance")
    assert "unmapped_value" not in causes("--who", "finance")
    assert causes("--owner", "ada") == []
    assert {"period_closed", "unmapped_value"} <= set(causes("--owner", "nobody"))


def test_what_to_do_names_the_file_to_mend(settled: Desk) -> None:
    """The words are those of the last sync, which knew where the value was looked up."""
    told = {one["cause"]: one for one in settled.told("exceptions", "list")["exceptions"]}
    assert told["unmapped_value"]["remedy"] == "Add it to crosswalks/departments.csv, or choose another value."


def test_one_exception_shows_every_record_that_it_keeps_by_salesforce_id(settled: Desk) -> None:
    id_ = _id(settled, "unmapped_value")
    told = settled.told("exceptions", "show", id_)
    kept = {victim["label"]: victim["source_id"] for victim in told["victims"]}
    assert kept.keys() == {"3", "4"}
    assert all(source_id.startswith("801") and len(source_id) == 18 for source_id in kept.values())

    base = settled.house.settings.salesforce_url
    assert [victim["url"] for victim in told["victims"]] == [f"{base}/{id_}" for id_ in kept.values()]
    assert told["place"] == "mappings/crosswalks/departments.csv"

    said = settled.says("exceptions", "show", id_)
    assert "Department 'Nowhere' has no counterpart in Intacct: 2 lines, 2 orders, 1,396.00 USD" in said
    assert "What to do (operations): Add it to crosswalks/departments.csv" in said
    assert all(source_id in said for source_id in kept.values())


def test_what_the_other_system_said_is_shown_in_its_own_words(settled: Desk) -> None:
    said = settled.says("exceptions", "show", _id(settled, "period_closed"))
    assert re.search(r"^2 \(1 attempt\): \w+: Periods are closed\.", said, re.MULTILINE)
    assert "Where: Intacct: General Ledger > All > Books > Open" in said
    (victim,) = settled.told("exceptions", "show", _id(settled, "period_closed"))["victims"]
    assert re.fullmatch(r"\w+: Periods are closed\..*", victim["answer"])
    assert victim["attempts"] == 1


@pytest.mark.parametrize("command", ["show", "retry"])
def test_an_id_that_is_not_open_is_wrong_use(settled: Desk, command: str) -> None:
    said = settled.refuses("exceptions", command, "deadbeef", ends=2)
    assert "no exception deadbeef is open; `sf-intacct exceptions list` says what is open" in said


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_nothing_is_ignored_without_a_reason(settled: Desk, reason: tuple[str, ...]) -> None:
    said = settled.refuses("exceptions", "ignore", _id(settled, "unmapped_value"), *reason, ends=2)
    assert "--reason" in said
    assert queue(settled.house)["unmapped_value"] == ["3", "4"]


def test_a_decision_says_for_how_many_records_by_whom_and_from_when(settled: Desk) -> None:
    id_ = _id(settled, "unmapped_value")
    said = settled.says("exceptions", "ignore", id_, "--reason", "sold by the agency", "--by", "ada")
    assert said == "2 records: ignore, by ada. It takes effect at the next sync.\n"
    told = settled.told("exceptions", "retry", _id(settled, "period_closed"), "--by", "ada")
    assert told == {"exceptions": [_id(settled, "period_closed")], "decision": "retry", "records": 1, "by": "ada"}


def test_before_anything_was_read_there_is_nothing_to_list(desk: Desk) -> None:
    desk.town.seed()
    assert desk.says("exceptions", "list") == "No exceptions: nothing is kept from crossing.\n"
    assert desk.told("exceptions", "list") == {"exceptions": []}


@pytest.mark.long
def test_what_was_mended_and_retried_crosses_and_what_was_ignored_stays_out_explained(desk: Desk) -> None:
    orders = [order("1", EffectiveDate="2026-07-15"), order("2", Department__c="Nowhere")]
    desk.town.seed(orders, [line(1, "1"), line(2, "2")])
    walk(desk.house)
    desk.town.act("intacct", "open_period")

    desk.says("exceptions", "retry", _id(desk, "period_closed"), "--reason", "opened July")
    desk.says("exceptions", "ignore", _id(desk, "unmapped_value"), "--reason", "invoiced by the agency")
    walk(desk.house)
    walk(desk.house)

    assert [invoice["RECORDID"] for invoice in desk.town.invoices()] == ["SO-1"]
    assert desk.told("exceptions", "list") == {"exceptions": []}
    assert desk.town.order("2")["Intacct_Sync_Status__c"] == "Excluded"
    assert tie_out(desk.house).classes == {"ignored": 1, "tied": 1}

"""A month closes by Finance's calendar: what is under way is listed, new ones are held, what lands late is found.

One world, made once: last month closes the day after tomorrow, and takes no new documents from tomorrow on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from sf_intacct.orchestration import closing
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import BILLING, Town, line, only, order, queue, walk

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("close")]  # one process makes the world that these share


@dataclass
class Close:
    """What was seen as the days went by."""

    town: Town
    today: date
    before: dict[str, Any] = field(default_factory=dict)
    status: str = ""
    held: dict[str, list[str]] = field(default_factory=dict)
    clean: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def posting(self) -> date:
        """A day of the month before this one."""
        return self.today.replace(day=1) - timedelta(days=1)

    @property
    def period(self) -> str:
        return f"{self.posting:%Y-%m}"


@pytest.fixture(scope="module")
def close(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Close]:
    with lone_town(tmp_path_factory.mktemp("close")) as town:
        only(town.folder / "mappings", *BILLING)
        today = town.now().date()
        seen = Close(town, today)
        company = town.folder / "mappings" / "company.yaml"
        said = company.read_text()
        company.write_text(said + _dates(seen.period, today))
        days = {"EffectiveDate": seen.posting.isoformat()}
        town.seed(
            [order("1", **days), order("2", Department__c="Nowhere", **days), order("3", status="Draft", **days)],
            [line(1, "1"), line(2, "2", quantity="3"), line(3, "3")],
        )
        desk = Desk(town, town.house())
        walk(desk.house)
        seen.before = desk.told("close", "status", "--period", seen.period)
        seen.status = desk.says("status")

        town.pass_time(days=1)
        town.act("salesforce", "activate_order", order="3")
        walk(desk.house)
        seen.held = queue(desk.house)

        town.pass_time(days=2)
        town.act("intacct", "pay_invoice", invoice="SO-1", amount="1.00")
        walk(desk.house)
        seen.clean = _late(desk, seen.period)
        lines = [{"account": "4000", "amount": "50.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
        for number, day in (("LATE", seen.posting), ("LATER", today)):
            town.act("intacct", "create_invoice", customer="C-1", lines=lines, number=number, date=day.isoformat())
        walk(desk.house)
        seen.after = _late(desk, seen.period)
        # The command has this machine's clock, on which no days have gone by: for it the close was yesterday.
        company.write_text(said + _dates(seen.period, today - timedelta(days=3)))
        seen.told = desk.told("close", "check", "--period", seen.period, ends=1)
        yield seen


def _late(desk: Desk, period: str) -> dict[str, Any]:
    (found,) = closing.late(desk.house, period)
    return {"late": found.rows, "unproven": found.unproven}


def _dates(period: str, today: date) -> str:
    closes, holds = today + timedelta(days=2), today + timedelta(days=1)
    return f"periods:\n  closing:\n    - {{period: {period}, closes: {closes}, hold_from: {holds}}}\n"


def test_before_the_close_what_is_not_in_the_books_is_listed_by_money(close: Close) -> None:
    (waiting,) = close.before["documents"]
    assert (waiting["label"], waiting["step"], waiting["cause"]) == ("2", "waiting", "unmapped_value")
    assert (close.before["money"], waiting["posting_day"]) == ({"USD": "1047.00"}, close.posting.isoformat())
    (said,) = close.before["closing"]
    assert said == {
        "of": "GL",
        "closes": (close.today + timedelta(days=2)).isoformat(),
        "held_from": (close.today + timedelta(days=1)).isoformat(),
    }


def test_the_status_says_that_a_close_is_near_and_how_much_is_under_way(close: Close) -> None:
    assert f"{close.period} of GL closes on {close.today + timedelta(days=2)}: 1 documents under way" in close.status


def test_from_the_day_that_finance_said_new_documents_are_held(close: Close) -> None:
    assert close.held["period_closed"] == ["2", "3"]
    assert [invoice["RECORDID"] for invoice in close.town.invoices() if invoice["RECORDID"].startswith("SO")] == [
        "SO-1"
    ]


def test_a_payment_after_the_close_is_nothing_late(close: Close) -> None:
    assert close.clean == {"late": [], "unproven": []}


def test_an_invoice_that_somebody_enters_after_the_close_is_found_with_its_money(close: Close) -> None:
    (late,) = close.after["late"]
    assert (late["number"], late["what"], late["is_ours"]) == ("LATE", "entered", False)
    assert (late["posting_day"], str(late["amount"]), close.after["unproven"]) == (close.posting, "50.000", [])


def test_the_command_ends_with_1_and_tells_whether_a_late_document_is_ours(close: Close) -> None:
    assert [(one["number"], one["is_ours"]) for one in close.told["late"]] == [("SO-1", True), ("LATE", False)]
    assert [(one["period"], one["late"]) for one in close.told["periods"]] == [(close.period, 2)]

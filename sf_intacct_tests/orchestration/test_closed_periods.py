"""Journeys of orders whose period is closed: found before a call is spent, released when it opens, moved by policy."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import BILLING, Row, Town, alone, line, money, only, order, queue, tie_out, walk

pytestmark = pytest.mark.xdist_group("closed periods")  # one process makes the world that these share

LOCATIONS: list[Row] = [
    {"LOCATIONID": "E01", "NAME": "East", "STATUS": "active"},
    {"LOCATIONID": "W01", "NAME": "West", "STATUS": "active"},
]
KNOWN = """
periods:
  read: true
  closed:
    - {through: 2026-09-30, entity: E01, ledger: AR}
preflight: {period_closed: hold}
"""


@dataclass
class Seen:
    """What was seen after each act."""

    town: Town
    queues: list[dict[str, list[str]]] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    invoices: list[list[str]] = field(default_factory=list)

    def look(self, house: House, walks: int = 1) -> None:
        for _ in range(walks):
            walk(house)
        self.queues.append(queue(house))
        receipts = house.journal.receipts_after(0)
        self.refused.append([row["message"] for row in receipts if row["result"] == "refused"])
        self.invoices.append(sorted(row["RECORDID"] for row in self.town.invoices()))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """The general ledger is closed through August, receivables of E01 through September; then things move.

    Order 1 is of July and order 3 of September, both of E01; order 4 is of August and of W01; order 2 is of October.
    """
    with lone_town(tmp_path_factory.mktemp("closed")) as town:
        only(town.folder / "mappings", *BILLING)
        company = town.folder / "mappings" / "company.yaml"
        text = company.read_text()
        company.write_text(text + KNOWN)
        days = {"1": "2026-07-15", "2": "2026-10-05", "3": "2026-09-15", "4": "2026-08-10"}
        regions = {"4": "West"}
        orders = [order(n, EffectiveDate=day, Region__c=regions.get(n, "East")) for n, day in days.items()]
        town.seed(orders, [line(int(n), n) for n in days], intacct={"LOCATION": LOCATIONS})
        for entity, ledger, through in (("", "GL", "2026-08-31"), ("E01", "AR", "2026-09-30")):
            town.act("intacct", "close_period", through=through, entity=entity, application=ledger)
        town.act("intacct", "open_period", application="AR")
        found = Seen(town)
        found.look(town.house())
        town.act("intacct", "open_period", application="GL")
        found.look(town.houses[0])
        company.write_text(text + KNOWN.replace("hold", "ignore"))
        found.look(town.house())
        company.write_text(text + KNOWN.replace("hold", "next_open_period"))
        found.look(town.house(), walks=2)
        yield found


def test_orders_of_closed_periods_are_found_before_a_call_is_spent(seen: Seen) -> None:
    """Failure modes, D26."""
    assert seen.queues[0] == {"period_closed": ["1", "3", "4"]}
    assert seen.invoices[0] == ["SO-2"]
    assert seen.refused[0] == []


def test_opening_the_period_in_intacct_releases_its_orders_by_themselves(seen: Seen) -> None:
    """The date is read from Intacct; nobody has pressed retry."""
    assert seen.invoices[1] == ["SO-2", "SO-4"]
    assert seen.queues[1] == {"period_closed": ["1", "3"]}
    assert seen.refused[1] == []


def test_the_sandbox_refuses_the_same_orders_when_the_preflight_is_passed_by(seen: Seen) -> None:
    assert seen.invoices[2] == ["SO-2", "SO-4"]
    assert len(seen.refused[2]) == 2
    assert all("Periods are closed" in words for words in seen.refused[2])


def _invoice(seen: Seen, number: str) -> dict[str, Any]:
    return seen.town.invoice(number)


def test_an_order_moves_to_the_next_open_period_with_a_memo_and_keeps_its_date_and_due_date(seen: Seen) -> None:
    moved = _invoice(seen, "SO-1")
    assert (moved["WHENCREATED"], moved["WHENPOSTED"], moved["WHENDUE"]) == ("2026-07-15", "2026-10-01", "2026-08-14")
    assert moved["DESCRIPTION"].endswith("posted 2026-10-01, because the period of 2026-07-15 is closed")
    assert money(moved["TRX_TOTALENTERED"]) == money("698.00")
    assert _invoice(seen, "SO-3")["WHENPOSTED"] == "2026-10-01"
    assert seen.queues[3] == {}


def test_what_has_moved_ties_out_in_the_month_under_which_it_stands(seen: Seen) -> None:
    house = seen.town.houses[-1]
    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"tied": 4})
    assert alone(result).salesforce == alone(result).intacct == money("2792.00")
    with house.transaction() as session:
        rows = session.frame("select posting_month, count(*) from finance.ar_tie_out group by 1 order by 1").rows()
    assert [(month.isoformat(), count) for month, count in rows] == [("2026-08-01", 1), ("2026-10-01", 3)]


def test_nothing_is_left_to_do_after_a_document_has_moved(seen: Seen) -> None:
    assert walk(seen.town.houses[-1]).writes == 0

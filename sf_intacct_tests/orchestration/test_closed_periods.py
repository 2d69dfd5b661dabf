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
    company: str
    queues: list[dict[str, list[str]]] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)
    invoices: list[list[str]] = field(default_factory=list)

    def says(self, more: str) -> None:
        """What company.yaml says from now on, beside the example company's."""
        (self.town.folder / "mappings" / "company.yaml").write_text(self.company + more)

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
    Order 5 comes later, and is of September and E01.
    """
    with lone_town(tmp_path_factory.mktemp("closed")) as town:
        only(town.folder / "mappings", *BILLING)
        found = Seen(town, (town.folder / "mappings" / "company.yaml").read_text())
        found.says(KNOWN)
        days = {"1": "2026-07-15", "2": "2026-10-05", "3": "2026-09-15", "4": "2026-08-10", "5": "2026-09-12"}
        more: dict[str, dict[str, str]] = {"4": {"Region__c": "West"}, "5": {"Status": "Draft"}}
        orders = [order(n, **{"EffectiveDate": day, "Region__c": "East", **more.get(n, {})}) for n, day in days.items()]
        town.seed(orders, [line(int(n), n) for n in days], intacct={"LOCATION": LOCATIONS})
        for entity, ledger, through in (("", "GL", "2026-08-31"), ("E01", "AR", "2026-09-30")):
            town.act("intacct", "close_period", through=through, entity=entity, application=ledger)
        town.act("intacct", "open_period", application="AR")
        found.look(town.house())
        town.act("intacct", "open_period", application="GL")
        found.look(town.houses[0])
        found.says("preflight: {period_closed: ignore}\n")
        found.look(town.house())
        found.says("preflight: {period_closed: next_open_period}\n")
        found.look(town.house())
        yield found


@pytest.fixture(scope="module")
def later(seen: Seen) -> Seen:
    """Documents are held again, and order 5 is activated. Then receivables of E01 open, and Finance enters an invoice
    there; nobody presses retry, and nothing is stated."""
    town = seen.town
    seen.says("")
    town.act("salesforce", "activate_order", order="5")
    seen.look(town.house())
    town.act("intacct", "open_period", entity="E01", application="AR")
    lines = [{"account": "4000", "amount": "50.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
    town.act("intacct", "create_invoice", customer="C-2", lines=lines, number="BY-HAND", date="2026-09-11")
    seen.look(town.houses[-1], walks=2)
    return seen


@pytest.mark.answers("D26")
def test_orders_of_closed_periods_are_found_before_a_call_is_spent(seen: Seen) -> None:
    """Failure modes, D26."""
    assert seen.queues[0] == {"period_closed": ["1", "3", "4"]}
    assert seen.invoices[0] == ["SO-2"]
    assert seen.refused[0] == []


@pytest.mark.answers("D26")
def test_opening_the_period_in_intacct_releases_its_orders_by_themselves(seen: Seen) -> None:
    """The date is read from Intacct; nobody has pressed retry."""
    assert seen.invoices[1] == ["SO-2", "SO-4"]
    assert seen.queues[1] == {"period_closed": ["1", "3"]}
    assert seen.refused[1] == []


def test_the_sandbox_refuses_the_same_orders_when_the_preflight_is_passed_by(seen: Seen) -> None:
    assert seen.invoices[2] == ["SO-2", "SO-4"]
    assert len(seen.refused[2]) == 2
    assert all("Periods are closed" in words for words in seen.refused[2])


def test_a_refusal_is_kept_whole_with_every_error_and_its_remedy(seen: Seen) -> None:
    """Code and words name the cause; the answer has the wrapper around it, and what Intacct proposes."""
    journal = seen.town.houses[0].journal
    refused = {row["intent_key"] for row in journal.receipts_after(0) if row["result"] == "refused"}
    answers = [answer for key in refused for answer in journal.answers_of(key)]
    assert len(answers) == 2
    for answer in answers:
        assert answer.count("<error>") == 2
        assert "Periods are closed." in answer
        assert "Could not create Invoice record!" in answer
        assert "<correction>Use a date in an open period" in answer


def _invoice(seen: Seen, number: str) -> dict[str, Any]:
    return seen.town.invoice(number)


def test_what_intacct_refused_teaches_the_plan_where_the_next_period_begins(seen: Seen) -> None:
    """Nothing is stated any more: the two refusals say that September is closed for E01."""
    assert seen.queues[3] == {}
    assert len(seen.refused[3]) == 2
    assert {_invoice(seen, number)["WHENPOSTED"] for number in ("SO-1", "SO-3")} == {"2026-10-01"}


@pytest.mark.answers("D26")
def test_an_order_moves_with_a_memo_and_keeps_its_date_its_due_date_and_its_money(seen: Seen) -> None:
    moved = _invoice(seen, "SO-1")
    assert (moved["WHENCREATED"], moved["WHENPOSTED"], moved["WHENDUE"]) == ("2026-07-15", "2026-10-01", "2026-08-14")
    assert moved["DESCRIPTION"].endswith("posted 2026-10-01, because the period of 2026-07-15 is closed")
    assert money(moved["TRX_TOTALENTERED"]) == money("698.00")


@pytest.mark.long
@pytest.mark.answers("D26")
def test_another_order_of_a_period_that_was_refused_waits_and_costs_no_call(later: Seen) -> None:
    """Failure modes, D26. Intacct's words stay in the queue."""
    assert later.queues[4] == {"period_closed": ["5"]}
    assert len(later.refused[4]) == 2
    with later.town.houses[-1].transaction() as session:
        taught = session.frame("select label, places, words from plan.closed_periods order by receipt").rows()
    assert [row[:2] for row in taught] == [("1", ["E01"]), ("3", ["E01"])]
    assert all("is within a period that's been closed" in row[2] for row in taught)


@pytest.mark.long
def test_a_document_that_finance_entered_in_the_period_shows_that_it_is_open_again(later: Seen) -> None:
    assert "SO-5" not in later.invoices[4]
    assert "SO-5" in later.invoices[5]
    assert _invoice(later, "SO-5")["WHENPOSTED"] == "2026-09-12"
    assert later.queues[5] == {}


@pytest.mark.long
def test_what_has_moved_ties_out_in_the_month_under_which_it_stands(later: Seen) -> None:
    house = later.town.houses[-1]
    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"tied": 5, "entered_in_intacct": 1})
    assert alone(result).salesforce == alone(result).intacct == money("3490.00")
    with house.transaction() as session:
        rows = session.frame("select posting_month, count(*) from finance.ar_tie_out group by 1 order by 1").rows()
    counted = {month.isoformat(): count for month, count in rows}
    assert counted == {"2026-08-01": 1, "2026-09-01": 2, "2026-10-01": 3}


@pytest.mark.long
def test_nothing_is_left_to_do_after_a_document_has_moved(later: Seen) -> None:
    assert walk(later.town.houses[-1]).writes == 0

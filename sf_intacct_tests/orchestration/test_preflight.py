"""Journeys of orders that Intacct would refuse: they wait and cost no call, and go by themselves when it would not."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from sf_intacct.orchestration import applying
from sf_intacct.orchestration.house import House
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import BILLING, Town, line, look, only, order, queue, settle, walk

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("preflight")]  # one process makes the world that these share


@dataclass
class Seen:
    """What was seen after each act: the queue, the refusals, the invoices."""

    queues: list[dict[str, list[str]]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    invoices: list[list[str]] = field(default_factory=list)

    def look(self, town: Town, house: House) -> None:
        walk(house)
        self.queues.append(queue(house))
        self.refused.append(sum(row["result"] == "refused" for row in house.journal.receipts_after(0)))
        self.invoices.append(sorted(row["RECORDID"] for row in town.invoices()))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Orders 2 and 3 are of a customer on hold, order 3 on an account that demands a project; order 4 meets a hold that
    came after we had read. Then everything is mended in Intacct, and nobody retries anything."""
    with lone_town(tmp_path_factory.mktemp("preflight")) as town:
        only(town.folder / "mappings", *BILLING)
        orders = [order("1"), order("2", "bolt", "Draft"), order("3", "bolt", "Draft"), order("4", status="Draft")]
        town.seed(orders, [line(1, "1"), line(2, "2"), line(3, "3", "visit"), line(4, "4")])
        house, found = town.house(), Seen()
        settle(house)
        _hold(town, "C-2", "true")
        _demand(town, "true")
        for number in ("2", "3"):
            town.act("salesforce", "activate_order", order=number)
        found.look(town, house)
        _hold(town, "C-2", "false")
        _demand(town, "false")
        town.act("salesforce", "activate_order", order="4")
        look(house)
        _hold(town, "C-1", "true")
        applying.apply(house, "order_to_invoice")
        found.look(town, house)
        _hold(town, "C-1", "false")
        found.look(town, house)
        yield found


def _hold(town: Town, customer: str, held: str) -> None:
    town.act("intacct", "edit", object="CUSTOMER", key=customer, fields={"ONHOLD": held})


def _demand(town: Town, demanded: str) -> None:
    town.act("intacct", "edit", object="GLACCOUNT", key="4300", fields={"REQUIREPROJECT": demanded})


@pytest.mark.answers("D29")
def test_what_the_books_would_refuse_waits_and_costs_no_call(seen: Seen) -> None:
    assert seen.queues[0] == {"customer_on_hold": ["2", "3"], "missing_dimension": ["3"]}
    assert (seen.refused[0], seen.invoices[0]) == (0, ["SO-1"])


def test_mending_it_in_intacct_releases_the_orders_by_themselves(seen: Seen) -> None:
    assert seen.invoices[1] == ["SO-1", "SO-2", "SO-3"]


@pytest.mark.answers("D28")
def test_what_was_refused_before_we_could_see_why_waits_and_goes_when_the_reason_has_gone(seen: Seen) -> None:
    """Failure modes, D28."""
    assert seen.queues[1] == {"customer_on_hold": ["4"]}
    assert seen.invoices[2] == ["SO-1", "SO-2", "SO-3", "SO-4"]
    assert (seen.refused[2], seen.queues[2]) == (1, {})


def test_once_a_day_one_order_is_sent_to_see_whether_a_refused_period_is_open_again(town: Town) -> None:
    """Nothing tells that the period was opened: no statement, no date, no newer invoice, and nobody retries."""
    only(town.folder / "mappings", *BILLING)
    town.seed([order(n, EffectiveDate="2026-07-15") for n in ("1", "2")], [line(1, "1"), line(2, "2")])
    house = town.house()

    def refused() -> int:
        return sum(row["result"] == "refused" for row in house.journal.receipts_after(0))

    walk(house)
    walk(house)
    assert (refused(), queue(house)) == (2, {"period_closed": ["1", "2"]})
    town.pass_time(days=1)
    walk(house)
    walk(house)
    assert (refused(), town.invoices()) == (3, []), "one of the two, once"
    town.act("intacct", "open_period")
    town.pass_time(days=1)
    settle(house)
    assert (refused(), len(town.invoices()), queue(house)) == (3, 2, {})

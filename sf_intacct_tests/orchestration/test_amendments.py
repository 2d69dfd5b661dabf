"""Journeys of orders that change after their invoice was posted: one world, in which a few policies are looked at."""

from collections.abc import Iterator
from typing import Any

import pytest

from sf_intacct.model.intent import State
from sf_intacct.orchestration.house import House
from sf_intacct_tests.orchestration.deals import deal, deal_line
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import CONTACTS, PRODUCTS, Town, line, money, order, queue, settle

# One process makes the world that these share. The table itself is proven cell by cell in flow/test_amendments.py.
pytestmark = [pytest.mark.xdist_group("amendments"), pytest.mark.long]

OLOF = {"key": "olof", "AccountId": "acme", "LastName": "Palm", "Intacct_Role__c": "Bill To"}


def edit(town: Town, number: str, **fields: Any) -> None:
    town.act("salesforce", "edit", object="Order", id=town.order(number)["Id"], fields=fields)


def edit_line(town: Town, number: str, **fields: Any) -> None:
    """As Salesforce wants it: an order is deactivated while its lines are changed."""
    item = town.rows("salesforce", "OrderItem", OrderId=town.order(number)["Id"])[-1]
    town.act("salesforce", "deactivate_order", order=number)
    town.act("salesforce", "edit", object="OrderItem", id=item["Id"], fields=fields)
    town.act("salesforce", "activate_order", order=number)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, House]]:
    """A town whose company holds amendments, after a few of them."""
    with lone_town(tmp_path_factory.mktemp("held")) as town:
        numbers = ("contact", "turned", "line", "harmless")
        deals = [deal("1"), deal("2", stage="Prospecting")]
        town.seed(
            [
                *(order(number) for number in numbers),
                order("twice", OpportunityId="1"),
                order("late", OpportunityId="2"),
            ],
            [line(at, number) for at, number in enumerate((*numbers, "twice", "late"), 1)],
            contacts=[*CONTACTS, OLOF],
            products=PRODUCTS,
            salesforce={"Opportunity": deals, "OpportunityLineItem": [deal_line(1, "1"), deal_line(2, "2")]},
        )
        house = town.house()
        settle(house)
        edit(town, "contact", BillToContactId=town.one("salesforce", "Contact", LastName="Palm")["Id"])
        edit_line(town, "turned", UnitPrice="-349.00")
        edit_line(town, "line", Description="as agreed by telephone")
        edit(town, "harmless", Description="nobody reads this")
        won = {"StageName": "Closed Won"}
        late = town.one("salesforce", "Opportunity", Name="Deal 2")["Id"]
        town.act("salesforce", "edit", object="Opportunity", id=late, fields=won)
        settle(house)
        yield town, house


@pytest.mark.proves(9)
def test_a_change_of_what_is_fixed_when_the_invoice_is_made_is_told(held: tuple[Town, House]) -> None:
    town, house = held
    assert queue(house)["amended_what_is_fixed"] == ["contact", "line"]
    assert "fixed when the document is made" in town.order("contact")["Intacct_Sync_Error__c"]
    assert town.order("harmless")["Intacct_Sync_Status__c"] == "Synced"


@pytest.mark.proves(8, 9)
def test_an_invoiced_order_that_only_takes_back_now_becomes_no_credit_memo_of_nothing(
    held: tuple[Town, House],
) -> None:
    town, house = held
    assert set(queue(house)["turned_negative"]) == {"turned"}
    assert town.rows("intacct", "ARADJUSTMENT") == []
    assert town.invoice("SO-turned")["STATE"] == "Posted"


@pytest.mark.proves(5)
def test_a_sale_that_is_a_deal_and_an_order_is_billed_once(held: tuple[Town, House]) -> None:
    town, house = held
    order_and_deal = {row["RECORDID"] for row in town.invoices()}, len(town.rows("intacct", "SODOCUMENT"))
    assert "SO-late" in order_and_deal[0]
    assert len(order_and_deal[0] & {"SO-twice"}) + order_and_deal[1] == 1
    assert sorted(queue(house)["sold_twice"]) == ["Deal 1", "Deal 2"]


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, House]]:
    """A town whose company changes invoices while they may be changed, after a few amendments."""
    with lone_town(tmp_path_factory.mktemp("updated")) as town:
        mapping = town.folder / "mappings/order_to_invoice.yaml"
        mapping.write_text(
            mapping.read_text().replace("when_changed: hold\n", "when_changed: hold\namendments: update\n")
        )
        numbers = ("head", "line", "paid", "edited", "emptied")
        lines = [line(at, number) for at, number in enumerate(numbers, 1)]
        fields = {"emptied": {"PoNumber": "PO-OLD"}}
        town.seed(
            [order(number, **fields.get(number, {})) for number in numbers],
            [*lines, line(9, "line", "visit", "1", "100.00")],
        )
        house = town.house()
        settle(house)
        town.act("intacct", "pay_invoice", invoice="SO-paid", amount="1.00")
        town.act("intacct", "edit", object="ARINVOICE", key="SO-edited", fields={"DOCNUMBER": "typed by hand"})
        settle(house)
        for number in ("head", "paid", "edited"):
            edit(town, number, PoNumber="PO-NEW")
        edit(town, "emptied", PoNumber=None)
        edit_line(town, "line", UnitPrice="90.00")
        town.fault("drop_reply", operation="update_invoice", times=1)
        settle(house)
        town.no_faults()
        for hour in (1, 2):  # two looks have to agree that nobody knows, and then the books have the last word
            town.pass_time(hours=hour)
            settle(house)
        yield town, house


@pytest.mark.proves(9)
def test_an_unpaid_invoice_is_changed_in_its_head_and_in_the_line_that_is_meant(updated: tuple[Town, House]) -> None:
    town, house = updated
    assert town.invoice("SO-head")["DOCNUMBER"] == "PO-NEW"
    amended = town.invoice("SO-line")
    items = town.rows("intacct", "ARINVOICEITEM", RECORDKEY=amended["RECORDNO"])
    coded = [(one["ITEMID"], one["DEPARTMENTID"], money(one["TRX_AMOUNT"])) for one in items]
    assert coded == [("SCALE", "100", money("698.00")), ("VISIT", "100", money("90.00"))]
    assert money(amended["TRX_TOTALENTERED"]) == money("788.00")
    assert {intent.state for intent in house.journal.in_state("order_to_invoice", *State)} <= {
        State.VERIFIED,
        State.CANCELLED,
    }
    assert town.order("line")["Intacct_Sync_Status__c"] == "Synced"


@pytest.mark.proves(9)
def test_an_invoice_that_was_paid_or_edited_or_would_lose_a_value_is_left_to_a_person(
    updated: tuple[Town, House],
) -> None:
    town, house = updated
    assert queue(house) == {"amended_after_posting": ["edited", "emptied", "paid"]}
    kept = [town.invoice(f"SO-{number}")["DOCNUMBER"] for number in ("paid", "edited", "emptied")]
    assert kept == [None, "typed by hand", "PO-OLD"]

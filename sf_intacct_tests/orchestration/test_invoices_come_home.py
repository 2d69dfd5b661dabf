"""Journeys of invoices back to Salesforce: with their lines, whoever made them, and what becomes of them."""

from collections.abc import Sequence
from typing import Any

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.town import Town, line, money, order, settle

pytestmark = pytest.mark.proves(10)


def by_hand(town: Town, *amounts: str, number: str = "BY-HAND", **more: Any) -> None:
    """Somebody in Intacct makes out an invoice, one line per amount."""
    town.act(
        "intacct", "create_invoice", customer="C-2", number=number, date="2026-10-07", lines=_lines(amounts), **more
    )


def _lines(amounts: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"account": "4000", "amount": a, "DEPARTMENTID": "100", "LOCATIONID": "E01", "ENTRYDESCRIPTION": f"part of {a}"}
        for a in amounts
    ]


def told(town: Town) -> dict[str, tuple[str, str, str]]:
    """State, total and what is due of every mirrored invoice."""
    rows = town.rows("salesforce", "Intacct_Invoice__c")
    return {row["Name"]: (row["State__c"], row["Amount__c"], row["Amount_Due__c"]) for row in rows}


def lines_of(town: Town, number: str) -> list[tuple[str, str, str]]:
    """Line number, amount and state of the mirrored lines of one invoice."""
    invoice = town.one("salesforce", "Intacct_Invoice__c", Name=number)
    rows = town.rows("salesforce", "Intacct_Invoice_Line__c", Invoice__c=invoice["Id"])
    return sorted((str(int(money(row["Line_Number__c"]))), row["Amount__c"], row["State__c"]) for row in rows)


def unsettled(house: House) -> list[tuple[str, str]]:
    """Mirrors that do not say what they should: record and step."""
    crossings = ("invoice_to_mirror", "invoice_line_to_mirror", "application_to_mirror")
    with house.transaction() as session:
        rows = [
            session.frame(f"select source_id, step from plan.{c} where step <> 'unchanged'").rows() for c in crossings
        ]
    return [row for found in rows for row in found]


@pytest.mark.long
def test_every_line_of_an_invoice_stands_below_it_with_its_product_and_coding(town: Town) -> None:
    town.seed(orders=[order("1")], lines=[line(1, "1"), line(2, "1", "visit", "1.5", "310.00")])
    house = town.house()
    settle(house)

    assert unsettled(house) == []
    assert lines_of(town, "SO-1") == [("1", "698.00", "Current"), ("2", "465.00", "Current")]
    second = town.one("salesforce", "Intacct_Invoice_Line__c", Item_Id__c="VISIT")
    assert second["Product__c"] == town.one("salesforce", "Product2", ProductCode="VISIT")["Id"]
    assert (second["Account_Number__c"], second["Class_Id__c"], second["Description__c"]) == ("4300", "SVC", "Visit")
    assert town.one("salesforce", "Intacct_Invoice__c")["Terms__c"] == "Net 30"


@pytest.mark.long
def test_an_invoice_whose_record_is_made_anew_keeps_its_one_mirror_and_its_lines_follow(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    by_hand(town, "30.00", "20.00", "5.00", order_entry=True)
    settle(house)
    before = town.one("salesforce", "Intacct_Invoice__c")

    town.act("intacct", "remake_invoice", invoice="BY-HAND", lines=_lines(["30.00", "40.00"]))
    settle(house)
    town.act("intacct", "remake_invoice", invoice="BY-HAND", lines=_lines(["31.00", "40.00"]))
    town.act("intacct", "pay_invoice", invoice="BY-HAND", amount="21.00")
    settle(house)

    mirror = town.one("salesforce", "Intacct_Invoice__c")
    assert mirror["Id"] == before["Id"]
    assert told(town) == {"BY-HAND": ("Partially Paid", "71.00", "50.00")}
    assert lines_of(town, "BY-HAND") == [("1", "31.00", "Current"), ("2", "40.00", "Current"), ("3", "0.00", "Removed")]
    assert town.one("salesforce", "Intacct_Payment_Application__c")["Invoice__c"] == mirror["Id"]
    (now,) = (row for row in town.invoices() if row["DELETED_AT"] is None)
    assert mirror["Intacct_Url__c"].endswith(f"-{now['RECORDNO']}")
    assert unsettled(house) == []


@pytest.mark.long
@pytest.mark.answers("C16")
def test_two_invoices_of_one_number_are_two_mirrors_and_neither_takes_the_others_place(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    town.act("intacct", "configure", setting="refuse_duplicate_invoice_numbers", value=False)
    by_hand(town, "30.00", order_entry=True)
    by_hand(town, "7.00", order_entry=True)
    settle(house)

    older, newer = (row["RECORDNO"] for row in town.invoices())
    town.act("intacct", "delete_invoice", invoice=older)
    settle(house)

    rows = {row["Invoice_Key__c"]: row for row in town.rows("salesforce", "Intacct_Invoice__c")}
    assert {key: (row["State__c"], row["Amount__c"]) for key, row in rows.items()} == {
        str(older): ("Deleted", "0.00"),
        str(newer): ("Posted", "7.00"),
    }


@pytest.mark.long
def test_a_deleted_invoice_stays_as_deleted_and_asks_for_nothing(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    by_hand(town, "30.00", "20.00")
    settle(house)

    town.act("intacct", "delete_invoice", invoice="BY-HAND")
    settle(house)

    assert told(town) == {"BY-HAND": ("Deleted", "0.00", "0.00")}
    assert {state for _, _, state in lines_of(town, "BY-HAND")} == {"Removed"}
    assert sum(money(amount) for _, amount, _ in lines_of(town, "BY-HAND")) == 0


@pytest.mark.long
@pytest.mark.answers("K8")
def test_a_number_that_is_used_again_for_an_invoice_entered_by_hand_is_another_invoice(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    by_hand(town, "30.00")
    settle(house)
    town.act("intacct", "delete_invoice", invoice="BY-HAND")
    by_hand(town, "35.00")
    settle(house)

    rows = town.rows("salesforce", "Intacct_Invoice__c")
    assert sorted((row["State__c"], row["Amount__c"]) for row in rows) == [("Deleted", "0.00"), ("Posted", "35.00")]


@pytest.mark.long
def test_a_reversed_invoice_and_its_reversal_both_stay_and_cancel_each_other(town: Town) -> None:
    town.seed(orders=[order("1")], lines=[line(1, "1")])
    house = town.house()
    settle(house)
    town.act("intacct", "reverse_invoice", invoice="SO-1", date="2026-10-20")
    settle(house)

    rows = town.rows("salesforce", "Intacct_Invoice__c")
    assert sorted(row["State__c"] for row in rows) == ["Reversal", "Reversed"]
    assert sum(money(row["Amount__c"]) for row in rows) == 0
    assert {row["Amount_Due__c"] for row in rows} == {"0.00"}


@pytest.mark.long
def test_a_customer_who_came_from_no_account_has_no_mirrors_and_one_reason_per_invoice(town: Town) -> None:
    stranger = {
        "CUSTOMERID": "OWN",
        "NAME": "Own",
        "STATUS": "active",
        "DISPLAYCONTACT.PRINTAS": "Own",
        "TERMNAME": "Net 30",
    }
    town.seed(intacct={"CUSTOMER": [stranger]})
    house = town.house()
    settle(house)
    town.act("intacct", "create_invoice", customer="OWN", number="X", date="2026-10-07", lines=_lines(["1.00", "2.00"]))
    settle(house)

    assert town.rows("salesforce", "Intacct_Invoice__c") == []
    assert town.rows("salesforce", "Intacct_Invoice_Line__c") == []
    with house.transaction() as session:
        found = session.frame("select crossing, cause, document_id from plan.findings").rows()
    assert [(crossing, cause) for crossing, cause, _ in found] == [("invoice_to_mirror", "not_linked")]

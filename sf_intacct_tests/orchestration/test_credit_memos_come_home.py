"""Journeys of credit memos, debit memos and write-offs into Salesforce, with what each settled of which invoice."""

import pytest

from sf_intacct_tests.town import REFERENCE, Town, line, money, order, queue, settle, walk

CODED = {"account": "4000", "DEPARTMENTID": "100", "LOCATIONID": "E01"}
LOSSES = {**REFERENCE["GLACCOUNT"][0], "ACCOUNTNO": "6100", "TITLE": "Bad debts", "NORMALBALANCE": "debit"}


def _memo(town: Town, amount: str, number: str, invoice: str = "") -> None:
    lines = [{**CODED, "amount": amount}]
    town.act(
        "intacct", "create_adjustment", customer="C-1", number=number, date="2026-10-12", invoice=invoice, lines=lines
    )


@pytest.mark.long
@pytest.mark.proves(12)
@pytest.mark.answers("D32", "K6")
def test_a_credit_memo_and_what_it_settles_of_which_invoice_appear_in_salesforce(town: Town) -> None:
    town.seed([order("1"), order("2")], [line(1, "1"), line(2, "2", quantity="1")])
    house = town.house()
    settle(house)
    _memo(town, "-500.00", "AC-7", "SO-1")
    town.act("intacct", "apply_credit", adjustment="AC-7", invoice="SO-1", amount="100.00", date="2026-10-13")
    paid = town.act("intacct", "apply_credit", adjustment="AC-7", invoice="SO-2", date="2026-10-14")
    settle(house)

    memo = town.one("salesforce", "Intacct_Credit_Memo__c")
    assert (memo["Name"], memo["Type__c"], memo["Corrects_Invoice__c"]) == ("AC-7", "Credit Memo", "SO-1")
    assert (memo["Amount__c"], memo["Amount_Applied__c"], memo["Amount_Open__c"]) == ("500.00", "449.00", "51.00")
    assert (memo["State__c"], memo["Credit_Date__c"]) == ("Partially Paid", "2026-10-12")
    assert memo["Account__c"] == town.order("1")["AccountId"]
    mirrors = {row["Id"]: row["Name"] for row in town.rows("salesforce", "Intacct_Invoice__c")}
    told = town.rows("salesforce", "Intacct_Credit_Application__c")
    assert {(mirrors[row["Invoice__c"]], row["Amount__c"], row["Applied_On__c"]) for row in told} == {
        ("SO-1", "100.00", "2026-10-13"),
        ("SO-2", "349.00", "2026-10-14"),
    }
    assert {row["Credit_Memo__c"] for row in told} == {memo["Id"]}
    assert town.rows("salesforce", "Intacct_Payment__c") == [], "no money came in"
    assert town.order("2")["Intacct_Invoice_State__c"] == "Paid"
    assert town.one("salesforce", "Account", AccountNumber="1")["Intacct_Balance__c"] == "547.00"

    town.act("intacct", "take_credit_back", payment=paid["payment"], date="2026-10-15")
    settle(house)
    told = town.rows("salesforce", "Intacct_Credit_Application__c")
    assert {(mirrors[row["Invoice__c"]], row["Amount__c"]) for row in told} == {("SO-1", "100.00"), ("SO-2", "0.00")}
    assert town.one("salesforce", "Intacct_Credit_Memo__c")["Amount_Open__c"] == "400.00"
    assert town.order("2")["Intacct_Invoice_State__c"] == "Posted"
    assert walk(house).writes == 0
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(12)
def test_a_write_off_a_debit_memo_and_a_deleted_credit_memo_say_what_they_are(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")], intacct={"GLACCOUNT": [*REFERENCE["GLACCOUNT"], LOSSES]})
    house = town.house()
    settle(house)
    town.act("intacct", "pay_invoice", invoice="SO-1", amount="600.00")
    town.act("intacct", "write_off", invoice="SO-1", account="6100", number="WO-1")
    _memo(town, "75.00", "DM-1")
    _memo(town, "-20.00", "AC-9")
    settle(house)
    town.act("intacct", "delete_adjustment", adjustment="AC-9")
    settle(house)

    told = {row["Name"]: row for row in town.rows("salesforce", "Intacct_Credit_Memo__c")}
    assert {name: (row["Type__c"], row["State__c"], row["Amount__c"]) for name, row in told.items()} == {
        "WO-1": ("Write-Off", "Paid", "98.00"),
        "DM-1": ("Debit Memo", "Posted", "-75.00"),
        "AC-9": ("Credit Memo", "Deleted", "0.00"),
    }
    application = town.one("salesforce", "Intacct_Credit_Application__c")
    assert (application["Amount__c"], application["Credit_Memo__c"]) == ("98.00", told["WO-1"]["Id"])
    assert town.order("1")["Intacct_Invoice_State__c"] == "Paid"
    assert money(town.one("salesforce", "Account", AccountNumber="1")["Intacct_Balance__c"]) == money(75)


@pytest.mark.long
@pytest.mark.proves(12)
def test_a_credit_memo_of_a_customer_that_nobody_linked_stays_out_of_salesforce_and_is_told(town: Town) -> None:
    stranger = {"CUSTOMERID": "X-1", "NAME": "Stranger", "STATUS": "active", "TERMNAME": "Net 30"}
    town.seed(intacct={"CUSTOMER": [stranger]})
    house = town.house()
    town.act("intacct", "create_adjustment", customer="X-1", number="AC-1", lines=[{**CODED, "amount": "-1.00"}])
    settle(house)
    assert town.rows("salesforce", "Intacct_Credit_Memo__c") == []
    assert queue(house) == {"not_linked": ["AC-1"]}

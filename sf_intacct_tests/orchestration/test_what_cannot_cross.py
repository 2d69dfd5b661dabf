"""Journeys of records that cannot cross: they are told in plain words, and they go by themselves once they can."""

import csv

import pytest

from sf_intacct.model.intent import State
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions
from sf_intacct_tests.town import ACCOUNTS, PRODUCTS, REFERENCE, Town, line, money, order, queue, settle, tie_out


def _decide(house: House, decision: str, reason: str = "because") -> int:
    return sum(
        exceptions.decide(house.journal, one["id"], decision, reason, "ada", house.now(), "test")
        for one in exceptions.listed(house.journal)
    )


@pytest.mark.long
def test_a_closed_period_is_refused_and_told_and_the_order_goes_after_it_was_opened(town: Town) -> None:
    town.seed([order("1", EffectiveDate="2026-07-15")], [line(1, "1")])
    house = town.house()
    settle(house)
    told = town.order("1")
    assert queue(house) == {"period_closed": ["1"]}
    assert told["Intacct_Sync_Status__c"] == "Error"
    assert "period that Finance has closed" in told["Intacct_Sync_Error__c"]
    assert tie_out(house).classes == {"exception": 1}

    town.act("intacct", "open_period")
    settle(house)
    assert town.invoices() == [], "nothing that we can read has moved: a person says when to try again"
    assert _decide(house, "retry") == 1
    settle(house)
    assert len(town.invoices()) == 1
    assert queue(house) == {}
    assert (town.order("1")["Intacct_Sync_Status__c"], town.order("1")["Intacct_Sync_Error__c"]) == ("Synced", None)


@pytest.mark.long
@pytest.mark.proves(3)
def test_a_product_without_its_code_is_quarantined_and_its_orders_go_once_it_has_one(town: Town) -> None:
    nameless = {"key": "odd", "Name": "Odd Part", "ProductCode": "", "Family": "Hardware", "IsActive": "true"}
    town.seed([order("1"), order("2")], [line(1, "1", "odd"), line(2, "2")], products=[*PRODUCTS, nameless])
    house = town.house()
    settle(house)
    assert queue(house) == {"missing_value": ["1", "Odd Part"]}
    told = town.order("1")["Intacct_Sync_Error__c"]
    assert told.startswith("The product Odd Part is not an item in Intacct: ")
    assert told.endswith("(Product2.ProductCode) is missing.")
    product = town.one("salesforce", "Product2", Name="Odd Part")
    assert product["Intacct_Sync_Status__c"] == "Error"
    assert [invoice["RECORDID"] for invoice in town.invoices()] == ["SO-2"]

    town.act("salesforce", "edit", object="Product2", id=product["Id"], fields={"ProductCode": "ODD"})
    settle(house)
    assert queue(house) == {}
    assert tie_out(house).classes == {"tied": 2}


@pytest.mark.long
@pytest.mark.answers("A26")
def test_an_unmapped_department_waits_until_the_crosswalk_knows_it(town: Town) -> None:
    town.seed([order("1", Department__c="Skunkworks")], [line(1, "1")])
    settle(town.house())
    house = town.house()
    assert queue(house) == {"unmapped_value": ["1"]}
    assert "Department 'Skunkworks'" in town.order("1")["Intacct_Sync_Error__c"]

    with (town.folder / "mappings/crosswalks/departments.csv").open("a") as crosswalk:
        csv.writer(crosswalk).writerow(["Skunkworks", "100"])
    settle(town.house())
    assert len(town.invoices()) == 1


@pytest.mark.long
def test_an_account_without_terms_keeps_its_orders_back_until_it_has_some(town: Town) -> None:
    accounts = [{**ACCOUNTS[1], "Payment_Terms__c": ""}]
    town.seed([order("1", "bolt")], [line(1, "1")], accounts=accounts, contacts=[])
    house = town.house()
    settle(house)
    assert queue(house) == {"no_value": ["1"]}

    account = town.one("salesforce", "Account")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Payment_Terms__c": "Net 30"})
    settle(house)
    assert town.invoice("SO-1")["TERMNAME"] == "Net 30"


@pytest.mark.long
def test_a_refused_order_is_tried_once_and_again_only_when_it_would_say_something_else(town: Town) -> None:
    """What Intacct refused may have come from the account; nobody should have to press retry."""
    terms = [*REFERENCE["ARTERM"], {"NAME": "Net 60", "DUEDATE": "60", "STATUS": "active"}]
    town.seed([order("1", "bolt")], [line(1, "1")], intacct={"ARTERM": terms})
    house = town.house()
    told = {"code": "BL01001973", "message": "Invalid term 'Net 30'"}
    town.fault("refuse", operation="create_invoice", times=None, settings=told)
    account = town.one("salesforce", "Account", AccountNumber="2")
    for phone in ("+1 555 1", "+1 555 2"):
        town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Phone": phone})
        settle(house)
    assert town.invoices() == []
    assert [row["result"] for row in house.journal.receipts_after(0) if row["code"] == "BL01001973"] == ["refused"]

    town.no_faults()
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Payment_Terms__c": "Net 60"})
    settle(house)
    assert town.invoice("SO-1")["TERMNAME"] == "Net 60"
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(3)
@pytest.mark.answers("D29")
def test_an_item_that_finance_deactivated_blocks_new_orders_and_is_not_activated_by_us(town: Town) -> None:
    town.seed([order("1"), order("2", status="Draft")], [line(1, "1"), line(2, "2")])
    house = town.house()
    settle(house)
    town.act("intacct", "set_status", object="ITEM", key="SCALE", status="inactive")
    town.act("salesforce", "activate_order", order="2")
    settle(house)
    assert queue(house) == {"inactive_in_books": ["2"]}
    assert town.one("intacct", "ITEM", ITEMID="SCALE")["STATUS"] == "inactive"

    town.act("intacct", "set_status", object="ITEM", key="SCALE", status="active")
    settle(house)
    assert tie_out(house).classes == {"tied": 2}


@pytest.mark.long
@pytest.mark.proves(8)
@pytest.mark.answers("E6")
def test_a_negative_line_never_becomes_an_invoice(town: Town) -> None:
    town.seed([order("1")], [line(1, "1"), line(2, "1", quantity="-1")])
    house = town.house()
    settle(house)
    assert town.invoices() == []
    assert queue(house) == {"negative_line": ["1"]}
    assert tie_out(house).classes == {"exception": 1}


@pytest.mark.long
def test_what_somebody_ignored_with_a_reason_stays_out_and_says_so(town: Town) -> None:
    town.seed([order("1")], [line(1, "1"), line(2, "1", quantity="-1")])
    house = town.house()
    settle(house)
    assert _decide(house, "ignore", "credited by hand, CM-7") == 1
    settle(house)

    assert queue(house) == {}
    told = town.order("1")
    assert told["Intacct_Sync_Status__c"] == "Excluded"
    assert "credited by hand, CM-7" in told["Intacct_Sync_Error__c"]
    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"ignored": 1})


@pytest.mark.long
@pytest.mark.proves(9)
def test_an_order_amended_after_its_invoice_was_posted_is_told_and_the_invoice_is_left_alone(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"PoNumber": "PO-NEW"})
    settle(house)
    assert queue(house) == {"amended_after_posting": ["1"]}
    assert town.invoice("SO-1")["DOCNUMBER"] in (None, "")

    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"PoNumber": None})
    settle(house)
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(9)
def test_an_order_withdrawn_after_its_invoice_was_posted_is_told(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("salesforce", "deactivate_order", order="1")
    settle(house)
    assert queue(house) == {"withdrawn_after_posting": ["1"]}
    assert town.invoice("SO-1")["STATE"] == "Posted"

    town.act("salesforce", "activate_order", order="1")
    settle(house)
    assert queue(house) == {}
    assert len(town.invoices()) == 1


@pytest.mark.long
def test_an_order_withdrawn_before_it_was_sent_is_not_sent(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    town.fault("throttle", operation="create_invoice", times=None)
    settle(house)
    town.no_faults()
    town.act("salesforce", "deactivate_order", order="1")
    town.pass_time(minutes=1)
    settle(house)
    assert town.invoices() == []
    assert [intent.state for intent in house.journal.in_state("order_to_invoice", *State)] == [State.CANCELLED]

    town.act("salesforce", "activate_order", order="1")
    settle(house)
    assert len(town.invoices()) == 1


@pytest.mark.long
@pytest.mark.answers("A20", "A22")
def test_an_order_deleted_after_its_invoice_was_posted_is_told_and_makes_no_second_one_when_it_is_back(
    town: Town,
) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    gone = town.order("1")["Id"]
    town.act("salesforce", "deactivate_order", order="1")
    town.act("salesforce", "delete", object="Order", id=gone)
    settle(house)
    assert queue(house)["withdrawn_after_posting"] == ["1"]
    assert [row["STATE"] for row in town.invoices()] == ["Posted"], "nobody voids by himself"

    town.act("salesforce", "undelete", object="Order", id=gone)
    town.act("salesforce", "activate_order", order="1")
    settle(house)
    assert "withdrawn_after_posting" not in queue(house)
    assert len(town.invoices()) == 1


@pytest.mark.long
@pytest.mark.answers("A20")
def test_an_order_deleted_before_it_was_sent_is_not_sent(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    town.fault("throttle", operation="create_invoice", times=None)
    settle(house)
    town.no_faults()
    gone = town.order("1")["Id"]
    town.act("salesforce", "deactivate_order", order="1")
    town.act("salesforce", "delete", object="Order", id=gone)
    town.pass_time(minutes=1)
    settle(house)
    assert town.invoices() == []
    assert [intent.state for intent in house.journal.in_state("order_to_invoice", *State)] == [State.CANCELLED]


@pytest.mark.long
@pytest.mark.proves(9)
@pytest.mark.answers("D33")
def test_an_invoice_that_finance_reversed_is_told_and_never_posted_again(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("intacct", "reverse_invoice", invoice="SO-1")
    settle(house)
    assert queue(house) == {"reversed_in_books": ["1"]}
    assert town.order("1")["Intacct_Invoice_State__c"] == "Reversed"
    assert len([row for row in town.invoices() if row["STATE"] == "Posted"]) == 0


@pytest.mark.long
@pytest.mark.answers("D34")
def test_an_invoice_that_finance_deleted_is_told_and_never_posted_again(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("intacct", "delete_invoice", invoice="SO-1")
    settle(house)
    assert queue(house) == {"gone_in_books": ["1"]}
    assert town.control("GET", "books")["intacct"]["invoices"] == 0
    assert tie_out(house).holds


@pytest.mark.long
def test_an_invoice_changed_in_the_books_is_told(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("intacct", "edit", object="ARINVOICE", key="SO-1", fields={"DOCNUMBER": "typed by hand"})
    settle(house)
    assert queue(house) == {"changed_in_books": ["1"]}


@pytest.mark.long
@pytest.mark.answers("D24")
def test_a_number_that_somebody_took_parks_the_order_and_doubles_nothing(town: Town) -> None:
    town.seed([order("1", status="Draft")], [line(1, "1")])
    house = town.house()
    settle(house)
    lines = [{"account": "4000", "amount": "9.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
    town.act("intacct", "create_invoice", customer="C-2", lines=lines, number="SO-1", date="2026-10-07")
    town.act("salesforce", "activate_order", order="1")
    settle(house)
    assert queue(house) == {"identity_taken": ["1"]}
    assert [money(row["TRX_TOTALENTERED"]) for row in town.invoices()] == [money("9.00")]


def test_one_root_cause_is_one_exception_with_all_its_victims_and_their_money(town: Town) -> None:
    lost = [order("1", Department__c="Moon"), order("2", Department__c="Moon")]
    town.seed(lost, [line(1, "1"), line(2, "2", quantity="1")])
    house = town.house()
    settle(house)
    listed = exceptions.listed(house.journal)
    assert len(listed) == 1
    assert [(victim["label"], victim["amount"]) for victim in listed[0]["victims"]] == [
        ("1", money("698.00")),
        ("2", money("349.00")),
    ]
    assert {victim["source_id"] for victim in listed[0]["victims"]} == {
        row["Id"] for row in town.rows("salesforce", "Order")
    }


@pytest.mark.long
@pytest.mark.answers("B5")
def test_a_rule_in_salesforce_that_refuses_our_update_is_told(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    town.act(
        "salesforce",
        "add_validation_rule",
        object="Order",
        error_condition="Intacct_Sync_Status__c = 'Synced'",
        message="Ask Sales Operations first",
    )
    settle(house)
    assert queue(house) == {"validation_rule": [town.order("1")["Id"]]}
    town.act("salesforce", "remove_validation_rules")
    _decide(house, "retry")
    settle(house)
    assert town.order("1")["Intacct_Sync_Status__c"] == "Synced"
    assert queue(house) == {}


@pytest.mark.long
def test_what_sales_keeps_out_never_crosses(town: Town) -> None:
    out = {"Intacct_Skip_Sync__c": "true"}
    accounts = [ACCOUNTS[0], {**ACCOUNTS[1], **out}]
    town.seed([order("1", **out), order("2", "bolt"), order("3")], [line(1, "1"), line(2, "2"), line(3, "3")], accounts)
    house = town.house()
    settle(house)
    assert [invoice["RECORDID"] for invoice in town.invoices()] == ["SO-3"]
    assert [customer["CUSTOMERID"] for customer in town.rows("intacct", "CUSTOMER")] == ["C-1"]
    assert tie_out(house).classes == {"tied": 1}


@pytest.mark.long
def test_two_accounts_with_one_number_do_not_become_one_customer(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[0], {**ACCOUNTS[1], "AccountNumber": "1"}])
    house = town.house()
    settle(house)
    assert queue(house) == {"identity_doubled": ["Bolt & Nut", "Ångström & Søn"]}
    assert town.rows("intacct", "CUSTOMER") == []

"""Journeys along the whole road, both ways, when nothing goes wrong."""

import pytest

from sf_intacct_tests.town import Town, alone, line, money, order, settle, tie_out, walk


@pytest.mark.proves(5, 7, 10, 11, 13)
def test_an_activated_order_becomes_one_invoice_and_its_payment_comes_home(town: Town) -> None:
    town.seed(orders=[order("1")], lines=[line(1, "1"), line(2, "1", "visit", "1.5", "310.00")])
    house = town.house()
    settle(house)

    invoice = town.invoice("SO-1")
    lines = town.rows("intacct", "ARINVOICEITEM", RECORDKEY=invoice["RECORDNO"])
    assert money(invoice["TRX_TOTALENTERED"]) == money("1163.00")
    assert (invoice["CUSTOMERID"], invoice["TERMNAME"]) == ("C-1", "Net 30")
    assert invoice["SALESFORCE_ID"] == town.order("1")["Id"]
    coded = [(item["ACCOUNTNO"], item["ITEMID"], item["CLASSID"], money(item["TRX_AMOUNT"])) for item in lines]
    assert coded == [("4000", "SCALE", "HW", money("698.00")), ("4300", "VISIT", "SVC", money("465.00"))]
    assert {(item["DEPARTMENTID"], item["LOCATIONID"]) for item in lines} == {("100", "E01")}
    assert {item["SALESFORCE_LINE_ID"] for item in lines} == {row["Id"] for row in town.rows("salesforce", "OrderItem")}

    town.act("intacct", "pay_invoice", invoice="SO-1", amount="463.00")
    settle(house)

    told = town.order("1")
    assert (told["Intacct_Invoice_Number__c"], told["Intacct_Invoice_State__c"]) == ("SO-1", "Partially Paid")
    assert (money(told["Intacct_Amount_Paid__c"]), money(told["Intacct_Amount_Due__c"])) == (money(463), money(700))
    assert (told["Intacct_Sync_Status__c"], told["Intacct_Sync_Error__c"]) == ("Synced", None)
    payment = town.one("salesforce", "Intacct_Payment__c")
    application = town.one("salesforce", "Intacct_Payment_Application__c")
    mirror = town.one("salesforce", "Intacct_Invoice__c")
    assert (payment["Amount__c"], application["Amount__c"], mirror["Amount_Due__c"]) == ("463.00", "463.00", "700.00")
    assert (application["Payment__c"], application["Invoice__c"]) == (payment["Id"], mirror["Id"])
    assert (mirror["Order__c"], mirror["Account__c"]) == (told["Id"], told["AccountId"])
    assert town.one("salesforce", "Account", AccountNumber="1")["Intacct_Balance__c"] == "700.00"


@pytest.mark.long
@pytest.mark.proves(1, 2)
def test_a_customer_has_the_accounts_display_contact_address_terms_and_bill_to_contact(town: Town) -> None:
    town.seed()
    settle(town.house())

    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="C-1")
    display = town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])
    bill_to = town.one("intacct", "CONTACT", RECORDNO=customer["BILLTOKEY"])
    assert (customer["NAME"], customer["TERMNAME"]) == ("Ångström & Søn", "Net 30")
    assert (display["MAILADDRESS.ADDRESS1"], display["MAILADDRESS.ADDRESS2"]) == ("Kungsgatan 12", "Floor 3")
    assert (bill_to["FIRSTNAME"], bill_to["LASTNAME"]) == ("Ingrid", "Ångström")
    assert town.one("salesforce", "Account", AccountNumber="1")["Intacct_Customer_Id__c"] == "C-1"
    assert town.one("salesforce", "Product2", ProductCode="SCALE")["Intacct_Item_Id__c"] == "SCALE"


@pytest.mark.answers("B7")
def test_a_second_sync_reads_nothing_new_plans_nothing_and_writes_nothing(town: Town) -> None:
    town.seed(orders=[order("1"), order("2", "bolt")], lines=[line(1, "1"), line(2, "2")])
    house = town.house()
    settle(house)

    before = town.control("GET", "requests?since=0")["lines"][-1]["number"]
    again = walk(house)

    assert (again.new, again.writes) == (0, 0)
    assert not [entry for entry in town.control("GET", f"requests?since={before}")["lines"] if entry["is_write"]]


@pytest.mark.long
@pytest.mark.proves(5)
def test_a_draft_order_waits_in_salesforce_and_an_order_activated_later_is_carried_alone(town: Town) -> None:
    town.seed(orders=[order("1"), order("2", status="Draft")], lines=[line(1, "1"), line(2, "2")])
    house = town.house()
    settle(house)
    assert [invoice["RECORDID"] for invoice in town.invoices()] == ["SO-1"]

    town.act("salesforce", "activate_order", order="2")
    later = walk(house)

    assert later.sent["order_to_invoice"] == 1
    assert sorted(invoice["RECORDID"] for invoice in town.invoices()) == ["SO-1", "SO-2"]


@pytest.mark.long
def test_a_harmless_edit_of_a_posted_order_is_read_and_nothing_is_written(town: Town) -> None:
    town.seed(orders=[order("1")], lines=[line(1, "1")])
    house = town.house()
    settle(house)

    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"Description": "back door"})
    later = walk(house)

    assert (later.new, later.writes) == (1, 0)


@pytest.mark.long
@pytest.mark.proves(11)
@pytest.mark.answers("B12")
def test_payments_are_told_whole_partly_over_several_invoices_and_taken_back(town: Town) -> None:
    town.seed(orders=[order("1"), order("2")], lines=[line(1, "1"), line(2, "2", quantity="1")])
    house = town.house()
    settle(house)

    paid = town.act("intacct", "pay_invoices", invoices=["SO-1", "SO-2"])
    settle(house)
    assert {row["Amount__c"] for row in town.rows("salesforce", "Intacct_Payment_Application__c")} == {
        "698.00",
        "349.00",
    }
    assert town.order("2")["Intacct_Invoice_State__c"] == "Paid"

    town.act("intacct", "reverse_payment", payment=paid["payments"][0] if "payments" in paid else paid["payment"])
    settle(house)
    assert town.order("1")["Intacct_Invoice_State__c"] == "Posted"
    assert town.order("1")["Intacct_Amount_Due__c"] == "698.00"
    assert sum(money(row["Amount__c"]) for row in town.rows("salesforce", "Intacct_Payment__c")) == 0


@pytest.mark.long
@pytest.mark.proves(10, 13)
def test_an_invoice_born_in_intacct_appears_in_salesforce_when_its_customer_is_linked(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)

    lines = [{"account": "4000", "amount": "50.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
    town.act("intacct", "create_invoice", customer="C-2", lines=lines, number="BY-HAND", date="2026-10-07")
    settle(house)

    mirror = town.one("salesforce", "Intacct_Invoice__c")
    assert (mirror["Name"], mirror["Order__c"]) == ("BY-HAND", None)
    assert town.one("salesforce", "Account", AccountNumber="2")["Intacct_Balance__c"] == "50.00"
    assert tie_out(house).classes == {"entered_in_intacct": 1}


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_customer_that_the_account_already_names_is_adopted_and_not_made_again(town: Town) -> None:
    account = {"key": "old", "Name": "Old Friend", "AccountNumber": "77", "Intacct_Customer_Id__c": "OLD-9"}
    customer = {
        "CUSTOMERID": "OLD-9",
        "NAME": "Old Friend Inc",
        "STATUS": "active",
        "DISPLAYCONTACT.PRINTAS": "Old Friend",
    }
    town.seed(accounts=[{**account, "Payment_Terms__c": "Net 30"}], contacts=[], intacct={"CUSTOMER": [customer]})
    settle(town.house())

    adopted = town.one("intacct", "CUSTOMER")
    assert (adopted["CUSTOMERID"], adopted["NAME"]) == ("OLD-9", "Old Friend")
    assert adopted["SALESFORCE_ID"] == town.one("salesforce", "Account")["Id"]


@pytest.mark.long
def test_both_systems_tie_out_to_the_cent(town: Town) -> None:
    town.seed(
        orders=[order("1"), order("2", "bolt", EffectiveDate="2026-11-02")],
        lines=[line(1, "1", price="0.01"), line(2, "2", quantity="3", price="33.3333")],
    )
    house = town.house()
    settle(house)

    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"tied": 2})
    assert alone(result).salesforce == alone(result).intacct == money("100.02")

"""Journeys of accounts, contacts and products: who comes first, what each carries, what becomes of those that leave."""

from typing import Any

import pytest

from sf_intacct_tests.town import ACCOUNTS, CONTACTS, PRODUCTS, Row, Town, line, order, queue, settle, walk

BOOKS: dict[str, list[Row]] = {
    "TERRITORY": [{"TERRITORYID": "EAST", "NAME": "East", "STATUS": "active"}],
    "CUSTTYPE": [{"NAME": "Direct", "STATUS": "active"}],
    "EMPLOYEE": [{"EMPLOYEEID": "7", "TITLE": "Account manager", "STATUS": "active"}],
}


def _account(key: str, number: str, **fields: str) -> Row:
    return {"key": key, "Name": key.title(), "AccountNumber": number, "Payment_Terms__c": "Net 30", **fields}


def _edit(town: Town, number: str, **fields: Any) -> None:
    account = town.one("salesforce", "Account", AccountNumber=number)
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields=fields)


def _customer(town: Town, number: str) -> dict[str, Any]:
    return town.one("intacct", "CUSTOMER", CUSTOMERID=f"C-{number}")


@pytest.mark.long
@pytest.mark.proves(1)
def test_parents_become_customers_before_their_children_in_one_sync(town: Town) -> None:
    family = [
        _account("child", "3", ParentId="mother"),
        _account("mother", "2", ParentId="granny"),
        _account("granny", "1"),
    ]
    town.seed(accounts=family, contacts=[])
    house = town.house()
    first = walk(house)

    assert first.sent["account_to_customer"] == 3
    assert [_customer(town, number)["PARENTID"] for number in ("1", "2", "3")] == [None, "C-1", "C-2"]
    settle(house)
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_child_waits_for_a_parent_that_cannot_cross_and_goes_after_it_was_mended(town: Town) -> None:
    family = [_account("child", "2", ParentId="mother"), _account("mother", "1", Payment_Terms__c="Whenever")]
    town.seed(accounts=family, contacts=[])
    house = town.house()
    settle(house)
    assert town.rows("intacct", "CUSTOMER") == []
    assert queue(house) == {"unmapped_value": ["Child", "Mother"]}

    _edit(town, "1", Payment_Terms__c="Net 30")
    settle(house)
    assert _customer(town, "2")["PARENTID"] == "C-1"
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(1)
def test_accounts_that_are_each_others_parents_are_told_and_nothing_goes_in_circles(town: Town) -> None:
    circle = [_account("hen", "1", ParentId="egg"), _account("egg", "2", ParentId="hen"), _account("fox", "3")]
    town.seed(accounts=circle, contacts=[])
    house = town.house()
    settle(house)
    assert [row["CUSTOMERID"] for row in town.rows("intacct", "CUSTOMER")] == ["C-3"]
    assert queue(house) == {"parent_cycle": ["Egg", "Hen"]}

    _edit(town, "2", ParentId=None)
    settle(house)
    assert (_customer(town, "1")["PARENTID"], _customer(town, "2")["PARENTID"]) == ("C-2", None)
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_circle_that_an_edit_closes_is_told_and_the_customers_stay_as_they_are(town: Town) -> None:
    town.seed(accounts=[_account("hen", "1"), _account("egg", "2", ParentId="hen")], contacts=[])
    house = town.house()
    settle(house)
    hen, egg = (town.one("salesforce", "Account", AccountNumber=number) for number in ("1", "2"))
    town.act("salesforce", "edit", object="Account", id=hen["Id"], fields={"ParentId": egg["Id"]})
    settle(house)
    assert queue(house) == {"parent_cycle": ["Hen"]}
    assert _customer(town, "1")["PARENTID"] is None


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_parent_that_adopts_an_old_customer_is_named_by_that_customers_id(town: Town) -> None:
    old = {"CUSTOMERID": "OLD-9", "NAME": "Mother", "STATUS": "active", "DISPLAYCONTACT.PRINTAS": "Mother"}
    family = [_account("child", "2", ParentId="mother"), _account("mother", "1", Intacct_Customer_Id__c="OLD-9")]
    town.seed(accounts=family, contacts=[], intacct={"CUSTOMER": [old]})
    settle(town.house())
    assert _customer(town, "2")["PARENTID"] == "OLD-9"


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_customer_carries_tax_credit_currency_territory_type_and_both_addresses(town: Town) -> None:
    account = {
        **ACCOUNTS[0],
        "Type": "Customer - Direct",
        "Territory__c": "East",
        "Tax_Exempt__c": "true",
        "Resale_Number__c": "R-17",
        "Credit_Limit__c": "25000.50",
        "Billing_Currency__c": "SEK",
        "ShippingStreet": "Dock 4",
        "ShippingCity": "Malmö",
        "ShippingCountry": "Sweden",
        "Primary_Contact__c": "ingrid",
    }
    town.seed(accounts=[account], intacct=BOOKS)
    house = town.house()
    settle(house)

    customer = _customer(town, "1")
    named = [customer[name] for name in ("TERRITORYID", "CUSTTYPE", "RESALENO", "CURRENCY", "CREDITLIMIT")]
    assert named == ["EAST", "Direct", "R-17", "SEK", "25000.50"]
    display = town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])
    ship_to = town.one("intacct", "CONTACT", RECORDNO=customer["SHIPTOKEY"])
    assert (display["TAXABLE"], display["MAILADDRESS.CITY"]) == ("false", "Uppsala")
    assert (ship_to["MAILADDRESS.ADDRESS1"], ship_to["MAILADDRESS.CITY"]) == ("Dock 4", "Malmö")
    assert customer["CONTACTKEY"] == customer["BILLTOKEY"]
    assert queue(house) == {}

    _edit(town, "1", Tax_Exempt__c=False, Territory__c=None, ShippingCity="Lund")
    settle(house)
    assert town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])["TAXABLE"] == "true"
    assert town.one("intacct", "CONTACT", RECORDNO=customer["SHIPTOKEY"])["MAILADDRESS.CITY"] == "Lund"


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_private_person_becomes_a_customer_with_first_and_last_name_and_no_company(town: Town) -> None:
    person = {
        "key": "p",
        "FirstName": "Ada",
        "LastName": "Byron",
        "AccountNumber": "1",
        "PersonEmail": "ada@example.com",
    }
    town.seed(accounts=[person], contacts=[])
    house = town.house()
    settle(house)
    customer = _customer(town, "1")
    shown = town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])
    assert customer["NAME"] == "Ada Byron"
    assert [shown[name] for name in ("FIRSTNAME", "LASTNAME", "COMPANYNAME", "EMAIL1")] == [
        "Ada", "Byron", None, "ada@example.com",
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.proves(1)
@pytest.mark.answers("A22")
def test_an_account_that_is_deleted_becomes_an_inactive_customer_and_is_active_again_when_it_comes_back(
    town: Town,
) -> None:
    town.seed(contacts=[], accounts=[ACCOUNTS[1]])
    house = town.house()
    settle(house)
    account = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "delete", object="Account", id=account["Id"])
    settle(house)
    assert _customer(town, "2")["STATUS"] == "inactive"
    assert queue(house) == {}

    town.act("salesforce", "undelete", object="Account", id=account["Id"])
    settle(house)
    assert _customer(town, "2")["STATUS"] == "active"


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_customer_that_finance_deactivated_stays_so_when_its_account_is_touched(town: Town) -> None:
    town.seed(contacts=[], accounts=[ACCOUNTS[1]])
    house = town.house()
    settle(house)
    town.act("intacct", "set_status", object="CUSTOMER", key="C-2", status="inactive")
    _edit(town, "2", Phone="+1 555 9")
    settle(house)
    assert _customer(town, "2")["STATUS"] == "inactive"


@pytest.mark.long
@pytest.mark.proves(1)
def test_an_account_that_leaves_with_an_open_invoice_is_deactivated_after_it_is_paid(town: Town) -> None:
    town.seed([order("1", "bolt")], [line(1, "1")], accounts=[ACCOUNTS[1]], contacts=[])
    house = town.house()
    settle(house)
    _edit(town, "2", Type="Vendor")
    settle(house)
    assert _customer(town, "2")["STATUS"] == "active"
    assert queue(house)["left_with_open_items"] == ["Bolt & Nut"]

    town.act("intacct", "pay_invoice", invoice="SO-1")
    settle(house)
    assert _customer(town, "2")["STATUS"] == "inactive"
    assert "left_with_open_items" not in queue(house)


@pytest.mark.long
@pytest.mark.proves(1)
def test_an_account_that_never_crossed_leaves_nothing_behind_when_it_goes(town: Town) -> None:
    old = {"CUSTOMERID": "C-2", "NAME": "Somebody else", "STATUS": "active", "DISPLAYCONTACT.PRINTAS": "Somebody else"}
    town.seed(contacts=[], accounts=[{**ACCOUNTS[1], "Type": "Vendor"}], intacct={"CUSTOMER": [old]})
    house = town.house()
    settle(house)
    assert (_customer(town, "2")["STATUS"], queue(house)) == ("active", {})


@pytest.mark.long
@pytest.mark.proves(1)
def test_an_organisation_without_fields_that_no_mapping_uses_is_read_all_the_same(town: Town) -> None:
    town.seed(contacts=[], accounts=[ACCOUNTS[1]])
    town.act("salesforce", "hide_field", object="Account", field="Industry")
    settle(town.house())
    assert _customer(town, "2")["NAME"] == "Bolt & Nut"


@pytest.mark.long
@pytest.mark.proves(3)
def test_a_product_becomes_an_item_of_its_type_groups_and_unit_and_finance_may_change_them(town: Town) -> None:
    product = {
        **PRODUCTS[1],
        "Item_Type__c": "Non-Inventory",
        "Item_GL_Group__c": "Services",
        "Item_Tax_Group__c": "Exempt services",
        "QuantityUnitOfMeasure": "Hour",
    }
    groups: list[Row] = [{"NAME": "Services"}, {"NAME": "Other"}]
    town.seed(products=[product], intacct={"ITEMGLGROUP": groups})
    house = town.house()
    settle(house)
    item = town.one("intacct", "ITEM")
    named = [item[name] for name in ("ITEMID", "ITEMTYPE", "GLGROUP", "TAXGROUP.NAME", "UOMGRP", "STATUS")]
    assert named == ["VISIT", "Non-Inventory", "Services", "Exempt services", "Time", "active"]

    town.act("intacct", "edit", object="ITEM", key="VISIT", fields={"GLGROUP": "Other"})
    sold = town.one("salesforce", "Product2")
    town.act("salesforce", "edit", object="Product2", id=sold["Id"], fields={"Name": "House call"})
    settle(house)
    item = town.one("intacct", "ITEM")
    assert (item["NAME"], item["GLGROUP"]) == ("House call", "Other")
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(3)
def test_a_product_taken_off_sale_is_an_inactive_item_until_it_is_sold_again(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    sold = town.one("salesforce", "Product2", ProductCode="SCALE")
    for is_active, status in ((False, "inactive"), (True, "active")):
        town.act("salesforce", "edit", object="Product2", id=sold["Id"], fields={"IsActive": is_active})
        settle(house)
        assert town.one("intacct", "ITEM", ITEMID="SCALE")["STATUS"] == status
    assert queue(house) == {}


def _finance_keeps_the_items(town: Town) -> None:
    """What the alternative's own comment says to do."""
    folder = town.folder / "mappings"
    (folder / "alternatives/item_to_product.yaml").rename(folder / "item_to_product.yaml")
    for name in ("product_to_item.yaml", "outcome_to_product.yaml"):
        (folder / name).unlink()
    for file in folder.glob("*.yaml"):
        rule = "{value: product.intacct_item_id, required: true}"
        text = file.read_text().replace("{link: product_to_item, of: product_id}", rule)
        file.write_text("".join(line for line in text.splitlines(keepends=True) if "Product__c:" not in line))


@pytest.mark.long
@pytest.mark.proves(3)
def test_with_finance_as_the_master_items_become_products_and_orders_name_them(town: Town) -> None:
    _finance_keeps_the_items(town)
    kind = "Non-Inventory (Sales only)"
    items: list[Row] = [
        {"ITEMID": "DESK", "NAME": "Desk", "ITEMTYPE": kind, "SODESCRIPTION": "Oak", "STATUS": "active"}
    ]
    items += [{"ITEMID": "SCALE", "NAME": "Scale", "ITEMTYPE": kind, "SODESCRIPTION": "", "STATUS": "active"}]
    items += [
        {
            "ITEMID": "GLUE",
            "NAME": "Glue",
            "ITEMTYPE": "Non-Inventory (Purchase only)",
            "SODESCRIPTION": "",
            "STATUS": "active",
        }
    ]
    known = {**PRODUCTS[0], "Intacct_Item_Id__c": "SCALE"}
    town.seed([order("1")], [line(1, "1")], products=[known], intacct={"ITEM": items})
    house = town.house()
    settle(house)

    told = {row["Intacct_Item_Id__c"]: row for row in town.rows("salesforce", "Product2")}
    assert sorted(told) == ["DESK", "SCALE"]
    assert [told["DESK"][name] for name in ("Name", "ProductCode", "Description")] == ["Desk", "DESK", "Oak"]
    assert told["SCALE"]["Name"] == "Scale"
    invoice = town.invoice("SO-1")
    assert town.one("intacct", "ARINVOICEITEM", RECORDKEY=invoice["RECORDNO"])["ITEMID"] == "SCALE"

    town.act("intacct", "set_status", object="ITEM", key="DESK", status="inactive")
    settle(house)
    assert str(town.one("salesforce", "Product2", ProductCode="DESK")["IsActive"]).lower() in ("0", "false")
    town.act("intacct", "rename", object="ITEM", key="SCALE", name="Balance")
    settle(house)
    assert town.one("salesforce", "Product2", ProductCode="SCALE")["Name"] == "Balance"
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(2)
def test_an_order_names_its_own_contacts_and_waits_for_one_that_has_no_role(town: Town) -> None:
    olof = {"key": "olof", "AccountId": "acme", "FirstName": "Olof", "LastName": "Palm", "Intacct_Role__c": ""}
    depot = {
        "key": "depot",
        "AccountId": "acme",
        "LastName": "Depot",
        "MailingCity": "Kiruna",
        "Intacct_Role__c": "Ship To",
    }
    ingrid = {**CONTACTS[0], "MailingCity": "", "Intacct_Role__c": ""}
    town.seed(
        [
            order("1", BillToContactId="olof", ShipToContactId="depot"),
            order("2", BillToContactId="", ShipToContactId=""),
        ],
        [line(1, "1"), line(2, "2")],
        contacts=[ingrid, olof, depot],
    )
    house = town.house()
    settle(house)
    assert queue(house) == {"missing_contact": ["1"]}

    contact = town.one("salesforce", "Contact", LastName="Palm")
    town.act("salesforce", "edit", object="Contact", id=contact["Id"], fields={"Intacct_Role__c": "Bill To"})
    settle(house)
    named = {row["RECORDNO"]: row for row in town.rows("intacct", "CONTACT")}
    own, usual = (town.invoice(number) for number in ("SO-1", "SO-2"))
    assert [named[own[key]]["LASTNAME"] for key in ("BILLTOPAYTOKEY", "SHIPTORETURNTOKEY")] == ["Palm", "Depot"]
    assert named[own["SHIPTORETURNTOKEY"]]["MAILADDRESS.CITY"] == "Kiruna"
    assert named[usual["BILLTOPAYTOKEY"]]["LASTNAME"] == "Ångström"
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(2)
def test_two_people_of_one_name_are_two_contacts_and_a_vendors_contact_is_left_alone(town: Town) -> None:
    twins = [
        {"key": key, "AccountId": "acme", "FirstName": "Ingrid", "LastName": "Ångström", "Intacct_Role__c": "Bill To"}
        for key in ("ingrid", "other")
    ]
    vendor = {"CONTACTNAME": "Ingrid Ångström", "PRINTAS": "Ingrid the vendor", "STATUS": "active"}
    town.seed(contacts=twins, intacct={"CONTACT": [vendor]})
    house = town.house()
    settle(house)
    names = [row["CONTACTNAME"] for row in town.rows("intacct", "CONTACT") if row["LASTNAME"] == "Ångström"]
    assert len(names) == len(set(names)) == 2
    assert town.one("intacct", "CONTACT", CONTACTNAME="Ingrid Ångström")["PRINTAS"] == "Ingrid the vendor"
    assert queue(house) == {}

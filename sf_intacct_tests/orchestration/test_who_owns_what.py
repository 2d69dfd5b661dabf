"""Journeys of fields that both sides can touch: the owner's value comes back, the other's stays untouched."""

import pytest

from sf_intacct.intacct import functions
from sf_intacct.model.intent import Action, State
from sf_intacct_tests.town import Town, line, order, queue, settle


@pytest.mark.long
def test_a_customer_field_that_salesforce_owns_heals_after_somebody_typed_over_it_in_intacct(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields={"NAME": "Typed by hand"})
    settle(house)
    assert town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")["NAME"] == "Bolt & Nut"
    town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields={"NAME": "Typed again"})
    settle(house)
    assert town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")["NAME"] == "Bolt & Nut"
    assert queue(house) == {}


@pytest.mark.long
def test_what_intacct_owns_on_a_customer_is_left_as_finance_set_it(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    town.act("intacct", "set_status", object="CUSTOMER", key="C-2", status="inactive")
    account = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Phone": "+1 555 9"})
    settle(house)
    assert town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")["STATUS"] == "inactive"


@pytest.mark.long
@pytest.mark.answers("B8")
def test_a_mirror_field_edited_by_hand_in_salesforce_heals_from_intacct(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    mirror = town.one("salesforce", "Intacct_Invoice__c")
    town.act("salesforce", "edit", object="Intacct_Invoice__c", id=mirror["Id"], fields={"Amount_Due__c": "0.01"})
    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"Intacct_Amount_Due__c": "0.01"})
    settle(house)
    assert town.one("salesforce", "Intacct_Invoice__c")["Amount_Due__c"] == "698.00"
    assert town.order("1")["Intacct_Amount_Due__c"] == "698.00"


@pytest.mark.long
def test_a_change_in_salesforce_updates_only_the_field_that_changed(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    account = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Phone": "+1 555 9"})
    settle(house)
    updates = [i for i in house.journal.in_state("account_to_customer", *State) if i.action is Action.UPDATE]
    record = town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")["RECORDNO"]
    assert [functions.said(update.request) for update in updates] == [
        {"RECORDNO": str(record), "DISPLAYCONTACT.PHONE1": "+1 555 9"}
    ]

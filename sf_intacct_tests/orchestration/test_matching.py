"""Journeys of records that both systems had before us: linked by a key or a person, never by a guess."""

import pytest

from sf_intacct_tests.town import ACCOUNTS, Row, Town, queue, settle

TAXED: Row = {**ACCOUNTS[0], "Tax_Id__c": "SE 556-012.3456"}
OLD: Row = {"CUSTOMERID": "ANGSTROM", "NAME": "Angstrom and Son AB", "TAXID": "se5560123456", "STATUS": "active"}


def customers(town: Town) -> dict[str, str]:
    """Customer ids, and the account each says it came from."""
    accounts = {row["Id"]: row["Name"] for row in town.rows("salesforce", "Account")}
    return {row["CUSTOMERID"]: accounts.get(row["SALESFORCE_ID"], "") for row in town.rows("intacct", "CUSTOMER")}


@pytest.mark.proves(1)
def test_a_customer_that_intacct_had_before_us_with_the_same_tax_id_is_linked_and_not_doubled(town: Town) -> None:
    town.seed(accounts=[TAXED, ACCOUNTS[1]], intacct={"CUSTOMER": [OLD]})
    house = town.house()
    settle(house)

    assert customers(town) == {"ANGSTROM": "Ångström & Søn", "C-2": "Bolt & Nut"}
    assert town.one("salesforce", "Account", AccountNumber="1")["Intacct_Customer_Id__c"] == "ANGSTROM"
    assert queue(house) == {}


def test_two_customers_with_one_tax_id_are_for_a_person_and_nothing_is_made_or_linked(town: Town) -> None:
    twin = {**OLD, "CUSTOMERID": "ANG2", "NAME": "Angstrom again"}
    town.seed(accounts=[TAXED], intacct={"CUSTOMER": [OLD, twin]})
    house = town.house()
    settle(house)
    assert customers(town) == {"ANGSTROM": "", "ANG2": ""}
    assert queue(house) == {"key_shared": ["Ångström & Søn"]}


def test_a_second_account_with_the_tax_id_of_a_linked_customer_does_not_take_it_over(town: Town) -> None:
    twin = {**ACCOUNTS[1], "Tax_Id__c": "SE5560123456", "Intacct_Skip_Sync__c": "true"}
    town.seed(accounts=[TAXED, twin], intacct={"CUSTOMER": [OLD]})
    house = town.house()
    settle(house)
    bolt = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "edit", object="Account", id=bolt["Id"], fields={"Intacct_Skip_Sync__c": False})
    settle(house)
    assert customers(town) == {"ANGSTROM": "Ångström & Søn"}
    assert queue(house) == {"key_taken": ["Bolt & Nut"]}

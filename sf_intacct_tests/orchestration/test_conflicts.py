"""Journeys of fields that both sides changed: the owner wins, the loser is kept; without an owner a person decides."""

import re
from typing import Any

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.town import Town, queue, settle, walk

PHONE = "DISPLAYCONTACT.PHONE1"


def rule(town: Town, crossing: str, field: str, says: str) -> None:
    """Somebody edits one line of a mapping file."""
    file = town.folder / "mappings" / f"{crossing}.yaml"
    text, changed = re.subn(rf"^  {re.escape(field)}: .*$", f"  {field}: {says}", file.read_text(), flags=re.MULTILINE)
    assert changed == 1
    file.write_text(text)


def in_salesforce(town: Town, **fields: Any) -> None:
    account = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields=fields)


def in_intacct(town: Town, phone: str) -> None:
    town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields={"DISPLAYCONTACT": {"PHONE1": phone}})


def phones(town: Town) -> tuple[str | None, str | None]:
    """What both sides say: Salesforce, Intacct."""
    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")
    contact = town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])
    return town.one("salesforce", "Account", AccountNumber="2")["Phone"], contact["PHONE1"]


@pytest.fixture
def house(town: Town) -> House:
    """A settled house in which nobody owns the telephone of a customer; Bolt's is '+1 555 0' on both sides."""
    rule(town, "account_to_customer", PHONE, "{value: phone, owner: nobody}")
    town.seed()
    in_salesforce(town, Phone="+1 555 0")
    made = town.house()
    settle(made)
    assert phones(town) == ("+1 555 0", "+1 555 0")
    return made


def test_a_field_that_nobody_owns_follows_the_side_that_changed(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 1")

    in_intacct(town, "+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 2"), "it goes home only where a mapping takes it home"
    assert queue(house) == {}


def test_both_changed_and_nobody_owns_it_nothing_is_written_and_a_person_is_asked(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1")
    in_intacct(town, "+1 555 2")
    settle(house)

    assert phones(town) == ("+1 555 1", "+1 555 2")
    assert queue(house) == {"conflict": ["Bolt & Nut"]}
    with house.transaction() as session:
        (words, remedy), *_ = session.frame("select words, remedy from receipts.exceptions").rows()
    said = "Salesforce says '+1 555 1', Intacct says '+1 555 2', last agreed was '+1 555 0'"
    assert said in words
    assert re.search(r"conflicts resolve [0-9a-f]{12} --take salesforce", remedy)

    in_intacct(town, "+1 555 1")
    settle(house)
    assert queue(house) == {}, "they agreed by themselves"


def test_a_conflict_in_one_field_does_not_keep_the_others(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1", Website="https://bolt.example")
    in_intacct(town, "+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 2")
    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")
    assert town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])["URL1"] == "https://bolt.example"
    assert queue(house) == {"conflict": ["Bolt & Nut"]}


def test_our_own_write_that_was_not_read_back_yet_is_no_change_of_theirs(town: Town, house: House) -> None:
    """Salesforce changes again between our write and the next read: that is one side changing twice."""
    in_salesforce(town, Phone="+1 555 1")
    assert walk(house).sent["account_to_customer"] == 1
    in_salesforce(town, Phone="+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 2", "+1 555 2")
    assert queue(house) == {}


def test_what_was_agreed_outlives_the_warehouse(town: Town, house: House) -> None:
    in_intacct(town, "+1 555 2")
    house.close()
    house.settings.warehouse_file.unlink()
    again = town.house()
    settle(again)
    assert phones(town) == ("+1 555 0", "+1 555 2"), (
        "Intacct changed, Salesforce did not: nothing to ask, nothing to write"
    )
    assert queue(again) == {}


def test_when_the_journal_is_lost_nobody_can_tell_who_changed_and_a_person_is_asked(town: Town, house: House) -> None:
    in_intacct(town, "+1 555 2")
    house.close()
    for file in house.settings.warehouse_file.parent.glob("journal.sqlite*"):
        file.unlink()
    house.settings.warehouse_file.unlink()
    again = town.house()
    settle(again)
    assert phones(town) == ("+1 555 0", "+1 555 2")
    assert queue(again) == {"conflict": ["Bolt & Nut"]}

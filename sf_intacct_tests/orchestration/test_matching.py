"""Journeys of records that both systems had before us: linked by a key or a person, never by a guess."""

import csv
import io
from typing import Any

import pytest

from sf_intacct.errors import Busy
from sf_intacct.orchestration import applying, matching
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.matching import Told
from sf_intacct.store.lease import leased
from sf_intacct_tests.town import ACCOUNTS, Row, Town, look, queue, settle

TAXED: Row = {**ACCOUNTS[0], "Tax_Id__c": "SE 556-012.3456"}
OLD: Row = {"CUSTOMERID": "ANGSTROM", "NAME": "Angstrom and Son AB", "TAXID": "se5560123456", "STATUS": "active"}


def customers(town: Town) -> dict[str, str]:
    """Customer ids, and the account each says it came from."""
    accounts = {row["Id"]: row["Name"] for row in town.rows("salesforce", "Account")}
    return {row["CUSTOMERID"]: accounts.get(row["SALESFORCE_ID"], "") for row in town.rows("intacct", "CUSTOMER")}


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_customer_that_intacct_had_before_us_with_the_same_tax_id_is_linked_and_not_doubled(town: Town) -> None:
    town.seed(accounts=[TAXED, ACCOUNTS[1]], intacct={"CUSTOMER": [OLD]})
    house = town.house()
    settle(house)

    assert customers(town) == {"ANGSTROM": "Ångström & Søn", "C-2": "Bolt & Nut"}
    assert town.one("salesforce", "Account", AccountNumber="1")["Intacct_Customer_Id__c"] == "ANGSTROM"
    assert queue(house) == {}


@pytest.mark.long
def test_two_customers_with_one_tax_id_are_for_a_person_and_nothing_is_made_or_linked(town: Town) -> None:
    twin = {**OLD, "CUSTOMERID": "ANG2", "NAME": "Angstrom again"}
    town.seed(accounts=[TAXED], intacct={"CUSTOMER": [OLD, twin]})
    house = town.house()
    settle(house)
    assert customers(town) == {"ANGSTROM": "", "ANG2": ""}
    assert queue(house) == {"key_shared": ["Ångström & Søn"]}


@pytest.mark.long
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


CROSSING = "account_to_customer"
# The same company as `bolt`, as Finance wrote it, with nothing that could be a key.
KNOWN: Row = {"CUSTOMERID": "BN-77", "NAME": "BOLT and NUT Inc.", "STATUS": "active"}


def suggestions(house: House) -> list[dict[str, Any]]:
    return matching.suggested(house, house.mappings.crossings[CROSSING], 50).rows.to_dicts()


def review(house: House, **answers: str) -> bytes:
    """The review file, with answers to the suggestions by the customer they name."""
    mapping = house.mappings.crossings[CROSSING]
    content = matching.review_file(mapping, matching.suggested(house, mapping, 50).rows, ",")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    for row in rows:
        row["approve"] = answers.get(row["intacct_key"], "")
    return as_file(rows)


def as_file(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _without_asking(town: Town) -> None:
    file = town.folder / "mappings" / "account_to_customer.yaml"
    text = file.read_text()
    assert "  ask_from: 85\n" in text
    file.write_text(text.replace("  ask_from: 85\n", ""))


def approve(house: House, content: bytes) -> list[Told]:
    return matching.approve(house, house.mappings.crossings[CROSSING], content, "review.csv", "ada")


def outcomes(told: list[Told]) -> list[str]:
    return [one.outcome for one in told]


@pytest.mark.long
@pytest.mark.proves(1)
def test_a_suggestion_links_nothing_until_a_person_approves_it_and_then_the_customer_is_updated(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    (found,) = suggestions(house)
    assert (found["target_key"], found["how"], found["source_name"]) == ("BN-77", "alike", "Bolt & Nut")
    assert found["score"] >= 80
    assert (house.journal.verdicts_after(0), house.journal.links_after(0)) == ([], [])
    assert town.writes() == 0
    assert outcomes(approve(house, review(house))) == []
    assert house.journal.links_after(0) == []

    assert outcomes(approve(house, review(house, **{"BN-77": "yes"}))) == ["approved"]
    settle(house)

    assert customers(town) == {"BN-77": "Bolt & Nut"}
    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="BN-77")
    assert (customer["NAME"], customer["TERMNAME"]) == ("Bolt & Nut", "Net 30")
    assert town.one("salesforce", "Account", AccountNumber="2")["Intacct_Customer_Id__c"] == "BN-77"
    (verdict,) = matching.listed(house, CROSSING)
    assert (verdict["decided_by"], verdict["is_linked"], verdict["score"]) == ("ada", True, found["score"])
    assert verdict["evidence"] == found["evidence"]
    assert verdict["run"].endswith("review.csv")


@pytest.mark.long
def test_an_approved_link_survives_the_loss_of_the_warehouse(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    approve(house, review(house, **{"BN-77": "yes"}))
    house.settings.warehouse_file.unlink()

    again = town.house()
    settle(again)
    assert customers(town) == {"BN-77": "Bolt & Nut"}


@pytest.mark.long
def test_a_new_account_that_looks_much_like_a_free_customer_waits_for_a_no_and_is_then_made(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    settle(house)
    assert customers(town) == {"BN-77": ""}
    assert queue(house) == {"looks_known": ["Bolt & Nut"]}

    approve(house, review(house, **{"BN-77": "no"}))
    settle(house)
    assert customers(town) == {"BN-77": "", "C-2": "Bolt & Nut"}
    assert queue(house) == {}


@pytest.mark.long
def test_a_company_that_does_not_ask_makes_what_no_key_recognises(town: Town) -> None:
    _without_asking(town)
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    settle(town.house())
    assert customers(town) == {"BN-77": "", "C-2": "Bolt & Nut"}


@pytest.mark.long
def test_a_create_that_was_planned_before_the_approval_is_never_sent(town: Town) -> None:
    _without_asking(town)
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)  # plans to create C-2
    approve(house, review(house, **{"BN-77": "yes"}))
    assert applying.apply(house, CROSSING).sent == 0
    assert customers(town) == {"BN-77": ""}


@pytest.mark.long
def test_an_approval_that_names_a_record_that_is_linked_already_is_refused_in_words(town: Town) -> None:
    accounts = [ACCOUNTS[1], {**ACCOUNTS[1], "key": "twin", "Name": "Bolt + Nut Ltd", "AccountNumber": "3"}]
    town.seed(
        accounts=accounts,
        contacts=(),
        intacct={"CUSTOMER": [KNOWN, {**KNOWN, "CUSTOMERID": "BN-78", "NAME": "Bolt Nut"}]},
    )
    house = town.house()
    look(house)
    rows = list(csv.DictReader(io.StringIO(review(house).decode())))
    bolt = next(row for row in rows if row["salesforce_name"] == "Bolt & Nut" and row["intacct_key"] == "BN-77")
    others = [row for row in rows if (row["salesforce_id"] == bolt["salesforce_id"]) != (row["intacct_key"] == "BN-77")]
    assert outcomes(approve(house, as_file([{**bolt, "approve": "yes"}]))) == ["approved"]
    assert outcomes(approve(house, as_file([{**bolt, "approve": "yes"}]))) == ["known"]

    for row in others:
        (told,) = approve(house, as_file([{**row, "approve": "yes"}]))
        assert told.outcome == "refused"
        assert "already" in told.why
    settle(house)
    (told,) = approve(house, as_file([{**others[0], "approve": "yes", "intacct_record": ""}]))
    assert told.outcome == "refused"
    assert len(house.journal.verdicts_after(0)) == 1


@pytest.mark.long
def test_one_to_many_and_many_to_one_in_one_file_are_refused_row_by_row_and_nothing_of_them_is_linked(
    town: Town,
) -> None:
    accounts = [ACCOUNTS[1], {**ACCOUNTS[1], "key": "twin", "Name": "Bolt + Nut Ltd", "AccountNumber": "3"}]
    town.seed(accounts=accounts, contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    told = approve(house, review(house, **{"BN-77": "yes"}))
    assert outcomes(told) == ["refused", "refused"]
    assert {one.why for one in told} == {"the file gives BN-77 to more than one record; one record is one record"}
    assert house.journal.links_after(0) == []


@pytest.mark.long
def test_what_changed_after_it_was_looked_at_is_to_be_looked_at_again(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    file = review(house, **{"BN-77": "yes"})
    town.act("intacct", "edit", object="CUSTOMER", key="BN-77", fields={"NAME": "Somebody else"})
    look(house)
    (told,) = approve(house, file)
    assert "changed since the file was made" in told.why
    assert house.journal.links_after(0) == []


@pytest.mark.long
def test_a_no_is_remembered_and_neither_suggested_nor_linked_by_a_key_again(town: Town) -> None:
    town.seed(accounts=[TAXED], intacct={"CUSTOMER": [OLD]})
    house = town.house()
    look(house)
    assert [row["how"] for row in suggestions(house)] == ["key"]
    assert outcomes(approve(house, review(house, ANGSTROM="no"))) == ["rejected"]
    assert suggestions(house) == []
    settle(house)
    assert customers(town) == {"ANGSTROM": "", "C-1": "Ångström & Søn"}


@pytest.mark.long
def test_a_link_that_is_revoked_is_not_made_again_by_the_mark_that_it_left(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    approve(house, review(house, **{"BN-77": "yes"}))
    settle(house)
    bolt = town.one("salesforce", "Account", AccountNumber="2")["Id"]
    matching.revoke(house, house.mappings.crossings[CROSSING], bolt, "ada", "another company")
    settle(house)
    assert queue(house)["mark_remains"] == ["Bolt & Nut"]
    assert customers(town) == {"BN-77": "Bolt & Nut"}

    town.act("intacct", "edit", object="CUSTOMER", key="BN-77", fields={"SALESFORCE_ID": None})
    settle(house)
    assert customers(town) == {"BN-77": "", "C-2": "Bolt & Nut"}
    assert [row["verdict"] for row in matching.listed(house, CROSSING)] == ["same", "different"]


@pytest.mark.long
def test_nothing_is_approved_while_somebody_is_writing_to_the_target(town: Town) -> None:
    town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    file = review(house, **{"BN-77": "yes"})
    with leased(house.journal, "intacct", house.intacct.call_timeout, house.now), pytest.raises(Busy):
        approve(house, file)
    assert house.journal.links_after(0) == []


@pytest.mark.long
def test_a_customer_that_only_its_mark_gives_to_an_account_is_not_given_to_another(town: Town) -> None:
    """The journal is lost; what it wrote on the customer is still there."""
    twin = {**ACCOUNTS[1], "key": "twin", "Name": "Bolt + Nut Ltd", "AccountNumber": "3"}
    town.seed(accounts=[ACCOUNTS[1], twin], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    house = town.house()
    look(house)
    rows = list(csv.DictReader(io.StringIO(review(house).decode())))
    (bolt,) = [row for row in rows if row["salesforce_name"] == "Bolt & Nut"]
    approve(house, as_file([{**bolt, "approve": "yes"}]))
    account = town.one("salesforce", "Account", AccountNumber="3")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Intacct_Skip_Sync__c": True})
    settle(house)
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields={"Intacct_Skip_Sync__c": False})

    again = town.house(home=town.folder / "new home")
    look(again)
    named = {"salesforce_id": account["Id"], "intacct_record": ""}
    (told,) = approve(again, as_file([{**bolt, "approve": "yes", **named}]))
    assert told.outcome == "refused"
    assert "BN-77 is the counterpart of Bolt & Nut" in told.why
    assert again.journal.links_after(0) == []

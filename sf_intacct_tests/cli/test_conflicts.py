"""conflicts: what waits for a person is listed and resolved, what ever gave way is replayed under another policy."""

import pytest

from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.town import walk


def _account(desk: Desk, **fields: str) -> None:
    account = desk.town.one("salesforce", "Account", AccountNumber="2")
    desk.town.act("salesforce", "edit", object="Account", id=account["Id"], fields=fields)


def _customer(desk: Desk, **fields: str) -> None:
    desk.town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields=fields)


def _disputed(desk: Desk) -> None:
    """Nobody owns a customer's name, Salesforce its tax id; both sides change both."""
    file = desk.town.folder / "mappings/account_to_customer.yaml"
    file.write_text(file.read_text().replace("  NAME: name\n", "  NAME: {value: name, owner: nobody}\n"))
    desk.town.seed()
    walk(desk.house)
    walk(desk.house)
    _account(desk, Name="Bolt in Sales", Tax_Id__c="S1")
    _customer(desk, NAME="Bolt in the books", TAXID="B1")
    walk(desk.house)
    walk(desk.house)


@pytest.mark.long
def test_a_conflict_is_listed_resolved_and_replayed(desk: Desk) -> None:
    _disputed(desk)
    (one,) = desk.told("conflicts", "list")["conflicts"]
    assert (one["field"], one["salesforce_value"], one["intacct_value"], one["agreed"]) == (
        "NAME",
        "Bolt in Sales",
        "Bolt in the books",
        "Bolt & Nut",
    )
    assert one["id"] in desk.says("conflicts", "list")
    assert one["id"] in desk.told("exceptions", "list")["exceptions"][0]["remedy"]
    assert {row["field"] for row in desk.told("conflicts", "list", "--all")["conflicts"]} == {"NAME", "TAXID"}

    told = desk.told("conflicts", "simulate", "--policy", "intacct")
    assert (told["conflicts"], told["different"]) == (2, 2)
    assert {(f["field"], f["was"], f["would_be"], f["count"]) for f in told["fields"]} == {
        ("NAME", "a person", "intacct", 1),
        ("TAXID", "salesforce", "intacct", 1),
    }
    assert "2 conflicts under the policy intacct: 2 would be different." in desk.says(
        "conflicts", "simulate", "--policy", "intacct"
    )
    assert desk.told("conflicts", "simulate", "--policy", "salesforce")["different"] == 1

    said = desk.says("conflicts", "resolve", one["id"], "--take", "intacct", "--by", "ada")
    assert said == "NAME of Bolt in Sales: intacct counts, says ada. It takes effect at the next sync.\n"
    walk(desk.house)
    assert desk.told("conflicts", "list") == {"conflicts": []}
    assert desk.says("conflicts", "list") == "No conflicts are open.\n"
    assert desk.told("exceptions", "list") == {"exceptions": []}


def test_an_id_that_is_not_open_is_wrong_use(desk: Desk) -> None:
    desk.town.seed()
    said = desk.refuses("conflicts", "resolve", "deadbeef", "--take", "intacct", ends=2)
    assert "no conflict deadbeef is open; `sf-intacct conflicts list` says what is open" in said

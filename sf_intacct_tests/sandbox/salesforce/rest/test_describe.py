"""Descriptions, held against recorded ones."""

import json
from typing import Any

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.shared_data import shared


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared(f"data/wire-samples/salesforce/cci-describe-{name}-200.json").read_text())
    return found


def by_name(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in described["fields"]}


@pytest.mark.parametrize("name", ["Account", "Contact", "Opportunity"])
def test_a_description_has_the_recorded_keys(org: Org, name: str) -> None:
    ours, theirs = org.good("GET", f"sobjects/{name}/describe"), recorded(name)
    assert theirs.keys() <= ours.keys()
    assert {tuple(field) for field in ours["fields"]} == {tuple(theirs["fields"][0])}
    assert ours["childRelationships"][0].keys() == theirs["childRelationships"][0].keys()


@pytest.mark.parametrize("name", ["Account", "Contact", "Opportunity"])
def test_fields_have_the_recorded_types_and_flags(org: Org, name: str) -> None:
    ours, theirs = by_name(org.good("GET", f"sobjects/{name}/describe")), by_name(recorded(name))
    compared = ("type", "length", "precision", "scale", "byteLength", "digits", "soapType", "createable", "updateable",
                "nillable", "filterable", "groupable", "sortable", "label", "compoundFieldName", "relationshipName",
                "referenceTo", "nameField", "aggregatable", "extraTypeInfo")  # fmt: skip
    odd = {("JigsawCompanyId", "relationshipName"), ("Fiscal", "byteLength")}  # peculiar to these two in the whole API
    differing = {
        (field, key): (ours[field][key], theirs[field][key])
        for field in sorted(ours.keys() & theirs.keys())
        if not ours[field]["custom"]  # two packages may use one name for two things
        for key in compared
        if ours[field][key] != theirs[field][key] and (field, key) not in odd
    }
    assert differing == {}


def test_our_package_is_described_with_its_keys(org: Org) -> None:
    key = by_name(org.good("GET", "sobjects/Intacct_Invoice__c/describe"))["Invoice_Key__c"]
    assert (key["externalId"], key["unique"], key["idLookup"], key["custom"]) == (True, True, True, True)
    status = by_name(org.good("GET", "sobjects/Order/describe"))["Intacct_Sync_Status__c"]
    assert [each["value"] for each in status["picklistValues"]] == [
        "Not Synced",
        "Pending",
        "Synced",
        "Error",
        "Excluded",
    ]
    assert status["restrictedPicklist"] is True


def test_the_statuses_of_orders_are_the_companys_own(org: Org) -> None:
    status = by_name(org.good("GET", "sobjects/Order/describe"))["Status"]
    assert [(each["value"], each["defaultValue"]) for each in status["picklistValues"]] == [
        ("Draft", True),
        ("Activated", False),
    ]


def test_children_are_listed_with_what_becomes_of_them(org: Org) -> None:
    children = {
        (each["childSObject"], each["field"]): each
        for each in org.good("GET", "sobjects/Account/describe")["childRelationships"]
    }
    assert children["Contact", "AccountId"]["relationshipName"] == "Contacts"
    assert children["Contact", "AccountId"]["cascadeDelete"] is True
    assert children["Intacct_Invoice__c", "Account__c"]["relationshipName"] == "Intacct_Invoices__r"


def test_all_objects_are_listed_in_short(org: Org) -> None:
    ours, theirs = org.good("GET", "sobjects"), recorded("global")
    assert ours.keys() == theirs.keys()
    assert {tuple(sorted(each)) for each in ours["sobjects"]} == {tuple(sorted(theirs["sobjects"][0]))}
    prefixes = {each["name"]: each["keyPrefix"] for each in ours["sobjects"]}
    assert prefixes["Order"] == "801"
    assert len(set(prefixes.values())) == len(prefixes)


def test_a_description_seen_before_is_not_sent_again(org: Org) -> None:
    seen = org.send("GET", "sobjects/Account/describe").headers["Last-Modified"]
    answer = org.send("GET", "sobjects/Account/describe", headers={"If-Modified-Since": seen})
    assert (answer.status_code, answer.content) == (304, b"")


def test_rows_are_counted_without_the_deleted(org: Org) -> None:
    ids = [org.create("Account", Name=name) for name in "abc"]
    org.good("DELETE", f"sobjects/Account/{ids[0]}", 204)
    found = org.good("GET", "limits/recordCount?sObjects=Account,Contact,Nothing")
    assert found == {"sObjects": [{"count": 2, "name": "Account"}, {"count": 0, "name": "Contact"}]}


def test_an_unknown_object_is_described_as_recorded(org: Org) -> None:
    theirs = json.loads(
        shared("data/wire-samples/salesforce/restforce-sobject-describe-error-response.json").read_text()
    )
    assert org.send("GET", "sobjects/Nothing/describe").json() == theirs

"""Query answers in the shapes that were recorded."""

import json
from typing import Any

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.shared_data import shared


def shape(value: Any) -> Any:
    """Keys and kinds of a JSON value, without its contents."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return type(value).__name__


def sample(name: str) -> Any:
    return json.loads(shared(f"data/wire-samples/salesforce/{name}.json").read_text())


def raw(org: Org, soql: str) -> Any:
    return org.send("GET", "query", params={"q": soql}).json()


def test_records_look_as_recorded(org: Org) -> None:
    org.create("Account", Name="Acme", AccountNumber="420")
    assert shape(raw(org, "SELECT Id, AccountNumber FROM Account")) == shape(sample("cci-query-Account-200-10"))


def test_a_count_looks_as_recorded(org: Org) -> None:
    for number in range(6):
        org.create("Account", Name=str(number))
    assert raw(org, "SELECT COUNT(Id) FROM Account") == sample("cci-query-count-Account-200")


def test_children_look_as_recorded(org: Org) -> None:
    contact = org.create("Contact", FirstName="Annyong", LastName="B")
    org.create("Opportunity", Name="Espionage", StageName="Prospecting", CloseDate="2026-10-03", ContactId=contact)
    recorded = sample("cci-query-subquery-Contact-200")
    recorded["records"] = [each for each in recorded["records"] if each["Opportunities"]]
    ours = raw(org, "SELECT FirstName, (SELECT Name FROM Opportunities) FROM Contact")
    assert shape(ours) == shape(recorded)


def test_a_mistake_in_a_composite_query_reads_as_recorded(org: Org) -> None:
    (theirs,) = sample("cci-composite-200-6")["compositeResponse"][1]["body"]
    assert org.bad_query("select count() from XYZZY") == theirs


def test_columns_of_a_query_may_be_asked_for_instead_of_records(org: Org) -> None:
    answer = org.good("GET", "query", params={"q": "SELECT Id, Account.Name FROM Contact", "columns": "true"})
    assert (answer["entityName"], answer["keyPrefix"], answer["idSelected"], answer["groupBy"]) == (
        "Contact",
        "003",
        True,
        False,
    )
    first, second = answer["columnMetadata"]
    assert first == {
        "aggregate": False,
        "apexType": "id",
        "booleanType": False,
        "columnName": "Id",
        "custom": False,
        "displayName": "Id",
        "foreignKeyName": None,
        "insertable": False,
        "joinColumns": [],
        "numberType": False,
        "textType": True,
        "updatable": False,
    }
    assert (second["columnName"], second["joinColumns"][0]["columnName"]) == ("Account", "Name")


def test_a_parent_that_is_not_there_is_null(org: Org) -> None:
    org.create("Contact", LastName="A")
    assert org.query("SELECT Account.Name, Account.Parent.Name FROM Contact") == [{"Account": None}]


def test_a_query_must_be_given(org: Org) -> None:
    assert org.bad("GET", "query")["message"] == "A query string has to be specified"


def test_more_groups_than_a_page_are_refused(org: Org) -> None:
    for start in range(0, 2001, 200):
        records = [{"type": "Account", "Name": f"{number}"} for number in range(start, min(start + 200, 2001))]
        org.collection("POST", records)
    assert org.bad_query("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")["errorCode"] == "EXCEEDED_ID_LIMIT"

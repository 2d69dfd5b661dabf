"""Collections: two hundred records a call, each with its own result."""

import json
from typing import Any

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.shared_data import shared

UPSERT = "/Intacct_Invoice__c/Invoice_Key__c"
ROLLED_BACK = "Record rolled back because not all records were valid and the request was using AllOrNone header"


def recorded(name: str) -> Any:
    return json.loads(shared(f"data/wire-samples/salesforce-writes/{name}.json").read_text())


def codes(results: list[dict[str, Any]]) -> list[str | None]:
    return [result["errors"][0]["statusCode"] if result["errors"] else None for result in results]


def test_good_records_pass_and_bad_ones_say_why_in_the_order_sent(org: Org) -> None:
    results = org.collection(
        "POST", [{"type": "Account", "Name": "A"}, {"type": "Contact"}, {"type": "Account", "Name": "B"}]
    )
    assert codes(results) == [None, "REQUIRED_FIELD_MISSING", None]
    assert results[1]["errors"][0]["fields"] == ["LastName"]
    assert [row["Name"] for row in org.control.rows("Account")] == ["A", "B"]


def test_all_or_none_leaves_no_trace(org: Org) -> None:
    before = org.control.books()
    results = org.collection("POST", [{"type": "Account", "Name": "A"}, {"type": "Contact"}], allOrNone=True)
    assert codes(results) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert results[0]["errors"][0]["message"] == ROLLED_BACK
    assert org.control.books() == before


def test_an_update_names_its_record_by_id_in_either_spelling(org: Org) -> None:
    ids = [org.create("Account", Name=name) for name in "abc"]
    results = org.collection(
        "PATCH",
        [
            {"type": "Account", "Id": ids[0], "Site": "x"},
            {"type": "Account", "id": ids[1], "Site": "x"},
            {"type": "Account", "id": ids[1][:15], "Site": "y"},
            {"type": "Account", "Site": "x"},
            {"type": "Contact", "Id": ids[2]},
            {"type": "Account", "Id": "001000000000001AAA"},
        ],
    )
    assert codes(results) == [
        None, None, "DUPLICATE_VALUE", "MISSING_ARGUMENT", "MALFORMED_ID", "INVALID_CROSS_REFERENCE_KEY",
    ]  # fmt: skip
    assert [row["Site"] for row in org.control.rows("Account")] == ["x", "x", None]


def test_an_upsert_tells_new_from_known_and_refuses_a_key_given_twice(org: Org) -> None:
    rows = [{"type": "Intacct_Invoice__c", "Invoice_Key__c": key, "Amount__c": "1.10"} for key in ("1", "2", "1")]
    results = org.collection("PATCH", rows, UPSERT)
    assert [result.get("created") for result in results] == [True, True, None]
    assert codes(results) == [None, None, "DUPLICATE_VALUE"]
    again = org.collection("PATCH", [*rows[:2], {"type": "Intacct_Invoice__c"}, {"type": "Account"}], UPSERT)
    assert [result.get("created") for result in again[:2]] == [False, False]
    assert codes(again[2:]) == ["MISSING_ARGUMENT", "INVALID_TYPE"]


def test_an_upsert_by_id_without_an_id_creates(org: Org) -> None:
    (result,) = org.collection("PATCH", [{"type": "Account", "Id": None, "Name": "A"}], "/Account/Id")
    assert result["created"] is True


def test_records_are_deleted_by_their_ids(org: Org) -> None:
    ids = [org.create("Account", Name=name) for name in "ab"]
    path = f"composite/sobjects?ids={ids[0]},001000000000001AAA,nonsense&allOrNone=false"
    assert codes(org.good("DELETE", path)) == [None, "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"]
    assert [row["IsDeleted"] for row in org.control.rows("Account")] == [True, False]
    assert codes(org.good("DELETE", f"composite/sobjects?ids={ids[1]},{ids[0]}&allOrNone=true")) == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "ENTITY_IS_DELETED",
    ]


def test_records_are_retrieved_in_the_order_asked_null_where_there_is_none(org: Org) -> None:
    ids = [org.create("Account", Name=name) for name in "ab"]
    wanted = [ids[1], "001000000000001AAA", ids[0][:15]]
    found = org.good("POST", "composite/sobjects/Account", json={"ids": wanted, "fields": ["Name"]})
    assert [each and each["Name"] for each in found] == ["b", None, "a"]
    assert org.good("GET", f"composite/sobjects/Account?ids={','.join(wanted)}&fields=Name") == found


def test_a_request_that_is_no_collection_is_refused_as_a_whole(org: Org) -> None:
    assert org.bad("POST", "composite/sobjects", json={"records": []}) == {
        "message": "At least 1 record is required",
        "errorCode": "REQUIRED_FIELD_MISSING",
    }
    rows = [{"attributes": {"type": "Account"}, "Name": "A"}] * 201
    assert org.bad("POST", "composite/sobjects", json={"records": rows})["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert org.control.rows("Account") == []


@pytest.mark.parametrize(
    ("sample", "records"),
    [
        ("required_field_missing", [{"type": "Contact"}, {"type": "Contact", "LastName": "A"}]),
        ("all_or_none_operation_rolled_back",
         [{"type": "Contact", "LastName": "A"}, {"type": "Contact", "unknownField_LastName": "A"}]),
    ],
)  # fmt: skip
def test_failures_are_those_that_were_recorded(org: Org, sample: str, records: list[dict[str, Any]]) -> None:
    assert org.collection("POST", records, allOrNone=True) == recorded(f"collections-failure-{sample}")


def test_a_missing_id_fails_as_it_was_recorded(org: Org) -> None:
    results = org.collection("PATCH", [{"type": "Contact", "LastName": "A"}] * 2)
    assert results == recorded("collections-failure-missing_argument")


def test_recorded_requests_are_understood(org: Org) -> None:
    for name in ("request-collections-account", "request-collections-contact-4"):
        body = recorded(name)
        results = org.good("POST", "composite/sobjects", json=body)
        assert all(result["success"] for result in results)
        assert len(results) == len(body["records"])


def test_an_upsert_by_id_never_creates_what_is_not_there(org: Org) -> None:
    rows = [{"type": "Account", "Id": "001000000000001AAA", "Name": "A"}]
    assert codes(org.collection("PATCH", rows, "/Account/Id")) == ["INVALID_CROSS_REFERENCE_KEY"]
    assert org.control.rows("Account") == []


@pytest.mark.parametrize("record", [{"Name": "A"}, {"attributes": {}, "Name": "A"}, "text", None])
def test_a_record_without_a_type_fails_alone(org: Org, record: Any) -> None:
    body = {"records": [record, {"attributes": {"type": "Account"}, "Name": "B"}]}
    results = org.good("POST", "composite/sobjects", json=body)
    assert codes(results) == ["INVALID_TYPE", None]

"""Requests within a request."""

import json
from typing import Any

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.shared_data import shared

BASE = "/services/data/v64.0"
HALTED = "The transaction was rolled back since another operation in the same transaction failed."


def sub(name: str, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"referenceId": name, "method": method, "url": f"{BASE}/{path}", "body": body, **more}


def composite(org: Org, *requests: dict[str, Any], all_or_none: bool = False) -> list[dict[str, Any]]:
    body = {"allOrNone": all_or_none, "compositeRequest": list(requests)}
    found: list[dict[str, Any]] = org.good("POST", "composite", json=body)["compositeResponse"]
    return found


def test_later_requests_refer_to_earlier_answers(org: Org) -> None:
    account, contact, found = composite(
        org,
        sub("acc", "POST", "sobjects/Account", {"Name": "Acme"}),
        sub("con", "POST", "sobjects/Contact", {"LastName": "Ames", "AccountId": "@{acc.id}"}),
        sub("all", "GET", "query?q=SELECT Id, Account.Name FROM Contact WHERE Id = '@{con.id}'"),
    )
    assert (account["httpStatusCode"], contact["httpStatusCode"], found["httpStatusCode"]) == (201, 201, 200)
    assert account["httpHeaders"] == {"Location": f"{BASE}/sobjects/Account/{account['body']['id']}"}
    assert found["body"]["records"][0]["Account"]["Name"] == "Acme"


def test_without_all_or_none_each_stands_alone(org: Org) -> None:
    first, second = composite(
        org,
        sub("a", "POST", "sobjects/Account", {"Name": "Acme"}),
        sub("b", "POST", "sobjects/Contact", {}),
    )
    assert (first["httpStatusCode"], second["httpStatusCode"]) == (201, 400)
    assert second["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert len(org.control.rows("Account")) == 1


def test_all_or_none_halts_the_rest_and_leaves_no_trace(org: Org) -> None:
    before = org.control.books()
    first, second = composite(
        org,
        sub("a", "POST", "sobjects/Account", {"Name": "Acme"}),
        sub("b", "POST", "sobjects/Contact", {"LastName": "A", "Account": {"Intacct_Customer_Id__c": "no"}}),
        all_or_none=True,
    )
    assert first["body"] == [{"errorCode": "PROCESSING_HALTED", "message": HALTED}]
    assert second["body"][0]["message"].startswith("Foreign key external ID: no not found")
    assert org.control.books() == before


def test_a_reference_to_nothing_fails_alone(org: Org) -> None:
    (result,) = composite(org, sub("a", "GET", "sobjects/Account/@{nobody.id}"))
    assert (result["httpStatusCode"], result["body"][0]["errorCode"]) == (400, "PROCESSING_HALTED")


def test_at_most_25_requests_of_which_5_are_heavy(org: Org) -> None:
    light = [sub(f"r{number}", "GET", "limits") for number in range(26)]
    assert org.bad("POST", "composite", json={"compositeRequest": light})["errorCode"] == "LIMIT_EXCEEDED"
    heavy = [sub(f"r{number}", "GET", "query?q=SELECT Id FROM Account") for number in range(6)]
    assert org.bad("POST", "composite", json={"compositeRequest": heavy})["errorCode"] == "LIMIT_EXCEEDED"


def test_a_graph_stands_or_falls_as_one(org: Org) -> None:
    good = {"graphId": "g", "compositeRequest": [
        sub("acc", "POST", "sobjects/Account", {"Name": "Good"}),
        sub("con", "POST", "sobjects/Contact", {"LastName": "A", "AccountId": "@{acc.id}"}),
    ]}  # fmt: skip
    bad = {"graphId": "b", "compositeRequest": [
        sub("acc", "POST", "sobjects/Account", {"Name": "Bad"}),
        sub("con", "POST", "sobjects/Contact", {}),
    ]}  # fmt: skip
    answer = org.good("POST", "composite/graph", json={"graphs": [good, bad]})
    assert [(each["graphId"], each["isSuccessful"]) for each in answer["graphs"]] == [("g", True), ("b", False)]
    assert [row["Name"] for row in org.control.rows("Account")] == ["Good"]


def test_a_batch_counts_each_of_its_requests(org: Org) -> None:
    org.good("GET", "limits")
    requests = [{"method": "GET", "url": "v64.0/sobjects/Account"}, {"method": "GET", "url": "v64.0/sobjects/None"}]
    answer = org.send("POST", "composite/batch", json={"batchRequests": requests})
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=3/100000"
    body = answer.json()
    assert (body["hasErrors"], [each["statusCode"] for each in body["results"]]) == (True, [200, 404])


def test_a_batch_may_stop_at_the_first_error(org: Org) -> None:
    requests = [{"method": "GET", "url": "v64.0/sobjects/None"},
                {"method": "POST", "url": "v64.0/sobjects/Account", "richInput": {"Name": "A"}}]  # fmt: skip
    body = org.good("POST", "composite/batch", json={"batchRequests": requests, "haltOnError": True})
    assert body["results"][1]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"
    assert org.control.rows("Account") == []


def test_a_recorded_request_is_understood_and_answered_in_the_recorded_shape(org: Org) -> None:
    folder = shared("data/wire-samples/salesforce-writes")
    request = json.loads((folder / "request-composite-3.json").read_text().replace("vxx.0", "v64.0"))
    recorded = json.loads(shared("data/wire-samples/salesforce/cci-composite-200-4.json").read_text())
    assert org.good("POST", "composite", json=request) == recorded


def test_what_has_not_changed_since_is_said_in_no_words(org: Org) -> None:
    later = {"If-Modified-Since": "Thu, 03 Sep 2099 21:35:07 GMT"}
    (result,) = composite(org, sub("a", "GET", "sobjects", httpHeaders=later))
    assert (result["httpStatusCode"], result["body"]) == (304, None)


@pytest.mark.parametrize("body", [{}, {"compositeRequest": "x"}, {"compositeRequest": [{"method": "GET"}]}])
def test_a_body_of_another_form_is_refused(org: Org, body: dict[str, Any]) -> None:
    assert org.bad("POST", "composite", json=body)["errorCode"] == "JSON_PARSER_ERROR"


def test_a_composite_that_only_reads_is_no_write(org: Org) -> None:
    composite(org, sub("a", "GET", "limits"))
    composite(org, sub("a", "POST", "sobjects/Account", {"Name": "Acme"}))
    read, write = org.control.log()[-2:]
    assert (read["is_write"], write["is_write"]) == (False, True)
    assert write["operations"] == {"POST composite": 1, "POST sobjects/Account": 1, "create Account": 1}

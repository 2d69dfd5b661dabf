"""Faults over the wire, against Salesforce: what the client sees, and what the books then hold."""

import pytest
import requests

from sf_intacct_tests.sandbox.salesforce.org import Org

COLLECTION = {"records": [{"attributes": {"type": "Account"}, "Name": name} for name in ("A", "B", "C")]}


def names(org: Org) -> list[str]:
    return [row["Name"] for row in org.control.rows("Account")]


def test_a_dropped_reply_was_committed(org: Org) -> None:
    org.control.fault("drop_reply", writes_only=True)
    with pytest.raises(requests.ConnectionError):
        org.send("POST", "sobjects/Account", json={"Name": "Acme"})
    assert names(org) == ["Acme"]
    line = org.control.log()[-1]
    assert (line["fault"], line["executed"], line["status"]) == ("drop_reply", True, 201)


def test_a_dropped_request_was_not(org: Org) -> None:
    org.control.fault("drop_request", writes_only=True)
    with pytest.raises(requests.ConnectionError):
        org.send("POST", "sobjects/Account", json={"Name": "Acme"})
    assert names(org) == []
    assert org.control.log()[-1]["executed"] is False


def test_a_truncated_answer_breaks_off_after_the_commit(org: Org) -> None:
    org.control.fault("truncate", operation="POST composite/sobjects", settings={"keep": 0.3})
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        org.send("POST", "composite/sobjects", json=COLLECTION)
    assert names(org) == ["A", "B", "C"]


@pytest.mark.parametrize(("committed", "found"), [(False, []), (True, ["Acme"])])
def test_a_server_error_is_a_page_and_may_have_committed(org: Org, committed: bool, found: list[str]) -> None:
    org.control.fault("server_error", writes_only=True, settings={"status": 503, "committed": committed})
    answer = org.send("POST", "sobjects/Account", json={"Name": "Acme"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html;charset=UTF-8")
    assert names(org) == found


def test_a_throttled_call_says_when_to_come_back(org: Org) -> None:
    org.control.fault("throttle", settings={"retry_after": 7})
    answer = org.send("POST", "sobjects/Account", json={"Name": "Acme"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert names(org) == []


def test_an_expired_session_stays_expired(org: Org) -> None:
    org.control.fault("expire_session")
    for _ in range(2):
        assert org.bad("POST", "sobjects/Account", 401, json={"Name": "A"})["errorCode"] == "INVALID_SESSION_ID"
    org.log_in()
    org.create("Account", Name="B")
    assert names(org) == ["B"]


def test_a_delayed_call_is_answered_and_logged_with_its_time(org: Org) -> None:
    org.control.fault("delay", settings={"seconds": 0.05})
    org.create("Account", Name="Acme")
    line = org.control.log()[-1]
    assert line["fault"] == "delay"
    assert line["seconds"] >= 0.05


def test_a_refusal_comes_in_the_words_that_were_set(org: Org) -> None:
    words = {"code": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access"}
    org.control.fault("refuse", operation="create Account", settings=words)
    error = org.bad("POST", "sobjects/Account", json={"Name": "Acme"})
    assert error == {"message": words["message"], "errorCode": words["code"], "fields": []}
    org.create("Account", Name="again")
    assert names(org) == ["again"]


@pytest.mark.parametrize("operation", ["create Account", "POST composite/sobjects"])
def test_a_refusal_hits_the_first_record_of_a_collection_alone(org: Org, operation: str) -> None:
    org.control.fault("refuse", operation=operation, settings={"code": "UNABLE_TO_LOCK_ROW", "message": "locked"})
    results = org.good("POST", "composite/sobjects", json=COLLECTION)
    assert [result["success"] for result in results] == [False, True, True]
    assert results[0]["errors"] == [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "locked", "fields": []}]
    assert names(org) == ["B", "C"]


def test_a_refusal_may_hit_a_request_within_a_request(org: Org) -> None:
    org.control.fault(
        "refuse", operation="update Account", settings={"code": "UNABLE_TO_LOCK_ROW", "message": "locked"}
    )
    account = org.create("Account", Name="Acme")
    base = "/services/data/v64.0/sobjects/Account"
    requests_ = [
        {"method": "POST", "url": base, "referenceId": "a", "body": {"Name": "B"}},
        {"method": "PATCH", "url": f"{base}/{account}", "referenceId": "b", "body": {"Name": "C"}},
    ]
    made, refused = org.good("POST", "composite", json={"compositeRequest": requests_})["compositeResponse"]
    assert (made["httpStatusCode"], refused["body"][0]["errorCode"]) == (201, "UNABLE_TO_LOCK_ROW")


def test_a_query_and_a_login_can_be_refused_too(org: Org) -> None:
    org.control.fault("refuse", operation="query Account", settings={"code": "QUERY_TIMEOUT", "message": "slow"})
    assert org.bad_query("SELECT Id FROM Account")["errorCode"] == "QUERY_TIMEOUT"
    org.control.fault("refuse", operation="login", settings={"code": "inactive_user", "message": "gone"})
    form = {"grant_type": "client_credentials", **org.client}
    answer = requests.post(f"{org.host}/services/oauth2/token", data=form, timeout=10)
    assert (answer.status_code, answer.json()) == (400, {"error": "inactive_user", "error_description": "gone"})


def test_a_fault_may_wait_for_its_turn(org: Org) -> None:
    org.control.fault("server_error", operation="create Account", nth=2)
    assert [org.send("POST", "sobjects/Account", json={"Name": name}).status_code for name in "ABC"] == [201, 500, 201]
    assert names(org) == ["A", "C"]

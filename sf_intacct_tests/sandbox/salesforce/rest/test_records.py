"""Single records over HTTP."""

from urllib.parse import quote

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org

KEY = "sobjects/Account/Intacct_Customer_Id__c"


def test_create_tells_the_id_and_where_it_is(org: Org) -> None:
    answer = org.send("POST", "sobjects/Account/", json={"Name": "Acme"})
    body = answer.json()
    assert body == {"id": body["id"], "success": True, "errors": []}
    assert answer.headers["Location"] == f"/services/data/v64.0/sobjects/Account/{body['id']}"


def test_a_record_shows_its_kind_its_address_and_its_values(org: Org) -> None:
    account = org.create("Account", Name="Acme", BillingCity="Köln", BillingStreet="Weg 1\r\nHof", AnnualRevenue=5)
    found = org.get("Account", account)
    assert found["attributes"] == {"type": "Account", "url": f"/services/data/v64.0/sobjects/Account/{account}"}
    assert (found["Id"], found["AnnualRevenue"], found["Site"], found["IsDeleted"]) == (account, 5, None, False)
    assert found["BillingAddress"] == {
        "city": "Köln",
        "country": None,
        "geocodeAccuracy": None,
        "latitude": None,
        "longitude": None,
        "postalCode": None,
        "state": None,
        "street": "Weg 1\r\nHof",
    }
    assert found["ShippingAddress"] is None


def test_only_the_fields_asked_for_come(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    found = org.good("GET", f"sobjects/Account/{account[:15]}?fields=Name,Owner.Username")
    assert list(found) == ["attributes", "Name", "Owner"]
    assert found["Owner"]["Username"] == "integration@example.com"
    error = org.bad("GET", f"sobjects/Account/{account}?fields=Name,Foo")
    assert error["message"] == "No such column 'Foo' on sobject of type Account"


def test_an_update_answers_nothing(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    answer = org.send("PATCH", f"sobjects/Account/{account}", json={"Name": "New"})
    assert (answer.status_code, answer.content, "content-length" in answer.headers) == (204, b"", False)


def test_patch_may_travel_through_post(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.good("POST", f"sobjects/Account/{account}?_HttpMethod=PATCH", 204, json={"Name": "New"})
    assert org.get("Account", account)["Name"] == "New"


@pytest.mark.parametrize(
    ("path", "status", "code", "message"),
    [
        ("sobjects/Account/foo", 404, "NOT_FOUND",
         "Provided external ID field does not exist or is not accessible: foo"),
        ("sobjects/Account/001000000000001AAA", 404, "NOT_FOUND", "The requested resource does not exist"),
        ("sobjects/Account/003000000000001AAA", 400, "MALFORMED_ID", "malformed id 003000000000001AAA"),
        ("sobjects/Nothing/001000000000001AAA", 404, "NOT_FOUND", "The requested resource does not exist"),
        ("sobjects/Account/Name/Acme", 404, "NOT_FOUND",
         "Provided external ID field does not exist or is not accessible: Name"),
        (f"{KEY[9:]}/x", 404, "NOT_FOUND", "The requested resource does not exist"),
        ("jobs/query", 404, "NOT_FOUND", "The requested resource does not exist"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_says_how(org: Org, path: str, status: int, code: str, message: str) -> None:
    error = org.bad("GET", path, status)
    assert (error["errorCode"], error["message"]) == (code, message)


@pytest.mark.parametrize("value", ["C-1", "a b/c", "100%", "ä+ö", "it's"])
def test_upsert_creates_then_updates_by_any_key(org: Org, value: str) -> None:
    path = f"{KEY}/{quote(value, safe='')}"
    created = org.good("PATCH", path, 201, json={"Name": "Acme"})
    updated = org.good("PATCH", path, 200, json={"Name": "Acme 2"})
    assert created == {**updated, "created": True}
    assert updated["created"] is False
    found = org.good("GET", path)
    assert (found["Name"], found["Intacct_Customer_Id__c"]) == ("Acme 2", value)
    org.good("DELETE", path, 204)


def test_update_only_creates_nothing(org: Org) -> None:
    org.bad("PATCH", f"{KEY}/C-9?updateOnly=true", 404, json={"Name": "Acme"})
    assert org.control.rows("Account") == []


def test_the_key_of_an_upsert_is_not_repeated_in_its_body(org: Org) -> None:
    error = org.bad("PATCH", f"{KEY}/C-1", json={"Name": "A", "intacct_customer_id__c": "C-1"})
    assert error["errorCode"] == "INVALID_FIELD"


def test_a_key_of_several_records_answers_with_their_addresses(org: Org) -> None:
    ids = [org.create("Contact", LastName=name, Email="same@example.com") for name in "ab"]
    answer = org.send("PATCH", "sobjects/Contact/Email/same@example.com", json={"Title": "x"})
    assert answer.status_code == 300
    assert answer.json() == [f"/services/data/v64.0/sobjects/Contact/{each}" for each in ids]
    assert org.query("SELECT Id FROM Contact WHERE Title = 'x'") == []


def test_a_record_that_moved_is_not_overwritten(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    seen = org.send("GET", f"sobjects/Account/{account}").headers["Last-Modified"]
    path, condition = f"sobjects/Account/{account}", {"If-Unmodified-Since": seen}
    org.good("PATCH", path, 204, json={"Name": "Mine"}, headers=condition)
    org.control.advance(1)
    org.control.act("edit", object="Account", id=account, fields={"Name": "Theirs"})
    assert org.send("PATCH", path, json={"Name": "Mine"}, headers=condition).status_code == 412
    assert org.get("Account", account)["Name"] == "Theirs"
    assert org.send("PATCH", path, json={}, headers={"If-Unmodified-Since": "soon"}).status_code == 400


def test_a_record_that_did_not_move_is_not_sent_again(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    seen = org.send("GET", f"sobjects/Account/{account}").headers["Last-Modified"]
    answer = org.send("GET", f"sobjects/Account/{account}", headers={"If-Modified-Since": seen})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_wrong_verb_is_told_the_right_ones(org: Org) -> None:
    error = org.bad("PATCH", "sobjects/Account/", 405, json={})
    assert error == {
        "message": "HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST",
        "errorCode": "METHOD_NOT_ALLOWED",
    }


def test_a_body_that_is_not_json_is_refused(org: Org) -> None:
    assert org.bad("POST", "sobjects/Account", data="{Name:")["errorCode"] == "JSON_PARSER_ERROR"
    assert org.bad("POST", "sobjects/Account", json=["Name"])["errorCode"] == "JSON_PARSER_ERROR"
    assert (
        org.bad("POST", "sobjects/Account", data='{"Name":"A","AnnualRevenue":NaN}')["errorCode"] == "JSON_PARSER_ERROR"
    )


def test_post_under_id_creates_and_under_another_field_does_not(org: Org) -> None:
    org.good("POST", "sobjects/Account/Id", 201, json={"Name": "Acme"})
    org.bad("POST", "sobjects/Account/Name", 405, json={"Name": "Acme"})

"""simple-salesforce, which nobody here wrote, unmodified against the sandbox."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)
from simple_salesforce.format import format_external_id, format_soql

from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.salesforce.org import Org


class Loopback(HTTPAdapter):
    """Sends what is meant for an https host to the sandbox over http."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        assert request.url is not None
        request.url = f"{self.host}/{request.url.split('/', 3)[3]}"
        return super().send(request, *arguments, **options)


def connect(session: requests.Session, **arguments: Any) -> Any:
    """The client itself; untyped, for its own stubs do not know that `client.Account` is an object."""
    return Salesforce(session=session, **arguments)


@pytest.fixture
def session(org: Org) -> Iterator[requests.Session]:
    with requests.Session() as found:
        for host in ("login.salesforce.com", "acme.my.salesforce.com", org.host.removeprefix("http://")):
            found.mount(f"https://{host}", Loopback(org.host))
        yield found


@pytest.fixture
def client(org: Org, session: requests.Session) -> Any:
    known = {name: org.credentials[name] for name in ("username", "password", "security_token")}
    return connect(session, parse_float=Decimal, **known)


def test_every_login_gets_in(org: Org, session: requests.Session) -> None:
    known = org.credentials
    person = {"username": known["username"], "password": known["password"]}
    app = {"consumer_key": known["client_id"], "consumer_secret": known["client_secret"]}
    for arguments in (
        {**person, "security_token": known["security_token"]},
        {**person, "organizationId": known["organization_id"]},
        {**person, **app},
        {"username": known["username"], "consumer_key": known["client_id"], "privatekey": known["private_key"]},
        {**app, "domain": "acme.my"},
    ):
        client = connect(session, **arguments)
        assert client.query("SELECT Id FROM Organization")["totalSize"] == 1


def test_a_wrong_password_is_an_authentication_failure(org: Org, session: requests.Session) -> None:
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        connect(session, username=org.credentials["username"], password="guess", security_token="")


def test_an_expired_session_is_renewed_by_logging_in_again(org: Org, client: Any) -> None:
    org.control.advance(3 * 3600)
    assert client.query("SELECT Id FROM Organization")["totalSize"] == 1


def test_a_session_given_directly_expires(org: Org, session: requests.Session) -> None:
    token = str(org.http.headers["Authorization"]).removeprefix("Bearer ")
    direct = connect(session, session_id=token, instance_url=org.host)
    direct.query("SELECT Id FROM Organization")
    org.control.advance(3 * 3600)
    with pytest.raises(SalesforceExpiredSession):
        direct.query("SELECT Id FROM Organization")


def test_a_record_lives_and_dies(client: Any) -> None:
    made = client.Account.create({"Name": "Acme", "AnnualRevenue": 12_345_678})
    assert made["success"] is True
    assert client.Account.update(made["id"], {"Name": "Acme 2"}) == 204
    assert client.Account.get(made["id"])["Name"] == "Acme 2"
    assert client.query("SELECT AnnualRevenue FROM Account")["records"][0]["AnnualRevenue"] == Decimal(12_345_678)
    assert client.Account.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        client.Account.get(made["id"])


def test_keys_with_slashes_are_upserted_and_found(client: Any) -> None:
    path = format_external_id("Intacct_Customer_Id__c", "a/b c")
    assert client.Account.upsert(path, {"Name": "Acme"}) == 201
    assert client.Account.upsert(path, {"Name": "Acme 2"}) == 200
    assert (
        client.query(format_soql("SELECT Name FROM Account WHERE Intacct_Customer_Id__c = {}", "a/b c"))["totalSize"]
        == 1
    )


def test_refusals_become_the_clients_own_exceptions(client: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        client.Contact.create({})
    content: Any = refused.value.content
    assert content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    for name in "ab":
        client.Contact.create({"LastName": name, "Email": "same@example.com"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        client.Contact.upsert("Email/same@example.com", {"Title": "x"})


def test_descriptions_are_read(client: Any) -> None:
    described = client.describe()
    assert described is not None
    assert "Intacct_Invoice__c" in {each["name"] for each in described["sobjects"]}
    assert client.Order.describe()["keyPrefix"] == "801"


def test_all_pages_are_walked(client: Any) -> None:
    for start in range(0, 2100, 200):
        records = [
            {"attributes": {"type": "Account"}, "Name": str(number)} for number in range(start, min(start + 200, 2100))
        ]
        results = client.restful("composite/sobjects", method="POST", json={"records": records})
        assert all(result["success"] for result in results)
    first = client.query("SELECT Id FROM Account")
    more = client.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert (len(first["records"]), len(more["records"])) == (2000, 100)
    names = [record["Name"] for record in client.query_all_iter("SELECT Name FROM Account ORDER BY Id")]
    assert names == [str(number) for number in range(2100)]
    assert client.api_usage["api-usage"].total == 100_000


def test_changes_and_deletions_are_polled(org: Org, client: Any) -> None:
    kept = client.Account.create({"Name": "kept"})["id"]
    gone = client.Account.create({"Name": "gone"})["id"]
    client.Account.delete(gone)
    org.control.advance(120)
    span = START - timedelta(hours=1), START + timedelta(minutes=2)
    assert client.Account.updated(*span)["ids"] == [kept]
    assert [each["id"] for each in client.Account.deleted(*span)["deletedRecords"]] == [gone]


def test_composite_requests_pass_through(client: Any) -> None:
    base = f"/services/data/v{client.sf_version}/sobjects"
    requests_ = [
        {"method": "POST", "url": f"{base}/Account", "referenceId": "acc", "body": {"Name": "Acme"}},
        {
            "method": "POST",
            "url": f"{base}/Contact",
            "referenceId": "con",
            "body": {"LastName": "A", "AccountId": "@{acc.id}"},
        },
    ]
    answer = client.restful("composite", method="POST", json={"allOrNone": True, "compositeRequest": requests_})
    assert [each["httpStatusCode"] for each in answer["compositeResponse"]] == [201, 201]

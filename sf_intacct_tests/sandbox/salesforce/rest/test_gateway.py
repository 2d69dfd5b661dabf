"""Versions, headers, compression, limits of size: what every answer has in common."""

import pytest
import requests

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_versions_are_listed_without_a_session(org: Org) -> None:
    found = requests.get(f"{org.host}/services/data", timeout=10).json()
    assert found[0] == {"label": "Winter '21", "url": "/services/data/v50.0", "version": "50.0"}
    assert found[-1] == {"label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0"}
    assert requests.get(f"{org.host}/services/data/", timeout=10).json() == found


@pytest.mark.parametrize("version", ["v50.0", "v59.0", "v67.0"])
def test_answers_echo_the_version_they_were_asked_in(org: Org, version: str) -> None:
    url = f"{org.host}/services/data/{version}"
    org.create("Account", Name="Acme")
    record = org.http.get(f"{url}/query", params={"q": "SELECT Id FROM Account"}).json()["records"][0]
    assert record["attributes"]["url"] == f"/services/data/{version}/sobjects/Account/{record['Id']}"
    assert org.http.get(f"{url}/").json()["query"] == f"/services/data/{version}/query"


@pytest.mark.parametrize(("version", "status"), [("v49.0", 404), ("v68.0", 404), ("v30.0", 410), ("64.0", 404)])
def test_other_versions_are_not_answered(org: Org, version: str, status: int) -> None:
    assert org.http.get(f"{org.host}/services/data/{version}/limits").status_code == status


def test_answers_are_dated_by_the_worlds_clock(org: Org) -> None:
    org.control.advance(60)
    assert org.send("GET", "limits").headers["Date"] == "Tue, 17 Mar 2026 09:31:15 GMT"


def test_large_answers_are_compressed_for_those_who_take_it(org: Org) -> None:
    large, plain = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}
    packed = org.send("GET", "sobjects/Account/describe", headers=large)
    assert packed.headers["Content-Encoding"] == "gzip"
    unpacked = org.send("GET", "sobjects/Account/describe", headers=plain)
    assert "Content-Encoding" not in unpacked.headers
    assert packed.content == unpacked.content
    assert int(packed.headers["Content-Length"]) < int(unpacked.headers["Content-Length"])
    assert "Content-Encoding" not in org.send("POST", "sobjects/Account", json={"Name": "A"}, headers=large).headers


def test_a_query_too_long_for_an_address_is_refused(org: Org) -> None:
    ids = ",".join(["'001000000000001AAA'"] * 900)
    answer = org.send("GET", "query", params={"q": f"SELECT Id FROM Account WHERE Id IN ({ids})"})
    assert answer.status_code == 414


def test_head_answers_without_a_body(org: Org) -> None:
    answer = org.send("HEAD", "limits")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_chunked_body_is_read(org: Org) -> None:
    headers = {"Content-Type": "application/json"}
    org.good("POST", "sobjects/Account", 201, data=iter([b'{"Name":', b' "Acme"}']), headers=headers)


def test_the_log_says_what_was_asked_of_which_records(org: Org) -> None:
    org.collection("POST", [{"type": "Account", "Name": "A"}, {"type": "Contact", "LastName": "B"}])
    org.query("SELECT Id FROM Account")
    org.good("POST", "composite/sobjects/Account", json={"ids": [], "fields": ["Id"]})
    write, query, read = org.control.log()[-3:]
    assert write["operations"] == {"POST composite/sobjects": 1, "create Account": 1, "create Contact": 1}
    assert (write["is_write"], query["is_write"], read["is_write"]) == (True, False, False)
    assert query["operations"] == {"query": 1, "query Account": 1}
    assert query["detail"] == "SELECT Id FROM Account"
    assert query["path"] == "/services/data/v64.0/query"

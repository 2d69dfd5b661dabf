"""The HTTP session under simple-salesforce: always a time limit, no redirect, nothing repeated, no clear text."""

from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from sf_intacct.errors import SettingsError
from sf_intacct.salesforce.transport import (
    CONNECT_TIMEOUT_SECONDS,
    READ_TIMEOUT_SECONDS,
    Loopback,
    Timed,
    session_for,
)
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned

LOOPBACK = "http://127.0.0.1:8080"
REACHABLE = [  # every address that a session can get to, for a company in the cloud and for a sandbox
    ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com/services/data"),
    ("https://acme.my.salesforce.com", "https://anything.example.com/"),
    (LOOPBACK, "https://127.0.0.1:8080/services/data"),
    (LOOPBACK, "http://127.0.0.1:8080/services/oauth2/token"),
    (LOOPBACK, "https://acme.my.salesforce.com/services/data"),
]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have gone out: the address, and how long it would have been waited for."""
    calls: list[dict[str, Any]] = []

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        calls.append({"url": request.url, "timeout": options["timeout"]})
        raise requests.ConnectionError("this test sends nothing")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    return calls


@pytest.mark.parametrize(("login_url", "url"), REACHABLE)
@pytest.mark.answers("D10", "S10")
def test_every_address_is_behind_an_adapter_with_a_time_limit_that_repeats_nothing(login_url: str, url: str) -> None:
    with session_for(login_url) as http:
        adapter = http.get_adapter(url)
    assert isinstance(adapter, Timed)
    assert adapter.max_retries.total == 0


@pytest.mark.parametrize(("login_url", "url"), REACHABLE)
def test_a_call_without_a_time_limit_gets_one(login_url: str, url: str, sent: list[dict[str, Any]]) -> None:
    with session_for(login_url) as http, pytest.raises(requests.ConnectionError):
        http.get(url)
    assert [one["timeout"] for one in sent] == [(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)]


def test_a_time_limit_of_ones_own_is_kept(sent: list[dict[str, Any]]) -> None:
    with session_for(LOOPBACK) as http, pytest.raises(requests.ConnectionError):
        http.get(LOOPBACK, timeout=3)
    assert sent[0]["timeout"] == 3


def test_https_becomes_http_for_the_one_loopback_origin_and_for_no_other(sent: list[dict[str, Any]]) -> None:
    with session_for(LOOPBACK) as http:
        for url in ("https://127.0.0.1:8080/a", "https://127.0.0.1:9090/b", "https://acme.my.salesforce.com/c"):
            with pytest.raises(requests.ConnectionError):
                http.get(url)
    assert [one["url"] for one in sent] == [
        "http://127.0.0.1:8080/a",
        "https://127.0.0.1:9090/b",
        "https://acme.my.salesforce.com/c",
    ]


@pytest.mark.parametrize("login_url", ["https://acme.my.salesforce.com", LOOPBACK])
@pytest.mark.answers("I6")
def test_clear_text_goes_nowhere_else(login_url: str) -> None:
    for url in ("http://acme.my.salesforce.com/", "http://example.com/", "http://127.0.0.1:9090/"):
        with session_for(login_url) as http, pytest.raises(requests.exceptions.InvalidSchema):
            http.get(url)


@pytest.mark.parametrize("url", ["http://acme.my.salesforce.com", "http://192.168.0.1", "acme.my.salesforce.com", ""])
def test_a_login_address_in_clear_text_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="connecting to Salesforce"):
        session_for(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
def test_a_sandbox_on_loopback_is_let_pass(url: str) -> None:
    with session_for(url) as http:
        assert isinstance(http.get_adapter(url.replace("http", "https")), Loopback)


@pytest.mark.answers("I4", "S9")
def test_a_redirect_is_handed_back_and_the_other_server_receives_nothing() -> None:
    with canned.answering(Canned(b"stolen")) as elsewhere:
        redirect = Canned(status=307, headers={"Location": elsewhere.url})
        with canned.answering(redirect) as server, session_for(server.url) as http:
            for ask in (http.get, http.post):
                assert ask(server.url, allow_redirects=True).status_code == 307
        assert elsewhere.received == []


@pytest.mark.answers("I5", "S9")
def test_nothing_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canned.closed_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:
        file.write("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", netrc)
    with canned.answering(Canned(b"{}")) as server, session_for(server.url) as http:
        assert http.get(server.url, headers={"Authorization": "Bearer ours"}).status_code == 200
        assert server.received[0].headers["Authorization"] == "Bearer ours"

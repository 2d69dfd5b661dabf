"""Signing in by all three flows, and what is said when we are not let in."""

import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from sf_intacct.errors import CredentialsError, TryLater
from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow, sign_in
from sf_intacct.salesforce.transport import session_for
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.org import Org

HOUR = timedelta(hours=1)
MAINTENANCE = b"<!DOCTYPE html><html><body><h1>We are down for maintenance.</h1><br></body></html>"
TOKEN = {"access_token": "00D!token", "instance_url": "https://acme.my.salesforce.com"}


@pytest.fixture(params=list(Flow))
def every_account(request: pytest.FixtureRequest, org: Org) -> Account:
    """The integration user by one flow after the other."""
    known = {
        name: org.credentials[name] for name in ("client_id", "client_secret", "username", "password", "security_token")
    }
    return Account(org.host, Flow(request.param), **known, private_key=org.credentials["private_key"])


def by_assertion(org: Org) -> Account:
    known = {name: org.credentials[name] for name in ("client_id", "username", "private_key")}
    return Account(org.host, Flow.JWT, **known)


def signing_in(account: Account, at: object = START) -> str:
    with session_for(account.login_url) as http:
        token = sign_in(account, http, at)  # type: ignore[arg-type]
    assert token.instance == account.login_url.removeprefix("http://")
    return token.session_id


def test_every_flow_gets_in_and_its_session_counts(every_account: Account, org: Org) -> None:
    assert signing_in(every_account)
    answer = Rest(every_account, lambda: START).read("queryAll", "reading", params={"q": "SELECT Id FROM Organization"})
    assert answer["totalSize"] == 1


def test_each_flow_goes_by_its_own_door(every_account: Account, remote: Remote) -> None:
    signing_in(every_account)
    doors = {
        Flow.JWT: "login jwt-bearer",
        Flow.CLIENT_CREDENTIALS: "login client_credentials",
        Flow.PASSWORD: "login soap",
    }
    assert doors[every_account.flow] in remote.log()[-1]["operations"]


@pytest.mark.parametrize(
    ("flow", "wrong"),
    [
        (Flow.CLIENT_CREDENTIALS, {"client_secret": "canary-77"}),
        (Flow.CLIENT_CREDENTIALS, {"client_id": "nobody"}),
        (Flow.PASSWORD, {"password": "canary-77"}),
        (Flow.PASSWORD, {"username": "nobody@example.com"}),
        (Flow.JWT, {"client_id": "nobody"}),
    ],
)
@pytest.mark.answers("A2", "I2", "I7")
def test_a_wrong_credential_is_a_persons_to_mend_and_not_repeated_in_the_error(
    org: Org, remote: Remote, flow: Flow, wrong: dict[str, str]
) -> None:
    names = ("client_id", "client_secret", "username", "password", "security_token", "private_key")
    account = Account(org.host, flow, **{**{name: org.credentials[name] for name in names}, **wrong})
    logins = len(remote.log())
    with pytest.raises(CredentialsError, match=f"{org.host}.*what to do: check client id") as caught:
        signing_in(account)
    assert len(remote.log()) == logins + 1
    assert "canary-77" not in f"{caught.value} {caught.value.__cause__!r} {account!r}"
    assert org.credentials["private_key"] not in repr(account)


def test_a_user_who_has_not_approved_the_app_is_told_apart(org: Org) -> None:
    account = replace(by_assertion(org), username="nobody@example.com")
    with (
        pytest.warns(UserWarning, match="authorize this"),  # simple-salesforce's own
        pytest.raises(CredentialsError, match="hasn't approved this consumer"),
    ):
        signing_in(account)


def test_an_assertion_lives_for_minutes_from_now(org: Org, remote: Remote) -> None:
    remote.act("set_limit", name="assertion_expiry_checked", value=True)
    assert signing_in(by_assertion(org), START)
    with pytest.raises(CredentialsError, match="expired"):
        signing_in(by_assertion(org), START - HOUR)


@pytest.mark.answers("I3")
def test_an_assertion_names_the_app_the_user_and_whom_it_is_for(org: Org) -> None:
    with canned.answering(Canned(json.dumps(TOKEN).encode())) as server, session_for(server.url) as http:
        account = replace(by_assertion(org), login_url=server.url)
        with pytest.raises(CredentialsError):  # the answer is from somewhere else
            sign_in(account, http, START)
        form = dict(pair.split("=") for pair in server.received[0].body.decode().split("&"))
    claims = jwt.decode(
        form["assertion"], org.credentials["public_key"], ["RS256"], options={"verify_exp": False}, audience=server.url
    )
    assert claims == {
        "iss": account.client_id,
        "sub": account.username,
        "aud": server.url,
        "exp": int((START + timedelta(minutes=3)).timestamp()),
    }
    assert "assertion" not in server.received[0].path  # a secret in an address ends up in logs


@pytest.mark.parametrize("flow", list(Flow))
def test_nobody_there_may_pass(flow: Flow, org: Org) -> None:
    account = Account(f"http://127.0.0.1:{canned.closed_port()}", flow, private_key=org.credentials["private_key"])
    with pytest.raises(TryLater, match="ConnectionError"):
        signing_in(account)


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize(
    "answer",
    [
        Canned(MAINTENANCE, status=503),
        Canned(MAINTENANCE, status=200),
        Canned(b"", status=502),
        Canned(b"", status=200),
        Canned(b"{}", status=200),
        Canned(b"[]", status=200),
    ],
)
@pytest.mark.answers("A15")
def test_a_page_instead_of_an_answer_may_pass(flow: Flow, answer: Canned, org: Org) -> None:
    """A maintenance page is not a wrong password: nobody has to be called."""
    with canned.answering(answer) as server:
        account = Account(server.url, flow, "id", "secret", "user", "password", "token", org.credentials["private_key"])
        with pytest.raises(TryLater, match="signing in to Salesforce"):
            signing_in(account)


@pytest.mark.parametrize(
    "instance",
    [
        "http://127.0.0.1:1",
        "https://evil.example.com",
        "https://acme.my.salesforce.com",
        "https://salesforce.com.example.com",
        "",
    ],
)
def test_a_login_that_would_send_us_elsewhere_is_not_followed(instance: str) -> None:
    answer = Canned(json.dumps({**TOKEN, "instance_url": instance}).encode())
    with canned.answering(answer) as server, pytest.raises(CredentialsError, match="would send us to"):
        signing_in(Account(server.url, Flow.CLIENT_CREDENTIALS))


@pytest.mark.answers("S9")
def test_the_server_that_a_login_would_send_us_to_receives_nothing() -> None:
    with canned.answering(Canned(b"{}")) as elsewhere:
        answer = Canned(json.dumps({**TOKEN, "instance_url": elsewhere.url}).encode())
        with canned.answering(answer) as server:
            rest = Rest(Account(server.url, Flow.CLIENT_CREDENTIALS), lambda: START)
            with pytest.raises(CredentialsError):
                rest.read("queryAll", "reading")
        assert elsewhere.received == []

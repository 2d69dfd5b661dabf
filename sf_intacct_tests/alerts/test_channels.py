"""One attempt each: signed, over a connection that can be trusted, and what went wrong says no secret."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from sf_intacct.alerts import mail, webhook
from sf_intacct.alerts.channel import NotTold
from sf_intacct.alerts.mail import Mail, Server
from sf_intacct.alerts.webhook import NUMBER, SIGNATURE, STAMP, Webhook, signature
from sf_intacct.errors import SettingsError
from sf_intacct_tests.alerts.servers import Hook, Post, mail_server, web_server

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = json.dumps(
    {
        "environment": "town",
        "at": NOON.isoformat(),
        "changes": [
            {"change": "opened", "title": "Ångström is missing.\r\nBcc: x@evil.example", "remedy": "Mend it.",
             "who": "sales", "records": 2, "money": {"USD": "12,480.00"}}
        ],
        "open": [{"title": "Ångström is missing.", "records": 2, "money": {"USD": "12,480.00"}}],
    },
    ensure_ascii=False,
)  # fmt: skip


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as made:
        yield made


def _webhook(url: str) -> Webhook:
    return Webhook(url, "canary-shared", lambda: NOON)


def test_what_is_posted_is_signed_so_that_the_receiver_knows_whose_and_when_it_is(hook: Hook) -> None:
    _webhook(hook.url).send(7, BODY)
    ((headers, body),) = hook.got
    assert body.decode() == BODY
    assert (headers[NUMBER], headers[STAMP]) == ("7", NOON.isoformat())
    assert headers[SIGNATURE] == signature("canary-shared", headers[STAMP], 7, body)
    assert headers[SIGNATURE] != signature("another", headers[STAMP], 7, body)
    assert "canary-shared" not in str(headers)


@pytest.mark.parametrize("status", [301, 307, 308, 400, 404, 500, 503])
def test_any_other_answer_is_a_failure_after_one_attempt(hook: Hook, status: int) -> None:
    hook.status = status
    with pytest.raises(NotTold, match=f"answered {status}"):
        _webhook(hook.url).send(1, BODY)
    assert len(hook.got) == 1


def test_a_redirect_is_not_followed_with_a_body(hook: Hook) -> None:
    """Failure modes, I4."""
    with web_server() as other:
        hook.status, hook.location = 307, other.url
        with pytest.raises(NotTold):
            _webhook(hook.url).send(1, BODY)
        assert other.got == []


def test_a_receiver_that_never_answers_is_left_alone_in_time(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.2)
    hook.silent = threading.Event()
    with pytest.raises(NotTold, match="Timeout") as told:
        _webhook(hook.url).send(1, BODY)
    assert "canary" not in f"{told.value!r} {told.value.__cause__!r}"
    assert len(hook.got) == 1


def test_nobody_there_is_told_without_the_address(hook: Hook) -> None:
    with pytest.raises(NotTold) as told:
        _webhook("http://127.0.0.1:9/canary-path").send(1, BODY)
    assert "canary" not in str(told.value)


def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_said() -> None:
    """Failure modes, S8."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with web_server(context) as other:
        with pytest.raises(NotTold, match="SSLError"):
            _webhook(other.url).send(1, BODY)
        assert other.got == []


@pytest.mark.parametrize("url", ["http://hooks.example/x", "ftp://127.0.0.1/x", "hooks.example"])
def test_a_webhook_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        _webhook(url)


def test_the_proxy_and_the_netrc_of_the_machine_do_not_count(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Failure modes, I5."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    _webhook(hook.url).send(1, BODY)
    assert "Authorization" not in hook.got[0][0]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def post(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Post]:
    """A mail server whose certificate this machine trusts."""
    import ssl

    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with mail_server(context) as made:
        yield made


def _mail(post: Post, user: str = "sync", password: str = "canary-mail") -> Mail:
    return Mail(
        Server("127.0.0.1", post.port, user, password), "sync@acme.example", ["ada@acme.example", "bo@x.example"]
    )


def test_a_mail_goes_to_everybody_under_tls_in_plain_words(post: Post) -> None:
    _mail(post).send(7, BODY)
    (got,) = post.got
    assert post.envelopes[0].rcpt_tos == ["ada@acme.example", "bo@x.example"]
    assert post.in_the_clear == 0
    assert post.signed_in == ["sync"]
    assert got["Subject"] == "[sf_intacct town] 1 opened; 1 open"
    assert "Ångström is missing." in got.get_content()
    assert "12,480.00 USD" in got.get_content()
    assert got["Bcc"] is None, "data must not become a header"


def test_the_same_message_sent_twice_carries_the_same_name(post: Post) -> None:
    for _ in range(2):
        _mail(post).send(7, BODY)
    assert len({got["Message-ID"] for got in post.got}) == 1


def test_a_mail_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotTold, match="SSL"):
        _mail(post).send(1, BODY)
    assert (post.signed_in, post.got) == ([], [])


def test_a_password_never_goes_in_the_clear() -> None:
    with mail_server() as plain:
        with pytest.raises(NotTold, match="no STARTTLS"):
            _mail(plain).send(1, BODY)
        _mail(plain, user="", password="").send(1, BODY)
        assert (len(plain.got), plain.in_the_clear) == (1, 1), "without a password, and to loopback only"


@pytest.mark.parametrize(("password", "refuses"), [("wrong", ""), ("canary-mail", "550 no such person")])
def test_what_the_mail_server_refuses_is_told_without_the_password(post: Post, password: str, refuses: str) -> None:
    post.refuses = refuses
    with pytest.raises(NotTold) as told:
        _mail(post, password=password).send(1, BODY)
    assert "canary" not in f"{told.value!r} {told.value.__cause__!r}"
    assert post.got == []


def test_no_mail_server_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 1)
    with pytest.raises(NotTold, match="ConnectionRefusedError"):
        Mail(Server("127.0.0.1", 9), "a@x.example", ["b@x.example"]).send(1, BODY)

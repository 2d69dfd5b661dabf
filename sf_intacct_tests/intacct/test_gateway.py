"""The client's end of the wire under everything that goes wrong on it: what it proves, and that nothing goes twice."""

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from sf_intacct import calls
from sf_intacct.calls import NotSent
from sf_intacct.errors import (
    Busy,
    ClockError,
    CredentialsError,
    Refused,
    SettingsError,
    SyncError,
    Throttled,
    Uncertain,
)
from sf_intacct.intacct import functions, gateway as gateway_module
from sf_intacct.intacct.envelope import Function, Login
from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.intacct.xml import parse
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.intacct import replies
from sf_intacct_tests.intacct.conftest import LOGIN, PAGE_SIZE, SENDER
from sf_intacct_tests.intacct.sessions import in_session
from sf_intacct_tests.pauses import Pauses
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.intacct import harness

CLASSES = functions.query("CLASS", ["RECORDNO", "CLASSID"], None, "RECORDNO")
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"


def create(identity: str = "k1-0", number: str = "SO-1") -> Function:
    return Function(identity, harness.invoice(harness.line("100.00"), number=number))


def read(gateway: Gateway) -> list[str | None]:
    """The class ids of the company, by a read."""
    (result,) = gateway.read([CLASSES], "reading CLASS")
    assert result.data is not None
    return [record.findtext("CLASSID") for record in result.data]


def write(gateway: Gateway, *calls: Function) -> list[tuple[str, str]]:
    """Identity and status of every result of one write."""
    reply = gateway.write(calls or (create(),), "writing 1 ARINVOICE")
    return [(result.identity, result.status) for result in reply.results]


def executions(company: harness.Gateway, operation: str = "create_invoice") -> int:
    """How often the sandbox carried a request with this operation out: the oracle of these tests."""
    lines = company.http.get(f"{company.root}/_sandbox/requests", timeout=60).json()["lines"]
    return sum(line["executed"] for line in lines if operation in line["operations"])


def received(company: harness.Gateway, operation: str = "create_invoice") -> int:
    lines = company.http.get(f"{company.root}/_sandbox/requests", timeout=60).json()["lines"]
    return sum(operation in line["operations"] for line in lines)


def once(kind: str, **settings: Any) -> dict[str, Any]:
    """A fault on the first request that is not a sign-in."""
    operation = settings.pop("operation", "create_invoice")
    return {"kind": kind, "operation": operation, "times": settings.pop("times", 1), "settings": settings}


# Reading


def test_a_read_signs_in_once_and_answers_in_the_order_of_the_questions(
    company: harness.Gateway, gateway: Gateway
) -> None:
    items = functions.query("ITEM", ["ITEMID"], None, "RECORDNO")
    for _ in range(2):
        classes, found = gateway.read([CLASSES, items], "reading")
        assert classes.data is not None
        assert found.data is not None
        assert (classes.data.get("listtype"), found.data.get("listtype")) == ("CLASS", "ITEM")
    assert received(company, "getAPISession") == 1
    assert gateway.calls == 3


@pytest.mark.answers("C1")
def test_an_ended_session_is_renewed_and_the_read_goes_on(company: harness.Gateway, gateway: Gateway) -> None:
    assert read(gateway) == ["NEW"]
    company.faults(once("expire_session", operation="query*"))
    assert read(gateway) == ["NEW"]
    assert received(company, "getAPISession") == 2


@pytest.mark.answers("C1")
def test_a_session_that_ends_twice_in_a_row_stops_the_read(
    company: harness.Gateway, gateway: Gateway, pauses: Pauses
) -> None:
    company.faults(once("expire_session", operation="query*", times=2))
    with pytest.raises(CredentialsError, match="Invalid session"):
        read(gateway)
    assert received(company, "query CLASS") == 2
    assert pauses == []


def test_a_session_that_times_out_by_itself_is_renewed_too(company: harness.Gateway, gateway: Gateway) -> None:
    assert read(gateway) == ["NEW"]
    company.advance(timedelta(days=2).total_seconds())
    assert read(gateway) == ["NEW"]


@pytest.mark.answers("C3")
def test_a_read_that_is_throttled_waits_as_long_as_it_is_told(
    company: harness.Gateway, gateway: Gateway, pauses: Pauses
) -> None:
    company.faults(once("throttle", operation="query*", times=2, retry_after=17))
    assert read(gateway) == ["NEW"]
    assert pauses == [17.0, 17.0]


@pytest.mark.parametrize(
    "fault",
    [
        once("drop_reply", operation="query*"),
        once("drop_request", operation="query*"),
        once("truncate", operation="query*", keep=0.6),
        once("server_error", operation="query*", status=502),
        once("server_error", operation="query*", status=524, committed=True),
    ],
)
@pytest.mark.answers("C4")
def test_a_read_survives_any_one_fault(
    company: harness.Gateway, gateway: Gateway, pauses: Pauses, fault: dict[str, Any]
) -> None:
    company.faults(fault)
    assert read(gateway) == ["NEW"]
    assert len(pauses) == 1


def test_a_read_does_not_try_for_ever(company: harness.Gateway, gateway: Gateway, pauses: Pauses) -> None:
    company.faults(once("server_error", operation="query*", times=None))
    with pytest.raises(Uncertain, match="HTTP 500"):
        read(gateway)
    assert received(company, "query CLASS") == 5


@pytest.mark.answers("C15")
def test_a_read_that_is_refused_is_refused_once_in_the_gateways_words(
    company: harness.Gateway, gateway: Gateway
) -> None:
    company.act("configure", setting="refused_permissions", value="CLASS")
    with pytest.raises(Refused) as caught:
        read(gateway)
    assert caught.value.code == "PL04000005"
    assert "do not have permission" in caught.value.message
    assert received(company, "query CLASS") == 1


def test_a_read_whose_result_is_missing_is_no_empty_answer(pauses: Pauses) -> None:
    with in_session(Canned(replies.reply(replies.result("somebody else's")))) as (gateway, server):
        with pytest.raises(Uncertain, match="lacks a result"):
            read(gateway)
        assert len(server.received) == 5


# Writing


@pytest.mark.answers("D10", "D22")
def test_a_write_is_sent_once_under_its_own_identity_with_repeats_refused(
    company: harness.Gateway, gateway: Gateway
) -> None:
    assert write(gateway) == [("k1-0", "success")]
    assert write(gateway) == [("k1-0", "")]  # the gateway knows it, and carries nothing out
    assert company.books()["invoices"] == 1
    assert company.books()["repeated_executions"] == {}


@pytest.mark.answers("D1", "S10")
def test_a_reply_that_is_lost_after_the_commit_is_uncertain_and_nothing_is_repeated(
    company: harness.Gateway, gateway: Gateway, pauses: Pauses
) -> None:
    company.faults(once("drop_reply"))
    with pytest.raises(Uncertain, match="broke: ConnectionError"):
        write(gateway)
    assert company.books()["invoices"] == 1
    assert (received(company), executions(company)) == (1, 1)
    assert pauses == []


def test_a_request_that_is_lost_is_just_as_uncertain(company: harness.Gateway, gateway: Gateway) -> None:
    company.faults(once("drop_request"))
    with pytest.raises(Uncertain):
        write(gateway)
    assert company.books()["invoices"] == 0
    assert (received(company), executions(company)) == (1, 0)


@pytest.mark.parametrize("status", [500, 502, 503, 524])
@pytest.mark.parametrize(("committed", "invoices"), [(False, 0), (True, 1)])
@pytest.mark.answers("D4", "D5", "D6")
def test_a_server_error_is_uncertain_whether_or_not_the_write_was_committed(
    company: harness.Gateway, gateway: Gateway, status: int, committed: bool, invoices: int
) -> None:
    company.faults(once("server_error", status=status, committed=committed))
    with pytest.raises(Uncertain, match=f"HTTP {status}"):
        write(gateway)
    assert (received(company), company.books()["invoices"]) == (1, invoices)


@pytest.mark.parametrize("keep", [0.01, 0.5, 0.99])
@pytest.mark.answers("C4", "D11")
def test_a_reply_that_was_cut_is_uncertain(company: harness.Gateway, gateway: Gateway, keep: float) -> None:
    company.faults(once("truncate", keep=keep))
    with pytest.raises(Uncertain):
        write(gateway)
    assert (received(company), company.books()["invoices"]) == (1, 1)


def test_a_write_that_is_throttled_was_not_carried_out_and_says_when_to_come_back(
    company: harness.Gateway, gateway: Gateway, pauses: Pauses
) -> None:
    company.faults(once("throttle", retry_after=30))
    with pytest.raises(Throttled) as caught:
        write(gateway)
    assert caught.value.retry_after == 30
    assert (received(company), executions(company)) == (1, 0)
    assert pauses == []


def test_an_ended_session_is_renewed_for_a_write_which_was_provably_not_looked_at(
    company: harness.Gateway, gateway: Gateway
) -> None:
    company.faults(once("expire_session"))
    assert write(gateway) == [("k1-0", "success")]
    assert company.books()["invoices"] == 1
    assert received(company) == 2


@pytest.mark.answers("D16")
def test_a_session_that_ends_twice_in_a_row_stops_the_write(company: harness.Gateway, gateway: Gateway) -> None:
    company.faults(once("expire_session", times=2))
    with pytest.raises(CredentialsError):
        write(gateway)
    assert (received(company), company.books()["invoices"]) == (2, 0)


def test_a_refusal_is_a_result_like_any_other(company: harness.Gateway, gateway: Gateway) -> None:
    company.faults(once("refuse", code="BL01001973", message="Smart rule says no"))
    assert write(gateway, create("k1-0", "SO-1"), create("k2-0", "SO-2")) == [("k1-0", "failure"), ("k2-0", "success")]


def test_a_reply_that_does_not_come_is_waited_for_as_long_as_the_account_says() -> None:
    with canned.listening() as listener:
        url = f"http://{canned.LOOPBACK}:{listener.getsockname()[1]}"
        with pytest.raises(NotSent, match="ReadTimeout"):  # not even the sign-in was answered
            write(Gateway(Account(url, SENDER, LOGIN, timeout=timedelta(milliseconds=50))))


@pytest.mark.answers("S23")
def test_a_reply_that_drips_in_for_ever_is_given_up_at_the_deadline() -> None:
    with (
        canned.answering(Canned(b"drip")) as server,
        requests.get(server.url, timeout=5, stream=True) as response,
        pytest.raises(requests.exceptions.ReadTimeout),
    ):
        gateway_module._body(response, deadline=0.0)


@pytest.mark.answers("D9")
def test_every_write_takes_a_connection_of_its_own(pauses: Pauses) -> None:
    """A connection that idled may be dropped with the request half sent: nobody could say what came of it."""
    with in_session(Canned(replies.reply(replies.result("k1-0"))), keep_alive=True) as (gateway, server):
        with pytest.raises(Uncertain):
            read(gateway)
        write(gateway)
        write(gateway)
        *reading, first, second = [one.port for one in server.received]
    assert len(set(reading)) == 1
    assert len({*reading, first, second}) == 3


@pytest.mark.answers("G11")
def test_whether_it_may_be_sent_is_asked_when_we_are_signed_in_and_right_before_the_request(
    company: harness.Gateway, gateway: Gateway
) -> None:
    """Signing in may take minutes, in which the right to send may run out (failure modes, rule 7 and G11)."""
    asked: list[tuple[int, int]] = []

    def too_late() -> None:
        asked.append((received(company, "getAPISession"), received(company)))
        raise Busy("sending", holder="another process", until=START)

    with pytest.raises(Busy):
        gateway.write([create()], "writing", None, too_late)
    assert asked == [(1, 0)]
    assert received(company) == 0


# Answers that no gateway should give


def _cut(whole: bytes) -> list[Canned]:
    """Halves of an answer that HTTP itself calls complete: no length was said, or half a compressed stream was sent.

    Common clients take both for success (failure modes, A9 and A10).
    """
    packed = gzip.compress(whole)
    return [
        Canned(whole[: len(whole) // 2], headers={"Content-Length": None}),
        Canned(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"}),
        Canned(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip", "Content-Length": None}),
    ]


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (Canned(LOGIN_PAGE, headers={"Content-Type": "text/html"}), "HTTP 200 with a body that is no reply"),
        (Canned(b""), "HTTP 200 with a body that is no reply"),
        (Canned(b"<response><control>"), "HTTP 200 with a body that is no reply"),
        (Canned(b"<!DOCTYPE response><response/>"), "HTTP 200 with a body that is no reply"),
        *((cut, "HTTP 200 with a body that is no reply") for cut in _cut(replies.reply(replies.result("k1-0")))),
        (Canned(b"<response/>"), "neither"),
        (Canned(replies.reply(replies.result("k1-0"), authentication="")), "neither"),
        (Canned(replies.reply(replies.result("k1-0"), company="OTHER")), "from company OTHER"),
        (Canned(replies.reply(replies.result("k1-0"), company="")), r"from company \(none\)"),
        (Canned(replies.reply(replies.result("k1-0")), status=202), "HTTP 202"),
        (Canned(replies.reply(replies.result("k1-0")), status=404), "HTTP 404"),
        (Canned(replies.reply(replies.result("k1-0")), status=500), "HTTP 500"),
        (Canned(replies.CONTROL_FAILURE, status=500), "HTTP 500"),
        (Canned(replies.reply(replies.result("k1-0")), status=429), "HTTP 429"),
        (Canned(b"slow down", status=429, headers={"Retry-After": "1"}), "HTTP 429 with a body that is no reply"),
    ],
)
@pytest.mark.answers("D4", "D10", "D12", "D39", "S18")
def test_a_write_with_any_such_answer_is_uncertain_and_was_sent_once(answer: Canned, seen: str) -> None:
    with in_session(answer) as (gateway, server):
        with pytest.raises(Uncertain, match=seen):
            write(gateway)
        assert len(server.received) == 1


@pytest.mark.parametrize(
    ("ahead", "said"), [(31, "31 s ahead of"), (-3600, "3600 s behind"), (7200, "7200 s ahead of")]
)
@pytest.mark.answers("J2")
def test_nothing_is_sent_while_our_clock_is_not_the_gateways(company: harness.Gateway, ahead: int, said: str) -> None:
    """Failure modes, J2: by a clock that jumped, the quiet time before a second send would be over at once."""
    wrong = harness.START + timedelta(seconds=ahead)
    gateway = Gateway(Account(company.url, SENDER, LOGIN), now=lambda: wrong)
    assert read(gateway), "reading goes on"
    with pytest.raises(ClockError, match=said):
        write(gateway)
    with pytest.raises(ClockError, match=said):
        IntacctSystem(gateway, PAGE_SIZE).find([])
    assert received(company) == 0
    right = Gateway(Account(company.url, SENDER, LOGIN), now=lambda: harness.START + timedelta(seconds=29))
    assert write(right) == [("k1-0", "success")]


@pytest.mark.parametrize("date", ["yesterday", "Mon, 40 Nov 2026 08:00:00 GMT", ""])
def test_a_reply_with_no_date_to_read_says_nothing_about_our_clock(date: str) -> None:
    with canned.answering() as server:
        server.replies += [Canned(replies.session(server.url), headers={"Date": date})]
        gateway = Gateway(Account(server.url, SENDER, LOGIN), now=lambda: harness.START)
        gateway.session("signing in")
        gateway.check_clock("writing")


def test_a_write_is_throttled_only_in_the_gateways_own_words() -> None:
    with in_session(Canned(replies.THROTTLED, status=429)) as (gateway, _), pytest.raises(Throttled) as caught:
        write(gateway)
    assert caught.value.retry_after is None
    assert "API rate limit exceeded" in str(caught.value)


@pytest.mark.answers("I4", "S9")
def test_a_redirect_is_not_followed_and_the_other_server_receives_nothing() -> None:
    with canned.answering(Canned(replies.reply(replies.result("k1-0")))) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            redirect = Canned(status=status, headers={"Location": elsewhere.url})
            with in_session(redirect) as (gateway, server):
                with pytest.raises(Uncertain):
                    write(gateway)
                assert len(server.received) == 1
        assert elsewhere.received == []


@pytest.mark.answers("C6", "S23")
def test_a_reply_larger_than_we_read_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BODY_MAX", 1000)
    with in_session(Canned(b"x" * 1001)) as (gateway, _), pytest.raises(Uncertain, match="sent a reply of more than"):
        write(gateway)


@pytest.mark.answers("I5", "S9")
def test_what_the_environment_says_of_proxies_and_passwords_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, company: harness.Gateway, gateway: Gateway
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canned.closed_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert read(gateway) == ["NEW"]
    assert write(gateway) == [("k1-0", "success")]


# Signing in


@pytest.mark.parametrize(
    "login",
    [
        Login(LOGIN.company_id, LOGIN.user_id, "wrong"),
        Login(LOGIN.company_id, "nobody", LOGIN.password),
        Login("NOBODY", LOGIN.user_id, LOGIN.password),
        Login(LOGIN.company_id, LOGIN.user_id, LOGIN.password, entity_id="NOWHERE"),
    ],
)
@pytest.mark.answers("I7")
def test_a_login_that_is_wrong_is_tried_once(company: harness.Gateway, login: Login) -> None:
    with pytest.raises(CredentialsError, match=f"company {login.company_id}.*Sign-in information is incorrect"):
        read(Gateway(Account(company.url, SENDER, login)))
    assert received(company, "getAPISession") == 1


def test_a_login_may_be_for_one_entity(company: harness.Gateway) -> None:
    at_entity = Login(LOGIN.company_id, LOGIN.user_id, LOGIN.password, entity_id="US")
    assert read(Gateway(Account(company.url, SENDER, at_entity))) == ["NEW"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:1/ia/xml/xmlgw.phtml",
        "http://evil.example.com/ia/xml/xmlgw.phtml",
        "https://api.intacct.com/ia/xml/xmlgw.phtml",
        "",
        "elsewhere",
    ],
)
@pytest.mark.answers("C2")
def test_a_login_that_would_send_us_elsewhere_is_not_followed(endpoint: str) -> None:
    with canned.answering(Canned(replies.session(endpoint))) as server:
        with pytest.raises(CredentialsError, match="the session would send us to"):
            write(Gateway(Account(server.url, SENDER, LOGIN)))
        assert len(server.received) == 1


@pytest.mark.answers("C2", "S9")
def test_the_server_that_a_login_would_send_us_to_receives_nothing() -> None:
    with canned.answering(Canned()) as elsewhere, canned.answering(Canned(replies.session(elsewhere.url))) as server:
        with pytest.raises(CredentialsError):
            write(Gateway(Account(server.url, SENDER, LOGIN)))
        assert elsewhere.received == []


@pytest.mark.parametrize(
    "answer",
    [
        Canned(LOGIN_PAGE),
        Canned(status=503),
        Canned(replies.reply()),
        Canned(b"<response/>"),
        Canned(replies.session("http://127.0.0.1", company="OTHER")),
    ],
)
def test_a_sign_in_that_proves_nothing_proves_that_the_write_was_not_sent(answer: Canned) -> None:
    """A login changes nothing: without a session there is no write, so none can be uncertain."""
    with canned.answering(answer) as server:
        with pytest.raises(NotSent, match="signing in to Intacct"):
            write(Gateway(Account(server.url, SENDER, LOGIN)))
        assert not any(b"create_invoice" in one.body for one in server.received)


@pytest.mark.answers("D7")
def test_a_gateway_that_does_not_answer_was_not_written_to() -> None:
    account = Account(f"http://127.0.0.1:{canned.closed_port()}/", SENDER, LOGIN)
    with pytest.raises(NotSent):
        write(Gateway(account))


def test_a_session_that_was_renewed_in_vain_leaves_the_write_unsent(pauses: Pauses) -> None:
    """The first try was refused at sign-in, and the second never left."""
    with in_session(Canned(replies.AUTHENTICATION_FAILURE), Canned(status=502)) as (gateway, server):
        with pytest.raises(NotSent):
            write(gateway)
        assert [b"create_invoice" in one.body for one in server.received] == [True, False]


# The account


@pytest.mark.parametrize(
    ("ours", "theirs", "allowed"),
    [
        ("https://api.intacct.com/ia", "https://api.intacct.com/ia", True),
        ("https://api.intacct.com/ia", "https://www-p501.intacct.com/ia", True),
        ("https://api.intacct.com/ia", "http://api.intacct.com/ia", False),
        ("https://api.intacct.com/ia", "https://intacct.com.example.com/ia", False),
        ("https://api.intacct.com/ia", "https://evilintacct.com/ia", False),
        ("https://api.intacct.com/ia", "https://api.intacct.com@example.com/ia", False),
        ("https://api.intacct.com/ia", "https://example.com/#.intacct.com", False),
        ("http://127.0.0.1:8081/ia", "http://127.0.0.1:8081/other", True),
        ("http://127.0.0.1:8081/ia", "http://127.0.0.1:9090/ia", False),
    ],
)
@pytest.mark.answers("C2")
def test_a_session_is_taken_to_intacts_own_hosts_alone(ours: str, theirs: str, allowed: bool) -> None:
    assert Account(ours, SENDER, LOGIN).allows(theirs) is allowed


@pytest.mark.answers("I6")
def test_credentials_do_not_travel_in_clear_text() -> None:
    with pytest.raises(SettingsError, match="use https"):
        Account("http://api.intacct.com/ia/xml/xmlgw.phtml", SENDER, LOGIN)


@pytest.mark.answers("I2")
def test_no_secret_gets_into_an_error(company: harness.Gateway) -> None:
    secret = Login(LOGIN.company_id, LOGIN.user_id, "canary-9d2")
    with pytest.raises(SyncError) as caught:
        read(Gateway(Account(company.url, SENDER, secret)))
    shown = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {Account(company.url, SENDER, secret)!r}"
    assert "canary-9d2" not in shown
    assert SENDER.password not in shown


@pytest.mark.answers("D22")
def test_every_write_asks_for_repeats_to_be_refused_and_no_read_does(pauses: Pauses) -> None:
    with in_session(Canned(replies.reply(replies.result("k1-0")))) as (gateway, server):
        write(gateway)
        with pytest.raises(Uncertain):
            read(gateway)
        asked = [parse(one.body).findtext("control/uniqueid") for one in server.received]
    assert asked == ["true", "false", "false", "false", "false", "false"]


# Entities


def owners(company: harness.Gateway) -> dict[str, str | None]:
    return {row["RECORDID"]: row["MEGAENTITYID"] for row in company.rows("ARINVOICE") if row["DELETED_AT"] is None}


def test_each_entity_is_written_in_by_a_session_of_its_own_and_read_from_the_top(
    company: harness.Gateway, gateway: Gateway
) -> None:
    for number, entity in (("SO-1", "US"), ("SO-2", "EU"), ("SO-3", "US"), ("SO-4", None)):
        gateway.write([create(number, number)], "writing", entity)

    assert owners(company) == {"SO-1": "US", "SO-2": "EU", "SO-3": "US", "SO-4": None}
    assert received(company, "getAPISession") == 3
    (result,) = gateway.read([functions.query("ARINVOICE", ["RECORDID"], None, "RECORDNO")], "reading")
    assert result.data is not None
    assert len(result.data) == 4


def test_a_session_of_an_entity_that_ended_is_renewed_in_that_entity(
    company: harness.Gateway, gateway: Gateway
) -> None:
    gateway.write([create("k1")], "writing", "US")
    company.advance(timedelta(days=2).total_seconds())
    gateway.write([create("k2", "SO-2")], "writing", "US")
    assert owners(company) == {"SO-1": "US", "SO-2": "US"}


def test_an_entity_we_are_not_let_into_is_asked_for_once_and_the_others_go_on(
    company: harness.Gateway, gateway: Gateway
) -> None:
    for _ in range(3):
        with pytest.raises(Refused, match="no way into the entity 'MARS'"):
            gateway.write([create()], "writing", "MARS")
    assert received(company, "getAPISession") == 2  # in MARS, and without it: the password is right
    gateway.write([create()], "writing", "US")
    assert owners(company) == {"SO-1": "US"}


def test_a_wrong_password_is_no_question_of_the_entity(company: harness.Gateway) -> None:
    wrong = Gateway(Account(company.url, SENDER, replace(LOGIN, password="wrong")))
    with pytest.raises(CredentialsError):
        wrong.write([create()], "writing", "US")


def test_a_session_that_is_not_in_the_entity_we_mean_is_not_used() -> None:
    with in_session() as (gateway, server):
        server.replies[:] = [Canned(replies.session(server.url))]
        with pytest.raises(Refused, match="the session is in no entity, not in US"):
            gateway.write([create()], "writing", "US")
        assert len(server.received) == 2  # two sign-ins, and no invoice

"""One call at a time: what an answer proves, what is renewed, and that a write never goes twice."""

import gzip
import itertools
import json
import time
from dataclasses import replace
from typing import Any

import pytest

from sf_intacct import calls
from sf_intacct.calls import NotSent
from sf_intacct.errors import Busy, ContractError, CredentialsError, Refused, Throttled, TryLater, Uncertain
from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.pauses import Pauses
from sf_intacct_tests.salesforce.sessions import in_session, token
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote

ACCOUNTS = {"q": "SELECT Id, Name FROM Account"}
BODY = b'{"allOrNone":false,"records":[{"attributes":{"type":"Account"},"Name":"Acme"}]}'
WRITTEN = b'[{"id":"001A000000000001AAA","success":true,"errors":[]},{"id":"001A2","success":true,"errors":[]}]'
RECORDS = Canned(b'{"totalSize":0,"done":true,"records":[]}')
EXPIRED = Canned(b'[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]', status=401)


def read(rest: Rest) -> list[str]:
    return [record["Name"] for record in rest.read("queryAll", "reading Account", params=ACCOUNTS)["records"]]


def write(rest: Rest) -> Any:
    """Creates one account. Nobody could tell a second try from a second account."""
    headers = {"Content-Type": "application/json"}
    return rest.call("POST", "composite/sobjects", "writing 1 Account", data=BODY, headers=headers)


def writes(remote: Remote) -> list[bool]:
    """Every writing request that arrived, and whether it was carried out: the oracle of these tests."""
    return [line["executed"] for line in remote.log() if line["is_write"]]


def refusal(code: str, status: int, message: str = "no") -> Canned:
    return Canned(json.dumps([{"errorCode": code, "message": message}]).encode(), status=status)


# Reading


def test_a_read_signs_in_once(rest: Rest, remote: Remote) -> None:
    logins = len(remote.log())
    assert [read(rest), read(rest)] == [[], []]
    assert [line["operations"] for line in remote.log()[logins:]][1:] == [{"queryAll": 1, "query Account": 1}] * 2
    assert rest.calls == 2


def test_an_ended_session_is_renewed_once_and_the_read_goes_on(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    read(rest)
    remote.fault("expire_session", operation="query *")
    assert read(rest) == []
    assert pauses == []


@pytest.mark.answers("A2")
def test_a_session_that_ends_twice_in_a_row_stops_the_read(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    remote.fault("expire_session", operation="query *", times=2)
    with pytest.raises(CredentialsError, match="a new session is not accepted either"):
        read(rest)
    assert pauses == []


def test_a_renewed_session_repeats_the_very_same_request_headers_included() -> None:
    said = {"Content-Type": "application/json", "If-Unmodified-Since": "Thu, 05 Mar 2026 12:00:00 GMT"}
    with in_session() as (rest, server):
        server.replies += [EXPIRED, token(server, 2), Canned(b'[{"success":true}]')]
        answer = rest.call("PATCH", "composite/sobjects", "writing 1 Account", data=BODY, headers=said)
        _, first, _, second = server.received
    assert answer == [{"success": True}]
    assert (first.method, first.body) == ("PATCH", BODY)
    assert (second.method, second.path, second.body) == (first.method, first.path, first.body)
    assert second.headers["Authorization"] == "Bearer 00D!2"
    assert {**first.headers, "Authorization": ""} == {**second.headers, "Authorization": ""}
    assert {**second.headers, **said, "Sforce-Call-Options": "client=sf_intacct"} == second.headers


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "throttle"},
        {"kind": "drop_reply"},
        {"kind": "drop_request"},
        {"kind": "truncate"},
        {"kind": "server_error", "settings": {"status": 500}},
        {"kind": "server_error", "settings": {"status": 503}},
        {"kind": "refuse", "settings": {"code": "UNABLE_TO_LOCK_ROW", "message": "locked"}},
    ],
)
def test_a_read_survives_any_one_fault(rest: Rest, remote: Remote, pauses: Pauses, fault: dict[str, Any]) -> None:
    remote.fault(**fault, operation="query *")
    assert read(rest) == []
    assert len(pauses) == 1


@pytest.mark.answers("A6")
def test_a_read_does_not_try_for_ever(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    remote.fault("server_error", operation="query *", times=None)
    with pytest.raises(Uncertain, match="HTTP 500"):
        read(rest)
    assert len(pauses) == 4


WHOLE = '{"totalSize":1,"done":true,"records":[{"Name":"Müller"}]}'
NO_LENGTH = {"Content-Length": ""}


@pytest.mark.answers("A8", "A9", "A10", "A15", "A16")
@pytest.mark.parametrize(
    "answer",
    [
        Canned(WHOLE.encode()[:40], headers={"Content-Length": "500"}),
        Canned(WHOLE.encode()[:40], headers=NO_LENGTH),
        Canned(b"5\r\n" + WHOLE.encode()[:5] + b"\r\n", headers={**NO_LENGTH, "Transfer-Encoding": "chunked"}),
        Canned(gzip.compress(WHOLE.encode())[:40], headers={**NO_LENGTH, "Content-Encoding": "gzip"}),
        Canned(b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"}),
        Canned(WHOLE.encode("latin-1"), headers={"Content-Type": "application/json;charset=UTF-8"}),
        Canned(WHOLE.encode("latin-1"), headers={"Content-Type": "application/json"}),
        Canned(WHOLE.encode("latin-1")),
    ],
)
def test_an_answer_that_is_not_whole_or_not_text_is_none_and_is_asked_for_again(answer: Canned, pauses: Pauses) -> None:
    """Neither is half an answer taken for a whole one, nor a letter for a question mark."""
    with in_session(answer, Canned(WHOLE.encode())) as (rest, _):
        assert read(rest) == ["Müller"]
    assert len(pauses) == 1


@pytest.mark.answers("A5")
@pytest.mark.parametrize("busy", [Canned(status=429), refusal("SERVER_UNAVAILABLE", 503)])
@pytest.mark.parametrize("asked", ["17", "Tue, 17 Mar 2026 09:30:32 GMT"])
def test_a_read_waits_as_long_as_salesforce_asks_in_either_spelling(busy: Canned, asked: str, pauses: Pauses) -> None:
    said = {"Retry-After": asked, "Date": "Tue, 17 Mar 2026 09:30:15 GMT"}
    with in_session(replace(busy, headers=said), Canned(WHOLE.encode())) as (rest, _):
        assert read(rest) == ["Müller"]
    assert pauses == [17.0]


def test_a_spent_allocation_is_waited_out_and_not_a_refusal(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    remote.act("set_limit", name="requests_per_day", value=0)
    with pytest.raises(Throttled, match="TotalRequests Limit exceeded"):
        read(rest)
    assert len(pauses) == 4


def test_a_question_that_is_wrong_is_asked_once(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    with pytest.raises(ContractError) as caught:
        rest.read("queryAll", "reading Account", params={"q": "SELECT Nonsense__c FROM Account"})
    assert "No such column 'Nonsense__c'" in caught.value.seen
    assert "right to see the field" in caught.value.remedy
    assert pauses == []


@pytest.mark.answers("E1", "E8")
def test_numbers_come_as_they_were_written_and_never_as_floats() -> None:
    body = b'{"records":[{"a":0.1,"b":12345678901234567.89,"c":1.5E7,"d":-2.50e3,"e":7,"f":1e-7}]}'
    with in_session(Canned(body)) as (rest, _):
        (record,) = rest.read("queryAll", "reading")["records"]
    assert record == {"a": "0.1", "b": "12345678901234567.89", "c": "15000000", "d": "-2500", "e": 7, "f": "0.0000001"}


# Writing


def test_a_write_goes_out_once(rest: Rest, remote: Remote) -> None:
    assert write(rest)[0]["success"] is True
    assert writes(remote) == [True]


def test_whether_it_may_be_sent_is_asked_when_we_are_signed_in_and_right_before_the_request(
    rest: Rest, remote: Remote
) -> None:
    before = len(remote.log())
    asked: list[int] = []

    def too_late() -> None:
        asked.append(len(remote.log()) - before)
        raise Busy("sending", holder="another process", until=START)

    with pytest.raises(Busy):
        rest.call("POST", "composite/sobjects", "writing", too_late, data=BODY)
    assert asked == [1], "the sign-in comes first"
    assert writes(remote) == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.answers("S10")
def test_a_server_error_on_a_write_is_uncertain_and_nothing_is_repeated(
    rest: Rest, remote: Remote, pauses: Pauses, status: int, committed: bool
) -> None:
    remote.fault("server_error", writes_only=True, operation="*", settings={"status": status, "committed": committed})
    with pytest.raises(Uncertain, match=f"HTTP {status}"):
        write(rest)
    assert writes(remote) == [committed]
    assert len(remote.rows("Account")) == committed
    assert pauses == []


@pytest.mark.parametrize(("kind", "records"), [("drop_reply", 1), ("drop_request", 0), ("truncate", 1)])
def test_an_answer_that_does_not_arrive_is_uncertain(rest: Rest, remote: Remote, kind: str, records: int) -> None:
    remote.fault(kind, writes_only=True, operation="*")
    with pytest.raises(Uncertain):
        write(rest)
    assert len(writes(remote)) == 1
    assert len(remote.rows("Account")) == records


def test_a_write_that_is_throttled_was_not_carried_out(rest: Rest, remote: Remote, pauses: Pauses) -> None:
    remote.fault("throttle", writes_only=True, operation="*", settings={"retry_after": 5})
    with pytest.raises(Throttled):
        write(rest)
    assert writes(remote) == [False]
    assert pauses == []


def test_an_ended_session_is_renewed_for_a_write_which_was_provably_not_looked_at(rest: Rest, remote: Remote) -> None:
    remote.fault("expire_session", writes_only=True, operation="*")
    assert write(rest)[0]["success"] is True
    assert len(remote.rows("Account")) == 1


@pytest.mark.parametrize(
    ("answer", "error", "seen"),
    [
        (Canned(b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"}), Uncertain, "not JSON"),
        (Canned(b'[{"id":"001A","succ'), Uncertain, "not JSON"),
        (Canned(b""), Uncertain, "not JSON"),
        (Canned(WRITTEN[:20], headers={"Content-Length": None}), Uncertain, "not JSON"),
        (Canned(gzip.compress(WRITTEN)[:40], headers={"Content-Encoding": "gzip"}), Uncertain, "not JSON"),
        (Canned(gzip.compress(WRITTEN)[:5], headers={"Content-Encoding": "gzip"}), Uncertain, "not JSON"),
        (Canned(b"<html>", status=500), Uncertain, "HTTP 500"),
        (Canned(b"<html>", status=503), Uncertain, "HTTP 503"),
        (Canned(b"<html>", status=524), Uncertain, "HTTP 524"),
        (refusal("UNKNOWN_EXCEPTION", 500), Uncertain, "HTTP 500 UNKNOWN_EXCEPTION"),
        (refusal("SERVER_UNAVAILABLE", 503), TryLater, "SERVER_UNAVAILABLE"),
        (refusal("REQUEST_RUNNING_TOO_LONG", 500), TryLater, "REQUEST_RUNNING_TOO_LONG"),
        (refusal("UNABLE_TO_LOCK_ROW", 400), TryLater, "UNABLE_TO_LOCK_ROW"),
        (refusal("REQUEST_LIMIT_EXCEEDED", 403), Throttled, "no"),
        (Canned(b"slow down", status=429), Throttled, "slow down"),
        (Canned(b"", status=429), Throttled, "too many requests"),
        (refusal("MALFORMED_QUERY", 400, "unexpected token"), Refused, "MALFORMED_QUERY: unexpected token"),
        (refusal("NOT_FOUND", 404), Refused, "NOT_FOUND"),
        (Canned(b'{"error":"invalid","message":"an object"}', status=400), Refused, "invalid: an object"),
        (Canned(b"plain words", status=400), Refused, "HTTP 400: plain words"),
        (Canned(b"[]", status=404), Refused, "HTTP 404"),
        (Canned(b'["/one","/two"]', status=300), Refused, "HTTP 300"),
    ],
)
@pytest.mark.answers("B10")
def test_every_answer_is_what_the_caller_does_next(answer: Canned, error: type[Exception], seen: str) -> None:
    with in_session(answer) as (rest, server):
        with pytest.raises(error, match=seen) as caught:
            write(rest)
        assert caught.type is error
        assert len(server.received) == 2  # the sign-in, and the write once


@pytest.mark.answers("I4")
def test_a_redirect_is_not_followed_and_the_other_server_receives_nothing() -> None:
    with canned.answering(RECORDS) as elsewhere:
        for status in (301, 302, 307, 308):
            redirect = Canned(status=status, headers={"Location": elsewhere.url})
            with in_session(redirect) as (rest, _), pytest.raises(Refused, match=f"HTTP {status}"):
                write(rest)
        assert elsewhere.received == []


def test_nobody_there_means_that_nothing_was_sent() -> None:
    nobody = Rest(Account(f"http://127.0.0.1:{canned.closed_port()}", Flow.CLIENT_CREDENTIALS), lambda: START)
    with pytest.raises(TryLater):
        write(nobody)


def test_a_server_that_went_away_after_the_sign_in_was_not_written_to() -> None:
    with in_session(RECORDS) as (rest, server):
        rest.read("queryAll", "reading")
        assert len(server.received) == 2
    with pytest.raises(NotSent):
        write(rest)


# Whose organisation it is


def test_a_session_of_the_organisation_we_mean_is_used(account: Account, remote: Remote) -> None:
    (ours,) = remote.rows("Organization")
    for written in (ours["Id"], ours["Id"][:15]):
        assert read(Rest(replace(account, organization_id=written), lambda: START)) == []


@pytest.mark.answers("A30", "S18")
def test_a_session_of_any_other_organisation_is_refused_before_anything_is_read_or_written(
    account: Account, remote: Remote
) -> None:
    """Failure modes, S18: a copy of ours has the same users and the same records."""
    rest = Rest(replace(account, organization_id="00D000000000001EAA"), lambda: START)
    for call in (read, write):
        with pytest.raises(CredentialsError, match="SF_INTACCT_SALESFORCE_ORGANIZATION_ID"):
            call(rest)
    assert writes(remote) == []
    assert not any("query Account" in line["operations"] for line in remote.log())


def test_an_organisation_that_does_not_say_who_it_is_is_not_written_to() -> None:
    with in_session(Canned(b"{}")) as (rest, server):
        rest.account = replace(rest.account, organization_id="00D000000000001EAA")
        with pytest.raises(TryLater):
            write(rest)
        assert [request.method for request in server.received] == ["POST", "GET"]


def test_a_reply_that_never_ends_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failure modes, S23."""
    monkeypatch.setattr(calls, "BODY_MAX", 1000)
    endless = in_session(Canned(b'{"records": ["' + b"x" * 2000 + b'"]}'))
    with endless as (rest, _), pytest.raises(Uncertain, match="Salesforce sent a reply of more than"):
        rest.call("GET", "limits", "asking")


@pytest.mark.answers("A7", "S23")
def test_a_reply_that_drips_in_for_ever_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failure modes, A7: no single wait for a byte is long."""
    passed = itertools.count(step=50)
    monkeypatch.setattr(time, "monotonic", lambda: next(passed))
    dripping = in_session(Canned(b'{"records": ["' + b"x" * 400_000 + b'"]}'))
    with dripping as (rest, _), pytest.raises(Uncertain, match="ReadTimeout"):
        rest.call("GET", "limits", "asking")

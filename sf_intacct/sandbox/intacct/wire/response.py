"""The response envelope in each of its shapes: results, control failure, gateway failure, refused sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.wire.markup import DECLARATION, Markup
from sf_intacct.sandbox.intacct.wire.request import Control
from sf_intacct.sandbox.wire import Reply

# The vendor's own fixtures spell the parameter `encoding`; it is not `charset`.
CONTENT_TYPE = 'text/xml; encoding="UTF-8"'
SUCCESS, FAILURE, ABORTED = "success", "failure", "aborted"


@dataclass
class Outcome:
    """What came of one function. An empty status is the answer to a repeated control id.

    payload are elements that follow the control id; document is an answer without any envelope, which
    `query` gives when asked for JSON or CSV.
    """

    status: str = SUCCESS
    payload: list[str] = field(default_factory=list)
    problems: Sequence[Problem] = ()
    document: tuple[str, bytes] | None = None

    @property
    def failed(self) -> bool:
        return self.status not in (SUCCESS, "")


@dataclass(frozen=True)
class SignedIn:
    """The authentication block of a caller that was let in."""

    userid: str
    companyid: str
    locationid: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Envelope:
    """Writes one answer. support_id is a mark for the first error of each failed function, if any."""

    markup: Markup
    control: Control
    support_id: str = ""

    def results(self, signed_in: SignedIn, results: Sequence[tuple[str, str, Outcome]]) -> Reply:
        """`results` are function name, function control id and outcome, in the order of the request."""
        blocks = [self._result(*result) for result in results]
        return self._reply(
            [self._control(SUCCESS), self.markup.node("operation", [self._signed_in(signed_in), *blocks])]
        )

    def control_failure(self, problems: Sequence[Problem]) -> Reply:
        return self._reply([self._control(FAILURE), self._errors(problems)])

    def sign_in_failure(self, userid: str, companyid: str, problem: Problem) -> Reply:
        """The errors stand beside the authentication block, and there is no result."""
        block = self.markup.texts({"status": FAILURE, "userid": userid, "companyid": companyid})
        operation = [self.markup.node("authentication", block), self._errors([problem])]
        return self._reply([self._control(SUCCESS), self.markup.node("operation", operation)])

    def _control(self, status: str) -> str:
        block = {
            "status": status,
            "senderid": self.control.senderid,
            "controlid": self.control.controlid,
            "uniqueid": self.control.uniqueid or "true",
            "dtdversion": self.control.dtdversion,
        }
        return self.markup.node("control", self.markup.texts(block))

    def _signed_in(self, signed_in: SignedIn) -> str:
        block = {
            "status": SUCCESS,
            "userid": signed_in.userid,
            "companyid": signed_in.companyid,
            "locationid": signed_in.locationid,
            "sessiontimestamp": signed_in.since.isoformat(timespec="seconds"),
            "sessiontimeout": signed_in.until.isoformat(timespec="seconds"),
        }
        return self.markup.node("authentication", self.markup.texts(block))

    def _result(self, function: str, control_id: str, outcome: Outcome) -> str:
        head = {"status": outcome.status, "function": function, "controlid": control_id}
        if not outcome.status:
            del head["status"]
        errors = [self._errors(outcome.problems, self.support_id)] if outcome.problems else []
        return self.markup.node("result", [*self.markup.texts(head), *outcome.payload, *errors])

    def _errors(self, problems: Sequence[Problem], support_id: str = "") -> str:
        marks = [support_id] + [""] * len(problems)
        return self.markup.node(
            "errormessage", [self._error(one, mark) for one, mark in zip(problems, marks, strict=False)]
        )

    def _error(self, problem: Problem, support_id: str) -> str:
        text = problem.text
        if support_id and text:
            text = f"{text} [Support ID: {quote(support_id, safe='')}]"
        block = {
            "errorno": problem.errorno,
            "description": problem.description,
            "description2": text,
            "correction": problem.correction,
        }
        if not problem.errorno:
            del block["errorno"]
        extra = [self._additional(problem, support_id)] if self.control.informative else []
        return self.markup.node("error", [*self.markup.texts(block), *extra])

    def _additional(self, problem: Problem, support_id: str) -> str:
        """Every part is there and empty where nothing is known."""
        target = {"domain": "", "requestinfo": support_id, "object": "", "field": "", "businessinfo": ""}
        return self.markup.node(
            "additionalinfo",
            [
                self.markup.text("errorid", problem.error_id),
                self.markup.text("category", problem.category),
                self.markup.node("target", **target),
                self._message("description", problem.description, {}),
                self._message("cdescription", problem.text, dict(problem.placeholders)),
                self._message("correction", problem.correction, {}),
            ],
        )

    def _message(self, tag: str, sentence: str, values: dict[str, str]) -> str:
        placeholders = [self.markup.node("placeholder", name=name, value=one) for name, one in values.items()]
        return self.markup.node(
            tag,
            [
                self.markup.text("messageid", _message_id(sentence, values)),
                self.markup.node("target", domain="", requestinfo="", object="", field="", businessInfo=""),
                self.markup.node("placeholders", placeholders),
            ],
        )

    def _reply(self, parts: list[str]) -> Reply:
        return xml_reply(200, self.markup.node("response", parts))


def _message_id(sentence: str, values: dict[str, str]) -> str:
    """`IA.THE_ACCOUNT_NUMBER_ALREADY_EXISTS` of a sentence: the recorded ids are its words without the values."""
    for value in values.values():
        sentence = sentence.replace(value, " ")
    words = "".join(one if one.isalnum() else " " for one in sentence.upper()).split()
    return f"IA.{'_'.join(words)}" if words else ""


def xml_reply(status: int, body: str, **headers: str) -> Reply:
    return Reply(status, (DECLARATION + body).encode(), {"Content-Type": CONTENT_TYPE, **headers})


def gateway_failure(status: int, errorno: str, description: str, **headers: str) -> Reply:
    """The layer before the application refuses: a control block with a status only, an error of two parts."""
    markup = Markup()
    error = markup.node("error", markup.texts({"errorno": errorno, "description": description}))
    parts = [
        markup.node("control", [markup.text("status", FAILURE)]),
        markup.node("errormessage", [error]),
    ]
    return xml_reply(status, markup.node("response", parts), **headers)


def outage_page(status: int) -> Reply:
    """What the edge sends instead of XML when the application does not answer."""
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{status}: Temporarily unavailable</title></head>"
        f"<body><h1>Error {status}</h1><p>The Service is Temporarily Off-line.</p>"
        '<div class="cf-error-details"></div></body></html>\n'
    )
    return Reply(status, page.encode(), {"Content-Type": "text/html; charset=UTF-8"})

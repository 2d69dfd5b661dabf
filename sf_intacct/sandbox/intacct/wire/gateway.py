"""The gateway: one route, and the road of a request from bytes to a reply."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sf_intacct.sandbox.faults import Fault
from sf_intacct.sandbox.intacct import defaults, problems
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.books.control_ids import ControlIds
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.wire.desk import Desk, ResultSet
from sf_intacct.sandbox.intacct.wire.functions import FUNCTIONS
from sf_intacct.sandbox.intacct.wire.markup import Markup
from sf_intacct.sandbox.intacct.wire.request import (
    BODY_BYTES_MAX,
    Control,
    FunctionCall,
    GatewayRequest,
    Unreadable,
    read,
)
from sf_intacct.sandbox.intacct.wire.response import (
    ABORTED,
    FAILURE,
    Envelope,
    Outcome,
    SignedIn,
    gateway_failure,
    outage_page,
)
from sf_intacct.sandbox.intacct.wire.sessions import Sessions
from sf_intacct.sandbox.intacct.wire.signin import Refused, authorize_sender, sign_in
from sf_intacct.sandbox.wire import Call, Reply, serve

UNREADABLE = "unreadable"
DETAIL_LENGTH_MAX = 400


class Gateway:
    """Answers the XML gateway of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.sessions = Sessions(company.world)
        self.result_sets: dict[str, ResultSet] = {}

    def reset(self) -> None:
        self.sessions.forget_all()
        self.result_sets.clear()

    def routes(self) -> list[BaseRoute]:
        return [Route(defaults.GATEWAY_PATH, self._post, methods=["POST"])]

    async def _post(self, request: Request) -> Response:
        exchange = Exchange.of(self, request, await _body(request))
        # The answer is an ASGI application of its own; Starlette asks no more of a response.
        return await serve(self.company.world, exchange, request, exchange.call, exchange.execute)  # type: ignore[return-value]


async def _body(request: Request) -> bytes:
    """The body, or its first bytes if it is longer than allowed: reading stops there."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            break
    return bytes(body)


class _RolledBack(Exception):
    pass


@dataclass
class Exchange:
    """One request on its way. Also words the failures that the wire invents."""

    gateway: Gateway
    url: str
    parsed: GatewayRequest | Unreadable

    @classmethod
    def of(cls, gateway: Gateway, request: Request, body: bytes) -> "Exchange":
        url = f"{request.url.scheme}://{request.headers.get('host', '')}{defaults.GATEWAY_PATH}"
        try:
            if len(body) > BODY_BYTES_MAX:
                raise Unreadable([Problem("GW-0011", "Request too large")], Control(), gateway=True)
            return cls(gateway, url, read(body))
        except Unreadable as error:
            return cls(gateway, url, error)

    @property
    def call(self) -> Call:
        if isinstance(self.parsed, Unreadable):
            return Call("intacct", (UNREADABLE,), False, path=defaults.GATEWAY_PATH, detail=str(self.parsed))
        functions = self.parsed.functions
        return Call(
            "intacct",
            tuple(one.operation for one in functions),
            any(one.is_write for one in functions),
            path=defaults.GATEWAY_PATH,
            detail=" ".join(one.control_id for one in functions)[:DETAIL_LENGTH_MAX],
        )

    def throttled(self, retry_after: int) -> Reply:
        return gateway_failure(
            429, "GW-0010", "Too many requests. API rate limit exceeded.", **{"Retry-After": str(retry_after)}
        )

    def broken(self, status: int) -> Reply:
        return outage_page(status)

    def forget_session(self, request: Request) -> None:
        if not isinstance(self.parsed, Unreadable):
            self.gateway.sessions.forget(self.parsed.session_id)

    def execute(self, refusal: Fault | None) -> Reply:
        """Carries the request out, all of it inside one transaction of the world."""
        with self.gateway.company.world.transaction():
            return self._answer(refusal)

    def _answer(self, refusal: Fault | None) -> Reply:
        if isinstance(self.parsed, Unreadable):
            return _unreadable(self.parsed)
        request, company = self.parsed, self.gateway.company
        settings = company.settings
        markup = Markup(request.control.spaced)
        envelope = Envelope(markup, request.control, self._support_id())
        try:
            authorize_sender(settings, request.control)
            session = sign_in(company, self.gateway.sessions, request)
        except Refused as refused:
            return refused.reply(envelope)
        desk = Desk(company, self.gateway.sessions, self.gateway.result_sets, session, markup, self.url)
        outcomes = Run(desk, request, refusal).outcomes()
        document = next((one.document for one in outcomes if one.document), None)
        if document and len(outcomes) == 1:
            return Reply(200, document[1], {"Content-Type": document[0]})
        signed_in = SignedIn(session.login, session.company, session.entity, company.world.clock.now(), session.expires)
        calls = request.functions
        results = [(one.name, one.control_id, what) for one, what in zip(calls, outcomes, strict=True)]
        return envelope.results(signed_in, results)

    def _support_id(self) -> str:
        company = self.gateway.company
        if not company.settings.support_ids:
            return ""
        return f"sandbox~{company.world.serial('intacct support id'):010d}"


def _unreadable(error: Unreadable) -> Reply:
    if error.gateway:
        return gateway_failure(400, error.problems[0].errorno, error.problems[0].text)
    return Envelope(Markup(error.control.spaced), error.control).control_failure(error.problems)


@dataclass
class Run:
    """Carries out the functions of one request, in order."""

    desk: Desk
    request: GatewayRequest
    refusal: Fault | None

    def outcomes(self) -> list[Outcome]:
        return self._together() if self.request.transaction else [self._one(one) for one in self.request.functions]

    def _together(self) -> list[Outcome]:
        """All functions or none: after the first failure the rest is not tried."""
        outcomes: list[Outcome] = []
        try:
            with self.desk.company.world.transaction():
                for call in self.request.functions:
                    outcomes.append(self._one(call))
                    if outcomes[-1].failed:
                        raise _RolledBack
        except _RolledBack:
            return self._rolled_back(outcomes[-1], len(outcomes) - 1)
        return outcomes

    def _rolled_back(self, culprit: Outcome, at: int) -> list[Outcome]:
        """The innocent are aborted; the culprit keeps its own errors and gets the companion at the end."""
        companion = problems.rolled_back()
        status = ABORTED if self.desk.company.settings.culprit_is_aborted else FAILURE
        answers = [Outcome(ABORTED, problems=[companion]) for _ in self.request.functions]
        answers[at] = Outcome(status, problems=[*culprit.problems, companion])
        return answers

    def _one(self, call: FunctionCall) -> Outcome:
        """One function in a transaction of its own; only a completed one is remembered."""
        settings = self.desk.company.settings
        memory = ControlIds(self.desk.company.store, settings.company_id, self.request.control.senderid)
        unique = self.request.control.unique
        if unique and memory.knows(call.control_id):
            return self._repeated(call)
        try:
            with self.desk.company.world.transaction():
                outcome = self._carried_out(call)
                if not outcome.failed:
                    remembered = settings.remember_control_ids and (unique or settings.remember_ids_without_uniqueid)
                    memory.note(call.control_id, call.operation, is_write=call.is_write, remembered=remembered)
                return outcome
        except Rejection as refusal:
            return Outcome(FAILURE, problems=refusal.problems)

    def _repeated(self, call: FunctionCall) -> Outcome:
        settings = self.desk.company.settings
        if settings.repeated_control_id_answer == "statusless":
            return Outcome("")
        number = settings.repeated_control_id_errorno
        return Outcome(FAILURE, problems=[problems.repeated_control_id(number, call.control_id)])

    def _carried_out(self, call: FunctionCall) -> Outcome:
        if self._is_refused(call):
            assert self.refusal is not None
            given = self.refusal.settings
            self.refusal = None
            raise Rejection([Problem(str(given.get("code", "BL01001973")), str(given.get("message", "")))])
        carry_out = FUNCTIONS.get(call.name)
        if carry_out is None:
            raise Rejection([problems.not_imitated(f"The function {call.name}")])
        return carry_out(self.desk, call.element)

    def _is_refused(self, call: FunctionCall) -> bool:
        fault = self.refusal
        if fault is None or (fault.writes_only and not call.is_write):
            return False
        return fnmatchcase(call.operation, fault.operation)

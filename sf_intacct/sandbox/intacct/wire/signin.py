"""Letting callers in: the sender first, then the user or the session."""

from dataclasses import dataclass
from datetime import timedelta

from sf_intacct.sandbox.intacct import defaults
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.settings import Settings
from sf_intacct.sandbox.intacct.values import offset
from sf_intacct.sandbox.intacct.wire.request import VERSIONS, Control, GatewayRequest, Login
from sf_intacct.sandbox.intacct.wire.response import Envelope, gateway_failure
from sf_intacct.sandbox.intacct.wire.sessions import Session, Sessions
from sf_intacct.sandbox.wire import Reply

REFUSED = "XL03000006"
SIGN_IN_TEXT = "Sign-in information is incorrect"
# Functions of the older interface only.
GENERIC = frozenset({"query", "create", "update", "delete", "read", "readByQuery", "readByName", "readMore", "lookup"})


@dataclass
class Refused(Exception):
    """The caller is not let in. level says which block of the answer fails: gateway, control, sign_in."""

    level: str
    problem: Problem
    status: int = 200
    userid: str = ""
    companyid: str = ""

    def reply(self, envelope: Envelope) -> Reply:
        if self.level == "gateway":
            return gateway_failure(self.status, self.problem.errorno, self.problem.text)
        if self.level == "control":
            return envelope.control_failure([self.problem])
        return envelope.sign_in_failure(self.userid, self.companyid, self.problem)


def authorize_sender(settings: Settings, control: Control) -> None:
    """Raises Refused unless the sender is known and the envelope is one the gateway accepts."""
    if (control.senderid, control.password) != (defaults.SENDER_ID, defaults.SENDER_PASSWORD):
        if settings.sender_refused_at_gateway:
            raise Refused("gateway", Problem("GW-0011", "Invalid Request"), 400)
        raise Refused("control", Problem(REFUSED, "Incorrect Intacct XML Partner ID or password."))
    if control.dtdversion not in VERSIONS:
        text = f"XML Parse schema error: Value '{control.dtdversion}' of dtdversion is not supported."
        raise Refused("control", Problem("XL03000003", text))
    if control.policyid:
        raise Refused("control", Problem(REFUSED, f"{control.policyid} is not a valid transport policy."))


def sign_in(company: Company, sessions: Sessions, request: GatewayRequest) -> Session:
    """The session of the caller; one that lasts for this request only if they came with a login.

    Raises Refused. A wrong entity is told like a wrong password: the real system does not tell them apart.
    """
    settings = company.settings
    _refuse_newer_functions(request)
    if request.login is None:
        session = sessions.use(request.session_id, settings.session_hours)
        if session is None:
            text = f"Invalid session {request.session_id[:1]}...."
            raise Refused("sign_in", Problem(REFUSED, text))
    else:
        session = _logged_in(company, request.login)
    if request.control.senderid not in {one.strip() for one in settings.authorized_senders.split(",")}:
        text = f"Invalid Web Services Authorization: sender ID '{request.control.senderid}' is not authorized"
        raise Refused("sign_in", Problem(REFUSED, text), 200, session.login, session.company)
    return session


def _refuse_newer_functions(request: GatewayRequest) -> None:
    if request.control.dtdversion != "2.1":
        return
    for call in request.functions:
        if call.name in GENERIC:
            text = f"XML Parse schema error: Error 1871: Element '{call.name}': This element is not expected."
            raise Refused("control", Problem("XL03000003", text))


def _logged_in(company: Company, login: Login) -> Session:
    companyid, _, piped = login.companyid.partition("|")
    entity = login.locationid or piped
    user = company.user(login.userid)
    own = (user or {}).get("ENTITYID") or ""
    entity = entity or own
    good = (
        user is not None
        and companyid == company.settings.company_id
        and user["PASSWORD"] == login.password
        and user["STATUS"] == "active"
        and (not own or entity == own)
        and (not entity or company.has_entity(entity))
    )
    if not good or user is None:
        raise _wrong_sign_in(company.settings, login)
    zone = offset(user["GMTOFFSET"] or company.settings.gmt_offset)
    until = company.world.clock.now() + timedelta(hours=company.settings.session_hours)
    return Session("", int(user["RECORDNO"]), login.userid, companyid, entity, zone, until)


def _wrong_sign_in(settings: Settings, login: Login) -> Refused:
    if settings.sign_in_refused_at_gateway:
        return Refused("gateway", Problem("UJPP0002", f"{SIGN_IN_TEXT}. Please check your request."), 401)
    return Refused("sign_in", Problem(REFUSED, SIGN_IN_TEXT), 200, login.userid, login.companyid)

"""The request envelope: who asks, as whom, and for which functions. Pure; something else sends it.

Element orders follow the gateway's schema (control: senderid, password, controlid, uniqueid,
dtdversion, includewhitespace; login: userid, companyid, password, locationid).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sf_intacct.intacct.xml import Element, child, element, parse, written


@dataclass(frozen=True)
class Sender:
    """The web-services licence that a request is sent under."""

    sender_id: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Login:
    """A web-services user of one company, at top level or in one entity."""

    company_id: str
    user_id: str
    password: str = field(repr=False)
    entity_id: str | None = None


@dataclass(frozen=True)
class OpenSession:
    """A session the gateway gave us, and the address at which it counts."""

    session_id: str = field(repr=False)
    endpoint: str


@dataclass(frozen=True)
class Function:
    """One function call. identity is what the gateway compares when `unique` is asked for."""

    identity: str
    request: str


def envelope(
    sender: Sender,
    authentication: Login | OpenSession,
    functions: Sequence[Function],
    *,
    identity: str,
    unique: bool,
) -> bytes:
    """The bytes of one request. `unique` asks the gateway to refuse a function identity it has completed."""
    request = element("request")
    control = child(request, "control")
    for tag, text in (
        ("senderid", sender.sender_id),
        ("password", sender.password),
        ("controlid", identity),
        # The gateway's default is true; it is always written out, so that nobody has to know that.
        ("uniqueid", "true" if unique else "false"),
        ("dtdversion", "3.0"),
        ("includewhitespace", "false"),
    ):
        child(control, tag, text)
    operation = child(request, "operation", transaction="false")
    operation.append(_authentication(authentication))
    content = child(operation, "content")
    for function in functions:
        child(content, "function", controlid=function.identity).append(parse(function.request.encode()))
    return written(request)


def _authentication(authentication: Login | OpenSession) -> Element:
    block = element("authentication")
    if isinstance(authentication, OpenSession):
        child(block, "sessionid", authentication.session_id)
        return block
    login = child(block, "login")
    child(login, "userid", authentication.user_id)
    child(login, "companyid", authentication.company_id)
    child(login, "password", authentication.password)
    if authentication.entity_id:
        child(login, "locationid", authentication.entity_id)
    return block

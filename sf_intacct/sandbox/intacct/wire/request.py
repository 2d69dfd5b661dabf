"""The request envelope: from bytes to plain values, hardened against hostile XML."""

import re
from dataclasses import dataclass, field

from lxml import etree

from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.wire import grammar

BODY_BYTES_MAX = 32 * 1024 * 1024
SCHEMA_ERROR = "XL03000003"
LOGIN_ORDER = ("userid", "companyid", "password", "clientid", "locationid")
VERSIONS = ("2.1", "3.0")
ECHOED = ("senderid", "controlid", "uniqueid", "dtdversion")
# What the real gateway has beyond the grammar: known, and refused in the function's result.
_ELSEWHERE = re.compile(
    r"(create|update|delete|reverse|apply|get|record|reclassify)_\w+|get[A-Z]\w+|retrievepdf|runDdsJob"
    r"|readReport|readView|readRelated|approve|decline|installApp|set_companyprefs|consolidate"
)


@dataclass(frozen=True)
class Control:
    """The control block as it came; empty where an element was absent."""

    senderid: str = ""
    password: str = ""
    controlid: str = ""
    uniqueid: str = ""
    dtdversion: str = ""
    policyid: str = ""
    includewhitespace: str = ""
    showadditionalerrorinfo: str = ""

    @property
    def unique(self) -> bool:
        """Absent means true: that is the documented default, and a trap."""
        return self.uniqueid.strip().lower() != "false"

    @property
    def spaced(self) -> bool:
        return self.includewhitespace.strip().lower() != "false"

    @property
    def informative(self) -> bool:
        return self.showadditionalerrorinfo.strip().lower() == "true"


@dataclass(frozen=True)
class Login:
    userid: str
    companyid: str
    password: str
    locationid: str = ""


@dataclass(frozen=True)
class FunctionCall:
    """One function: its control id and the element that says what to do."""

    control_id: str
    element: etree._Element

    @property
    def name(self) -> str:
        return str(self.element.tag)

    @property
    def operation(self) -> str:
        """The name for logs and faults: `create_invoice`, and for generic functions `create CUSTOMER`."""
        if self.name in ("create", "update"):
            subject = next((str(child.tag) for child in self.element), "")
        else:
            subject = self.element.findtext("object") or self.element.get("object") or ""
        return f"{self.name} {subject.upper()}".strip()

    @property
    def is_write(self) -> bool:
        verb = self.name.partition("_")[0]
        return verb in ("create", "update", "delete", "reverse", "apply", "record", "reclassify")


@dataclass(frozen=True)
class GatewayRequest:
    """A whole request that follows the grammar."""

    control: Control
    login: Login | None
    session_id: str
    transaction: bool
    functions: tuple[FunctionCall, ...]


class Unreadable(Exception):
    """The request cannot be carried out at all. With `gateway` the layer before the application says so."""

    def __init__(self, problems: list[Problem], control: Control, *, gateway: bool = False) -> None:
        super().__init__("; ".join(one.text for one in problems))
        self.problems, self.control, self.gateway = problems, control, gateway


@dataclass
class _Errors:
    control: Control
    found: list[str] = field(default_factory=list)

    def refuse(self, *texts: str) -> None:
        if texts:
            raise Unreadable([Problem(SCHEMA_ERROR, text) for text in texts], self.control)


def read(body: bytes) -> GatewayRequest:
    """The request in `body`. Raises Unreadable."""
    root = _parsed(body)
    control_block = root.find("control")
    if root.tag != "request" or control_block is None:
        raise Unreadable([Problem("GW-0011", "Invalid Request")], Control(), gateway=True)
    control = _control(control_block)
    errors = _Errors(control)
    operation = root.find("operation")
    if operation is None:
        errors.refuse(_missing("request", "operation", root))
    assert operation is not None
    if len(root.findall("operation")) > 1:
        errors.refuse(_unexpected(root.findall("operation")[1]))
    login, session_id = _authentication(operation, errors)
    functions = tuple(_functions(operation, errors))
    transaction = operation.get("transaction", "false").strip().lower() == "true"
    return GatewayRequest(control, login, session_id, transaction, functions)


def _parsed(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        entries = [one for one in parser.error_log if one.level >= 2] or [None]
        raise Unreadable([_syntax(one, error) for one in entries], _glimpsed(body)) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        raise Unreadable(
            [Problem(SCHEMA_ERROR, "XML Parse schema error: A document type declaration is not allowed.")],
            _glimpsed(body),
        )
    return root


def _syntax(entry: "etree._LogEntry | None", error: etree.XMLSyntaxError) -> Problem:
    if entry is None:
        return Problem(SCHEMA_ERROR, f"XML Parse schema error: {error.msg}")
    return Problem(
        SCHEMA_ERROR,
        f"XML Parse schema error: Fatal Error {entry.type}: {entry.message}."
        f" Line: {entry.line}, column: {entry.column}.",
    )


def _glimpsed(body: bytes) -> Control:
    """What can be echoed of a control block in a body that is no XML."""
    text = body[:4096].decode("utf-8", "replace")
    found = {name: re.search(rf"<{name}>([^<]*)</{name}>", text) for name in ECHOED}
    return Control(**{name: match[1] for name, match in found.items() if match})


def _control(block: etree._Element) -> Control:
    texts = {str(child.tag): (child.text or "").strip() for child in block}
    return Control(**{name: texts[name] for name in Control.__dataclass_fields__ if name in texts})


def _authentication(operation: etree._Element, errors: _Errors) -> tuple[Login | None, str]:
    block = operation.find("authentication")
    if block is None:
        errors.refuse(_missing("operation", "authentication", operation))
    assert block is not None
    login, session = block.find("login"), block.find("sessionid")
    if login is None and session is None:
        errors.refuse(_missing("authentication", "login, sessionid", block, several=True))
    if login is None:
        return None, (session.text or "").strip() if session is not None else ""
    _check_login(login, errors)
    texts = {str(child.tag): (child.text or "").strip() for child in login}
    return Login(texts["userid"], texts["companyid"], texts["password"], texts.get("locationid", "")), ""


def _check_login(login: etree._Element, errors: _Errors) -> None:
    """The order matters here: two client authors found that a password before the company is refused."""
    places = [LOGIN_ORDER.index(str(child.tag)) if child.tag in LOGIN_ORDER else -1 for child in login]
    for at, place in enumerate(places):
        if place < 0 or place in places[:at] or any(earlier > place for earlier in places[:at]):
            errors.refuse(_unexpected(login[at]))
    for place, name in enumerate(LOGIN_ORDER[:3]):
        if place not in places:
            errors.refuse(_missing("login", name, login))


def _functions(operation: etree._Element, errors: _Errors) -> list[FunctionCall]:
    content = operation.find("content")
    if content is None or len(content) == 0:
        at = operation if content is None else content
        errors.refuse(_missing(str(at.tag), "content" if content is None else "function", at))
    assert content is not None
    calls = [_function(block, errors) for block in content]
    complaints = [text for call in calls if call.name in grammar.names() for text in grammar.complaints(call.element)]
    errors.refuse(*complaints)
    return calls


def _function(block: etree._Element, errors: _Errors) -> FunctionCall:
    if block.tag != "function":
        errors.refuse(_unexpected(block))
    if "controlid" not in block.attrib:
        errors.refuse(_schema_error("Element 'function': The attribute 'controlid' is required but missing.", block))
    if len(block) != 1:
        at = block[1] if len(block) else block
        errors.refuse(_unexpected(at) if len(block) else _missing("function", "query", block))
    element = block[0]
    if element.tag not in grammar.names() and not _ELSEWHERE.fullmatch(str(element.tag)):
        errors.refuse(_unexpected(element))
    return FunctionCall(str(block.get("controlid")), element)


def _missing(parent: str, child: str, at: etree._Element, *, several: bool = False) -> str:
    expected = "is one of" if several else "is"
    return _schema_error(f"Element '{parent}': Missing child element(s). Expected {expected} ( {child} ).", at)


def _unexpected(element: etree._Element) -> str:
    return _schema_error(f"Element '{element.tag}': This element is not expected.", element)


def _schema_error(sentence: str, at: etree._Element) -> str:
    return f"XML Parse schema error: Error 1871: {sentence} Line: {at.sourceline}, column: 0."

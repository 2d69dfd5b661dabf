"""SOAP login: the one call of the old partner API that clients still make to get a session."""

import re
from xml.sax.saxutils import escape

from lxml import etree

from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.rest.oauth import OAuthError, password_user
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.wire import Reply

LAST_VERSION = 64  # login() is gone from version 65 on; what a call then answers is not established
XML = "text/xml;charset=UTF-8"
_NAMESPACE = "{urn:partner.soap.sforce.com}"
_LOCKED = "Invalid username, password, security token; or user locked out."


class SoapFault(Exception):
    """A refusal with its exception code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def login(company: Company, version: str, body: bytes, host: str) -> Reply:
    """Answers POST /services/Soap/u/{version}; only login is understood."""
    try:
        _check_version(version)
        username, password = _read(body)
        user = password_user(company, username, password)
    except OAuthError:
        return fault("INVALID_LOGIN", _LOCKED)
    except SoapFault as error:
        return fault(error.code, str(error))
    return Reply(200, _logged_in(company, user, version, host).encode(), {"Content-Type": XML})


def _check_version(version: str) -> None:
    known = re.fullmatch(r"(\d\d)\.0", version)
    if known is None or int(known[1]) > LAST_VERSION:
        raise SoapFault("UNSUPPORTED_API_VERSION", f"login() is not available in version {version}")


def _read(body: bytes) -> tuple[str, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SoapFault("UNKNOWN_EXCEPTION", f"{error}") from None
    call = root.find(f".//{_NAMESPACE}login")
    if call is None:
        raise SoapFault("INVALID_OPERATION", "No operation available for this request")
    return call.findtext(f"{_NAMESPACE}username") or "", call.findtext(f"{_NAMESPACE}password") or ""


def _logged_in(company: Company, user: Record, version: str, host: str) -> str:
    organization = company.organization_id
    server = f"{host}/services/Soap/u/{version}/{organization[:15]}"
    session = company.sessions.open(organization, user["Id"])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<soapenv:Body><loginResponse><result>"
        f"<metadataServerUrl>{server.replace('/u/', '/m/')}</metadataServerUrl>"
        f"<passwordExpired>false</passwordExpired><sandbox>true</sandbox><serverUrl>{server}</serverUrl>"
        f"<sessionId>{session}</sessionId><userId>{user['Id']}</userId>"
        f"<userInfo><organizationId>{organization}</organizationId>"
        f"<sessionSecondsValid>{int(company.limits.session_lifetime.total_seconds())}</sessionSecondsValid>"
        f"<userFullName>{escape(user['Name'])}</userFullName><userId>{user['Id']}</userId>"
        f"<userName>{escape(user['Username'])}</userName></userInfo>"
        "</result></loginResponse></soapenv:Body></soapenv:Envelope>"
    )


def fault(code: str, message: str) -> Reply:
    """A refusal in the words of SOAP, which always come with status 500."""
    message = escape(message)
    kind = "LoginFault" if code.startswith(("INVALID_LOGIN", "LOGIN_")) else "UnexpectedErrorFault"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<soapenv:Body><soapenv:Fault><faultcode>{code}</faultcode><faultstring>{code}: {message}</faultstring>"
        f'<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{kind}></detail>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
    return Reply(500, body.encode(), {"Content-Type": XML})

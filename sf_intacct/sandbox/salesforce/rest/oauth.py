"""The token endpoint and what hangs on it: grants, revoke, userinfo, the identity address."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt

from sf_intacct.sandbox.salesforce import credentials
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.rest.replies import answer_value, empty
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.wire import Reply

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "api web"
MILLISECONDS_FROM = 10**11  # sf CLI sends `exp` in milliseconds


class OAuthError(Exception):
    """A grant that is not given, with the code and the words of the token endpoint."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True)
class Grant:
    """A request for a token: the form, the Authorization header, and where it was asked."""

    company: Company
    form: Mapping[str, str]
    authorization: str
    host: str


def read_form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def token(grant: Grant) -> Reply:
    """Answers POST /services/oauth2/token."""
    try:
        find_user = _GRANTS.get(grant.form.get("grant_type", ""))
        if find_user is None:
            raise OAuthError("unsupported_grant_type", "grant type not supported")
        return _granted(grant, find_user(grant))
    except OAuthError as error:
        return failure(error.error, error.description, error.status)


def failure(error: str, description: str, status: int = 400) -> Reply:
    """A refusal in the words of the token endpoint: one object, no list."""
    return answer_value({"error": error, "error_description": description}, status)


def revoke(company: Company, form: Mapping[str, str]) -> Reply:
    company.sessions.close(form.get("token", ""))
    return empty(200)


def userinfo(company: Company, user: Record, host: str) -> Reply:
    identity = f"{host}/id/{company.organization_id}/{user['Id']}"
    return answer_value(
        {
            "sub": identity,
            "user_id": user["Id"],
            "organization_id": company.organization_id,
            "preferred_username": user["Username"],
            "name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "zoneinfo": user["TimeZoneSidKey"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "active": bool(user["IsActive"]),
        }
    )


def identity(company: Company, user: Record, host: str) -> Reply:
    """Answers GET /id/{organization}/{user}."""
    urls = {
        "rest": f"{host}/services/data/v{{version}}/",
        "sobjects": f"{host}/services/data/v{{version}}/sobjects/",
        "query": f"{host}/services/data/v{{version}}/query/",
        "partner": f"{host}/services/Soap/u/{{version}}/{company.organization_id}",
    }
    return answer_value(
        {
            "id": f"{host}/id/{company.organization_id}/{user['Id']}",
            "asserted_user": True,
            "user_id": user["Id"],
            "organization_id": company.organization_id,
            "username": user["Username"],
            "display_name": user["Name"],
            "email": user["Email"],
            "first_name": user["FirstName"],
            "last_name": user["LastName"],
            "active": bool(user["IsActive"]),
            "user_type": "STANDARD",
            "urls": urls,
        }
    )


def _granted(grant: Grant, user: Record) -> Reply:
    company = grant.company
    return answer_value(
        {
            "access_token": company.sessions.open(company.organization_id, user["Id"]),
            "signature": base64.b64encode(company.world.chance.randbytes(32)).decode(),
            "scope": SCOPE,
            "instance_url": grant.host,
            "id": f"{grant.host}/id/{company.organization_id}/{user['Id']}",
            "token_type": "Bearer",
            "issued_at": str(int(company.world.clock.now().timestamp() * 1000)),
        }
    )


def _by_password(grant: Grant) -> Record:
    _check_client(grant.form.get("client_id"), grant.form.get("client_secret"))
    return password_user(grant.company, grant.form.get("username", ""), grant.form.get("password", ""))


def password_user(company: Company, username: str, password: str) -> Record:
    """The user with this password. The security token may be left out: loopback is a trusted network."""
    user = company.user_named(username)
    right = password in (credentials.PASSWORD, credentials.PASSWORD + credentials.SECURITY_TOKEN)
    if user is None or not right:
        raise OAuthError("invalid_grant", "authentication failure")
    return user


def _by_client_credentials(grant: Grant) -> Record:
    client_id, secret = grant.form.get("client_id"), grant.form.get("client_secret")
    if grant.authorization.lower().startswith("basic "):
        client_id, secret = _basic(grant.authorization)
    _check_client(client_id, secret)
    return _known(grant.company, credentials.USERNAME, "no client credentials user enabled")


def _by_assertion(grant: Grant) -> Record:
    company = grant.company
    claims = _verified(company, grant.form.get("assertion", ""))
    if claims.get("iss") != credentials.CLIENT_ID:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not _is_audience(claims.get("aud"), grant.host):
        raise OAuthError("invalid_grant", "audience is invalid")
    if company.limits.assertion_expiry_checked and _expiry(claims) <= company.world.clock.now().timestamp():
        raise OAuthError("invalid_grant", "expired authorization code")
    return _known(company, str(claims.get("sub")), "user hasn't approved this consumer")


_GRANTS: dict[str, Callable[[Grant], Record]] = {
    "password": _by_password,
    "client_credentials": _by_client_credentials,
    JWT_BEARER: _by_assertion,
}


def _verified(company: Company, assertion: str) -> dict[str, Any]:
    """The claims of an assertion that one of the registered keys signed."""
    for key in (company.keys.public_pem, *company.public_keys):
        try:
            claims = _signed_claims(assertion, key)
        except jwt.InvalidTokenError:
            continue
        _expiry(claims)
        return claims
    raise OAuthError("invalid_grant", "invalid assertion")


def _signed_claims(assertion: str, key: str) -> dict[str, Any]:
    """Signature only: instants and audience are judged by our own, more lenient rules."""
    claims: dict[str, Any] = jwt.decode(
        assertion,
        key,
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_sub": False},
    )
    return claims


def _expiry(claims: Mapping[str, Any]) -> float:
    """`exp` in seconds; clients send a number, a text, or milliseconds."""
    try:
        instant = int(claims["exp"])
    except (KeyError, TypeError, ValueError):
        raise OAuthError("invalid_grant", "invalid assertion") from None
    return instant / 1000 if instant > MILLISECONDS_FROM else instant


def _is_audience(audience: object, host: str) -> bool:
    """login, test or My Domain of Salesforce, or this very host."""
    text = str(audience).rstrip("/")
    return text == host or (urlsplit(text).hostname or "").endswith(".salesforce.com")


def _known(company: Company, username: str, otherwise: str) -> Record:
    user = company.user_named(username)
    if user is None:
        raise OAuthError("invalid_grant", otherwise)
    return user


def _check_client(client_id: str | None, secret: str | None) -> None:
    if client_id != credentials.CLIENT_ID:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if secret != credentials.CLIENT_SECRET:
        raise OAuthError("invalid_client", "invalid client credentials")


def _basic(authorization: str) -> tuple[str, str]:
    try:
        client_id, _, secret = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", "invalid client credentials") from None
    return client_id, secret

"""Signing in: JWT bearer and client credentials first, the old password login as a last resort."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

import jwt
import requests
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import SalesforceLogin, token_login

from sf_intacct.errors import CredentialsError, TryLater

_ASSERTION_LIFE = timedelta(minutes=3)
_THEIR_HOSTS = (".salesforce.com", ".force.com", ".salesforce.mil", ".sfcrmproducts.cn")


class Flow(StrEnum):
    """How we prove who we are."""

    JWT = "jwt"
    CLIENT_CREDENTIALS = "client_credentials"
    PASSWORD = "password"  # noqa: S105 - the name of a flow


@dataclass(frozen=True)
class Account:
    """Where to sign in, and as whom. login_url is the organisation's own domain, or a sandbox."""

    login_url: str
    flow: Flow
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    security_token: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    api_version: str = "64.0"
    organization_id: str = ""


@dataclass(frozen=True)
class Token:
    """A session id and the host it counts on."""

    session_id: str = field(repr=False)
    instance: str


def sign_in(account: Account, http: requests.Session, now: datetime) -> Token:
    """A new session. Raises CredentialsError when we are not let in, TryLater when nobody answers."""
    try:
        session_id, instance = _signed_in(account, http, now)
    except SalesforceAuthenticationFailed as error:
        if not isinstance(error.code, str):  # a page instead of a refusal: its code is the HTTP status, if any
            raise TryLater("signing in to Salesforce", record=account.login_url, seen=f"HTTP {error.code}") from error
        raise CredentialsError(
            "signing in to Salesforce",
            record=account.login_url,
            seen=f"{error.code}: {error.auth_message}",
            remedy="check client id, user and key, and that the app is approved for the user",
        ) from error
    except (requests.RequestException, LookupError, AttributeError, TypeError, ValueError, ExpatError) as error:
        raise TryLater("signing in to Salesforce", record=account.login_url, seen=type(error).__name__) from error
    if not _trusted(instance, urlsplit(account.login_url).netloc):
        raise CredentialsError(
            "signing in to Salesforce", record=account.login_url, seen=f"the session would send us to {instance!r}"
        )
    return Token(session_id, instance)


def _trusted(instance: str, login_host: str) -> bool:
    """Whether the host that a login names may be given our session: the one we asked, or one of Salesforce's own."""
    both_theirs = all((urlsplit(f"//{host}").hostname or "").endswith(_THEIR_HOSTS) for host in (instance, login_host))
    return instance == login_host or both_theirs


def _signed_in(account: Account, http: requests.Session, now: datetime) -> tuple[str, str]:
    if account.flow is Flow.PASSWORD:
        session_id, instance = SalesforceLogin(
            username=account.username,
            password=account.password,
            security_token=account.security_token,
            sf_version=account.api_version,
            scratch_url=account.login_url,
            session=http,
        )
        return str(session_id), str(instance)
    session_id, instance = token_login(
        f"{account.login_url}/services/oauth2/token", _grant(account, now), "", account.client_id, None, None, http
    )
    return str(session_id), str(instance)


def _grant(account: Account, now: datetime) -> dict[str, str]:
    if account.flow is Flow.CLIENT_CREDENTIALS:
        return {
            "grant_type": "client_credentials",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
        }
    claims = {
        "iss": account.client_id,
        "sub": account.username,
        "aud": account.login_url,
        "exp": int((now + _ASSERTION_LIFE).timestamp()),
    }
    assertion = jwt.encode(claims, account.private_key, algorithm="RS256")
    return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}

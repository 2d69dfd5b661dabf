"""Salesforce's REST interface: one call at a time, errors by what the caller does next.

A read may be repeated, and is, a few times. A write never is. A session that has run out is renewed
once per call, with the same request, headers included.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession

from sf_intacct.calls import attempts, broken
from sf_intacct.errors import ContractError, CredentialsError, Refused, Throttled, TryLater, Uncertain
from sf_intacct.model.system import MaySend, at_any_time
from sf_intacct.salesforce.rows import plain_number
from sf_intacct.salesforce.sign_in import Account, sign_in
from sf_intacct.salesforce.transport import session_for

# Sent as a header, so that our own changes can be told from others' in Salesforce's event stream.
CLIENT_NAME = "sf_intacct"
# A condition of ours did not hold: nothing was written.
MODIFIED = "HTTP 412"
_UNKNOWN_CODES = ("INVALID_FIELD", "INVALID_TYPE")
_BUSY_CODES = ("SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG", "UNABLE_TO_LOCK_ROW")


class Rest:
    """Speaks to one organisation. Not for use by two threads at once."""

    def __init__(self, account: Account, now: Callable[[], datetime]) -> None:
        self.account = account
        self.calls = 0
        self._now = now
        self._client: Salesforce | None = None
        self._http = session_for(account.login_url)

    def read(self, path: str, doing: str, **options: Any) -> Any:
        """The answer of a reading call, repeated if need be. Raises Refused, TryLater, CredentialsError."""
        for attempt in attempts():
            with attempt:
                return self.call("GET", path, doing, **options)
        raise AssertionError("tenacity either returns or raises")

    def call(self, method: str, path: str, doing: str, may_send: MaySend = at_any_time, **options: Any) -> Any:
        """One call. Raises NotSent or Throttled (not executed), Refused, or Uncertain; never repeats.

        may_send is asked right before the request leaves, when we are signed in.
        """
        try:
            return self._once(method, path, doing, may_send, **options)
        except SalesforceExpiredSession:
            self._client = None
        try:
            return self._once(method, path, doing, may_send, **options)
        except SalesforceExpiredSession as error:
            raise CredentialsError(
                doing, seen="a new session is not accepted either", remedy="check the instance and the app's scopes"
            ) from error

    def _once(self, method: str, path: str, doing: str, may_send: MaySend, **options: Any) -> Any:
        client = self._signed_in()
        may_send()
        self.calls += 1
        headers = {"Sforce-Call-Options": f"client={CLIENT_NAME}", **options.pop("headers", {})}
        try:
            return client.restful(path, method=method, headers=headers, **options)
        except SalesforceExpiredSession:
            raise
        except SalesforceError as error:
            raise _translated(error, doing, self._http.retry_after) from error
        except (requests.exceptions.JSONDecodeError, RecursionError) as error:
            raise Uncertain(doing, seen="an answer that is not JSON") from error
        except requests.RequestException as error:
            raise broken(error, doing, "Salesforce") from error
        except (ValueError, TypeError) as error:  # a number of thousands of digits; nothing where something should be
            raise Uncertain(doing, seen="an answer that cannot be read") from error

    def _signed_in(self) -> Salesforce:
        if self._client is None:
            token = sign_in(self.account, self._http, self._now())
            # "Direct" sign-in: simple-salesforce then never refreshes (and drops headers) by itself.
            client = Salesforce(
                session_id=token.session_id,
                instance=token.instance,
                session=self._http,
                version=self.account.api_version,
                parse_float=plain_number,
            )
            self._require_organization(client)
            self._client = client
        return self._client

    def _require_organization(self, client: Salesforce) -> None:
        """Another organisation's session is never used, whatever let us in: a copy of ours has the same users."""
        wanted, doing = self.account.organization_id, "asking which organisation this is"
        if not wanted:
            return
        self.calls += 1
        try:
            answer: Any = client.restful("query", params={"q": "SELECT Id FROM Organization"})
            found = str(answer["records"][0]["Id"])
        except (SalesforceError, requests.RequestException, LookupError, TypeError, ValueError) as error:
            raise TryLater(doing, record=self.account.login_url, seen=type(error).__name__) from error
        if found[:15] != wanted[:15]:
            remedy = "correct SF_INTACCT_SALESFORCE_URL, or SF_INTACCT_SALESFORCE_ORGANIZATION_ID"
            raise CredentialsError(doing, record=f"organisation {wanted}", seen=f"it is {found}", remedy=remedy)


def _translated(error: SalesforceError, doing: str, retry_after: float | None) -> Exception:
    """Salesforce's error as one of ours."""
    code, message = _first(error.content)
    if error.status == 412:
        # The body is not documented; the status is.
        return Refused(doing, code=MODIFIED, message=message)
    if error.status == 429 or code == "REQUEST_LIMIT_EXCEEDED":
        return Throttled(doing, seen=message or "too many requests", retry_after=retry_after)
    if error.status >= 500 and code not in _BUSY_CODES:
        return Uncertain(doing, seen=f"HTTP {error.status} {code}".strip())
    if error.status == 503 or code in _BUSY_CODES:
        if retry_after is not None:
            return Throttled(doing, seen=f"{code}: {message}", retry_after=retry_after)
        return TryLater(doing, seen=f"{code}: {message}", remedy="try again")
    if code in _UNKNOWN_CODES:
        # Before its last line the message only repeats the query.
        remedy = "give the integration user the right to see the field, or take it out of the contract and the mappings"
        return ContractError(doing, seen=message.strip().splitlines()[-1] if message else code, remedy=remedy)
    return Refused(doing, code=code or f"HTTP {error.status}", message=message)


def _first(content: Any) -> tuple[str, str]:
    """Code and message of an error body, which may be a list, an object, or no JSON at all."""
    entry = content[0] if isinstance(content, list) and content else content
    if isinstance(entry, dict):
        return str(entry.get("errorCode") or entry.get("error") or ""), str(entry.get("message") or "")
    return "", str(content)[:200]

"""The gateway over HTTP: one address, sessions per entity, and an exact account of what was sent.

A read may be repeated, and is, a few times. A write never is: its caller decides, from the proof.
"""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from sf_intacct.calls import NotSent, attempts, bounded, broken, require_tls, retry_after
from sf_intacct.errors import ClockError, CredentialsError, Refused, Throttled, Uncertain
from sf_intacct.intacct import functions
from sf_intacct.intacct.envelope import Function, Login, OpenSession, Sender, envelope
from sf_intacct.intacct.reply import FunctionResult, Reply, read_reply, told
from sf_intacct.intacct.xml import NotXml, text_of
from sf_intacct.model.system import MaySend, at_any_time

CONNECT_TIMEOUT_SECONDS = 10
# How far our clock may be from the gateway's: the quiet time before anything is sent again is measured by it.
CLOCK_BOUND = timedelta(seconds=30)


@dataclass(frozen=True)
class Account:
    """Where the gateway is, and as whom we come. hosts are the only ones a session may send us to."""

    endpoint: str
    sender: Sender
    login: Login
    timeout: timedelta = timedelta(seconds=120)

    def __post_init__(self) -> None:
        require_tls(self.endpoint, "Intacct")

    def allows(self, endpoint: str) -> bool:
        """Whether an address that a login returned may be trusted with our session."""
        ours, theirs = urlsplit(self.endpoint), urlsplit(endpoint)
        both_intacct = all((host.hostname or "").endswith(".intacct.com") for host in (ours, theirs))
        return theirs.scheme == ours.scheme and (theirs.netloc == ours.netloc or both_intacct)


class Gateway:
    """Speaks to one company. Not for use by two threads at once. `http` makes its HTTP sessions.

    Without `now` the gateway's clock is not compared with ours.
    """

    def __init__(
        self,
        account: Account,
        http: Callable[[], requests.Session] | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.account = account
        self._now = now
        self._clock_is_ahead = timedelta(0)
        self.calls = 0
        self._sessions: dict[str | None, OpenSession] = {}
        self._shut: dict[str | None, Refused] = {}
        self._http = http or _http
        self._reading = self._http()
        self._numbers = itertools.count(1)

    def read(self, requests_: Sequence[str], doing: str) -> list[FunctionResult]:
        """Carries reading functions out, again if need be, and returns their results in order.

        Raises Refused when a function fails, TryLater when the gateway stays out of reach,
        CredentialsError when it does not let us in.
        """
        for attempt in attempts():
            with attempt:
                return self._read_once(requests_, doing)
        raise AssertionError("tenacity either returns or raises")

    def _read_once(self, requests_: Sequence[str], doing: str) -> list[FunctionResult]:
        calls = [Function(f"read-{next(self._numbers)}", request) for request in requests_]
        reply = self._in_session(lambda session: self._send(session, calls, unique=False, doing=doing))
        if reply.control_failed:
            code, words = told(reply.complaints)
            raise Refused(doing, code=code, message=words)
        by_identity = {result.identity: result for result in reply.results}
        results = [by_identity.get(call.identity) for call in calls]
        for result in results:
            if result is None:
                raise Uncertain(doing, seen="the reply lacks a result", remedy="read again")
            if not result.succeeded:
                code, words = told(result.complaints)
                raise Refused(doing, code=code, message=words)
        return [result for result in results if result is not None]

    def write(
        self,
        calls: Sequence[Function],
        doing: str,
        entity: str | None = None,
        may_send: MaySend = at_any_time,
    ) -> Reply:
        """Sends writing functions once. Raises NotSent, Throttled (not executed) or Uncertain; never repeats.

        may_send is asked right before the request leaves, when we are signed in: signing in may have taken minutes.

        The one exception is a session that has run out: the gateway proves then that it did nothing. Raises
        Refused when we are let in, but not into `entity`, and ClockError: nothing was sent then.
        """
        self.session(doing, entity)

        def send(session: OpenSession) -> Reply:
            may_send()
            self.check_clock(doing)
            return self._send(session, calls, unique=True, doing=doing, fresh=True)

        return self._in_session(send, entity)

    def check_clock(self, doing: str) -> None:
        """Raises ClockError when our clock was away from the gateway's at its last reply."""
        if self._clock_is_ahead:
            seconds = abs(self._clock_is_ahead) // timedelta(seconds=1)
            which = "ahead of" if self._clock_is_ahead > timedelta(0) else "behind"
            raise ClockError(
                doing,
                seen=f"our clock is {seconds} s {which} Intacct's",
                remedy="set this machine's clock right, and keep it so (NTP); nothing was sent, nothing is lost",
            )

    def session(self, doing: str, entity: str | None = None) -> OpenSession:
        """The open session of an entity, or a new one; without an entity, at the login's own level.

        Whatever goes wrong here, nothing was sent of what the session is for.
        """
        if entity not in self._sessions:
            try:
                self._sessions[entity] = self._enter(entity, doing) if entity else self._sign_in(doing)
            except Uncertain as error:
                raise NotSent("signing in to Intacct", seen=error.seen, remedy="try again") from error
        return self._sessions[entity]

    def _enter(self, entity: str, doing: str) -> OpenSession:
        """A session in one entity.

        A wrong entity is told like a wrong password: only signing in without it shows which of the two it is.
        We ask once in our life: many failed sign-ins may lock the user out.
        """
        if entity in self._shut:
            raise self._shut[entity]
        try:
            return self._sign_in(doing, entity)
        except CredentialsError as error:
            self._sessions[None] = self._sign_in(doing)
            told = f"no way into the entity '{entity}': {error.seen}"
            self._shut[entity] = Refused(doing, code="no_way_in", message=told)
            raise self._shut[entity] from error

    def _in_session(self, send: Callable[[OpenSession], Reply], entity: str | None = None) -> Reply:
        reply = send(self.session("signing in to Intacct", entity))
        if not reply.control_failed and reply.authentication_failed:
            self._sessions.pop(entity, None)
            reply = send(self.session("signing in to Intacct again", entity))
            if reply.authentication_failed:
                code, words = told(reply.complaints)
                raise CredentialsError(
                    "signing in to Intacct", seen=f"{code}: {words}", remedy="check the web-services user"
                )
        return reply

    def _sign_in(self, doing: str, entity: str | None = None) -> OpenSession:
        login = replace(self.account.login, entity_id=entity) if entity else self.account.login
        reply = self._send(
            login, [Function("session", functions.get_session())], unique=False, doing="signing in to Intacct"
        )
        if reply.let_in and not reply.results:
            raise Uncertain(doing, seen="the reply lacks a result", remedy="sign in again")
        if not reply.let_in or not reply.results[0].succeeded:
            found = reply.results[0].complaints if reply.results else reply.complaints
            code, words = told(found)
            raise CredentialsError(
                "signing in to Intacct",
                record=f"company {self.account.login.company_id}",
                seen=f"{code}: {words}",
                remedy="check sender, company, user, password and entity, and the company's list of authorised senders",
            )
        data = reply.results[0].data
        endpoint = text_of(data, "api/endpoint") if data is not None else ""
        if not self.account.allows(endpoint):
            raise CredentialsError("signing in to Intacct", seen=f"the session would send us to {endpoint!r}")
        assert data is not None
        place = text_of(data, "api/locationid")
        if entity and place != entity:
            # A document made in another entity than the one we mean is worse than none.
            seen = f"the session is in {place or 'no entity'}, not in {entity}"
            raise CredentialsError("signing in to Intacct", seen=seen)
        return OpenSession(text_of(data, "api/sessionid"), endpoint)

    def _send(
        self,
        authentication: Login | OpenSession,
        calls: Sequence[Function],
        *,
        unique: bool,
        doing: str,
        fresh: bool = False,
    ) -> Reply:
        """One HTTP request. What cannot be read as a reply is Uncertain, whatever its status."""
        endpoint = authentication.endpoint if isinstance(authentication, OpenSession) else self.account.endpoint
        body = envelope(
            self.account.sender, authentication, calls, identity=f"request-{next(self._numbers)}", unique=unique
        )
        self.calls += 1
        asked_at = self._now() if self._now else None
        status, headers, answer = self._exchange(endpoint, body, doing, fresh)
        self._compare_clocks(asked_at, headers.get("Date"))
        try:
            reply = read_reply(answer)
        except (NotXml, ValueError) as error:
            if status == 429 and not unique:  # only the gateway's own words prove that a write was not carried out
                raise Throttled(doing, seen="HTTP 429", retry_after=retry_after(headers)) from error
            raise Uncertain(doing, seen=f"HTTP {status} with a body that is no reply: {error}") from error
        if status == 429 and not reply.let_in:
            raise Throttled(doing, seen=told(reply.complaints)[1], retry_after=retry_after(headers))
        if status >= 500 or (status != 200 and not reply.control_failed):
            raise Uncertain(doing, seen=f"HTTP {status}")
        if not (reply.let_in or reply.control_failed or reply.authentication_failed):
            raise Uncertain(doing, seen="a reply that says neither that we were let in nor that we were not")
        self._check_company(reply, doing)
        return reply

    def _exchange(self, endpoint: str, body: bytes, doing: str, fresh: bool) -> tuple[int, Mapping[str, str], bytes]:
        # A write takes a connection of its own: one that idled may be dropped with the request half sent.
        http = self._http() if fresh else self._reading
        deadline = time.monotonic() + self.account.timeout.total_seconds()
        try:
            with http.post(
                endpoint,
                data=body,
                headers={"Content-Type": "application/xml"},
                timeout=(CONNECT_TIMEOUT_SECONDS, self.account.timeout.total_seconds()),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, response.headers, _body(response, deadline)
        except requests.RequestException as error:
            raise broken(error, doing, urlsplit(endpoint).netloc) from error
        finally:
            if fresh:
                http.close()

    def _compare_clocks(self, asked_at: datetime | None, date: str | None) -> None:
        """The reply was dated between our question and now, or the clocks are apart. Without a date nothing is told."""
        if asked_at is None or self._now is None or date is None:
            return
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            return
        theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)  # "-0000" is read as naive
        ahead = max(asked_at - theirs, timedelta(0)) or min(self._now() - theirs, timedelta(0))
        self._clock_is_ahead = ahead if abs(ahead) > CLOCK_BOUND else timedelta(0)

    def _check_company(self, reply: Reply, doing: str) -> None:
        """Another company's reply is never ours, whatever it says; one that let us in says whose it is."""
        if (reply.let_in or reply.company_id) and reply.company_id != self.account.login.company_id:
            seen = f"the reply is from company {reply.company_id or '(none)'}"
            raise Uncertain(doing, seen=seen, remedy="stop, and check the settings")


def _http() -> requests.Session:
    """A session that reads nothing from the environment and repeats nothing by itself."""
    session = requests.Session()
    session.trust_env = False
    return session


def _body(response: requests.Response, deadline: float) -> bytes:
    """The whole body, within the deadline and the size we read; a slow drip is a broken connection."""
    return b"".join(bounded(response.iter_content(1 << 16), b"<", deadline))

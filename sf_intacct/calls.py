"""What a broken HTTP call proves, and how long to wait before a read is repeated. For both adapters."""

import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from tenacity import AttemptManager, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from sf_intacct.errors import SettingsError, Throttled, TryLater, Uncertain

READ_ATTEMPTS = 5
# Who is told to wait longer than this ends the run, and asks again in the next one.
PATIENCE_SECONDS = 60
_backoff = wait_exponential_jitter(multiplier=0.2, max=20)
# A page of a read is a few megabytes. Objects are made of what stands between marks, so these bound the memory too:
# measured, a body at both bounds costs less than 256 MB, parsed, in either format.
BODY_MAX, MARKS_MAX = 32 * 1024 * 1024, 1_200_000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NotSent(TryLater):
    """Not a byte left this machine."""


class TooLarge(requests.RequestException):
    """More came than we read. What was sent may have been carried out."""


def bounded(chunks: Iterable[bytes], marks: bytes, deadline: float) -> Iterator[bytes]:
    """A body as it comes in, up to the bounds. marks: the characters that parts of its format begin with.

    Raises TooLarge beyond the bounds, and ReadTimeout after the deadline (of time.monotonic): a slow drip never ends.
    """
    size = found = 0
    for chunk in chunks:
        size += len(chunk)
        found += sum(chunk.count(mark) for mark in marks)
        if size > BODY_MAX or found > MARKS_MAX:
            raise TooLarge(f"a reply of more than {BODY_MAX >> 20} MB or {MARKS_MAX:,} parts")
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout("the reply came too slowly")
        yield chunk


def require_tls(url: str, peer: str) -> None:
    """Raises SettingsError for plain http to anything but loopback, where the sandboxes are."""
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in _LOOPBACK):
        remedy = "use https; plain http is for the sandbox on loopback"
        raise SettingsError(f"connecting to {peer}", seen=url, remedy=remedy)


def broken(error: requests.RequestException, doing: str, peer: str) -> NotSent | Uncertain:
    """NotSent if the connection was never made (name, route, certificate); Uncertain for everything later."""
    if isinstance(error, TooLarge):
        remedy = "lower SF_INTACCT_INTACCT_PAGE_SIZE" if peer != "Salesforce" else "read fewer fields"
        return Uncertain(doing, seen=f"{peer} sent {error}", remedy=remedy)
    if _never_left(error):
        return NotSent(doing, seen=f"no connection to {peer}", remedy="try again")
    return Uncertain(doing, seen=f"the connection to {peer} broke: {type(error).__name__}")


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.SSLError):
        # A handshake that failed looks like a connection that broke after the request had left, but for this one.
        return isinstance(next(iter(getattr(reason, "args", ())), None), ssl.SSLCertVerificationError)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the header Retry-After asks us to wait, in seconds or until when, by the reply's own clock."""
    asked = headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        return max((parsedate_to_datetime(asked) - parsedate_to_datetime(headers["Date"])).total_seconds(), 0.0)
    except (KeyError, ValueError, TypeError):
        return None


def attempts() -> Iterator[AttemptManager]:
    """The attempts of one read: a few, with what the other side asked for or growing, jittered pauses."""
    return iter(
        Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(READ_ATTEMPTS),
            wait=_wait,
            reraise=True,
        )
    )


def _may_pass(error: BaseException) -> bool:
    asked = error.retry_after if isinstance(error, Throttled) else None
    return isinstance(error, TryLater | Uncertain) and (asked or 0.0) <= PATIENCE_SECONDS


def _wait(state: Any) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Throttled) and error.retry_after is not None:
        return error.retry_after
    return float(_backoff(state))

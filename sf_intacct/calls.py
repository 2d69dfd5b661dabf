"""What a broken HTTP call proves, and how long to wait before a read is repeated. For both adapters."""

from collections.abc import Iterator
from typing import Any

import requests
from tenacity import AttemptManager, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from sf_intacct.errors import Throttled, TryLater, Uncertain

READ_ATTEMPTS = 5
_backoff = wait_exponential_jitter(initial=0.2, max=20)


class NotSent(TryLater):
    """Not a byte left this machine."""


def broken(error: requests.RequestException, doing: str, peer: str) -> NotSent | Uncertain:
    """NotSent if the connection was never made (name, route, handshake); Uncertain for everything later."""
    if _never_left(error):
        return NotSent(doing, seen=f"no connection to {peer}", remedy="try again")
    return Uncertain(doing, seen=f"the connection to {peer} broke: {type(error).__name__}")


def _never_left(error: requests.RequestException) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


def attempts() -> Iterator[AttemptManager]:
    """The attempts of one read: a few, with what the other side asked for or growing, jittered pauses."""
    return iter(
        Retrying(
            retry=retry_if_exception_type((TryLater, Uncertain)),
            stop=stop_after_attempt(READ_ATTEMPTS),
            wait=_wait,
            reraise=True,
        )
    )


def _wait(state: Any) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Throttled) and error.retry_after is not None:
        return error.retry_after
    return float(_backoff(state))

"""The HTTP session that simple-salesforce is given: time limits, no redirects, nothing from the environment.

simple-salesforce writes https into every address. A sandbox on loopback speaks plain http, so for that
one origin, and for no other, the scheme is put back.
"""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from sf_intacct.calls import bounded, require_tls, retry_after

CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS = 10, 120


class Http(requests.Session):
    """A session that follows no redirect (it would carry the body along) and reads no environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        # How long the last answer asked us to wait; simple-salesforce's errors do not say.
        self.retry_after: float | None = None
        self.mount("https://", Timed())
        self.adapters.pop("http://")

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["allow_redirects"] = False
        response = super().request(*args, **kwargs)
        self.retry_after = retry_after(response.headers)
        _require_utf_8(response)
        return response


def _require_utf_8(response: requests.Response) -> None:
    """Left to itself, requests guesses an encoding and puts a question mark where it does not fit."""
    response.encoding = "utf-8"
    try:
        response.content.decode()
    except UnicodeDecodeError as error:
        raise requests.exceptions.ContentDecodingError("an answer that is not UTF-8") from error


class Timed(HTTPAdapter):
    """simple-salesforce passes no timeout; without one a dead peer holds a sync for ever."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)
        response = super().send(request, *args, **kwargs)
        response.raw = Bounded(response.raw, time.monotonic() + READ_TIMEOUT_SECONDS)
        return response


class Bounded:
    """The stream of a reply, which ends with an error where it is too long or too slow."""

    def __init__(self, raw: Any, deadline: float) -> None:
        self._raw, self._deadline = raw, deadline

    def stream(self, size: int, **options: Any) -> Iterator[bytes]:
        return bounded(self._raw.stream(size, **options), b",:[{", self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class Loopback(Timed):
    """Speaks http where the address says https. Mounted on one loopback origin only."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


def session_for(login_url: str) -> Http:
    """The session for one login address. Raises SettingsError for http to anything but loopback."""
    require_tls(login_url, "Salesforce")
    parts = urlsplit(login_url)
    http = Http()
    if parts.scheme == "http":
        http.mount(f"https://{parts.netloc}", Loopback())
        http.mount(f"http://{parts.netloc}", Timed())
    return http

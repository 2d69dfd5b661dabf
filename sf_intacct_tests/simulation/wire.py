"""The wire between the adapter and the sandbox, without sockets: real requests, real answers, and what befalls them.

A request may be lost, its answer may be lost, or it may arrive minutes after the caller has given up.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from starlette.applications import Starlette
from urllib3 import HTTPResponse

from sf_intacct.sandbox.server import Sandboxes

LATE_MAX = timedelta(minutes=15)  # the gateway may still be committing 15 minutes after a time-out
_HTML = b"<html><body>Service temporarily unavailable</body></html>"

# What may befall a call that writes, beside nothing; and which of it the sandbox itself carries out.
FAULTS: dict[str, dict[str, Any] | None] = {
    "lost_request": None,
    "late": None,
    "html_page": None,
    "lost_reply": {"kind": "drop_reply"},
    "truncated": {"kind": "truncate"},
    "error_after_commit": {"kind": "server_error", "settings": {"status": 500, "committed": True}},
    "error_before_commit": {"kind": "server_error", "settings": {"status": 503, "committed": False}},
    "throttled": {"kind": "throttle", "settings": {"retry_after": 1}},
    "session_lost": {"kind": "expire_session"},
}


@dataclass
class Wire:
    """Carries calls to one sandbox. `chance` decides what befalls a writing call; `rate` how often anything does."""

    sandboxes: Sandboxes
    chance: random.Random
    loop: asyncio.AbstractEventLoop
    rate: float = 0.0
    fired: Counter[str] = field(default_factory=Counter)
    held: list[tuple[datetime, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = Starlette(routes=self.sandboxes.systems["intacct"].routes())

    def session(self, watch: Callable[[str], None]) -> requests.Session:
        """An HTTP session over this wire. `watch` is told before and after every call."""
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", _Loopback(self, watch))
        return session

    def exchange(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """One call as the client sees it; raises what requests raises when the line breaks."""
        fault = self._fault(body)
        if fault == "lost_request":
            raise requests.exceptions.ConnectionError("the line broke before the request got through")
        if fault == "late":
            due = self.sandboxes.world.clock.now() + LATE_MAX * self.chance.random()
            self.held.append((due, body))
            raise requests.exceptions.ReadTimeout("no answer in time")
        if fault == "html_page":
            self.deliver(body)
            return 200, {"content-type": "text/html"}, _HTML
        rule = FAULTS[fault] if fault else None
        self.sandboxes.world.faults.set([rule] if rule else [])
        try:
            return self.deliver(body)
        finally:
            self.sandboxes.world.faults.set([])

    def _fault(self, body: bytes) -> str | None:
        if b"<create_invoice" not in body or self.chance.random() >= self.rate:
            return None
        fault = self.chance.choice(sorted(FAULTS))
        self.fired[fault] += 1
        return fault

    def deliver(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Hands a request to the sandbox."""
        answer = self.loop.run_until_complete(_ask(self.app, body))
        if answer.is_broken:
            raise requests.exceptions.ConnectionError("the line broke before the answer was through")
        return answer.status, answer.headers, bytes(answer.body)

    def arrive(self) -> None:
        """What was held up and is due by now gets through after all; nobody waits for its answer."""
        now = self.sandboxes.world.clock.now()
        due = [body for at, body in self.held if at <= now]
        self.held = [(at, body) for at, body in self.held if at > now]
        for body in due:
            self.deliver(body)


@dataclass
class _Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    is_broken: bool = False

    def abort(self) -> None:
        self.is_broken = True

    close = abort


async def _ask(app: Starlette, body: bytes) -> _Answer:
    answer = _Answer()
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/ia/xml/xmlgw.phtml",
        "raw_path": b"/ia/xml/xmlgw.phtml",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/xml")],
        "server": ("127.0.0.1", 80),
        "client": ("house", 1),
        "sandbox.transport": answer,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


class _Loopback(BaseAdapter):
    """A transport adapter of requests."""

    def __init__(self, wire: Wire, watch: Callable[[str], None]) -> None:
        super().__init__()
        self.wire, self.watch = wire, watch

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        self.watch("before a call")
        try:
            status, headers, content = self.wire.exchange(body)
        finally:
            self.watch("after a call")
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.url = request.url or ""
        response.request = request
        response.raw = HTTPResponse(body=BytesIO(content), headers=headers, status=status, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""

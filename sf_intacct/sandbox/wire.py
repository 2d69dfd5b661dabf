"""Calls and replies as plain values, and the one place where a reply becomes bytes on a socket.

Everything that can go wrong on the wire happens here, so that neither system knows of it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Protocol

from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from sf_intacct.sandbox.faults import Fault
    from sf_intacct.sandbox.world import World


@dataclass(frozen=True)
class Call:
    """One HTTP request as the sandbox understands it.

    operations names everything the request asks for, one entry per function or record group
    ("create_invoice" fifty times, "query", "POST composite/sobjects"). detail is free for the log.
    """

    system: str
    operations: tuple[str, ...]
    is_write: bool
    method: str = "POST"
    path: str = ""
    detail: str = ""


@dataclass
class Reply:
    """One HTTP answer, before the wire has had its way with it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Execution(Protocol):
    """Carries the call out. `refusal` is a fault of kind "refuse": the system puts it into its own words."""

    def __call__(self, refusal: "Fault | None") -> Reply: ...


class Dialect(Protocol):
    """How one system words the failures that the wire invents."""

    def throttled(self, retry_after: int) -> Reply: ...

    def broken(self, status: int) -> Reply: ...

    def forget_session(self, request: Request) -> None: ...


class Answer:
    """An ASGI response that may break off or never come."""

    def __init__(self, reply: Reply, *, keep: float = 1.0, drop: bool = False) -> None:
        self.reply, self.keep, self.drop = reply, keep, drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope["sandbox.transport"]
        if self.drop:
            transport.abort()
            return
        body = self.reply.body
        headers = {"Content-Length": str(len(body)), **self.reply.headers}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        if self.reply.status in (204, 304):
            raw = [pair for pair in raw if pair[0] != b"content-length"]
        await send({"type": "http.response.start", "status": self.reply.status, "headers": raw})
        if self.keep < 1:
            await send({"type": "http.response.body", "body": body[: int(len(body) * self.keep)], "more_body": True})
            await asyncio.sleep(0)  # let the bytes leave before the connection goes
            transport.close()
            return
        await send({"type": "http.response.body", "body": body})


class OpenProtocol(H11Protocol):
    """Hands the connection to the application, so that an answer can be a closed socket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["sandbox.transport"] = self.transport
            await inner(scope, receive, send)

        self.app = app


async def serve(world: "World", dialect: Dialect, request: Request, call: Call, execute: Execution) -> Answer:
    """Answers one call under whatever fault is set for it, and writes it into the request log."""
    started = time.perf_counter()
    fault = world.faults.next_for(call)
    answer, executed = await _under(fault, dialect, request, execute)
    answer.reply.headers.setdefault("Date", format_datetime(world.clock.now(), usegmt=True))
    world.requests.note(world.clock.now(), call, answer.reply.status, fault, executed, time.perf_counter() - started)
    return answer


@dataclass(frozen=True)
class Struck:
    """A call and the fault that happens to it."""

    dialect: Dialect
    request: Request
    execute: Execution
    fault: "Fault"

    def setting(self, name: str, default: Any) -> Any:
        return self.fault.settings.get(name, default)


async def _under(fault: "Fault | None", dialect: Dialect, request: Request, execute: Execution) -> tuple[Answer, bool]:
    """The answer to a call, struck by `fault` or by none, and whether the call was carried out."""
    if fault is None:
        return Answer(execute(None)), True
    return await _EFFECTS[fault.kind](Struck(dialect, request, execute, fault))


async def _drop_reply(struck: Struck) -> tuple[Answer, bool]:
    return Answer(struck.execute(None), drop=True), True


async def _drop_request(struck: Struck) -> tuple[Answer, bool]:
    return Answer(Reply(0, b""), drop=True), False


async def _truncate(struck: Struck) -> tuple[Answer, bool]:
    return Answer(struck.execute(None), keep=float(struck.setting("keep", 0.5))), True


async def _delay(struck: Struck) -> tuple[Answer, bool]:
    await asyncio.sleep(float(struck.setting("seconds", 1)))
    return Answer(struck.execute(None)), True


async def _server_error(struck: Struck) -> tuple[Answer, bool]:
    committed = bool(struck.setting("committed", False))
    if committed:
        struck.execute(None)
    return Answer(struck.dialect.broken(int(struck.setting("status", 500)))), committed


async def _throttle(struck: Struck) -> tuple[Answer, bool]:
    return Answer(struck.dialect.throttled(int(struck.setting("retry_after", 1)))), False


async def _expire_session(struck: Struck) -> tuple[Answer, bool]:
    struck.dialect.forget_session(struck.request)
    return Answer(struck.execute(None)), True


async def _refuse(struck: Struck) -> tuple[Answer, bool]:
    return Answer(struck.execute(struck.fault)), True


_EFFECTS: dict[str, Callable[[Struck], Awaitable[tuple[Answer, bool]]]] = {
    "drop_reply": _drop_reply,
    "drop_request": _drop_request,
    "truncate": _truncate,
    "delay": _delay,
    "server_error": _server_error,
    "throttle": _throttle,
    "expire_session": _expire_session,
    "refuse": _refuse,
}

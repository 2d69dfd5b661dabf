"""Two servers, one thread, one world. Loopback only: these are imitations, not services."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.control import Control
from sf_intacct.sandbox.intacct import IntacctSandbox
from sf_intacct.sandbox.salesforce import SalesforceSandbox
from sf_intacct.sandbox.system import System
from sf_intacct.sandbox.wire import OpenProtocol
from sf_intacct.sandbox.world import World

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Addresses:
    """Where the two sandboxes answer. The control route is on both."""

    salesforce: str
    intacct: str

    @property
    def control(self) -> str:
        return f"{self.salesforce}/_sandbox"

    @property
    def intacct_gateway(self) -> str:
        return f"{self.intacct}/ia/xml/xmlgw.phtml"


class Sandboxes:
    """Both systems on one world. `world` and `control` may be used directly from the serving thread only."""

    def __init__(self, seed: str | Path | None = "example_company", clock: Clock | None = None) -> None:
        self.world = World(clock=clock)
        self.systems: dict[str, System] = {
            "salesforce": SalesforceSandbox(self.world),
            "intacct": IntacctSandbox(self.world),
        }
        self.control = Control(self.world, self.systems)
        self.loaded = self.control.reset(seed)

    def servers(self, sockets: dict[str, socket.socket]) -> list[tuple[uvicorn.Server, socket.socket]]:
        return [(self._server(name), sockets[name]) for name in self.systems]

    def _server(self, name: str) -> uvicorn.Server:
        app = Starlette(routes=[self.control.mount(), *self.systems[name].routes()])
        config = uvicorn.Config(
            app,
            http=OpenProtocol,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,  # the wire dates its answers by the world's clock
        )
        return uvicorn.Server(config)


def bind(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes any free one. Raises OSError if the port is taken."""
    # asyncio turns Nagle's delay off only where TCP is named; without it each answer takes 40 ms longer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError:
        listener.close()
        raise
    listener.listen()  # early callers wait in the queue instead of being refused
    return listener


def addresses(sockets: dict[str, socket.socket]) -> Addresses:
    url = {name: f"http://{LOOPBACK}:{listener.getsockname()[1]}" for name, listener in sockets.items()}
    return Addresses(salesforce=url["salesforce"], intacct=url["intacct"])


async def _serve_all(servers: list[tuple[uvicorn.Server, socket.socket]]) -> None:
    await asyncio.gather(*(server.serve(sockets=[listener]) for server, listener in servers))


def run(sandboxes: Sandboxes, sockets: dict[str, socket.socket]) -> None:
    """Serves until interrupted."""
    asyncio.run(_serve_all(sandboxes.servers(sockets)))


@contextmanager
def serving(sandboxes: Sandboxes) -> Iterator[Addresses]:
    """Serves on two free ports from a thread of its own; for tests and for embedding."""
    sockets = {name: bind(0) for name in sandboxes.systems}
    servers = sandboxes.servers(sockets)
    thread = threading.Thread(target=lambda: asyncio.run(_serve_all(servers)), daemon=True)
    thread.start()
    try:
        yield addresses(sockets)
    finally:
        for server, _ in servers:
            server.should_exit = True
        thread.join(timeout=10)
        for listener in sockets.values():
            listener.close()

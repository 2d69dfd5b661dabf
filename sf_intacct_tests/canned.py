"""Tiny servers for what no sandbox would answer: canned HTTP replies, and connections that break."""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Canned:
    """One HTTP answer, exactly as it is to be. A header without a value is not sent, the length among them."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One HTTP request as it came in; port is the caller's, and so tells connections apart."""

    port: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class CannedServer:
    """Where it listens, what it has still to answer, and everything it was sent."""

    host: str
    replies: list[Canned]
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextmanager
def answering(*replies: Canned, keep_alive: bool = False) -> Iterator[CannedServer]:
    """Answers each request with the next of `replies`, and everything after them with the last one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if keep_alive else "HTTP/1.0"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.received.append(Received(self.client_address[1], self.command, self.path, dict(self.headers), body))
            reply = found.replies.pop(0) if len(found.replies) > 1 else found.replies[0]
            self.send_response_only(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    found = CannedServer(f"{LOOPBACK}:{server.server_address[1]}", list(replies))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A listening socket on loopback that nobody serves."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener


def closed_port() -> int:
    """A port on which nobody listens any more."""
    with listening() as listener:
        return int(listener.getsockname()[1])


def whole_request(connection: socket.socket) -> bytes:
    """One request, headers and body, read off a connection."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(1 << 16)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(1 << 16)
    return head + b"\r\n\r\n" + body


@contextmanager
def resetting() -> Iterator[str]:
    """Takes one request in, and then resets the connection without an answer."""
    with listening() as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                whole_request(connection)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        thread.join()

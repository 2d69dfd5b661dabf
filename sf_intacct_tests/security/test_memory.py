"""A reply of any size costs a bounded amount of memory: it is given up, or it is of a size that we can hold."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from sf_intacct.calls import BODY_MAX, MARKS_MAX, TooLarge, bounded

MB = 1024 * 1024
# What one read may cost beyond what the program costs before it: failure modes, gates of the tests.
COST_MAX_MB = 256
_PROBE = """
import sys
from datetime import UTC, datetime
from sf_intacct.errors import Uncertain
from sf_intacct.intacct.envelope import Login, Sender
from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct.salesforce.transport import session_for
from sf_intacct.calls import TooLarge

def highest():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024

url, kind = sys.argv[1:]
before, seen = highest(), "read"
try:
    if kind == "xml":
        Gateway(Account(url, Sender("a", "b"), Login("c", "d", "e")))._send(
            Login("c", "d", "e"), [], unique=False, doing="reading"
        )
    else:
        session_for(url).get(url).json()
except (Uncertain, TooLarge) as error:
    seen = str(error)
print(highest() - before, seen)
"""


def _body(kind: str, size: int, dense: bool) -> Iterator[bytes]:
    """A well-formed reply of about that size, in pieces: of as many parts as possible, or of long texts."""
    head, tail = (b"<response>", b"</response>") if kind == "xml" else (b'{"records":[0', b"]}")
    part = {("xml", True): b"<a/>", ("xml", False): b"<a>" + b"x" * 5000 + b"</a>"}.get((kind, dense))
    part = part or (b",[]" if dense else b',"' + b"x" * 5000 + b'"')
    piece = part * (64 * 1024 // len(part) + 1)
    yield head
    for _ in range(size // len(piece)):
        yield piece
    yield tail


@contextmanager
def _server(kind: str, size: int, dense: bool) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.end_headers()
            try:
                for piece in _body(kind, size, dense):
                    self.wfile.write(piece)
            except OSError:
                pass  # the reader has had enough

        do_GET = do_POST = _answer  # noqa: N815 - the names that the server looks for

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["xml", "json"])
@pytest.mark.parametrize(
    ("size", "dense"),
    [(200 * MB, True), (200 * MB, False), (BODY_MAX - MB, False), (MARKS_MAX * 3 // 2, True)],
    ids=["200 MB of parts", "200 MB of text", "as much text as we read", "as many parts as we read"],
)
@pytest.mark.answers("C6", "S23")
def test_a_reply_of_any_size_is_read_within_the_memory_we_have(kind: str, size: int, dense: bool) -> None:
    with _server(kind, size, dense) as url:
        probe = [sys.executable, "-c", _PROBE, url, kind]
        told = subprocess.run(probe, capture_output=True, text=True, check=True, timeout=300).stdout
    cost, _, seen = told.partition(" ")
    assert int(cost) <= COST_MAX_MB, told
    assert ("more than" in seen) == (size == 200 * MB), told


def test_what_is_within_the_bounds_comes_through_as_it_is() -> None:
    chunks = [b"<a>", b"x" * 1000, b"</a>"]
    assert list(bounded(chunks, b"<", float("inf"))) == chunks


@pytest.mark.parametrize(("chunk", "marks"), [(b"x" * MB, b"<"), (b"<" * MB, b"<"), (b",:[{" * 1000, b",:[{")])
@pytest.mark.answers("S23")
def test_what_is_not_is_given_up_while_it_comes_in(chunk: bytes, marks: bytes) -> None:
    """Failure modes, S23: nobody waits for the end of what has no end."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield chunk

    with pytest.raises(TooLarge):
        list(bounded(endless(), marks, float("inf")))
    assert taken * len(chunk) <= BODY_MAX + len(chunk)

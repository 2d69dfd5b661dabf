"""A warm process that has imported the house and opened nothing: it forks children that sync, and tells how they ended.

Asked line by line on its standard input, in JSON; one line of answer for each. Forking is safe here because nothing
that has threads of its own has been used yet: polars and DuckDB start theirs with the first frame or file.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

PATIENCE_SECONDS = 300


@dataclass
class Nursery:
    """The other end: asks the warm process for a child, and waits until that has ended."""

    process: subprocess.Popen[str]

    def child(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """How it ended: `killed` (and by itself, or when its time was up), or what it told."""
        answer = Path(asked["answer"])
        answer.unlink(missing_ok=True)
        asks, answers = self._ends()
        asks.write(json.dumps(asked) + "\n")
        asks.flush()
        status = int(json.loads(answers.readline())["status"])
        if os.WIFSIGNALED(status):
            return {"ended": "killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}"}
        told: dict[str, Any] = json.loads(answer.read_text()) if answer.exists() else {"ended": "silent"}
        return told

    def _ends(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin, self.process.stdout


@contextmanager
def opened(log: Path) -> Iterator[Nursery]:
    """A warm process, ended afterwards."""
    strange = ("SF_INTACCT_", "DAGSTER_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    environment |= {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "sf_intacct_tests.crash.nursery"]
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


def main() -> None:
    from sf_intacct_tests.crash import child

    # What pandera asks for when it first checks a frame.
    for name in ("hypothesis.strategies", "pytz"):
        import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if not process:
            _be(asked, child.live)
        print(json.dumps({"status": _end_of(process, asked["seconds"])}), flush=True)


def _be(asked: Mapping[str, Any], live: Any) -> None:
    """The child's whole life. It says nothing on the answers' line, and never returns from here."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    try:
        live(asked)
    finally:
        os._exit(0)


def _end_of(process: int, seconds: float | None) -> int:
    """Waits for the end, and brings it about when the time is up: the asked one, or all patience."""
    deadline = time.monotonic() + (seconds or PATIENCE_SECONDS)
    sign = signal.SIGKILL if seconds else signal.SIGALRM
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > deadline:
            os.kill(process, sign)
            return os.waitpid(process, 0)[1]
        time.sleep(0.002)


if __name__ == "__main__":
    main()

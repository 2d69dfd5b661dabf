"""What the proof looks at from outside: the sandboxes' own account, and commands as processes of their own."""

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sf_intacct.cli.processes import python


@dataclass
class Process:
    """One command that has ended: what it printed, how long it took, how much memory it held at most."""

    output: str
    seconds: float
    peak_mb: float
    code: int


@dataclass(frozen=True)
class World:
    """The sandboxes' own account of what happened: the oracle."""

    url: str

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=600)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def act(self, system: str, do: str, **arguments: Any) -> dict[str, Any]:
        return self.call("POST", "act", {"system": system, "do": do, **arguments})

    def books(self) -> dict[str, Any]:
        return self.call("GET", "books")

    def rows(self, system: str, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", f"rows/{system}/{table}")["rows"]
        return found

    def calls(self) -> dict[str, int]:
        found: dict[str, int] = self.call("GET", "requests?since=100000000")["by_system"]
        return found


def sync(home: Path, environment: dict[str, str]) -> Process:
    return run(python("-m", "sf_intacct", "sync", "--json"), home, environment)


def run(command: list[str], home: Path, environment: dict[str, str]) -> Process:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=home, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    return Process(text, time.perf_counter() - started, usage.ru_maxrss / 1024, process.returncode)


def told(process: Process) -> dict[str, Any]:
    """The JSON object that a command printed last."""
    for line in reversed(process.output.splitlines()):
        if line.startswith("{"):
            told: dict[str, Any] = json.loads(line)
            return told
    raise RuntimeError(f"the command ended with {process.code} and said:\n{process.output[-3000:]}")

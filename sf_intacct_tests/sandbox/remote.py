"""The control route as tests use it."""

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests


class Remote:
    """Acts, faults, clock and request log of a running pair of sandboxes."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.http.request(method, f"{self.base}/{path}", **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def reset(self, seed: Path | None = None) -> Any:
        """Both systems emptied; `seed` is a folder with one folder per system."""
        return self.call("POST", "reset", json={"seed": str(seed) if seed else None})

    def advance(self, seconds: float) -> None:
        self.call("POST", "clock", json={"advance_seconds": seconds})

    def move_to(self, instant: datetime) -> None:
        self.call("POST", "clock", json={"move_to": instant.isoformat()})

    def act(self, do: str, system: str = "salesforce", **arguments: Any) -> Any:
        return self.call("POST", "act", json={"system": system, "do": do, **arguments})

    def refused_act(self, do: str, system: str = "salesforce", **arguments: Any) -> str:
        """An act that is not allowed; returns what people are told."""
        return str(self.call("POST", "act", 400, json={"system": system, "do": do, **arguments})["error"])

    def fault(self, kind: str, **rule: Any) -> None:
        self.call("PUT", "faults", json={"faults": [{"kind": kind, **rule}]})

    def rows(self, table: str, system: str = "salesforce") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", f"rows/{system}/{table}")["rows"]
        return found

    def books(self, system: str = "salesforce") -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", "books")[system]
        return found

    def log(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", "requests")["lines"]
        return found

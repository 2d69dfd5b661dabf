"""The one shared world under both systems: clock, chance, serial numbers, books, faults, request log.

The books are SQLite, so that a rolled-back request leaves no trace and a filter is a real query.
"""

import random
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.faults import Fault, Faults
from sf_intacct.sandbox.wire import Call

LOG_LENGTH_MAX = 200_000


@dataclass(frozen=True)
class Logged:
    """One line of the request log. at is world time, seconds the time the sandbox took."""

    number: int
    at: str
    system: str
    method: str
    path: str
    operations: dict[str, int]
    is_write: bool
    status: int
    fault: str | None
    executed: bool
    seconds: float
    detail: str


class RequestLog:
    """Every request either system received, newest last, with totals that are never cut."""

    def __init__(self) -> None:
        self.lines: deque[Logged] = deque(maxlen=LOG_LENGTH_MAX)
        self.total = 0
        self.by_system: Counter[str] = Counter()
        self.by_fault: Counter[str] = Counter()

    def note(self, at: datetime, call: Call, status: int, fault: Fault | None, executed: bool, seconds: float) -> None:
        self.total += 1
        self.by_system[call.system] += 1
        if fault:
            self.by_fault[fault.kind] += 1
        self.lines.append(
            Logged(
                number=self.total,
                at=at.isoformat(timespec="milliseconds"),
                system=call.system,
                method=call.method,
                path=call.path,
                operations=dict(Counter(call.operations)),
                is_write=call.is_write,
                status=status,
                fault=fault.kind if fault else None,
                executed=executed,
                seconds=round(seconds, 6),
                detail=call.detail,
            )
        )

    def since(self, number: int) -> list[dict[str, Any]]:
        """The lines after line `number`."""
        return [asdict(line) for line in self.lines if line.number > number]


class World:
    """Everything both systems share. One process, one thread, one world.

    `path` of the books is a file, or ":memory:". `seed` fixes every random choice and every id.
    """

    def __init__(self, seed: int = 1, clock: Clock | None = None, path: str = ":memory:") -> None:
        self.seed = seed
        self.clock = clock or Clock()
        self.chance = random.Random(seed)  # noqa: S311 - reproducible on purpose, guards nothing
        self.faults = Faults()
        self.requests = RequestLog()
        self.books = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.books.row_factory = sqlite3.Row
        self.books.execute("pragma journal_mode = memory")
        self.books.execute("pragma synchronous = off")
        self._serials: Counter[str] = Counter()
        self._depth = 0

    def serial(self, kind: str, count: int = 1) -> int:
        """The next number of its kind, from 1. With `count`, reserves that many and returns the first."""
        first = self._serials[kind] + 1
        self._serials[kind] += count
        return first

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing on the books. May be nested: an inner failure undoes only the inner part."""
        name = f"level_{self._depth}"
        self.books.execute(f"savepoint {name}")
        self._depth += 1
        try:
            yield self.books
        except BaseException:
            self.books.execute(f"rollback to {name}")
            raise
        finally:
            self._depth -= 1
            self.books.execute(f"release {name}")

"""The named points at which a process may die, and what makes it die there. The house knows nothing of them.

A point is a place around a function of the house: before it, after it, or right before the commit of a transaction
that was begun in it. `after` a function that works inside a transaction is before that transaction's commit.
"""

import functools
import http.client
import os
import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.receipt import Result

Told = Callable[[tuple[Any, ...], Any], bool]
STEPS = ("read", "shape", "publish", "plan", "read-back", "apply", "journal", "finance")


class Moment(StrEnum):
    """Where around a function. journal, warehouse: right before a commit there, inside the function."""

    BEFORE = "before"
    AFTER = "after"
    JOURNAL = "journal"
    WAREHOUSE = "warehouse"
    HALF_SENT = "half sent"
    SENT = "sent"
    ANY = "any"


@dataclass(frozen=True)
class Point:
    """A place to die. at: module:function. given: what must be arranged before, see history.GIVEN.

    counts: whether a call (its arguments, and its result when there is one) is worth dying at; every call is, if None.
    """

    name: str
    at: str
    moment: Moment
    given: str = "an order"
    counts: Told | None = None

    @property
    def step(self) -> str:
        return self.name.partition(":")[0]


def _any_rows(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(arguments[2])


def _published(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(result.documents)


def _planned(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(result.planned)


def _verified(arguments: tuple[Any, ...], result: Any) -> bool:
    return arguments[2].result is Result.VERIFIED


def _answered(arguments: tuple[Any, ...], result: Any) -> bool:
    return arguments[2].result in (Result.ACCEPTED, Result.FOUND)


def _some(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(result)


def _entered(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(result.new or result.replaced)


def _orphans(arguments: tuple[Any, ...], result: Any) -> bool:
    return bool(arguments[2].results["uncertain"])


_B, _A, _J, _W = Moment.BEFORE, Moment.AFTER, Moment.JOURNAL, Moment.WAREHOUSE
_READING, _PUBLISHING = "sf_intacct.orchestration.reading", "sf_intacct.orchestration.publishing"
_APPLYING, _RECONCILING = "sf_intacct.orchestration.applying", "sf_intacct.orchestration.reconciling"
_JOURNAL, _FINANCE = "sf_intacct.store.journal", "sf_intacct.store.finance_file"
_INTACCT, _SALESFORCE = "sf_intacct.intacct.system:IntacctSystem", "sf_intacct.salesforce.system:SalesforceSystem"

ANY_INSTANT = Point("any instant: wherever it happens to be", "", Moment.ANY)
POINTS: tuple[Point, ...] = (
    Point("read: nothing is fetched", "sf_intacct.store.spool:Spool.take", _B),
    Point("read: pages are on disk, the warehouse knows none", "sf_intacct.store.raw_tables:append", _B),
    Point("read: versions and watermark before their commit", "sf_intacct.store.raw_tables:append", _A),
    Point("read: versions and watermark after their commit", f"{_READING}:_append", _A),
    Point("shape: nothing is shaped", "sf_intacct.flow.check:shape", _B),
    Point("shape: shaped, not judged", "sf_intacct.flow.check:shape", _A),
    Point("shape: judged, not published", f"{_PUBLISHING}:check", _A),
    Point("publish: tables declared, before their commit", "sf_intacct.store.schema:ensure", _A),
    Point("publish: documents before their commit", "sf_intacct.store.core_tables:publish", _A),
    Point("publish: documents after their commit", f"{_PUBLISHING}:_publish", _A, counts=_published),
    Point("publish: a derived table before its commit", "sf_intacct.store.derived_tables:refresh", _A),
    Point("publish: a derived table after its commit", "sf_intacct.orchestration.deriving:derive", _A, counts=_some),
    Point("plan: nothing is planned", "sf_intacct.store.plan_tables:candidates", _B),
    Point("plan: agreed fields kept, nothing else", f"{_JOURNAL}:Journal.agree", _A, counts=_any_rows),
    Point("plan: before its commit", "sf_intacct.store.plan_tables:publish", _A),
    Point("plan: agreed fields kept, disagreements not", "sf_intacct.store.disagreements:refresh", _B),
    Point("plan: disagreements before their commit", "sf_intacct.store.disagreements:refresh", _J),
    Point("plan: done, nothing entered", "sf_intacct.orchestration.planning:_plan", _A, counts=_planned),
    Point("read-back: seen, not written down", f"{_JOURNAL}:Journal.verify", _B, counts=_any_rows),
    Point("read-back: between two of them, before their commit", f"{_JOURNAL}:Entry.settle", _A, counts=_verified),
    Point("read-back: after their commit", f"{_JOURNAL}:Journal.verify", _A, counts=_some),
    Point("apply: the lease before its commit", "sf_intacct.store.lease:_take", _J),
    Point("apply: the lease after its commit", "sf_intacct.store.lease:_take", _A),
    Point("apply: intents before their commit", f"{_JOURNAL}:Entry.enter", _A, counts=_entered),
    Point("apply: intents after their commit", f"{_JOURNAL}:Journal.enter", _A, counts=_entered),
    Point("apply: in flight before its commit", f"{_JOURNAL}:Journal.send", _J),
    Point("apply: in flight, nothing sent", f"{_JOURNAL}:Journal.send", _A),
    Point("apply: half of a request to Intacct is out", f"{_INTACCT}.apply", Moment.HALF_SENT),
    Point("apply: half of a request to Salesforce is out", f"{_SALESFORCE}.apply", Moment.HALF_SENT),
    Point("apply: a request to Intacct is out, no answer is read", f"{_INTACCT}.apply", Moment.SENT),
    Point("apply: a request to Salesforce is out, no answer is read", f"{_SALESFORCE}.apply", Moment.SENT),
    Point("apply: Intacct has answered, no receipt is written", f"{_INTACCT}.apply", _A),
    Point("apply: Salesforce has answered, no receipt is written", f"{_SALESFORCE}.apply", _A),
    Point("apply: inside the transaction of the receipts", f"{_JOURNAL}:Entry.receipt", _A, counts=_answered),
    Point("apply: receipts and links before their commit", f"{_JOURNAL}:Journal.settle", _J),
    Point("apply: receipts and links after their commit", f"{_JOURNAL}:Journal.settle", _A, counts=_some),
    Point("apply: before a look-up", f"{_INTACCT}.find", _B, "a lost reply"),
    Point("apply: looked up, nothing written down", f"{_INTACCT}.find", _A, "a lost reply"),
    Point("apply: a dead sender's writes are uncertain", f"{_APPLYING}:_recover", _A, "a dead sender", _orphans),
    Point("apply: the lease given back, before its commit", "sf_intacct.store.lease:Lease.release", _J),
    Point("apply: the lease given back", "sf_intacct.store.lease:Lease.release", _A),
    Point("journal: its tables before their commit", "sf_intacct.store.journal_schema:_finalise", _A),
    Point("journal: opened", f"{_JOURNAL}:Journal.__init__", _A),
    Point("journal: mirrored, before the commit", "sf_intacct.store.journal_mirror:follow", _A),
    Point("journal: mirrored, after the commit", f"{_APPLYING}:apply", _A),
    Point("journal: a withdrawn write before its commit", f"{_JOURNAL}:Journal.cancel", _J, "a withdrawn order"),
    Point("journal: a withdrawn write after its commit", f"{_JOURNAL}:Journal.cancel", _A, "a withdrawn order"),
    Point("journal: exceptions before their commit", "sf_intacct.store.exceptions:refresh", _J),
    Point("journal: exceptions after their commit", "sf_intacct.store.exceptions:refresh", _A),
    Point("finance: a month before its commit", "sf_intacct.store.finance_tables:refresh_month", _A),
    Point("finance: a table after its commit", f"{_RECONCILING}:refresh", _A),
    Point("finance: the file's copy before its commit", f"{_FINANCE}:publish", _W),
    Point("finance: the file is copied, not settled", f"{_FINANCE}:_settle", _B),
    Point("finance: the file is settled, not renamed", f"{_FINANCE}:_settle", _A),
    Point("finance: the file is renamed", f"{_FINANCE}:publish", _A),
    ANY_INSTANT,
)
BY_NAME = {point.name: point for point in POINTS}


class Death:
    """What waits at one point for its n-th call. `nth` of None never comes: the calls are counted."""

    def __init__(self, point: Point, nth: int | None) -> None:
        self.point, self.nth = point, nth
        self.reached = 0
        self.inside = 0

    def come(self) -> None:
        self.reached += 1
        if self.reached == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def wait(self) -> None:
        """Stands around the point's function, in this process."""
        if self.point.moment is Moment.ANY:
            return
        owner, name, function = place(self.point.at)
        setattr(owner, name, self._around(function))
        match self.point.moment:
            case Moment.JOURNAL:
                sa.event.listen(sa.Engine, "commit", self._commit)
            case Moment.WAREHOUSE:
                self._watch_the_warehouse()
            case Moment.HALF_SENT | Moment.SENT:
                self._watch_the_wire()

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def around(*arguments: Any, **named: Any) -> Any:
            if self.point.moment is Moment.BEFORE and self._counts(arguments, None):
                self.come()
            self.inside += 1
            try:
                result = function(*arguments, **named)
            finally:
                self.inside -= 1
            if self.point.moment is Moment.AFTER and self._counts(arguments, result):
                self.come()
            return result

        return around

    def _counts(self, arguments: tuple[Any, ...], result: Any) -> bool:
        return self.point.counts is None or self.point.counts(arguments, result)

    def _commit(self, connection: sa.Connection) -> None:
        if self.inside:
            self.come()

    def _watch_the_warehouse(self) -> None:
        owner, name, function = place("sf_intacct.store.warehouse:Warehouse.transaction")

        @contextmanager
        def transaction(*arguments: Any, **named: Any) -> Any:
            with function(*arguments, **named) as session:
                yield session
                if self.inside:
                    self.come()

        setattr(owner, name, transaction)

    def _watch_the_wire(self) -> None:
        """Half of a request: of its body, once its head is out. No answer: the request is out to the last byte."""
        send, getresponse = http.client.HTTPConnection.send, http.client.HTTPConnection.getresponse

        def sending(connection: Any, data: Any) -> None:
            if self.inside and self.point.moment is Moment.HALF_SENT and isinstance(data, bytes) and len(data) > 1:
                if self.reached + 1 == self.nth:
                    send(connection, data[: len(data) // 2])
                self.come()
            send(connection, data)

        def answering(connection: Any) -> http.client.HTTPResponse:
            if self.inside and self.point.moment is Moment.SENT:
                self.come()
            return getresponse(connection)

        connections: Any = http.client.HTTPConnection
        connections.send, connections.getresponse = sending, answering


def place(at: str) -> tuple[Any, str, Callable[..., Any]]:
    """Where a function is kept, under which name, and the function."""
    module, _, path = at.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name, getattr(owner, name)

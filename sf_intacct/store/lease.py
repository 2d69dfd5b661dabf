"""One sender at a time: a lease with an epoch and a deadline that is checked right before each send.

Dagster is not that mutex: two daemons run the same tick, and a run marked failed may still have a
live process. A process that was paused beyond its deadline must not send when it wakes.
"""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from sf_intacct.errors import Busy
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_tables import LEASE

LENGTH = timedelta(minutes=5)
# How far two machines' clocks may be apart.
CLOCK_BOUND = timedelta(seconds=30)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Now = Callable[[], datetime]
Uptime = Callable[[], timedelta]


def uptime() -> timedelta:
    """How long the machine has been up, its sleep included, which the plain monotonic clock leaves out."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(microseconds=time.clock_gettime_ns(clock) // 1000)


def later_of(now: Now, uptime: Uptime) -> Now:
    """A clock that nobody can turn back: the wall clock; or what it was at first and the time since, if that is later.

    Clocks that are a second apart agree.
    """
    first, began = now(), uptime()

    def later() -> datetime:
        wall, lived = now(), first + (uptime() - began)
        return lived if lived - wall > timedelta(seconds=1) else wall

    return later


@cache
def place() -> str:
    """Where a process number means the same process as here: this machine, since it was started, in this container.

    Machines and containers may share a name, and a number that is free in one may be a living sender in another.
    """
    host = socket.gethostname()
    try:
        seen = os.readlink("/proc/self/ns/pid") + Path("/proc/sys/kernel/random/boot_id").read_text()
    except OSError:
        return host  # not Linux
    return f"{host}@{hashlib.sha256(seen.encode()).hexdigest()[:8]}"


@dataclass
class Lease:
    """The right to send to one system until `until`. call_timeout is the longest one send may take.

    now must not go back while the lease is held: a deadline that waits for a clock is none.
    """

    journal: Journal
    name: str
    holder: str
    epoch: int
    until: datetime
    call_timeout: timedelta
    now: Now

    def check(self) -> None:
        """Must be called right before every send, after the last thing that takes time. Renews when it is time.

        Raises Busy when the lease is lost: nothing may be sent then.
        """
        if self.now() > self.until - LENGTH / 2:
            self._renew()
        if self.now() > self.until - self.call_timeout - CLOCK_BOUND:
            raise Busy(f"sending to {self.name}", holder="nobody: our lease has run out", until=self.until)

    def _renew(self) -> None:
        until = self.now() + LENGTH
        ours = sa.and_(LEASE.c.name == self.name, LEASE.c.epoch == self.epoch)
        with self.journal.engine.begin() as connection:
            if connection.execute(sa.update(LEASE).where(ours).values(until=until)).rowcount != 1:
                raise Busy(f"sending to {self.name}", holder="another process, which took over", until=self.until)
        self.until = until

    def release(self) -> None:
        """Gives the lease back, so that the next sender need not wait it out."""
        ours = sa.and_(LEASE.c.name == self.name, LEASE.c.epoch == self.epoch)
        with self.journal.engine.begin() as connection:
            # Not "until now": by a clock that is wrong, that may be hours away for everybody else.
            connection.execute(sa.update(LEASE).where(ours).values(until=_LONG_AGO))


@contextmanager
def leased(journal: Journal, name: str, call_timeout: timedelta, now: Now, uptime: Uptime = uptime) -> Iterator[Lease]:
    """Holds the lease for one system. Raises Busy when another process has it.

    Its deadlines are on the wall clock and on the machine's uptime, whichever is later: a clock that is
    set back gives no second life to a lease, and neither does a machine that slept.
    """
    lease = _take(journal, name, call_timeout, later_of(now, uptime))
    try:
        yield lease
    finally:
        lease.release()


def _take(journal: Journal, name: str, call_timeout: timedelta, now: Now) -> Lease:
    holder = f"{place()}:{os.getpid()}"
    at = now()
    with journal.engine.begin() as connection:
        row = connection.execute(sa.select(LEASE).where(LEASE.c.name == name).with_for_update()).one_or_none()
        if row is None:
            epoch = 1
            connection.execute(sa.insert(LEASE).values(name=name, holder=holder, epoch=epoch, until=at + LENGTH))
        elif row.until > at and not _is_dead(row.holder):
            raise Busy(f"sending to {name}", holder=row.holder, until=row.until)
        else:
            epoch = row.epoch + 1
            values = {"holder": holder, "epoch": epoch, "until": at + LENGTH}
            connection.execute(sa.update(LEASE).where(LEASE.c.name == name).values(**values))
    return Lease(journal, name, holder, epoch, at + LENGTH, call_timeout, now)


def _is_dead(holder: str) -> bool:
    """Whether the holder is a process that we would see, and that no longer lives: it cannot send any more."""
    where, _, process = holder.rpartition(":")
    if where != place() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

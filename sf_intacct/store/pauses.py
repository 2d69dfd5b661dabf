"""Pause and resume: the switch by which a person stops what we send. The newest word about a system counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from sf_intacct.store.brake_tables import PAUSE
from sf_intacct.store.journal import Journal

EVERYTHING = "everything"
SYSTEMS = ("salesforce", "intacct")


@dataclass(frozen=True)
class Pause:
    """Who stopped sending to what, why, and since when. what: a system, or EVERYTHING."""

    what: str
    by: str
    reason: str
    since: datetime

    @property
    def words(self) -> str:
        what = "sending" if self.what == EVERYTHING else f"sending to {self.what.title()}"
        return f"{what} is paused since {self.since:%Y-%m-%d %H:%M} UTC by {self.by}: {self.reason}"


def say(journal: Journal, what: str, is_paused: bool, by: str, reason: str, now: datetime) -> None:
    """Writes down that a person paused or resumed. Resuming everything ends the pauses of single systems too."""
    with journal.transaction() as entry:
        ended = _standing(entry.connection) if what == EVERYTHING and not is_paused else ()
        names = dict.fromkeys([what, *(one.what for one in ended)])
        said = {"is_paused": is_paused, "said_by": by, "reason": reason, "recorded_at": now}
        entry.connection.execute(sa.insert(PAUSE), [{"what": name, **said} for name in names])


def standing(journal: Journal) -> list[Pause]:
    """What is paused now."""
    with journal.engine.begin() as connection:
        return _standing(connection)


def over(journal: Journal, *systems: str) -> Pause | None:
    """The pause that keeps us from sending to all of these systems, if there is one."""
    paused = {one.what: one for one in standing(journal)}
    if EVERYTHING in paused:
        return paused[EVERYTHING]
    found = [paused.get(system) for system in systems]
    return found[0] if found and all(found) else None


def _standing(connection: sa.Connection) -> list[Pause]:
    newest = sa.select(sa.func.max(PAUSE.c.number)).group_by(PAUSE.c.what)
    query = sa.select(PAUSE).where(PAUSE.c.number.in_(newest)).order_by(PAUSE.c.number)
    return list(_paused(connection.execute(query)))


def _paused(rows: Iterable[sa.Row[tuple[object, ...]]]) -> Iterable[Pause]:
    for row in rows:
        if row.is_paused:
            yield Pause(row.what, row.said_by, row.reason, row.recorded_at)

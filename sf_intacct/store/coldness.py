"""Whether the journal is the one that was written: held against what other places remember of it.

One that is older than they know, missing, or edited makes the house cold: what it sent is not all known any
more, so every write is looked for before it is sent, until one full pass has been clean. Kept in the journal, with
its reason, so that a process that starts meanwhile is cold too.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sf_intacct.store import journal_chain, journal_head
from sf_intacct.store.journal import Journal, next_number
from sf_intacct.store.journal_chain import Tip, Walked
from sf_intacct.store.journal_head import Head
from sf_intacct.store.journal_tables import COUNTER
from sf_intacct.store.log_tables import COLD, COLD_PASS


@dataclass(frozen=True)
class Witness:
    """A place that remembers how far the journal had come. An empty hash: it remembers no hash."""

    name: str
    tip: Tip
    change: int
    at: datetime | None


@dataclass(frozen=True)
class Finding:
    """Something that does not fit. cause: missing, older, edited or unwitnessed; breaks: numbers of receipts."""

    cause: str
    seen: str
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cold:
    """Why the house is cold, since when, noticed in which run, and which crossings have had a clean pass.

    quiet_from: the last sign of life of the journal that was lost: what it sent then may still be carried out.
    """

    number: int
    cause: str
    seen: str
    began_at: datetime
    quiet_from: datetime | None
    run: str
    passed: frozenset[str] = frozenset()
    ended_at: datetime | None = None


def findings(connection: sa.Connection, witnesses: Sequence[Witness], walked: Walked) -> list[Finding]:
    """Everything about this journal that does not fit what others remember of it, and that was not noticed before."""
    tip, change = journal_chain.tip(connection), newest_change(connection)
    found = [one for witness in witnesses for one in _against(connection, witness, tip, change)]
    if tip.number and not witnesses:
        found.append(Finding("unwitnessed", f"nothing remembers how far it had come; it has {tip.number} receipts"))
    fresh = tuple(number for number in walked.breaks if number not in _known_breaks(connection))
    if fresh:
        seen = f"{len(fresh)} receipts do not fit the one before them, the first is number {fresh[0]}"
        found.append(Finding("edited", seen, fresh))
    return found


def _against(connection: sa.Connection, witness: Witness, tip: Tip, change: int) -> Iterable[Finding]:
    knows = f"{witness.name} knows of {witness.tip.number} receipts and {witness.change} changes"
    if (tip.number, change) == (0, 0):
        if (witness.tip.number, witness.change) != (0, 0):
            yield Finding("missing", f"it is empty, and {knows}")
    elif tip.number < witness.tip.number or change < witness.change:
        yield Finding("older", f"it has {tip.number} receipts and {change} changes, and {knows}")
    elif witness.tip.hash and journal_chain.hash_of(connection, witness.tip.number) != witness.tip.hash:
        yield Finding("edited", f"receipt {witness.tip.number} is another one than {witness.name} knows")


def _known_breaks(connection: sa.Connection) -> set[int]:
    return {number for text in connection.execute(sa.select(COLD.c.breaks)).scalars() for number in json.loads(text)}


def newest_change(connection: sa.Connection) -> int:
    """The number of the journal's newest change."""
    value = connection.execute(sa.select(COUNTER.c.value).where(COUNTER.c.name == "change")).scalar()
    return int(value or 0)


def note(journal: Journal, found: Sequence[Finding], quiet_from: datetime | None, now: datetime, run: str) -> None:
    """From now on the house is cold. What others remember is history then: the present head takes its place."""
    with journal.engine.begin() as connection:
        connection.execute(
            sa.insert(COLD).values(
                number=next_number(connection, "cold"),
                cause=found[0].cause,
                seen="; ".join(one.seen for one in found),
                breaks=json.dumps([number for one in found for number in one.breaks]),
                quiet_from=quiet_from,
                began_at=now,
                run=run,
            )
        )
        head = Head(journal_chain.tip(connection), newest_change(connection), now)
    if journal.head_file is not None:
        journal_head.put(journal.head_file, head)


def present(journal: Journal) -> Cold | None:
    """Whether the house is cold now, by the newest of all reasons that has not ended."""
    with journal.engine.begin() as connection:
        open_ = sa.select(COLD).where(COLD.c.ended_at.is_(None)).order_by(COLD.c.number.desc()).limit(1)
        row = connection.execute(open_).one_or_none()
        if row is None:
            return None
        passed = connection.execute(sa.select(COLD_PASS.c.crossing).where(COLD_PASS.c.cold == row.number)).scalars()
        return replace(_cold(row), passed=frozenset(passed))


def newest(journal: Journal) -> Cold | None:
    """The newest time that the house was cold, whether or not it is over."""
    with journal.engine.begin() as connection:
        row = connection.execute(sa.select(COLD).order_by(COLD.c.number.desc()).limit(1)).one_or_none()
    return _cold(row) if row else None


def _cold(row: sa.Row[Any]) -> Cold:
    return Cold(row.number, row.cause, row.seen, row.began_at, row.quiet_from, row.run, ended_at=row.ended_at)


def passed(journal: Journal, cold: Cold, crossing: str, all_: Collection[str], now: datetime, run: str) -> bool:
    """A crossing has had a clean pass. Returns whether that was the last one: the house is cold no more."""
    with journal.engine.begin() as connection:
        mine = sa.and_(COLD_PASS.c.cold == cold.number, COLD_PASS.c.crossing == crossing)
        if not connection.execute(sa.select(COLD_PASS.c.crossing).where(mine)).first():
            values = {"cold": cold.number, "crossing": crossing, "passed_at": now, "run": run}
            connection.execute(sa.insert(COLD_PASS).values(**values))
        done = connection.execute(sa.select(COLD_PASS.c.crossing).where(COLD_PASS.c.cold == cold.number)).scalars()
        if set(all_) - set(done):
            return False
        # Older reasons end with it: what they asked for was done as well.
        older = sa.and_(COLD.c.ended_at.is_(None), COLD.c.number <= cold.number)
        connection.execute(sa.update(COLD).where(older).values(ended_at=now))
        return True

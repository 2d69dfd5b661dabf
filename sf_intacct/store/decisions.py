"""What people decided about exceptions: one row for each record that is meant, and one in all. Never changed.

The newest decision about a record counts. A disposition says who did what about which exception, when and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import Intent, State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store.journal import Entry, Journal
from sf_intacct.store.journal_tables import DECISION, DISPOSITION, EXCEPTION


class Disposition(StrEnum):
    """What a person may do about an exception."""

    RETRY = "retry"  # try again at the next sync, under all the rules
    FIX = "fix"  # the same, after a crosswalk was completed
    HOLD = "hold"  # nothing is sent until somebody says so
    IGNORE = "ignore"  # left out on purpose
    RESOLVE = "resolve"  # it is in the books already: linked with the document there
    ASSIGN = "assign"  # somebody takes care of it
    UNDO = "undo"  # the newest decision is taken back


# Where a decision leaves a write that was provably not carried out. What may have been is settled by looks alone.
_AGAIN = (Disposition.RETRY, Disposition.FIX)
_GIVEN_UP = (Disposition.HOLD, Disposition.IGNORE)
_STUCK = (State.REFUSED, State.HELD)
# What can be taken back. A retry cannot: it may have been sent since.
UNDOABLE = (Disposition.HOLD, Disposition.IGNORE, Disposition.RESOLVE)


@dataclass(frozen=True)
class About:
    """One record that a decision is about; source_hash: what it said when it was decided."""

    crossing: str
    source_id: str
    source_hash: str | None = None


@dataclass(frozen=True)
class Decided:
    """One decision about an exception and some of its records. detail: whom it was given to, or which document."""

    exception_id: str
    disposition: Disposition
    reason: str
    about: tuple[About, ...] = ()
    detail: str = ""


def decide(journal: Journal, decided: Sequence[Decided], by: str, now: datetime, run: str) -> int:
    """Writes decisions down and moves the writes they are about, all of them or none; returns for how many records.

    Raises TryLater when one of the writes was moved by somebody else meanwhile: then nothing was decided.
    """
    idle = _idle(journal, {about.crossing for one in decided for about in one.about})
    with journal.transaction() as entry:
        for one in decided:
            _write(entry, one, by, now)
            for about in one.about:
                _move(entry, one.disposition, idle.get((about.crossing, about.source_id), []), now, run)
    return sum(len(one.about) for one in decided)


def _idle(journal: Journal, crossings: set[str]) -> dict[tuple[str, str], list[Intent]]:
    """The writes that were provably not carried out, by crossing and source id."""
    found: dict[tuple[str, str], list[Intent]] = {}
    for crossing in sorted(crossings):
        for intent in journal.in_state(crossing, State.PENDING, *_STUCK):
            found.setdefault((crossing, intent.source.record_id), []).append(intent)
    return found


def _write(entry: Entry, one: Decided, by: str, now: datetime) -> None:
    told = {"exception_id": one.exception_id, "reason": one.reason, "decided_by": by, "recorded_at": now}
    said = one.disposition.value
    rows = [
        {"crossing": a.crossing, "source_id": a.source_id, "source_hash": a.source_hash, "decision": said, **told}
        for a in one.about
    ]
    if one.disposition is Disposition.ASSIGN:
        owner = sa.update(EXCEPTION).where(EXCEPTION.c.id == one.exception_id)
        entry.connection.execute(owner.values(owner=one.detail or None))
    elif rows:
        entry.connection.execute(sa.insert(DECISION), rows)
    done = {"disposition": said, "detail": one.detail, "records": len(one.about), **told}
    entry.connection.execute(sa.insert(DISPOSITION).values(**done))


def _move(entry: Entry, disposition: Disposition, intents: Sequence[Intent], now: datetime, run: str) -> None:
    """Moves the writes of one record, as far as a decision reaches: what may have been carried out is beyond it."""
    if disposition not in (*_AGAIN, *_GIVEN_UP):
        return
    state = State.CANCELLED if disposition in _GIVEN_UP else State.PENDING
    for intent in intents:
        if intent.state is not state:
            entry.receipt(intent, Outcome(Result.DECIDED, code=disposition.value), now, run)
            entry.move(intent, state, due_at=None, cause=None, message=None)


def newest(journal: Journal) -> dict[tuple[str, str], dict[str, Any]]:
    """The decision that counts of every record that anybody decided about, by crossing and source id."""
    return {(row["crossing"], row["source_id"]): row for row in journal.decisions_after(0)}


def dispositions(journal: Journal, exception_id: str = "") -> list[dict[str, Any]]:
    """Everything that people did about exceptions, or about one, oldest first."""
    query = sa.select(DISPOSITION).order_by(DISPOSITION.c.number)
    if exception_id:
        query = query.where(DISPOSITION.c.exception_id == exception_id)
    with journal.engine.begin() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]

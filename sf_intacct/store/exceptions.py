"""The exception queue in the journal: one root cause, its victims, and what people decided about them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_tables import DECISION, EXCEPTION, VICTIM


@dataclass(frozen=True)
class Victim:
    """One record that one cause keeps from crossing."""

    cause: str
    subject: str
    crossing: str
    source_object: str
    source_id: str
    label: str
    seen: str
    column: str
    amount: Decimal | None
    currency: str | None

    @property
    def exception_id(self) -> str:
        """The same cause of the same thing is the same exception, today and tomorrow."""
        return hashlib.sha256(f"{self.cause}\0{self.subject}".encode()).hexdigest()[:8]


def refresh(journal: Journal, victims: Sequence[Victim], now: datetime) -> None:
    """Makes the queue say what is true now: new causes open, gone ones are resolved, the others age."""
    with journal.engine.begin() as connection:
        _exceptions(connection, victims, now)
        _victims(connection, victims, now)
        still = sa.select(VICTIM.c.exception_id).where(VICTIM.c.cleared_at.is_(None))
        solved = sa.and_(EXCEPTION.c.resolved_at.is_(None), EXCEPTION.c.id.not_in(still))
        connection.execute(sa.update(EXCEPTION).where(solved).values(resolved_at=now))


def _exceptions(connection: sa.Connection, victims: Sequence[Victim], now: datetime) -> None:
    known = set(connection.execute(sa.select(EXCEPTION.c.id)).scalars())
    present = {victim.exception_id: victim for victim in victims}
    fresh = [
        {"id": id_, "cause": victim.cause, "subject": victim.subject, "first_seen_at": now, "last_seen_at": now}
        for id_, victim in present.items()
        if id_ not in known
    ]
    if fresh:
        connection.execute(sa.insert(EXCEPTION), fresh)
    again = [{"b_id": id_} for id_ in present if id_ in known]
    if again:
        seen = sa.update(EXCEPTION).where(EXCEPTION.c.id == sa.bindparam("b_id"))
        connection.execute(seen.values(last_seen_at=now, resolved_at=None), again)


def _victims(connection: sa.Connection, victims: Sequence[Victim], now: datetime) -> None:
    columns = (VICTIM.c.exception_id, VICTIM.c.crossing, VICTIM.c.source_id, VICTIM.c.cleared_at)
    known = {tuple(row[:3]): row.cleared_at for row in connection.execute(sa.select(*columns))}
    present = {(v.exception_id, v.crossing, v.source_id): v for v in victims}
    fresh = [_row(victim, now) for key, victim in present.items() if key not in known]
    if fresh:
        connection.execute(sa.insert(VICTIM), fresh)
    mine = sa.and_(
        VICTIM.c.exception_id == sa.bindparam("b_exception"),
        VICTIM.c.crossing == sa.bindparam("b_crossing"),
        VICTIM.c.source_id == sa.bindparam("b_source"),
    )
    gone = [key for key, cleared_at in known.items() if cleared_at is None and key not in present]
    back = [key for key, cleared_at in known.items() if cleared_at is not None and key in present]
    for keys, cleared_at in ((gone, now), (back, None)):
        if keys:
            bound = [dict(zip(("b_exception", "b_crossing", "b_source"), key, strict=True)) for key in keys]
            connection.execute(sa.update(VICTIM).where(mine).values(cleared_at=cleared_at), bound)


def _row(victim: Victim, now: datetime) -> dict[str, Any]:
    return {
        "exception_id": victim.exception_id,
        "crossing": victim.crossing,
        "source_id": victim.source_id,
        "source_object": victim.source_object,
        "label": victim.label,
        "amount": victim.amount,
        "currency": victim.currency,
        "seen": victim.seen,
        "first_seen_at": now,
        "cleared_at": None,
    }


def listed(journal: Journal, *, resolved: bool = False) -> list[dict[str, Any]]:
    """Every exception with its open victims (all victims, with `resolved`), oldest first."""
    query = sa.select(EXCEPTION, VICTIM).join(VICTIM, VICTIM.c.exception_id == EXCEPTION.c.id)
    if not resolved:
        query = query.where(EXCEPTION.c.resolved_at.is_(None), VICTIM.c.cleared_at.is_(None))
    exceptions: dict[str, dict[str, Any]] = {}
    with journal.engine.begin() as connection:
        for row in connection.execute(query.order_by(EXCEPTION.c.first_seen_at, EXCEPTION.c.id, VICTIM.c.label)):
            values = row._mapping
            found = exceptions.setdefault(
                values[EXCEPTION.c.id], {**{c.name: values[c] for c in EXCEPTION.c}, "victims": []}
            )
            found["victims"].append({c.name: values[c] for c in VICTIM.c if c.name != "exception_id"})
    return list(exceptions.values())


def decide(journal: Journal, exception_id: str, decision: str, reason: str, by: str, now: datetime, run: str) -> int:
    """Writes a person's decision down for every open victim of an exception; returns for how many.

    retry: what was refused or held is pending again, under a new wire identity where it was refused.
    ignore: the victims are left alone from now on, with the reason.
    """
    victims = [v for e in listed(journal) if e["id"] == exception_id for v in e["victims"]]
    rows = [
        {
            "crossing": v["crossing"],
            "source_id": v["source_id"],
            "decision": decision,
            "reason": reason,
            "decided_by": by,
            "recorded_at": now,
        }
        for v in victims
    ]
    if not rows:
        return 0
    with journal.engine.begin() as connection:
        connection.execute(sa.insert(DECISION), rows)
    _move(journal, victims, State.PENDING if decision == "retry" else State.CANCELLED, decision, now, run)
    return len(rows)


def _move(
    journal: Journal, victims: Sequence[dict[str, Any]], state: State, decision: str, now: datetime, run: str
) -> None:
    """Moves the refused and held writes of the victims."""
    by_crossing: dict[str, set[str]] = {}
    for victim in victims:
        by_crossing.setdefault(victim["crossing"], set()).add(victim["source_id"])
    stuck = [
        intent
        for crossing, ids in by_crossing.items()
        for intent in journal.in_state(crossing, State.REFUSED, State.HELD)
        if intent.source.record_id in ids
    ]
    with journal.transaction() as entry:
        for intent in stuck:
            entry.receipt(intent, Outcome(Result.DECIDED, code=decision), now, run)
            entry.move(intent, state, due_at=None, cause=None, message=None)

"""The exception queue in the journal: one root cause, its victims, and what people decided about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sf_intacct.flow.queue import Victim
from sf_intacct.store import decisions
from sf_intacct.store.decisions import About, Decided, Disposition
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_tables import EXCEPTION, VICTIM


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
    known = {tuple(row[name] for name in _KEY): dict(row) for row in connection.execute(sa.select(VICTIM)).mappings()}
    present = {(v.exception_id, v.crossing, v.source_id): _row(v) for v in victims}
    fresh = [{**row, "first_seen_at": now, "cleared_at": None} for key, row in present.items() if key not in known]
    if fresh:
        connection.execute(sa.insert(VICTIM), fresh)
    changed = [row for key, row in present.items() if key in known and _differs(known[key], row)]
    _update(connection, changed, {**{name: sa.bindparam(f"b_{name}") for name in _TOLD}, "cleared_at": None})
    gone = [row for key, row in known.items() if row["cleared_at"] is None and key not in present]
    _update(connection, gone, {"cleared_at": now})


_KEY = ("exception_id", "crossing", "source_id")
# What is told of a victim, and may be otherwise tomorrow.
_TOLD = ("label", "amount", "currency", "seen", "column_name", "lines", "attempts", "answer", "through")


def _differs(known: dict[str, Any], row: dict[str, Any]) -> bool:
    return known["cleared_at"] is not None or any(known[name] != row[name] for name in _TOLD)


def _update(connection: sa.Connection, rows: Sequence[dict[str, Any]], values: dict[str, Any]) -> None:
    if rows:
        mine = sa.and_(*(VICTIM.c[name] == sa.bindparam(f"b_{name}") for name in _KEY))
        bound = [{f"b_{name}": row[name] for name in (*_KEY, *_TOLD)} for row in rows]
        connection.execute(sa.update(VICTIM).where(mine).values(values), bound)


def _row(victim: Victim) -> dict[str, Any]:
    same = ("exception_id", "crossing", "source_id", "source_object", "label", "amount", "currency", "seen")
    told = {name: getattr(victim, name) for name in (*same, "lines", "attempts", "answer", "through")}
    return {**told, "column_name": victim.column}


def as_victim(exception: dict[str, Any], row: dict[str, Any]) -> Victim:
    """A victim as the journal keeps it; what was written before a column was there is empty."""
    kept = {name: row[name] or "" for name in ("crossing", "source_object", "source_id", "label", "seen")}
    told = {name: row[name] or "" for name in ("answer", "through")}
    return Victim(
        cause=exception["cause"],
        subject=exception["subject"],
        column=row["column_name"] or "",
        amount=row["amount"],
        currency=row["currency"],
        lines=row["lines"] or 0,
        attempts=row["attempts"] or 0,
        **kept,
        **told,
    )


def listed(journal: Journal, *, resolved: bool = False) -> list[dict[str, Any]]:
    """Every exception with its open victims (all victims, with `resolved`), oldest first."""
    query = sa.select(EXCEPTION, VICTIM).join(VICTIM, VICTIM.c.exception_id == EXCEPTION.c.id)
    if not resolved:
        query = query.where(EXCEPTION.c.resolved_at.is_(None), VICTIM.c.cleared_at.is_(None))
    # What has to be mended comes before what waits for it.
    waits = sa.case((sa.func.coalesce(VICTIM.c.through, "") == "", 0), else_=1)
    exceptions: dict[str, dict[str, Any]] = {}
    with journal.engine.begin() as connection:
        for row in connection.execute(query.order_by(EXCEPTION.c.first_seen_at, EXCEPTION.c.id, waits, VICTIM.c.label)):
            values = row._mapping
            found = exceptions.setdefault(
                values[EXCEPTION.c.id], {**{c.name: values[c] for c in EXCEPTION.c}, "victims": []}
            )
            found["victims"].append({c.name: values[c] for c in VICTIM.c if c.name != "exception_id"})
    return list(exceptions.values())


def decide(journal: Journal, exception_id: str, decision: str, reason: str, by: str, now: datetime, run: str) -> int:
    """Writes a person's decision down for every open victim of an exception; returns for how many.

    retry: what was refused or held is pending again, under a new wire identity where it was refused.
    ignore: the victims are left alone from now on, with the reason. hold: nothing of them is sent until a retry.
    """
    victims = [v for e in listed(journal) if e["id"] == exception_id for v in e["victims"]]
    about = tuple(About(victim["crossing"], victim["source_id"]) for victim in victims if victim["crossing"])
    if not about:
        return 0
    return decisions.decide(journal, [Decided(exception_id, Disposition(decision), reason, about)], by, now, run)

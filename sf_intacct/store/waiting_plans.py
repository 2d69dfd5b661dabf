"""Plans that wait for a person, in the journal: written down when they begin to wait, and what became of them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from sf_intacct.flow.approval import ENDS, Event, Waiting
from sf_intacct.model.intent import DONE, State
from sf_intacct.store.brake_tables import PLAN_EVENT, WAITING_PLAN
from sf_intacct.store.journal import Journal, next_number
from sf_intacct.store.journal_tables import INTENT

_CHUNK = 500
_CARRIED_OUT = (*DONE, State.IN_FLIGHT, State.UNCERTAIN)
# What was written of a record: it says the same write again only if all of this is the same.
Written = tuple[str, str, str, str | None]


def standing(journal: Journal, crossing: str | None = None) -> list[Waiting]:
    """The plans that still count, of one crossing or of all, oldest first: waiting, approved, or being carried out."""
    with journal.engine.begin() as connection:
        return _standing(connection, crossing)


def _standing(connection: sa.Connection, crossing: str | None) -> list[Waiting]:
    ended = sa.select(PLAN_EVENT.c.plan).where(PLAN_EVENT.c.event.in_([event.value for event in ENDS]))
    query = sa.select(WAITING_PLAN).where(WAITING_PLAN.c.number.not_in(ended)).order_by(WAITING_PLAN.c.number)
    if crossing is not None:
        query = query.where(WAITING_PLAN.c.crossing == crossing)
    plans = {row.number: _plan(row) for row in connection.execute(query)}
    events = sa.select(PLAN_EVENT).where(PLAN_EVENT.c.plan.in_(list(plans))).order_by(PLAN_EVENT.c.number)
    for row in connection.execute(events) if plans else ():
        plans[row.plan] = _after(plans[row.plan], row)
    return list(plans.values())


def _plan(row: sa.Row[Any]) -> Waiting:
    return Waiting(
        number=row.number,
        crossing=row.crossing,
        hash=row.hash,
        rows=json.loads(row.fingerprints),
        documents=row.documents,
        money={currency: Decimal(amount) for currency, amount in json.loads(row.money).items()},
        reasons=tuple(json.loads(row.reasons)),
        people=row.people,
        before=row.earlier,
        mapping_revision=row.mapping_revision,
        since=row.recorded_at,
    )


def _after(plan: Waiting, row: sa.Row[Any]) -> Waiting:
    if row.event == Event.APPROVED:
        return replace(plan, approved_by={**plan.approved_by, row.said_by: row.recorded_at})
    return replace(plan, is_begun=plan.is_begun or row.event == Event.BEGUN)


def record(
    journal: Journal,
    crossing: str,
    events: Sequence[tuple[Waiting, Event, str]],
    new: Waiting | None,
    now: datetime,
    run: str,
) -> None:
    """Writes down what became of earlier plans, and the plan that begins to wait now. All or nothing.

    Whoever was faster with the same plan is not repeated.
    """
    with journal.transaction() as entry:
        # The counter's row makes everybody else who judges a plan wait for this transaction.
        next_number(entry.connection, "waiting_plan")
        known = {plan.number: plan for plan in _standing(entry.connection, crossing)}
        for plan, event, says in events:
            if plan.number in known and not (event is Event.BEGUN and known[plan.number].is_begun):
                _event(entry.connection, plan, event, "", says, now, run)
        ended = {plan.number for plan, event, _ in events if event in ENDS}
        if new is not None and new.hash not in {plan.hash for number, plan in known.items() if number not in ended}:
            entry.connection.execute(sa.insert(WAITING_PLAN).values(**_row(new), run=run))


def approve(journal: Journal, plan: Waiting, by: str, says: str, now: datetime, run: str) -> Waiting | None:
    """Writes down that a person approved a plan; the plan as it now stands. None when it counts no more."""
    with journal.transaction() as entry:
        next_number(entry.connection, "waiting_plan")
        if plan.number not in {one.number for one in _standing(entry.connection, plan.crossing)}:
            return None
        _event(entry.connection, plan, Event.APPROVED, by, says, now, run)
        return next(one for one in _standing(entry.connection, plan.crossing) if one.number == plan.number)


def _event(connection: sa.Connection, plan: Waiting, event: Event, by: str, says: str, now: datetime, run: str) -> None:
    about = {"plan": plan.number, "crossing": plan.crossing, "hash": plan.hash}
    told = {"event": event.value, "said_by": by, "says": says, "recorded_at": now, "run": run}
    connection.execute(sa.insert(PLAN_EVENT).values(**about, **told))


def _row(plan: Waiting) -> dict[str, Any]:
    return {
        "crossing": plan.crossing,
        "hash": plan.hash,
        "documents": plan.documents,
        "money": json.dumps({currency: f"{amount:f}" for currency, amount in plan.money.items()}),
        "reasons": json.dumps(list(plan.reasons), ensure_ascii=False),
        "people": plan.people,
        "earlier": plan.before,
        "fingerprints": json.dumps(plan.rows, separators=(",", ":")),
        "mapping_revision": plan.mapping_revision,
        "recorded_at": plan.since,
    }


def carried_out(journal: Journal, crossing: str, source_ids: Sequence[str]) -> set[Written]:
    """What was already sent of these records and not refused: source id, action, wording, version of the target."""
    found: set[Written] = set()
    columns = (INTENT.c.source_id, INTENT.c.action, INTENT.c.wording_hash, INTENT.c.target_version)
    states = INTENT.c.state.in_([state.value for state in _CARRIED_OUT])
    with journal.engine.begin() as connection:
        for start in range(0, len(source_ids), _CHUNK):
            mine = INTENT.c.source_id.in_(list(source_ids[start : start + _CHUNK]))
            rows = connection.execute(sa.select(*columns).where(INTENT.c.crossing == crossing, states, mine))
            found.update((one[0], one[1], one[2], one[3] if one[1] == "update" else None) for one in rows)
    return found

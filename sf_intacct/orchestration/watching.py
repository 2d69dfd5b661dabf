"""Whether anything is new: a look at both systems and at the journal, without reading or writing anything."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sf_intacct.flow.approval import Waiting
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.usage import in_use
from sf_intacct.model.intent import UNSETTLED, Intent, State
from sf_intacct.orchestration import reconciling
from sf_intacct.orchestration.house import House
from sf_intacct.store import derived_tables, pauses, raw_tables, waiting_plans


@dataclass(frozen=True)
class News:
    """What is new, by name, and a digest that stays the same until something else happens."""

    objects: list[str]
    digest: str


def news(house: House, system: str) -> News:
    """What one system has that we have not read. Lines of documents follow their heads and are not asked for.

    Nor is what has no stamp: it is read whole by every sync, whatever starts it.
    """
    observed = (c for c in OBSERVED.values() if c.system == system and c.stamp and not c.read_with_document)
    contracts = [used for contract in observed if (used := in_use(contract, house.mappings)) is not None]
    with house.transaction() as session:
        known = [raw_tables.boundary(session, contract) for contract in contracts]
    asked = [(contract.selection, mark) for contract, (mark, _) in zip(contracts, known, strict=True)]
    marks = [mark for mark, _ in known if mark is not None]
    # Everything older has been read: whatever we know was there when that newest stamp was seen.
    since = max(marks) - house.settings.overlap if marks else None
    peeks = house.system(system).peek(asked, since)
    with house.transaction() as session:
        gone = [raw_tables.living(session, c, p.deleted) for c, p in zip(contracts, peeks, strict=True)]
    seen = [(c.object, p.count, p.newest, lost) for c, p, lost in zip(contracts, peeks, gone, strict=True)]
    fresh = [
        name
        for (name, count, newest, lost), (mark, known_count) in zip(seen, known, strict=True)
        if lost or _is_new(count, newest, mark, known_count)
    ]
    digest = hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()[:16]
    return News(fresh, digest)


def _is_new(count: int, newest: str | None, mark: datetime | None, known: int) -> bool:
    """Newer than the watermark, or more of them in the watermark's own second than we know."""
    if mark is None:
        return count > 0
    return count > known or (newest is not None and datetime.fromisoformat(newest) > mark)


def is_older(house: House) -> bool:
    """Whether the day has turned since the ages of receivables were computed."""
    with house.transaction() as session:
        aged_on = derived_tables.aged_on(session)
    return aged_on is not None and aged_on < house.today


def finance_behind(house: House) -> News:
    """The posting months that have to be made anew, and how far the warehouse has come."""
    months = [month.isoformat() for month in reconciling.months_behind(house)]
    with house.transaction() as session:
        return News(months, f"{' '.join(months)} after {session.value('select max(tick) from meta.progress')}")


def unfinished(house: House) -> int:
    """How many writes are due now: to be sent, or to be looked for; and plans that people have let go since.

    What is paused, or waits for people, is not due to be sent.
    """
    paused = {system for system in pauses.SYSTEMS if pauses.over(house.journal, system)}
    plans = waiting_plans.standing(house.journal)
    due = sum(
        plan.is_approved and not plan.is_begun and house.mappings.crossings[plan.crossing].target_system not in paused
        for plan in plans
        if plan.crossing in house.mappings.crossings
    )
    for mapping in house.mappings.crossings.values():
        mine = [plan for plan in plans if plan.crossing == mapping.crossing]
        open_ = house.journal.in_state(mapping.crossing, *UNSETTLED, due_by=house.now())
        due += sum(
            intent.state is not State.PENDING or (mapping.target_system not in paused and _may_go(intent, mine))
            for intent in open_
        )
    return due


def _may_go(intent: Intent, plans: list[Waiting]) -> bool:
    """While a plan of its crossing waits for people, only what they approved before goes on."""
    is_waiting = any(not plan.is_approved for plan in plans)
    return not is_waiting or any(intent.source.record_id in plan.rows for plan in plans if plan.is_approved)


def paused(house: House) -> str:
    """Why no sync is to start, in words: a person paused everything. Empty while nothing keeps it."""
    pause = pauses.over(house.journal, *pauses.SYSTEMS)
    return pause.words if pause else ""

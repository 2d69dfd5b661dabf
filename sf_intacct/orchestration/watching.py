"""Whether anything is new: a look at both systems and at the journal, without reading or writing anything."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.usage import in_use
from sf_intacct.model.intent import State
from sf_intacct.orchestration import reconciling
from sf_intacct.orchestration.house import House
from sf_intacct.store import derived_tables, pauses, raw_tables


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
    """How many writes are due now: to be sent, or to be looked for. What is paused is not due to be sent."""
    paused = {system for system in pauses.SYSTEMS if pauses.over(house.journal, system)}
    open_states = (State.IN_FLIGHT, State.UNCERTAIN)
    return sum(
        len(
            house.journal.in_state(
                mapping.crossing,
                *(open_states if mapping.target_system in paused else (State.PENDING, *open_states)),
                due_by=house.now(),
            )
        )
        for mapping in house.mappings.crossings.values()
    )


def paused(house: House) -> str:
    """Why no sync is to start, in words: a person paused everything. Empty while nothing keeps it."""
    pause = pauses.over(house.journal, *pauses.SYSTEMS)
    return pause.words if pause else ""

"""What a house does first: it holds its journal against what is remembered of it elsewhere, and is cold if they differ.

Elsewhere is the file with the journal's head, and the mirror in the warehouse.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sf_intacct.orchestration.house import House
from sf_intacct.store import coldness, journal_chain, journal_head, journal_mirror, plan_tables
from sf_intacct.store.coldness import Cold, Finding, Witness
from sf_intacct.store.journal_chain import Tip
from sf_intacct.store.journal_head import Head

# A whole chain is followed once in so long; at every other start what was added since.
_WALK_EVERY = timedelta(days=1)
_LOG = logging.getLogger(__name__)


def awake(house: House) -> Cold | None:
    """Why the house is cold, if it is. Looks once in the life of a process, before anything is planned or sent."""
    if not house.is_awake:
        _look(house)
        house.is_awake = True
    return coldness.present(house.journal)


def _look(house: House) -> None:
    found, quiet_from = _compared(house)
    if not found:
        return
    coldness.note(house.journal, found, quiet_from, house.now(), house.run)
    for one in found:
        _LOG.error("The house is cold: the journal is %s: %s. Every write is looked for first.", one.cause, one.seen)
    if house.settings.warehouse_file.exists():
        # The mirror follows by rising numbers: one that is ahead of its journal would follow no more.
        with house.transaction() as session:
            journal_mirror.forget(session)
            plan_tables.forget(session)
            journal_mirror.follow(session, house.journal)


@dataclass(frozen=True)
class Verified:
    """What following the whole chain shows. breaks: receipts that do not fit the one before; findings: what is new."""

    receipts: int
    tip: Tip
    breaks: list[dict[str, Any]]
    unproven: list[str]
    findings: list[Finding]
    cold: Cold | None

    @property
    def holds(self) -> bool:
        return not (self.breaks or self.unproven or self.findings)


def verified(house: House) -> Verified:
    """Follows the chain from its beginning and holds its head against what is remembered elsewhere. Changes nothing."""
    head, unreadable = _remembered(house)
    witnesses = _witnesses(house, head)
    with house.journal.engine.begin() as connection:
        walked = journal_chain.walk(connection)
        found = coldness.findings(connection, witnesses, walked)
        breaks = journal_chain.told(connection, walked.breaks)
        unproven = journal_chain.unproven(connection)
    found += [Finding("edited", unreadable)] if unreadable else []
    return Verified(walked.receipts, walked.tip, breaks, unproven, found, coldness.present(house.journal))


def _compared(house: House) -> tuple[list[Finding], datetime | None]:
    """What does not fit, and the last sign of life elsewhere. How far the chain was followed is kept."""
    head, unreadable = _remembered(house)
    witnesses = _witnesses(house, head)
    since = Tip() if head is None or _is_long_ago(head, house.now()) else head.walked
    with house.journal.engine.begin() as connection:
        if since.number and journal_chain.hash_of(connection, since.number) != since.hash:
            since = Tip()
        walked = journal_chain.walk(connection, since)
        found = coldness.findings(connection, witnesses, walked)
        change = coldness.newest_change(connection)
    found += [Finding("edited", unreadable)] if unreadable else []
    if not found and walked.receipts:
        walked_at = head.walked_at if head and since.number else house.now()
        at = head.at if head else house.now()
        journal_head.keep(house.settings.journal_head_file, Head(walked.tip, change, at, walked.tip, walked_at))
    return found, max((one.at for one in witnesses if one.at), default=None)


def _remembered(house: House) -> tuple[Head | None, str]:
    try:
        return journal_head.read(house.settings.journal_head_file), ""
    except ValueError as error:
        return None, str(error)


def _is_long_ago(head: Head, now: datetime) -> bool:
    return head.walked_at is None or not timedelta(0) <= now - head.walked_at < _WALK_EVERY


def _witnesses(house: House, head: Head | None) -> list[Witness]:
    return [*_of_file(house, head), *_of_mirror(house)]


def _of_file(house: House, head: Head | None) -> Iterator[Witness]:
    if head is not None:
        yield Witness(house.settings.journal_head_file.name, head.tip, head.change, head.at)


def _of_mirror(house: House) -> Iterator[Witness]:
    """What the warehouse's mirror remembers; nothing before there is one."""
    if not house.settings.warehouse_file.exists():
        return
    with house.transaction() as session:
        number, hash_, change, at = journal_mirror.reached(session)
    if number or change:
        yield Witness("the mirror in the warehouse", Tip(number, hash_ or ""), change, at)

"""Which refused writes may be tried again: those whose cause has moved, and now and then one to find out.

A refusal is provably not carried out, so that trying again can double nothing; it costs a call, and is worth it only
where something may be otherwise by now.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sf_intacct.flow import catalogue
from sf_intacct.flow.causes import Again
from sf_intacct.flow.refusals import recognised
from sf_intacct.model.backoff import backoff


@dataclass(frozen=True)
class Refusal:
    """A write that was refused and waits. tick: when, in the warehouse's one order; refusals: how often so far."""

    source_id: str
    key: str
    code: str
    message: str
    tick: int
    refusals: int
    refused_at: datetime

    @property
    def cause(self) -> tuple[str, str]:
        """Cause and subject, as the catalogue has them."""
        return recognised(self.code, self.message)


@dataclass(frozen=True)
class Proof:
    """A write that was refused once, in these words, and was accepted since: its cause is mended."""

    code: str
    message: str
    accepted_at: datetime


@dataclass(frozen=True)
class Watch:
    """A record of Intacct whose change may have mended a cause: table of core, and what people call the record."""

    table: str
    name: str


# What a refusal may be about, and where that is read.
_TABLES = {
    "customer": "intacct_customers",
    "contact": "intacct_contacts",
    "item": "intacct_items",
    "department": "intacct_departments",
    "location": "intacct_locations",
    "class": "intacct_classes",
    "project": "intacct_projects",
    "term": "intacct_terms",
    "account": "intacct_gl_accounts",
}
_ABOUT = re.compile(rf"({'|'.join(_TABLES)})\b[^']*?'?([^' ][^']*?)'?$", re.IGNORECASE)
# The first look after a refusal, and at least one a day.
LONGEST = timedelta(days=1)


def watched(cause: str, subject: str) -> Watch | None:
    """The record whose change may have mended a cause; None where there is none, or none that is read."""
    if cause == "customer_on_hold":
        return Watch("intacct_customers", subject)
    if cause == "project_closed":
        return Watch("intacct_projects", subject)
    about = _ABOUT.match(subject) if cause == "invalid_in_books" else None
    return Watch(_TABLES[about[1].casefold()], about[2]) if about else None


def released(
    refused: Sequence[Refusal],
    moved: Iterable[tuple[Watch, int]],
    proofs: Iterable[Proof],
    now: datetime,
    first: timedelta,
) -> set[str]:
    """Source ids of the refused writes that may be tried again.

    moved: the watched records with the tick of their last change. proofs: what was refused once and accepted since.
    first: how long after a refusal a cause that cannot be watched is first tried again, by one of its records.
    """
    ticks = dict(moved)
    mended: dict[tuple[str, str], datetime] = {}
    for proof in proofs:
        cause = recognised(proof.code, proof.message)
        mended[cause] = max(mended.get(cause, proof.accepted_at), proof.accepted_at)
    free = {
        one.source_id
        for one in refused
        if _has_moved(one, ticks) or mended.get(one.cause, one.refused_at) > one.refused_at
    }
    return free | _scouts([one for one in refused if one.source_id not in free], now, first)


def _has_moved(refusal: Refusal, ticks: dict[Watch, int]) -> bool:
    watch = watched(*refusal.cause)
    return watch is not None and ticks.get(watch, 0) > refusal.tick


def _scouts(refused: Sequence[Refusal], now: datetime, first: timedelta) -> set[str]:
    """One write for each cause that cannot be watched, when its pause is over."""
    by_cause: dict[tuple[str, str], list[Refusal]] = defaultdict(list)
    for one in refused:
        if catalogue.again(one.cause[0]) in (Again.PROBED, Again.ITSELF):
            by_cause[one.cause].append(one)
    scouts = (min(members, key=lambda one: (one.refusals == 0, one.key)) for members in by_cause.values())
    return {one.source_id for one in scouts if now >= one.refused_at + backoff(one.key, one.refusals, first, LONGEST)}

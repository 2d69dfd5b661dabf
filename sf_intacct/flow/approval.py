"""What a plan is known by, and what an approval of it covers. Pure.

A plan's hash is a function of its content alone: of what would be written, under which mapping files. The order of its
rows, the clock and the stamps of the records have no part in it; any change of money, document or coding changes it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

# What is shown and typed of a hash. The whole is kept.
SHOWN = 12
# Fewer characters than these name no plan: a slip of the finger should not.
TYPED_MIN = 4
# What a write says; nothing else has a part in its fingerprint.
SAYS = (
    "crossing",
    "source_id",
    "action",
    "natural_key",
    "target_id",
    "amount",
    "currency",
    "entity",
    "payload",
    "changes",
    "mapping_revision",
)
Fingerprints = Mapping[str, str]


class Event(StrEnum):
    """What can become of a plan that waits."""

    APPROVED = "approved"  # a person let it go
    BEGUN = "begun"  # it was as it was approved when the first of it was sent
    FINISHED = "finished"  # nothing of it is left to be sent
    REFUSED = "refused"  # it was approved, and is not what was approved any more
    REPLACED = "replaced"  # it moved before it was approved: a newer plan waits in its place
    WITHDRAWN = "withdrawn"  # nothing of what is planned now is over a limit


ENDS = frozenset({Event.FINISHED, Event.REFUSED, Event.REPLACED, Event.WITHDRAWN})


def fingerprint(row: Mapping[str, Any]) -> str:
    """What one planned write says, after SAYS; the first letter tells creates from updates."""
    said = json.dumps([_text(row[name]) for name in SAYS], ensure_ascii=False, separators=(",", ":"))
    return f"{row['action'][:1]}{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _text(value: Any) -> str | None:
    """A value as it is hashed: 10.0 and 10.00 are the same money."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)


def plan_hash(rows: Fingerprints) -> str:
    """The hash of a plan, from the fingerprints of its writes by source id."""
    return hashlib.sha256("\n".join(f"{key} {rows[key]}" for key in sorted(rows)).encode()).hexdigest()


def shown(plan: str) -> str:
    """A hash as people see, paste and type it."""
    return plan[:SHOWN]


def meant(typed: str) -> str:
    """The beginning of a hash that somebody typed or pasted: blanks, hyphens and capitals do not count."""
    return "".join(typed.split()).replace("-", "").lower()


@dataclass(frozen=True)
class Waiting:
    """A plan that began to wait. reasons: the limits it is over. people: how many have to approve it.

    before: in words, what of it was approved before. approved_by: who did so far, each once, with when.
    """

    number: int
    crossing: str
    hash: str
    rows: Fingerprints
    documents: int
    money: Mapping[str, Decimal]
    reasons: Sequence[str]
    people: int
    before: str
    mapping_revision: str
    since: datetime
    approved_by: Mapping[str, datetime] = field(default_factory=dict)
    is_begun: bool = False

    @property
    def is_approved(self) -> bool:
        """By as many different people as it takes: the same name, written otherwise, is the same person."""
        return len({person(name) for name in self.approved_by}) >= self.people


def person(name: str) -> str:
    """A name by which two people are told apart."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class Compared:
    """A plan of earlier against the present one, by source id."""

    unchanged: set[str]
    changed: set[str]
    gone: set[str]
    new: set[str]

    @property
    def words(self) -> str:
        counts = ((len(self.unchanged), "unchanged"), (len(self.changed), "changed"))
        more = ((len(self.gone), "not planned any more"), (len(self.new), "new"))
        return ", ".join(f"{number:,} {what}" for number, what in (*counts, *more) if number or what == "unchanged")


def compared(before: Fingerprints, now: Fingerprints) -> Compared:
    both = before.keys() & now.keys()
    changed = {key for key in both if before[key] != now[key]}
    return Compared(set(both) - changed, changed, set(before.keys() - now.keys()), set(now.keys() - before.keys()))


@dataclass(frozen=True)
class Ruling:
    """What may go now and what waits, by source id; what became of earlier plans; and whether a new one begins to wait.

    events: plan number, event, why in words. replaces: the earlier plan in whose place the new one waits.
    """

    goes: set[str]
    waits: set[str]
    events: list[tuple[int, Event, str]] = field(default_factory=list)
    is_new: bool = False
    before: str = ""


def ruled(
    rows: Fingerprints,
    present: Iterable[str],
    moved: set[str],
    plans: Sequence[Waiting],
    is_over: Callable[[set[str]], bool],
) -> Ruling:
    """What of a plan may go, after what people approved.

    rows: what would be sent now. present: source ids that are not in step, whatever their step. moved: source ids whose
    records have changed since they were planned. plans: those of the crossing that still count, oldest first. is_over:
    whether these source ids together are over a limit.
    """
    events: list[tuple[int, Event, str]] = []
    covered, before, standing = set[str](), "", set(present)
    for plan in (one for one in plans if one.is_approved):
        now = compared(plan.rows, rows)
        if _has_moved(plan, now, rows):
            events.append((plan.number, Event.REFUSED, now.words))
            before = _said(plan, now)
        elif not plan.is_begun and moved & plan.rows.keys():
            # It cannot be told yet whether what was approved still stands: the next planning says.
            return Ruling(set(), set(rows), events)
        elif plan.is_begun and not plan.rows.keys() & standing:
            events.append((plan.number, Event.FINISHED, ""))
        else:
            covered |= now.unchanged
            events += [] if plan.is_begun else [(plan.number, Event.BEGUN, now.words)]
    rest = set(rows) - covered
    open_ = [plan for plan in plans if not plan.is_approved]
    if not rest or not is_over(rest):
        return Ruling(set(rows), set(), events + [(plan.number, Event.WITHDRAWN, "") for plan in open_])
    still = {key: rows[key] for key in rest}
    for plan in open_:
        now = compared(plan.rows, still)
        if not now.changed and not now.gone:
            return Ruling(covered, rest, events)
        events.append((plan.number, Event.REPLACED, now.words))
        before = _said(plan, now) if plan.approved_by else before
    return Ruling(covered, rest, events, is_new=True, before=before)


def _has_moved(plan: Waiting, now: Compared, rows: Fingerprints) -> bool:
    """Before it is begun, every row has to be as it was approved; later, those that are still to be sent.

    An update of what this plan made is none of its rows.
    """
    if not plan.is_begun:
        return bool(now.changed or now.gone)
    return any(plan.rows[key][0] == rows[key][0] for key in now.changed)


def _said(plan: Waiting, now: Compared) -> str:
    people = ", ".join(plan.approved_by)
    return f"of plan {shown(plan.hash)}, approved by {people}: {now.words}"

"""What people say of two records: the same, or different. Durable, signed, never changed; a newer one counts.

The same makes a link in the journal, as an accepted write does. Different takes one back, and keeps the
two apart whatever marks and keys say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import Action, Intent, State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store.journal import Entry, Journal
from sf_intacct.store.journal_tables import LINK, VERDICT

# A write in one of these may still reach the other side, or have reached it.
_UNDER_WAY = (State.IN_FLIGHT, State.UNCERTAIN)
_GIVEN_UP = (State.PENDING, State.REFUSED, State.HELD)


@dataclass(frozen=True)
class Verdict:
    """What somebody said about one pair, and what they had before their eyes.

    natural_key: how people name the target. score: 0 to 100; None where nothing was compared.
    """

    crossing: str
    source_id: str
    target_id: str
    natural_key: str
    is_same: bool
    evidence: str
    score: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Given:
    """What came of a verdict. refusal: why it was not taken; is_known: it stood already."""

    verdict: Verdict
    is_known: bool = False
    refusal: str = ""


def give(
    journal: Journal, verdicts: Sequence[Verdict], by: str, now: datetime, run: str, *, all_or_none: bool = False
) -> list[Given]:
    """Writes verdicts down, each whole or not at all, in one transaction. Hold the target's lease meanwhile.

    What a link makes superfluous (a create that was not sent, or refused) is given up. all_or_none: one that is not
    taken keeps the others from being taken, too.
    """
    intents = _open_intents(journal, {verdict.crossing for verdict in verdicts})
    given: list[Given] = []
    try:
        with journal.transaction() as entry:
            for one in verdicts:
                given.append(_given(entry, one, intents.get((one.crossing, one.source_id), []), by, now, run))
            if all_or_none and any(one.refusal for one in given):
                raise _TakenBack
    except _TakenBack:
        return given
    return given


class _TakenBack(Exception):
    """Rolls the transaction back."""


def _open_intents(journal: Journal, crossings: Iterable[str]) -> dict[tuple[str, str], list[Intent]]:
    found: dict[tuple[str, str], list[Intent]] = {}
    for crossing in crossings:
        for intent in journal.in_state(crossing, *_UNDER_WAY, *_GIVEN_UP):
            found.setdefault((crossing, intent.source.record_id), []).append(intent)
    return found


def _given(entry: Entry, verdict: Verdict, intents: list[Intent], by: str, now: datetime, run: str) -> Given:
    links = _links(entry, verdict)
    is_linked = any((row.source_id, row.target_id) == (verdict.source_id, verdict.target_id) for row in links)
    known = is_linked if verdict.is_same else not is_linked and _newest(entry, verdict) == "different"
    if known:
        return Given(verdict, is_known=True)
    refusal = _refusal(verdict, links, intents)
    if refusal:
        return Given(verdict, refusal=refusal)
    _give_up(entry, intents, verdict, now, run)
    _write(entry, verdict, by, now, run)
    return Given(verdict)


def _links(entry: Entry, verdict: Verdict) -> Sequence[sa.Row[Any]]:
    either = sa.or_(LINK.c.source_id == verdict.source_id, LINK.c.target_id == verdict.target_id)
    return entry.connection.execute(sa.select(LINK).where(LINK.c.crossing == verdict.crossing, either)).all()


def _newest(entry: Entry, verdict: Verdict) -> str | None:
    pair = (
        VERDICT.c.crossing == verdict.crossing,
        VERDICT.c.source_id == verdict.source_id,
        VERDICT.c.target_id == verdict.target_id,
    )
    newest = sa.select(VERDICT.c.verdict).where(*pair).order_by(VERDICT.c.number.desc()).limit(1)
    return entry.connection.execute(newest).scalar()


def _refusal(verdict: Verdict, links: Sequence[sa.Row[Any]], intents: list[Intent]) -> str:
    """Why a verdict cannot be taken; empty when it can."""
    if any(intent.state in _UNDER_WAY for intent in intents):
        return "a write of this record is on its way; sync until it is settled, then say it again"
    if not verdict.is_same:
        return ""
    for row in links:
        if row.source_id == verdict.source_id:
            return f"it is linked with {row.natural_key} already; revoke that link first"
    if links:
        return f"{verdict.natural_key} is the counterpart of {links[0].source_id} already; revoke that link first"
    return ""


def _give_up(entry: Entry, intents: list[Intent], verdict: Verdict, now: datetime, run: str) -> None:
    """A create of what is there, and an update of what is another thing, are not to be sent any more."""
    code = "linked" if verdict.is_same else "unlinked"
    for intent in intents:
        if intent.action is Action.CREATE and not verdict.is_same:
            continue
        entry.receipt(intent, Outcome(Result.DECIDED, code=code), now, run)
        entry.move(intent, State.CANCELLED, cause=code, message=None, due_at=None)


def _write(entry: Entry, verdict: Verdict, by: str, now: datetime, run: str) -> None:
    pair = {name: getattr(verdict, name) for name in ("crossing", "source_id", "target_id", "natural_key")}
    said = {"verdict": "same" if verdict.is_same else "different", "decided_by": by, "recorded_at": now, "run": run}
    seen = {"score": verdict.score, "evidence": verdict.evidence, "reason": verdict.reason}
    entry.connection.execute(sa.insert(VERDICT).values(**pair, **said, **seen))
    if verdict.is_same:
        entry.connection.execute(sa.insert(LINK).values(**pair, change=entry.change))
        return
    ours = sa.and_(*(LINK.c[name] == pair[name] for name in ("crossing", "source_id", "target_id")))
    entry.connection.execute(sa.delete(LINK).where(ours))

"""The journal: every write is here before it is sent, and every answer after. Transactions, not analytics.

The one place where an intent changes its state, and it only follows a receipt or a named decision.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sf_intacct.errors import TryLater
from sf_intacct.model.backoff import backoff
from sf_intacct.model.intent import Action, Intent, State, checked
from sf_intacct.model.receipt import NAME_TAKEN, Outcome, Result
from sf_intacct.model.record import RecordReference
from sf_intacct.store import agreements, answers, full_disk, journal_chain, journal_head, journal_schema, sync_log
from sf_intacct.store.journal_engine import open_engine, unopened
from sf_intacct.store.journal_tables import (
    COUNTER,
    DECISION,
    DISAGREEMENT,
    INTENT,
    LINK,
    RECEIPT,
    VERDICT,
)

# A planned write may take the place of one that was provably never carried out.
_REPLACEABLE = (State.PENDING, State.REFUSED, State.CANCELLED)
_CHUNK = 500
# The rising numbers by which mirrors follow.
_FOLLOWED: tuple[sa.Column[Any], ...] = (
    *(table.c.change for table in (INTENT, LINK, agreements.AGREED, DISAGREEMENT)),
    *(table.c.number for table in (RECEIPT, DECISION, VERDICT)),
)
# Refused so often for something that passes by itself: it does not pass.
PASSES_MAX = 5
# Sent so often without an answer and never found: a person has to look.
ATTEMPTS_MAX = 5


@dataclass(frozen=True)
class Patience:
    """How long to wait. quiet: before anything ambiguous may be sent again, because the other side may
    still be committing. apart: between the two looks that must both find nothing. pause: before
    something that was not carried out is tried again, the first time; longest: the last, each twice the one before."""

    quiet: timedelta = timedelta(minutes=30)
    apart: timedelta = timedelta(minutes=1)
    pause: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Entered:
    """How many planned writes are new in the journal, took the place of an older plan, or were known."""

    new: int = 0
    replaced: int = 0
    known: int = 0


class Journal:
    """The journal in the database at `url`; makes its tables if they are missing.

    head_file: where its head is kept a second time, after everything that was sent or answered.
    """

    def __init__(self, url: str, head_file: Path | None = None) -> None:
        self.head_file = head_file
        self.engine = full_disk.watched(open_engine(url))
        try:
            journal_schema.ensure(self.engine)
        except sa.exc.DBAPIError as error:
            raise unopened(self.engine, error) from error

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator["Entry"]:
        """All or nothing. Changes made in it share one change number."""
        with self.engine.begin() as connection:
            entry = Entry(connection)
            yield entry
            head = entry.head
        if head and self.head_file is not None:
            journal_head.keep(self.head_file, head)

    def enter(self, intents: Sequence[Intent], now: datetime, run: str) -> Entered:
        """Writes planned intents down. The same key twice is one intent: that is the point of keys."""
        with self.transaction() as entry:
            return entry.enter(intents, now, run)

    def in_state(self, crossing: str, *states: State, due_by: datetime | None = None) -> list[Intent]:
        """The intents of a crossing in these states, oldest first; those due by an instant only, if given."""
        query = sa.select(INTENT).where(INTENT.c.crossing == crossing, INTENT.c.state.in_([s.value for s in states]))
        if due_by is not None:
            query = query.where(sa.or_(INTENT.c.due_at.is_(None), INTENT.c.due_at <= due_by))
        with self.engine.begin() as connection:
            return [_intent(row) for row in connection.execute(query.order_by(INTENT.c.created_at, INTENT.c.key))]

    def counts(self) -> dict[tuple[str, str], int]:
        """How many intents there are, by crossing and state."""
        query = sa.select(INTENT.c.crossing, INTENT.c.state, sa.func.count()).group_by(
            INTENT.c.crossing, INTENT.c.state
        )
        with self.engine.begin() as connection:
            return {(crossing, state): number for crossing, state, number in connection.execute(query)}

    def send(self, intents: Sequence[Intent], now: datetime, run: str = "by hand") -> list[Intent]:
        """Marks intents as being sent, durably, before a byte leaves; returns them as they now stand."""
        with self.transaction() as entry:
            entry.signed_at = now
            fresh = {"sent_at": now, "due_at": None, "looked_at": None, "is_doubtful": False}
            marked = [entry.move(i, State.IN_FLIGHT, attempt=i.attempt + 1, **fresh) for i in intents]
            sync_log.note_sent(entry.connection, marked, now, run)
            return marked

    def settle(
        self,
        answers: Iterable[tuple[Intent, Outcome]],
        now: datetime,
        run: str,
        patience: Patience,
        said: agreements.Said | None = None,
    ) -> list[Intent]:
        """Writes receipts and moves every intent to where its outcome leads; returns them as they now stand.

        said: by intent key, the fields that both sides agree on once the write is accepted.
        """
        with self.transaction() as entry:
            settled = [entry.settle(intent, outcome, now, run, patience) for intent, outcome in answers]
            accepted = [i for i in settled if i.state is State.ACCEPTED and i.key in (said or {})]
            for crossing in {intent.crossing for intent in accepted}:
                mine = {i.source.record_id: (said or {})[i.key] for i in accepted if i.crossing == crossing}
                entry.agree(crossing, mine, now)
            return settled

    def agree(self, crossing: str, said: agreements.Said, now: datetime) -> None:
        """Keeps what both sides are seen to agree on: by source id, field and value."""
        if said:
            with self.transaction() as entry:
                entry.agree(crossing, said, now)

    def agreed_after(self, change: int) -> list[dict[str, Any]]:
        """What is agreed of records, as far as it changed after `change`, for the mirror."""
        with self.engine.begin() as connection:
            return agreements.agreed_after(connection, change)

    def links_of(self, crossing: str, source_ids: Sequence[str]) -> set[str]:
        """Those of the source records that have crossed."""
        found: set[str] = set()
        with self.engine.begin() as connection:
            for start in range(0, len(source_ids), _CHUNK):
                chunk = list(source_ids[start : start + _CHUNK])
                query = sa.select(LINK.c.source_id).where(LINK.c.crossing == crossing, LINK.c.source_id.in_(chunk))
                found.update(connection.execute(query).scalars())
        return found

    def newest(self) -> dict[str, int]:
        """By table, the highest number by which a mirror follows it; 0 for an empty one."""
        highest = (sa.select(sa.func.coalesce(sa.func.max(number), 0)).scalar_subquery() for number in _FOLLOWED)
        query = sa.select(*(one.label(number.table.name) for one, number in zip(highest, _FOLLOWED, strict=True)))
        return {str(table): int(number) for table, number in self._rows(query)[0].items()}

    def intents_after(self, change: int) -> list[dict[str, Any]]:
        """Intents (without their requests) changed after `change`, for the mirror."""
        columns = [column for column in INTENT.c if column.name != "request"]
        return self._rows(sa.select(*columns).where(INTENT.c.change > change))

    def links_after(self, change: int) -> list[dict[str, Any]]:
        """Links changed after `change`, for the mirror."""
        return self._rows(sa.select(LINK).where(LINK.c.change > change))

    def receipts_after(self, number: int) -> list[dict[str, Any]]:
        """Receipts with a higher number, in order, for the mirror."""
        return self._rows(sa.select(RECEIPT).where(RECEIPT.c.number > number).order_by(RECEIPT.c.number))

    def answers_of(self, intent_key: str) -> Sequence[str]:
        """What was answered to a write and was no success: each answer whole, as it came, oldest first."""
        return answers.of_write(self.engine, intent_key)

    def decisions_after(self, number: int) -> list[dict[str, Any]]:
        """Decisions with a higher number, in order, for the mirror."""
        return self._rows(sa.select(DECISION).where(DECISION.c.number > number).order_by(DECISION.c.number))

    def verdicts_after(self, number: int) -> list[dict[str, Any]]:
        """Verdicts with a higher number, in order, for the mirror."""
        return self._rows(sa.select(VERDICT).where(VERDICT.c.number > number).order_by(VERDICT.c.number))

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self.engine.begin() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def verify(self, crossing: str, source_ids: Sequence[str], now: datetime, run: str) -> int:
        """Marks accepted writes as read back and found as meant; returns how many."""
        wanted = set(source_ids)
        accepted = (
            [i for i in self.in_state(crossing, State.ACCEPTED) if i.source.record_id in wanted] if wanted else []
        )
        self.settle([(intent, Outcome(Result.VERIFIED)) for intent in accepted], now, run, Patience())
        return len(accepted)

    def cancel(self, intents: Sequence[Intent], cause: str, now: datetime, run: str) -> None:
        """Gives up writes that were never carried out, because nothing asks for them any more."""
        with self.transaction() as entry:
            for intent in intents:
                entry.receipt(intent, Outcome(Result.DECIDED, code=cause), now, run)
                entry.move(intent, State.CANCELLED, cause=cause, due_at=None)


class Entry:
    """One transaction in the journal."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._change: int | None = None
        self._tip: journal_chain.Tip | None = None
        self.signed_at: datetime | None = None

    @property
    def change(self) -> int:
        """The number of this transaction in the one order of changes."""
        if self._change is None:
            self._change = next_number(self.connection, "change")
        return self._change

    @property
    def head(self) -> journal_head.Head | None:
        """How far the journal will have come, if this transaction is about what is sent or was answered."""
        return journal_head.Head(self.tip, self.change, self.signed_at) if self.signed_at else None

    @property
    def tip(self) -> journal_chain.Tip:
        """The end of the chain of receipts. Nobody else adds to it before this transaction ends."""
        if self._tip is None:
            assert self.change, "the counter's lock comes first"
            self._tip = journal_chain.tip(self.connection)
        return self._tip

    def enter(self, intents: Sequence[Intent], now: datetime, run: str) -> Entered:
        """Writes down what is new, and what may take the place of an older wording under the same key.

        A source that has a counterpart is not created again, and what a person called another thing is not
        updated, whatever an older plan says.
        """
        known = {intent.key: intent for intent in self._by_key([intent.key for intent in intents])}
        wanted = self._still_lawful(intents)
        fresh = [intent for intent in wanted if intent.key not in known]
        replaced = [i for i in wanted if i.key in known and _takes_place_of(i, known[i.key])]
        for intent in replaced:
            self._replace(intent, known[intent.key], run)
        if fresh:
            rows = [{**_row(intent), "created_at": now, "run": run, "change": self.change} for intent in fresh]
            self.connection.execute(sa.insert(INTENT), rows)
        return Entered(new=len(fresh), replaced=len(replaced), known=len(intents) - len(fresh) - len(replaced))

    def settle(self, intent: Intent, outcome: Outcome, now: datetime, run: str, patience: Patience) -> Intent:
        outcome = self._uncontested(intent, outcome)
        self.receipt(intent, outcome, now, run)
        target, values = _consequence(intent, outcome, now, patience)
        moved = self.move(intent, target, **values) if target is not intent.state else self._note(intent, values)
        if moved.state is State.ACCEPTED:
            self._link(moved)
        return moved

    def agree(self, crossing: str, said: agreements.Said, now: datetime) -> None:
        agreements.agree(self.connection, self.change, crossing, said, now)

    def receipt(self, intent: Intent, outcome: Outcome, now: datetime, run: str) -> None:
        """Adds what one attempt or look has proven to the chain. Receipts are never changed."""
        says = {
            "intent_key": intent.key,
            "attempt": intent.attempt,
            "recorded_at": now,
            "result": outcome.result.value,
            "target_id": outcome.target_id,
            "code": outcome.code,
            "message": outcome.message,
            "run": run,
        }
        self._tip = journal_chain.add(self.connection, self.tip, says)
        self.signed_at = now
        answers.keep(self.connection, self._tip.number, outcome.answer)

    def move(self, intent: Intent, state: State, **values: Any) -> Intent:
        """Takes an intent to another state, if nobody else has moved it meanwhile."""
        checked(intent.state, state)
        return self._note(intent, {**values, "state": state})

    def _note(self, intent: Intent, values: dict[str, Any]) -> Intent:
        stored = {name: value.value if isinstance(value, State) else value for name, value in values.items()}
        unmoved = sa.and_(
            INTENT.c.key == intent.key, INTENT.c.state == intent.state.value, INTENT.c.attempt == intent.attempt
        )
        result = self.connection.execute(sa.update(INTENT).where(unmoved).values(**stored, change=self.change))
        if result.rowcount != 1:
            raise TryLater(
                "writing down what came of a write",
                record=f"{intent.crossing} {intent.label} ({intent.key})",
                seen="it was moved by somebody else meanwhile: we stood still for longer than our lease",
                remedy="nothing: whoever took over looks it up",
            )
        return dataclasses.replace(intent, **values)

    def _link(self, intent: Intent) -> None:
        """The trace of an accepted write. The newest target counts: a record may have been recreated."""
        mine = sa.and_(LINK.c.crossing == intent.crossing, LINK.c.source_id == intent.source.record_id)
        self.connection.execute(sa.delete(LINK).where(mine))
        self.connection.execute(
            sa.insert(LINK).values(
                crossing=intent.crossing,
                source_id=intent.source.record_id,
                target_id=intent.target_id,
                natural_key=intent.natural_key,
                change=self.change,
            )
        )

    def _uncontested(self, intent: Intent, outcome: Outcome) -> Outcome:
        """A record that is another source's counterpart already is not this one's, whatever the answer said."""
        if outcome.result not in (Result.ACCEPTED, Result.FOUND):
            return outcome
        theirs = sa.and_(LINK.c.crossing == intent.crossing, LINK.c.target_id == outcome.target_id)
        owner = self.connection.execute(sa.select(LINK.c.source_id).where(theirs)).scalar()
        if owner in (None, intent.source.record_id):
            return outcome
        found = outcome.result is Result.FOUND
        message = f"{outcome.target_id} is the counterpart of {owner}"
        return Outcome(Result.DIFFERENT if found else Result.UNCERTAIN, code="identity_taken", message=message)

    def _replace(self, intent: Intent, old: Intent, run: str) -> None:
        """A newer plan takes the place of one that was not carried out; what was learnt about it stays."""
        row = _row(intent)
        kept = {"attempt": old.attempt, "refusals": old.refusals, "due_at": None, "cause": None, "message": None}
        if old.attempt and _wording(old) != _wording(intent):
            # It was sent and is proven absent. Other words need another wire identity.
            kept |= {"attempt": 0, "refusals": old.refusals + 1}
        if old.state is not State.PENDING:
            checked(old.state, State.PENDING)
        self.connection.execute(
            sa.update(INTENT).where(INTENT.c.key == old.key).values(**{**row, **kept}, run=run, change=self.change)
        )

    def _still_lawful(self, intents: Sequence[Intent]) -> list[Intent]:
        """Without what a person has decided otherwise since it was planned.

        That is: creates of a source that is linked by now, and updates of a target that was called
        another thing than its source.
        """
        ids = sorted({intent.source.record_id for intent in intents})
        linked: set[tuple[str, str]] = set()
        said: dict[tuple[str, str, str | None], str] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            query = sa.select(LINK.c.crossing, LINK.c.source_id).where(LINK.c.source_id.in_(chunk))
            linked.update((crossing, source_id) for crossing, source_id in self.connection.execute(query))
            verdicts = sa.select(VERDICT).where(VERDICT.c.source_id.in_(chunk)).order_by(VERDICT.c.number)
            for row in self.connection.execute(verdicts):
                said[row.crossing, row.source_id, row.target_id] = row.verdict
        return [intent for intent in intents if _is_lawful(intent, linked, said)]

    def _by_key(self, keys: Sequence[str]) -> Iterator[Intent]:
        for start in range(0, len(keys), _CHUNK):
            query = sa.select(INTENT).where(INTENT.c.key.in_(keys[start : start + _CHUNK]))
            yield from map(_intent, self.connection.execute(query))


def _is_lawful(intent: Intent, linked: set[tuple[str, str]], said: dict[tuple[str, str, str | None], str]) -> bool:
    pair = (intent.crossing, intent.source.record_id)
    if intent.action is Action.CREATE:
        return pair not in linked
    return said.get((*pair, intent.target_id)) != "different"


def _takes_place_of(intent: Intent, old: Intent) -> bool:
    if old.state not in _REPLACEABLE:
        return False
    # The same content again is not news for a pending one; for a refused one the plan knows that something moved.
    return old.state is not State.PENDING or _wording(old) != _wording(intent)


def _wording(intent: Intent) -> tuple[str, str | None]:
    """What a wire identity stands for: the words, and where they are said."""
    return intent.request, intent.entity


def _consequence(intent: Intent, outcome: Outcome, now: datetime, patience: Patience) -> tuple[State, dict[str, Any]]:
    """Where an outcome leads. The only place that knows."""
    told = {"cause": outcome.code or None, "message": outcome.message or None}
    match outcome.result:
        case Result.ACCEPTED | Result.FOUND:
            return State.ACCEPTED, {"target_id": outcome.target_id, "due_at": None, "cause": None, "message": None}
        case Result.REFUSED if outcome.passes and intent.refusals < PASSES_MAX:
            again = {**_next_identity(intent), "due_at": now + _pause(intent, intent.refusals + 1, patience)}
            return State.PENDING, {**told, **again}
        case Result.REFUSED:
            return State.REFUSED, {**told, **_next_identity(intent)}
        case Result.NOT_EXECUTED:
            return State.PENDING, {**told, "due_at": now + _pause(intent, intent.attempt, patience)}
        case Result.UNCERTAIN | Result.DOUBTFUL:
            doubtful = outcome.result is Result.DOUBTFUL
            return State.UNCERTAIN, {**told, "due_at": now, "is_doubtful": doubtful}
        case Result.DIFFERENT:
            return _different(intent, outcome, now, patience)
        case Result.VERIFIED:
            return State.VERIFIED, {}
        case Result.ABSENT if intent.state is State.PENDING:
            return intent.state, {"looked_at": now}  # a cold house looks before it sends
        case Result.ABSENT:
            return _absent(intent, now, patience)
        case _:
            raise ValueError(f"{outcome.result} settles nothing by itself")


def _different(intent: Intent, outcome: Outcome, now: datetime, patience: Patience) -> tuple[State, dict[str, Any]]:
    """For a person. But while ours may still arrive, somebody else's record of our name says nothing about ours."""
    quiet_until = _quiet_until(intent, now, patience)
    is_sent = intent.state is State.UNCERTAIN
    if is_sent and outcome.code == NAME_TAKEN and not intent.is_doubtful and now < quiet_until:
        return intent.state, {"due_at": quiet_until}
    return State.HELD, {"cause": "identity_taken", "message": outcome.message}


def _quiet_until(intent: Intent, now: datetime, patience: Patience) -> datetime:
    """Until then what was sent may still be carried out."""
    return (intent.sent_at or now) + patience.quiet


def _pause(intent: Intent, attempt: int, patience: Patience) -> timedelta:
    """Longer each time, and for each write another one: they do not all come back at once."""
    return backoff(intent.key, attempt, patience.pause, patience.longest)


def _absent(intent: Intent, now: datetime, patience: Patience) -> tuple[State, dict[str, Any]]:
    """Nothing found. It counts only after the quiet time, and only when a second look agrees.

    A doubtful answer was an answer: with nothing there, it was a refusal.
    """
    if intent.is_doubtful:
        return State.REFUSED, _next_identity(intent)
    quiet_until = _quiet_until(intent, now, patience)
    if now < quiet_until:
        return intent.state, {"due_at": quiet_until}
    if intent.looked_at is None and patience.apart:
        return intent.state, {"looked_at": now, "due_at": now + patience.apart}
    if intent.attempt >= ATTEMPTS_MAX:
        return State.HELD, {"cause": "cannot_settle", "due_at": None}
    return State.PENDING, {"due_at": None}


def _next_identity(intent: Intent) -> dict[str, Any]:
    """After a definite refusal the next send is another one, under another wire identity."""
    return {"refusals": intent.refusals + 1, "attempt": 0, "due_at": None}


def next_number(connection: sa.Connection, name: str) -> int:
    """The next number of a counter; the row lock makes everybody else wait for this transaction."""
    updated = connection.execute(
        sa.update(COUNTER).where(COUNTER.c.name == name).values(value=COUNTER.c.value + 1).returning(COUNTER.c.value)
    ).scalar()
    if updated is not None:
        return int(updated)
    connection.execute(sa.insert(COUNTER).values(name=name, value=1))
    return 1


def _row(intent: Intent) -> dict[str, Any]:
    """The columns of an intent."""
    row = {f.name: getattr(intent, f.name) for f in dataclasses.fields(intent) if f.name != "source"}
    row |= {
        "source_system": intent.source.system,
        "source_object": intent.source.object,
        "source_id": intent.source.record_id,
    }
    return {**row, "state": intent.state.value, "action": intent.action.value}


def _intent(row: sa.Row[Any]) -> Intent:
    values = dict(row._mapping)
    source = RecordReference(values.pop("source_system"), values.pop("source_object"), values.pop("source_id"))
    for column in ("created_at", "run", "change"):
        values.pop(column)
    values["state"], values["action"] = State(values["state"]), Action(values["action"])
    return Intent(source=source, **values)

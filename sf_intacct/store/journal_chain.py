"""The chain of receipts: the hash of each covers its content and the hash before it, so that what was changed, taken
out or put in shows. A tail that is missing does not: for that, the head is kept in a second place (journal_head.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import DONE
from sf_intacct.model.receipt import Result, sealed
from sf_intacct.store.journal_tables import INTENT, RECEIPT, spelt

# Receipts from before there was a chain have no hash until they are brought into it.
NO_HASH = ""
_CONTENT = ("intent_key", "attempt", "recorded_at", "result", "target_id", "code", "message", "run")
_LINKS = sa.select(
    RECEIPT.c.number,
    RECEIPT.c.hash,
    *(sa.type_coerce(RECEIPT.c[n], sa.Text).label(n) for n in _CONTENT if n != "attempt"),
    RECEIPT.c.attempt,
)
_TRIGGERS = {
    "sqlite": ("drop trigger if exists receipt_no_update",),
    "postgresql": ("drop trigger if exists receipt_is_final on receipt",),
}


@dataclass(frozen=True)
class Tip:
    """The newest receipt: its number and its hash. Before the first one: 0 and nothing."""

    number: int = 0
    hash: str = NO_HASH


NOTHING = Tip()


def tip(connection: sa.Connection) -> Tip:
    """The newest receipt. Whoever adds one holds the journal's counter: then nobody else adds meanwhile."""
    newest = sa.select(RECEIPT.c.number, RECEIPT.c.hash).order_by(RECEIPT.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return Tip(row.number, row.hash) if row else Tip()


def add(connection: sa.Connection, before: Tip, values: dict[str, Any]) -> Tip:
    """Adds a receipt to the end of the chain; its tip is now this one. values: as of the table, with its instant."""
    number = before.number + 1
    content = {**values, "recorded_at": spelt(values["recorded_at"])}
    made = Tip(number, sealed(before.hash, number, [content[name] for name in _CONTENT]))
    connection.execute(sa.insert(RECEIPT).values(number=number, hash=made.hash, **values))
    return made


@dataclass(frozen=True)
class Walked:
    """What a walk along the chain saw: how many receipts, the tip, and the numbers of those that do not fit."""

    receipts: int
    tip: Tip
    breaks: tuple[int, ...]


def walk(connection: sa.Connection, after: Tip = NOTHING) -> Walked:
    """Follows the chain from one receipt on; from the beginning by default."""
    before, count, breaks = after, 0, []
    for number, found, fitting in _fitted(connection, after):
        if found != fitting:
            breaks.append(number)
        before, count = Tip(number, found), count + 1
    return Walked(count, before, tuple(breaks))


def _fitted(connection: sa.Connection, after: Tip) -> Iterator[tuple[int, str, str]]:
    """Number, hash, and the hash that would fit behind the one before, of each receipt."""
    before = after.hash
    rows = connection.execution_options(yield_per=5000).execute(
        _LINKS.where(RECEIPT.c.number > after.number).order_by(RECEIPT.c.number)
    )
    for row in rows.mappings():
        yield row["number"], row["hash"], sealed(before, row["number"], [row[name] for name in _CONTENT])
        before = row["hash"]


def unproven(connection: sa.Connection) -> list[str]:
    """Keys of writes that count as carried out, and no receipt says so: somebody typed a state."""
    named = sa.and_(
        RECEIPT.c.result.in_([Result.ACCEPTED.value, Result.FOUND.value]), RECEIPT.c.target_id == INTENT.c.target_id
    )
    proof = sa.and_(RECEIPT.c.intent_key == INTENT.c.key, sa.or_(named, RECEIPT.c.result == Result.DECIDED.value))
    done = INTENT.c.state.in_([state.value for state in DONE])
    query = sa.select(INTENT.c.key).where(done, ~sa.exists().where(proof)).order_by(INTENT.c.key)
    return list(connection.execute(query).scalars())


def told(connection: sa.Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """What receipts say about themselves, for whoever is told that they do not fit."""
    columns = [RECEIPT.c[name] for name in ("number", "intent_key", "attempt", "recorded_at", "result")]
    query = sa.select(*columns).where(RECEIPT.c.number.in_(numbers)).order_by(RECEIPT.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def hash_of(connection: sa.Connection, number: int) -> str | None:
    """The hash of one receipt; None when there is none of that number."""
    return connection.execute(sa.select(RECEIPT.c.hash).where(RECEIPT.c.number == number)).scalar()


def begin(connection: sa.Connection) -> None:
    """Brings the receipts of a journal from before the chain into it. The triggers are made again by whoever calls."""
    chained = sa.select(RECEIPT.c.number).where(RECEIPT.c.hash != NO_HASH).limit(1)
    if tip(connection).number == 0 or connection.execute(chained).first():
        return
    for statement in _TRIGGERS[connection.dialect.name]:
        connection.execute(sa.text(statement))
    before = Tip()
    for row in connection.execute(_LINKS.order_by(RECEIPT.c.number)).mappings().all():
        before = Tip(row["number"], sealed(before.hash, row["number"], [row[name] for name in _CONTENT]))
        mine = sa.update(RECEIPT).where(RECEIPT.c.number == before.number)
        connection.execute(mine.values(hash=before.hash))

"""Alerts in the journal: a turn is written down with its message in one transaction, and a message is never lost.

Told at least once: who dies between sending and writing that down sends the same message again, under the same number.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from sf_intacct.flow.alerts import Change, Fact, Turn, changes
from sf_intacct.model.money import spelt
from sf_intacct.store.alert_tables import DELIVERY, MESSAGE, TOLD
from sf_intacct.store.journal import Journal

# After a failure: a minute, then twice as long each time, up to this.
_PAUSE, _PAUSE_MAX = timedelta(minutes=1), timedelta(hours=1)
# A message that nobody could be told for so long is given up, and stays visible as such.
PATIENCE = timedelta(days=7)


@dataclass(frozen=True)
class Delivery:
    """One message on its way through one channel. number names it for ever; body is JSON."""

    number: int
    channel: str
    body: str
    attempts: int
    created_at: datetime


def enter(
    journal: Journal,
    now: Sequence[Fact],
    growth_percent: int,
    channels: Sequence[str],
    body: Callable[[list[Change]], dict[str, Any]],
    at: datetime,
    run: str,
) -> list[Change]:
    """Writes down what has turned, with one message for every channel; returns it. Nothing turned, nothing written."""
    with journal.engine.begin() as connection:
        _alone(connection)
        turned = changes(now, _told(connection), growth_percent)
        if turned:
            _retell(connection, turned, at)
            _write(connection, body(turned), channels, at, run)
    return turned


def enter_message(journal: Journal, body: dict[str, Any], channels: Sequence[str], at: datetime, run: str) -> int:
    """A message about nothing that turned, such as a test; returns its number."""
    with journal.engine.begin() as connection:
        return _write(connection, body, channels, at, run)


def due(journal: Journal, at: datetime) -> list[Delivery]:
    """What is to be sent now, oldest first."""
    wanted = sa.and_(DELIVERY.c.state == "pending", sa.or_(DELIVERY.c.due_at.is_(None), DELIVERY.c.due_at <= at))
    query = sa.select(DELIVERY, MESSAGE.c.body, MESSAGE.c.created_at).join(MESSAGE).where(wanted)
    with journal.engine.begin() as connection:
        rows = connection.execute(query.order_by(DELIVERY.c.number, DELIVERY.c.channel)).mappings()
        names = ("number", "channel", "body", "attempts", "created_at")
        return [Delivery(**{name: row[name] for name in names}) for row in rows]


def claim(journal: Journal, delivery: Delivery, at: datetime) -> bool:
    """Takes a delivery for one attempt; false when another process has taken it meanwhile."""
    pause = min(_PAUSE_MAX, _PAUSE * 2 ** min(delivery.attempts, 10))
    mine = sa.and_(_is(delivery), DELIVERY.c.state == "pending", DELIVERY.c.attempts == delivery.attempts)
    taken = {"attempts": delivery.attempts + 1, "due_at": at + pause}
    with journal.engine.begin() as connection:
        return connection.execute(sa.update(DELIVERY).where(mine).values(**taken)).rowcount == 1


def delivered(journal: Journal, delivery: Delivery, at: datetime) -> None:
    """The other side has it."""
    _settle(journal, delivery, {"state": "delivered", "delivered_at": at, "problem": None, "due_at": None})


def failed(journal: Journal, delivery: Delivery, problem: str, at: datetime) -> None:
    """It did not arrive; it is tried again later, or given up when that has been so for days."""
    is_old = at - delivery.created_at > PATIENCE
    _settle(journal, delivery, {"problem": problem, **({"state": "given_up", "due_at": None} if is_old else {})})


def listed(journal: Journal, *, undelivered: bool = False) -> list[dict[str, Any]]:
    """Every delivery, newest first: number, channel, state, attempts, problem, created_at, delivered_at, due_at."""
    columns = (*(c for c in DELIVERY.c), MESSAGE.c.created_at, MESSAGE.c.body)
    query = sa.select(*columns).join(MESSAGE).order_by(DELIVERY.c.number.desc(), DELIVERY.c.channel)
    if undelivered:
        query = query.where(sa.or_(DELIVERY.c.state == "given_up", DELIVERY.c.problem.is_not(None)))
    with journal.engine.begin() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _is(delivery: Delivery) -> sa.ColumnElement[bool]:
    return sa.and_(DELIVERY.c.number == delivery.number, DELIVERY.c.channel == delivery.channel)


def _settle(journal: Journal, delivery: Delivery, values: dict[str, Any]) -> None:
    with journal.engine.begin() as connection:
        connection.execute(sa.update(DELIVERY).where(_is(delivery)).values(**values))


def _alone(connection: sa.Connection) -> None:
    """Two processes must not both find the same turn. SQLite has the write lock from the start."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("lock table alert_told in exclusive mode"))


def _told(connection: sa.Connection) -> dict[str, Fact]:
    return {
        row.key: Fact(
            key=row.key,
            kind=row.kind,
            title=row.title,
            records=row.records,
            money={currency: Decimal(amount) for currency, amount in json.loads(row.money).items()},
        )
        for row in connection.execute(sa.select(TOLD))
    }


def _retell(connection: sa.Connection, turned: Sequence[Change], at: datetime) -> None:
    connection.execute(sa.delete(TOLD).where(TOLD.c.key.in_([change.fact.key for change in turned])))
    rows = [
        {
            "key": fact.key,
            "kind": fact.kind,
            "title": fact.title,
            "records": fact.records,
            "money": json.dumps({currency: spelt(amount) for currency, amount in fact.money.items()}),
            "told_at": at,
        }
        for fact in (change.fact for change in turned if change.turn is not Turn.RESOLVED)
    ]
    if rows:
        connection.execute(sa.insert(TOLD), rows)


def _write(connection: sa.Connection, body: dict[str, Any], channels: Sequence[str], at: datetime, run: str) -> int:
    text = json.dumps(body, ensure_ascii=False)
    made = connection.execute(sa.insert(MESSAGE).values(body=text, created_at=at, run=run).returning(MESSAGE.c.number))
    number = int(made.scalar_one())
    fresh = {"state": "pending", "attempts": 0}
    rows = [{"number": number, "channel": channel, **fresh} for channel in channels]
    if rows:
        connection.execute(sa.insert(DELIVERY), rows)
    return number

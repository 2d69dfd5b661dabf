"""The sync log: who or what caused each write, from which versions, in which run, with what answer. Append only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import Intent, content_hash
from sf_intacct.store.journal_tables import DECISION, INTENT, RECEIPT, VERDICT
from sf_intacct.store.log_tables import SENT

_ABOUT = ("crossing", "source_object", "source_id", "label", "action", "target_system", "target_object", "natural_key")


@dataclass(frozen=True)
class Entry:
    """One line. event: sent; what an answer or a look proved; or what a person decided.

    by: who decided; empty where the sync did. request_hash: of the text that was sent (sha256). source_version,
    mapping_revision: what that was made from. receipt: number in the chain, for answers and looks.
    """

    at: datetime
    event: str
    crossing: str
    source_object: str
    source_id: str
    label: str
    action: str
    target_system: str
    target_object: str
    natural_key: str
    target_id: str | None
    attempt: int | None
    source_version: str | None
    mapping_revision: str | None
    amount: Decimal | None
    currency: str | None
    code: str
    message: str
    by: str
    run: str
    intent_key: str
    request_hash: str | None
    receipt: int | None


def note_sent(connection: sa.Connection, intents: Sequence[Intent], now: datetime, run: str) -> None:
    """Writes down what is being sent, as it is now."""
    rows = [
        {
            "intent_key": intent.key,
            "wire_identity": intent.wire_identity,
            "attempt": intent.attempt,
            "sent_at": now,
            "source_version": intent.source_version,
            "target_version": intent.target_version,
            "mapping_revision": intent.mapping_revision,
            "request_hash": content_hash(intent.request),
            "amount": intent.amount,
            "currency": intent.currency,
            "run": run,
        }
        for intent in intents
    ]
    if rows:
        connection.execute(sa.insert(SENT), rows)


def entries(
    connection: sa.Connection, source_id: str | None = None, crossing: str | None = None, since: datetime | None = None
) -> list[Entry]:
    """The log in the order in which things happened; of one source record, one crossing, or since an instant only."""
    wanted = [column == value for column, value in _narrowed(INTENT, source_id, crossing)]
    about = {row.key: dict(row._mapping) for row in connection.execute(_intents(wanted))}
    sent = _by_intent(connection, SENT, wanted)
    answers = _by_intent(connection, RECEIPT, wanted)
    found = [_sent(row, about) for row in sent]
    by_key: dict[str, list[dict[str, Any]]] = {}
    for row in sent:
        by_key.setdefault(row["intent_key"], []).append(row)
    found += [_answered(row, about, by_key.get(row["intent_key"], [])) for row in answers]
    for table, event in ((DECISION, "decision"), (VERDICT, "verdict")):
        narrowed = [column == value for column, value in _narrowed(table, source_id, crossing)]
        rows = connection.execute(sa.select(table).where(*narrowed)).mappings()
        found += [_decided(dict(row), event) for row in rows]
    # Of what happened in one instant the send comes first, then answers by number.
    found.sort(key=lambda one: (one.at, one.event != "sent", one.receipt or 0))
    return [one for one in found if since is None or one.at >= since]


def _narrowed(table: sa.Table, source_id: str | None, crossing: str | None) -> list[tuple[sa.Column[Any], str]]:
    given = ((table.c.source_id, source_id), (table.c.crossing, crossing))
    return [(column, value) for column, value in given if value is not None]


def _intents(wanted: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    columns = [INTENT.c[name] for name in ("key", *_ABOUT, "target_id")]
    return sa.select(*columns).where(*wanted)


def _by_intent(
    connection: sa.Connection, table: sa.Table, wanted: Sequence[sa.ColumnElement[bool]]
) -> list[dict[str, Any]]:
    query = sa.select(table).join(INTENT, INTENT.c.key == table.c.intent_key).where(*wanted).order_by(table.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def _sent(row: dict[str, Any], about: dict[str, dict[str, Any]]) -> Entry:
    intent = about[row["intent_key"]]
    made_from = {name: row[name] for name in ("source_version", "mapping_revision", "amount", "currency")}
    return Entry(
        at=row["sent_at"],
        event="sent",
        **{name: intent[name] for name in _ABOUT},
        **made_from,
        target_id=intent["target_id"] if intent["action"] == "update" else None,
        attempt=row["attempt"],
        code="",
        message="",
        by="",
        run=row["run"],
        intent_key=row["intent_key"],
        request_hash=row["request_hash"],
        receipt=None,
    )


def _answered(row: dict[str, Any], about: dict[str, dict[str, Any]], sent: Sequence[dict[str, Any]]) -> Entry:
    intent = about[row["intent_key"]]
    before = [one for one in sent if one["sent_at"] <= row["recorded_at"]]
    last: dict[str, Any] = before[-1] if before else {}
    made_from: dict[str, Any] = {
        name: last.get(name) for name in ("source_version", "mapping_revision", "amount", "currency")
    }
    return Entry(
        at=row["recorded_at"],
        event=row["result"],
        **{name: intent[name] for name in _ABOUT},
        **made_from,
        target_id=row["target_id"],
        attempt=row["attempt"],
        code=row["code"],
        message=row["message"],
        by="",
        run=row["run"],
        intent_key=row["intent_key"],
        request_hash=last.get("request_hash"),
        receipt=row["number"],
    )


def _decided(row: dict[str, Any], event: str) -> Entry:
    """What a person said about a record: leave it out, try it again, the same as another or not."""
    return Entry(
        at=row["recorded_at"],
        event=row[event],
        crossing=row["crossing"],
        source_object="",
        source_id=row["source_id"],
        label="",
        action="",
        target_system="",
        target_object="",
        natural_key=row.get("natural_key") or "",
        target_id=row.get("target_id"),
        attempt=None,
        source_version=None,
        mapping_revision=None,
        amount=None,
        currency=None,
        code="",
        message=row["reason"],
        by=row["decided_by"],
        run=row.get("run") or "",
        intent_key="",
        request_hash=None,
        receipt=None,
    )

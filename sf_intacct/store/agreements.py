"""What both sides last agreed on, field by field: seen equal, or written and accepted. In the journal, so that it
outlives the warehouse; where it is lost, a merge knows only that it does not know."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sf_intacct.store.journal_tables import METADATA, Instant, Rising

_CHUNK = 500
# source record -> field of the target -> value
Said = Mapping[str, Mapping[str, str | None]]

# says: JSON, field -> [value]; a field that is not there was never agreed on.
AGREED = sa.Table(
    "agreed",
    METADATA,
    sa.Column("crossing", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("agreed_at", Instant, nullable=False),
    sa.Column("change", Rising, nullable=False),
    sa.Index("agreed_by_change", "change"),
)
AGREED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing"),
    "source_id": ("varchar not null", "Id of the source record"),
    "says": ("varchar not null", "What both sides last agreed on, as JSON: target field, value"),
    "agreed_at": ("timestamptz not null", "When a field was last agreed on"),
    "change": ("bigint not null", "Number of the journal's last change of it"),
}


def agree(connection: sa.Connection, change: int, crossing: str, said: Said, now: datetime) -> None:
    """Adds to what is agreed of each source record. Fields that are not told stay as they were."""
    ids = [source_id for source_id, fields in said.items() if fields]
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        mine = sa.and_(AGREED.c.crossing == crossing, AGREED.c.source_id.in_(chunk))
        known = {row.source_id: row.says for row in connection.execute(sa.select(AGREED).where(mine))}
        connection.execute(sa.delete(AGREED).where(mine))
        rows = [
            {
                "crossing": crossing,
                "source_id": source_id,
                "says": _with(known.get(source_id, "{}"), said[source_id]),
                "agreed_at": now,
                "change": change,
            }
            for source_id in chunk
        ]
        connection.execute(sa.insert(AGREED), rows)


def _with(known: str, said: Mapping[str, str | None]) -> str:
    fields = json.loads(known) | {name: [value] for name, value in said.items()}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def agreed_after(connection: sa.Connection, change: int) -> list[dict[str, Any]]:
    """Agreements changed after `change`, for the mirror."""
    return [dict(row) for row in connection.execute(sa.select(AGREED).where(AGREED.c.change > change)).mappings()]


def as_said(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Source id and fields of agreements as a plan tells them: JSON, field -> [value], null for what is not news."""
    for source_id, says in rows:
        yield source_id, {name: value[0] for name, value in json.loads(says).items() if value is not None}

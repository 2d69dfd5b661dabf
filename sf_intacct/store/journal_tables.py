"""The journal's tables, the same in SQLite and PostgreSQL. The database enforces what it can."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

from sf_intacct.model.intent import Action, State
from sf_intacct.model.receipt import Result


def spelt(instant: datetime) -> str:
    """An instant as the journal keeps it."""
    if instant.tzinfo is None:
        raise ValueError(f"the journal takes instants with their offset only, got {instant.isoformat()}")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC as ISO 8601 text: sorts as it reads, and loses nothing in either database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return None if value is None else spelt(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return datetime.fromisoformat(value) if value is not None else None


class Exact(TypeDecorator[Decimal]):
    """A decimal as plain text: SQLite would make it a float."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        return format(value, "f") if value is not None else None

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        return Decimal(value) if value is not None else None


class Flag(TypeDecorator[bool]):
    """True or false: a whole number where the database is strict about its types and knows no flags."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.Boolean())

    def process_result_value(self, value: Any, dialect: Any) -> bool | None:
        return None if value is None else bool(value)


# Numbers that rise for ever.
Rising = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(column: str, values: type[State] | type[Action] | type[Result]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=f"{column}_is_known")


METADATA = sa.MetaData()

# One row per write we mean to make. `change` orders all changes, so that a mirror can follow.
INTENT = sa.Table(
    "intent",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("source_system", sa.Text, nullable=False),
    sa.Column("source_object", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("source_version", sa.Text, nullable=False),
    sa.Column("source_hash", sa.Text, nullable=False),
    sa.Column("target_system", sa.Text, nullable=False),
    sa.Column("target_object", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text),
    sa.Column("target_version", sa.Text),
    sa.Column("natural_key", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("wording_hash", sa.Text, nullable=False),
    sa.Column("kept_hash", sa.Text),
    sa.Column("fixed_hash", sa.Text),
    sa.Column("mapping_revision", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("amount", Exact),
    sa.Column("currency", sa.Text),
    sa.Column("entity", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("refusals", sa.Integer, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("looked_at", Instant),
    sa.Column("is_doubtful", Flag, nullable=False),
    sa.Column("cause", sa.Text),
    sa.Column("message", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("change", Rising, nullable=False),
    _one_of("state", State),
    _one_of("action", Action),
    sa.CheckConstraint("state not in ('accepted', 'verified') or target_id is not null", name="accepted_has_a_record"),
    sa.Index("intent_by_state", "crossing", "state"),
    sa.Index("intent_by_source", "crossing", "source_id"),
    sa.Index("intent_by_change", "change"),
)
# A source record is created at most once in a crossing, whatever the key function may do one day.
sa.Index(
    "one_create_per_source",
    INTENT.c.crossing,
    INTENT.c.source_system,
    INTENT.c.source_id,
    unique=True,
    sqlite_where=INTENT.c.action == "create",
    postgresql_where=INTENT.c.action == "create",
)

# What came of every attempt. Never changed, never deleted: triggers see to it.
RECEIPT = sa.Table(
    "receipt",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("intent_key", sa.Text, sa.ForeignKey("intent.key"), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    # Over what it says and the hash of the receipt before it: journal_chain.py.
    sa.Column("hash", sa.Text, nullable=False, server_default=sa.text("''")),
    _one_of("result", Result),
    sa.Index("receipt_by_intent", "intent_key"),
)

# One thing that both systems know.
LINK = sa.Table(
    "link",
    METADATA,
    sa.Column("crossing", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("target_id", sa.Text, nullable=False),
    sa.Column("natural_key", sa.Text, nullable=False),
    sa.Column("change", Rising, nullable=False),
    sa.UniqueConstraint("crossing", "target_id", name="one_source_per_target"),
)

# A cause that keeps records from crossing, and the records it keeps.
EXCEPTION = sa.Table(
    "exception",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("owner", sa.Text),
)
VICTIM = sa.Table(
    "victim",
    METADATA,
    sa.Column("exception_id", sa.Text, sa.ForeignKey("exception.id"), primary_key=True),
    sa.Column("crossing", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("source_object", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("amount", Exact),
    sa.Column("currency", sa.Text),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("cleared_at", Instant),
    sa.Column("column_name", sa.Text),
    sa.Column("lines", sa.Integer),
    sa.Column("attempts", sa.Integer),
    sa.Column("answer", sa.Text),
    sa.Column("through", sa.Text),
)
# What people decided about source records: ignore it, with a reason. The newest decision counts, and none is changed.
DECISION = sa.Table(
    "decision",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("exception_id", sa.Text),
    sa.Column("source_hash", sa.Text),
    sa.CheckConstraint("decision in ('retry', 'fix', 'hold', 'ignore', 'resolve', 'undo')", name="decision_is_known"),
    sa.Index("decision_by_source", "crossing", "source_id"),
    info={"append_only": "a decision is never changed: a newer one counts"},
)
# What people did about exceptions: one row for each exception that they decided about.
DISPOSITION = sa.Table(
    "disposition",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("exception_id", sa.Text, nullable=False),
    sa.Column("disposition", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Index("disposition_by_exception", "exception_id"),
    info={"append_only": "what somebody did is never changed"},
)

# What people said about two records: the same, or not. Never changed; the newest about a pair counts.
VERDICT = sa.Table(
    "verdict",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text, nullable=False),
    sa.Column("natural_key", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    sa.CheckConstraint("verdict in ('same', 'different')", name="verdict_is_known"),
    sa.Index("verdict_by_source", "crossing", "source_id"),
)

# Where a field's two sides disagreed, and whose value counts: the owner's, or as a person decided.
DISAGREEMENT = sa.Table(
    "disagreement",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("is_known", Flag, nullable=False),
    sa.Column("agreed", sa.Text),
    sa.Column("salesforce_value", sa.Text),
    sa.Column("intacct_value", sa.Text),
    sa.Column("salesforce_version", sa.Text),
    sa.Column("intacct_version", sa.Text),
    sa.Column("intent_key", sa.Text),
    sa.Column("changed_by", sa.Text),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("winner", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("change", Rising, nullable=False),
    sa.CheckConstraint("verdict in ('overrule', 'yield', 'conflict')", name="disagreement_is_known"),
    sa.Index("disagreement_open", "crossing", "closed_at"),
    sa.Index("disagreement_by_intent", "intent_key"),
    sa.Index("disagreement_by_change", "change"),
)

# Who may send. An epoch that has passed sends no more.
LEASE = sa.Table(
    "lease",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("epoch", Rising, nullable=False),
    sa.Column("until", Instant, nullable=False),
)
COUNTER = sa.Table(
    "counter",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", Rising, nullable=False),
)

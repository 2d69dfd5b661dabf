"""receipts.exceptions: the exception queue as a table, and where its victims are found in the warehouse."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from sf_intacct.flow.mapping import Mapping
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

QUEUE = {
    "exception_id": ("varchar not null", "Id of the exception: the same cause of the same thing is the same exception"),
    "cause": ("varchar not null", "Code of the cause"),
    "subject": ("varchar not null", "What the cause is about"),
    "words": ("varchar not null", "Why, in words a salesperson understands"),
    "remedy": ("varchar not null", "What mends it"),
    "who": ("varchar not null", "Who can mend it: sales, finance or operations"),
    "crossing": ("varchar not null", "Crossing that is kept up; empty for a record that no crossing starts from"),
    "source_object": ("varchar not null", "Object of the record that cannot cross"),
    "source_id": ("varchar not null", "Its id in its own system"),
    "label": ("varchar not null", "How people know it"),
    "amount": ("decimal(18, 3)", "Money at risk"),
    "currency": ("varchar", "Its currency"),
    "seen": ("varchar not null", "What was seen"),
    "first_seen_at": ("timestamptz not null", "Since when"),
}


CREATE = statements.create_table("receipts.exceptions", QUEUE, "Records that cannot cross now, and why.")


def kept_up(session: Session, mapping: Mapping) -> pl.DataFrame:
    """Everything that one crossing cannot carry: quarantined, waiting or held in the plan, refused or held after it.

    Columns: stage, source_id, label, cause, subject, seen, column_name, amount, currency. For stage
    "refused" subject is the document's name, and cause and seen are the other side's own code and words,
    unless the cause is one of the catalogue's.
    """
    crossing = statements.text(mapping.crossing)
    return session.frame(f"""
        {_quarantined(f"table_name = {statements.text(mapping.source)}")}
        union all
        select 'planned', f.document_id, p.label, f.cause, f.subject, f.seen, f.column_name, p.amount, p.currency
        from plan.findings f join plan.{mapping.crossing} p on p.source_id = f.document_id
        where f.crossing = {crossing} and (p.step in ('waiting', 'held') or f.cause = 'conflict')
        union all
        select 'refused', i.source_id, i.label, i.cause, i.natural_key, i.message, null, i.amount, i.currency
        from journal.intent i join plan.{mapping.crossing} p on p.source_id = i.source_id
        where i.crossing = {crossing} and i.state in ('refused', 'held')
        and p.step in ('send', 'refused', 'held', 'under_way') and p.cause is distinct from 'ignored'
    """)


def quarantined_elsewhere(session: Session, tables: Iterable[str]) -> pl.DataFrame:
    """Quarantined records of tables that no crossing starts from, with their table in `table_name`."""
    listed = ", ".join(statements.text(table) for table in tables) or "''"
    return session.frame(_quarantined(f"table_name not in ({listed})", ", table_name"))


def _quarantined(restriction: str, extra: str = "") -> str:
    return (
        "select 'quarantined' as stage, document_id as source_id, label, cause, subject, seen, column_name, amount, "
        f"null::varchar as currency{extra} from core.quarantine where {restriction}"
    )


def replace(session: Session, rows: list[dict[str, Any]]) -> None:
    """The queue as it stands now."""
    session.run("delete from receipts.exceptions")
    with session.offered(fresh=statements.frame_for(QUEUE, rows)):
        session.run("insert into receipts.exceptions by name select * from fresh")

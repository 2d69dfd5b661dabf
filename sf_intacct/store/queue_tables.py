"""receipts.exceptions: the exception queue as a table, and where its victims are found in the warehouse."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from sf_intacct.flow.mapping import Mapping
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

# So many sends without being carried out: it will pass, but somebody should know.
_PATIENT = 5

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
    "class": (
        "varchar",
        "What kind of thing has to change: data, reference, mapping, setup, decision, transient, unknown",
    ),
    "place": ("varchar", "The exact place where a person mends it"),
    "again": ("varchar", "What makes it go again: itself (time), moved (what is read), probed, told (a person)"),
    "owner": ("varchar", "Who takes care of the exception, if somebody was named"),
    "lines": ("bigint", "On how many lines of the record; 0 where the head is what keeps it"),
    "attempts": ("bigint", "How often it was sent"),
    "answer": ("varchar", "What the other system said, whole"),
    "through": ("varchar", "Why it waits, where the cause is that of a record it waits for"),
    "url": ("varchar", "Link to the record in Salesforce"),
}
CAUSES = {
    "exception_id": ("varchar not null", "Id of the exception"),
    "currency": ("varchar", "Currency of the money; empty where none is known"),
    "money": ("decimal(18, 3)", "Money at risk in this currency, each document once"),
    "headline": ("varchar not null", "The cause with all that it keeps, in a sentence"),
    "cause": ("varchar not null", "Code of the cause"),
    "class": ("varchar not null", "What kind of thing has to change"),
    "words": ("varchar not null", "Why"),
    "remedy": ("varchar not null", "What mends it"),
    "place": ("varchar not null", "The exact place where a person mends it"),
    "who": ("varchar not null", "Who can mend it: sales, finance or operations"),
    "owner": ("varchar", "Who takes care of it, if somebody was named"),
    "again": ("varchar not null", "What makes its records go again"),
    "records": ("bigint not null", "Records that it keeps"),
    "lines": ("bigint not null", "Lines on which it was seen"),
    "first_seen_at": ("timestamptz not null", "Since when"),
    "last_seen_at": ("timestamptz not null", "When it was last seen"),
}


CREATE = (
    statements.create_table("receipts.exceptions", QUEUE, "Records that cannot cross now, and why."),
    statements.create_table(
        "receipts.exception_causes", CAUSES, "What keeps records from crossing now: one row per cause and currency."
    ),
)


def kept_up(session: Session, mapping: Mapping) -> pl.DataFrame:
    """Everything that one crossing cannot carry: quarantined, waiting or held in the plan, refused or held after it.

    Columns: stage, source_id, label, cause, subject, seen, column_name, amount, currency, lines. For the stages
    "refused" and "passing" subject is the document's name, and cause and seen are the other side's own code and words,
    unless the cause is one of the catalogue's. Passing is what was sent a few times and never carried out.
    """
    crossing = statements.text(mapping.crossing)
    return session.frame(f"""
        {_quarantined(f"table_name = {statements.text(mapping.source)} and document_id not in ({_left_out(crossing)})")}
        union all
        select 'planned', f.document_id, p.label, f.cause, f.subject, f.seen, f.column_name, p.amount, p.currency,
               coalesce(f.lines, 0)
        from plan.findings f join plan.{mapping.crossing} p on p.source_id = f.document_id
        where f.crossing = {crossing} and (p.step in ('waiting', 'held') or f.cause = 'conflict')
        union all
        select case i.state when 'pending' then 'passing' else 'refused' end, i.source_id, i.label, i.cause,
               i.natural_key, i.message, null, i.amount, i.currency, 0
        from journal.intent i join plan.{mapping.crossing} p on p.source_id = i.source_id
        where i.crossing = {crossing} and p.cause is distinct from 'ignored'
        and p.step in ('send', 'refused', 'held', 'under_way') and (i.state in ('refused', 'held')
            or (i.state = 'pending' and i.attempt >= {_PATIENT} and i.cause is not null and i.cause <> 'target_moved'))
    """)


def _left_out(crossing: str) -> str:
    """Records that somebody left out on purpose."""
    return (
        f"select source_id from (select * from journal.decision where crossing = {crossing} "
        "qualify row_number() over (partition by source_id order by number desc) = 1) where decision = 'ignore'"
    )


def attempts(session: Session) -> dict[tuple[str, str], tuple[int, str]]:
    """Of the writes that have not been carried out, by crossing and source id: how often sent, and the last answer."""
    rows = session.frame("""
        select i.crossing, i.source_id, count(*) as attempts,
               max_by(concat_ws(': ', nullif(r.code, ''), nullif(r.message, '')), r.number) as answer
        from journal.intent i join journal.receipt r on r.intent_key = i.key
        where i.state not in ('accepted', 'verified')
          and r.result in ('accepted', 'refused', 'not_executed', 'uncertain', 'doubtful')
        group by 1, 2
    """)
    return {(crossing, source_id): (number, answer) for crossing, source_id, number, answer in rows.iter_rows()}


def quarantined_elsewhere(session: Session, tables: Iterable[str]) -> pl.DataFrame:
    """Quarantined records of tables that no crossing starts from, with their table in `table_name`."""
    listed = ", ".join(statements.text(table) for table in tables) or "''"
    return session.frame(_quarantined(f"table_name not in ({listed})", ", table_name"))


def _quarantined(restriction: str, extra: str = "") -> str:
    return (
        "select 'quarantined' as stage, document_id as source_id, label, cause, subject, seen, column_name, amount, "
        f"null::varchar as currency, 0 as lines{extra} from core.quarantine where {restriction}"
    )


def replace(session: Session, rows: list[dict[str, Any]], causes: list[dict[str, Any]] | None = None) -> None:
    """The queue as it stands now, record by record and cause by cause."""
    for table, columns, fresh in (("exceptions", QUEUE, rows), ("exception_causes", CAUSES, causes or [])):
        session.run(f"delete from receipts.{table}")
        with session.offered(fresh=statements.frame_for(columns, fresh)):
            session.run(f"insert into receipts.{table} by name select * from fresh")

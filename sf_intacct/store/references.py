"""What all reference tables hold, with what each record was called before, and which lines are blocked for it."""

from collections.abc import Iterable

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, REFERENCE, Register
from sf_intacct.flow.references import CAUSES
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session


def _values(register: Register) -> str:
    """The records of one reference table. What it was called before is in raw, which forgets nothing."""
    table = register.contract
    now, was = statements.name(table.label), statements.name(str(table.by_name[table.label].source))
    title, title_was = statements.name(register.title), statements.name(str(table.by_name[register.title].source))
    status = "coalesce(c.status, 'active')" if "status" in table.by_name else "'active'"
    return f"""
select {statements.text(table.object + "|")} || c.{table.key} as reference_key,
       {statements.text(table.name)} as table_name, {statements.text(table.object)} as object,
       c.{table.key} as record_number, c.{now} as value_id, c.{title} as title,
       case when c.is_deleted then 'gone' else {status} end as status, h.former_ids, h.former_titles
from core.{table.name} c left join (
    select r.record_id,
           string_agg(distinct r.{was}, chr(10) order by r.{was}) filter (r.{was} <> k.{now}) as former_ids,
           string_agg(distinct r.{title_was}, chr(10) order by r.{title_was}) filter (r.{title_was} <> k.{title})
               as former_titles
    from raw.{table.name} r join core.{table.name} k on k.{table.key} = r.record_id group by 1
) h on h.record_id = c.{table.key}
"""


REFERENCE_VALUES = " union all ".join(_values(register) for register in REFERENCE.values())


_BLOCKED = """
select b.crossing, b.source_id, p.label, b.line_id, b.field, b.subject, f.cause, f.seen,
       b.amount as line_amount, p.amount, p.currency
from plan.blocked b join plan.{crossing} p on p.source_id = b.source_id and p.step in ('waiting', 'held')
join (
    select document_id, subject, min(cause) as cause, min(seen) as seen from plan.findings
    where crossing = {name} and cause in ({causes}) group by 1, 2
) f on f.document_id = b.source_id and f.subject = b.subject
where b.crossing = {name}
"""


def values(session: Session) -> pl.DataFrame:
    """Every reference record that was read, those that are gone too (contracts.registered.REFERENCE_VALUES)."""
    columns = statements.names(CONTRACTS["reference_values"].dtypes)
    return session.frame(f"select {columns} from core.reference_values where not is_deleted")


def blocked(session: Session, crossings: Iterable[str]) -> pl.DataFrame:
    """The lines that keep their documents from crossing, by the last plan, since they name what is not to be used.

    Columns: crossing, source_id, label, line_id (none where the head names it), field, subject, cause, seen (the new
    name of what was renamed), line_amount, amount (of the document), currency.
    """
    causes = ", ".join(statements.text(cause) for cause in CAUSES)
    parts = [_BLOCKED.format(crossing=one, name=statements.text(one), causes=causes) for one in crossings]
    return session.frame(f"select * from ({' union all '.join(parts)}) order by subject, label, line_id")

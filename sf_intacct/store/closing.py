"""A period around its close: what of it is still under way, and what entered or changed in the books after it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Contract
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

# The documents of Intacct's receivables that are mirrored; what Order Entry posts is among the invoices.
BOOKS = ("intacct_invoices", "intacct_adjustments")
ORDER_ENTRY = "8.SO"


# What was accepted since it was planned is in the books, though it has not been read back.
_ACCEPTED = (
    "exists (select 1 from journal.intent w where w.crossing = i.crossing and w.source_id = p.source_id "
    "and w.action = p.action and w.wording_hash = p.wording_hash and w.state in ('accepted', 'verified'))"
)


def under_way(session: Session, crossings: Sequence[str], first: date, last: date) -> pl.DataFrame:
    """Planned documents of these posting days that are not in step, the largest amounts first."""
    parts = [
        f"select i.crossing, p.source_id, p.label, p.step, p.cause, p.amount, p.currency, p.entity, p.posting_day "
        f"from plan.{crossing} p cross join (select {statements.text(crossing)} as crossing) i "
        f"where p.step not in ('unchanged', 'absent') and p.posting_day between $first and $last and not {_ACCEPTED}"
        for crossing in crossings
    ]
    rows = session.frame(" union all ".join(parts), {"first": first, "last": last})
    return rows.sort(pl.col("amount").abs(), "crossing", "source_id", descending=[True, False, False], nulls_last=True)


def unread(session: Session, crossings: Sequence[str]) -> int:
    """How many source documents are in quarantine: nobody can tell in which period they belong."""
    listed = ", ".join(statements.text(name) for name in crossings)
    found = session.value(
        f"select count(distinct document_id) from core.quarantine where table_name in ({listed or 'null'})"
    )
    return int(str(found))


def late(session: Session, first: date, last: date, until: datetime) -> pl.DataFrame:
    """Documents whose posting date lies, or lay, between two days, and that entered or changed after an instant.

    what: entered, deleted, moved, changed (amount, currency, customer or entity), coded (a line's account, amount or
    dimension), posted (a draft that became one) or unproven (first read after the instant, so that nobody can say
    whether it changed). places: its entity and the locations of its lines. A payment is no change of what it pays.
    """
    parts = [_late(session, CONTRACTS[name], first, last, until) for name in BOOKS]
    return pl.concat(parts).sort("changed_at", "object", "record_id")


def _late(session: Session, contract: Contract, first: date, last: date, until: datetime) -> pl.DataFrame:
    lines = CONTRACTS[contract.lines or ""]
    return session.frame(
        f"""
with versions as ({_versions(contract)}),
present as (select * from versions qualify row_number() over (partition by record_id order by tick desc) = 1),
at_close as (
    select * from versions where seen_at < $until
    qualify row_number() over (partition by record_id order by tick desc) = 1
),
coded as ({_coded(lines)}),
places as (
    select {lines.document} as record_id, list(distinct location_id) filter (location_id <> '') as locations
    from core.{lines.name} group by 1
)
select {statements.text(contract.object)} as object, p.record_id, p.number, p.customer, p.posting_day, p.amount,
       p.currency, p.entity, p.module, p.seen_at as changed_at, p.created_at,
       case when p.created_at >= $until then 'entered'
            when p.is_deleted and not t.is_deleted then 'deleted'
            when t.record_id is null then 'unproven'
            when t.is_draft and not p.is_draft then 'posted'
            when p.posting_day is distinct from t.posting_day then 'moved'
            when (p.amount, p.currency, p.customer, p.entity)
                 is distinct from (t.amount, t.currency, t.customer, t.entity) then 'changed'
            when c.record_id is not null then 'coded' end as what,
       list_concat(coalesce(l.locations, []), case when p.entity <> '' then [p.entity] else [] end) as places,
       exists (select 1 from journal.intent i where i.target_id = p.record_id
               and i.target_object = {statements.text(contract.object)} and i.action = 'create') as is_ours
from present p left join at_close t on t.record_id = p.record_id
left join coded c on c.record_id = p.record_id
left join places l on l.record_id = p.record_id
where (p.posting_day between $first and $last or t.posting_day between $first and $last)
  and (not p.is_draft or t.is_draft = false) and p.seen_at >= $until
  and not (p.is_deleted and p.created_at >= $until) and what is not null
""",
        {"first": first, "last": last, "until": until},
    )


def _versions(contract: Contract) -> str:
    """Every version of a document ever observed, with what counts in a close. A tombstone is seen when we saw it."""
    sources = {column.name: statements.name(column.source) for column in contract.columns if column.source}
    dated = next(name for name in ("invoiced_on", "adjusted_on") if name in sources)
    number = next(name for name in ("invoice_number", "adjustment_number") if name in sources)
    module = sources.get("module", "null::varchar")
    return f"""
select record_id, tick, is_deleted, case when is_deleted then observed_at else version_at end as seen_at,
       {sources[number]} as number, {sources["customer_id"]} as customer,
       try_cast(coalesce(nullif({sources["posted_on"]}, ''), {sources[dated]}) as date) as posting_day,
       try_cast({sources["total"]} as decimal(18, 3)) as amount, {sources["currency"]} as currency,
       coalesce({sources["entity_id"]}, '') as entity, {module} as module,
       {sources["state"]} = 'Draft' as is_draft, try_cast({sources["created_at"]} as timestamptz) as created_at
from raw.{contract.name}
"""


_CODING = ("account_number", "amount", "department_id", "location_id", "class_id", "item_id", "project_id")


def _coded(lines: Contract) -> str:
    """Documents of which a line that was there says something else now."""
    names = list(_coding(lines))
    said = ", ".join(names)
    newest = "qualify row_number() over (partition by record_id order by tick desc) = 1"
    parent = statements.name(lines.by_name[lines.document or ""].source or "")
    return f"""
select distinct n.parent as record_id from (
    select record_id, {parent} as parent, is_deleted, {said} from raw.{lines.name} {newest}
) n join (
    select record_id, is_deleted, {said} from raw.{lines.name} where version_at < $until {newest}
) b on b.record_id = n.record_id
where not n.is_deleted and ({", ".join(f"n.{one}" for one in names)})
      is distinct from ({", ".join(f"b.{one}" for one in names)})
"""


def _coding(lines: Contract) -> Iterator[str]:
    for name in _CODING:
        column = lines.by_name.get(name)
        if column is not None and column.source:
            yield statements.name(column.source)

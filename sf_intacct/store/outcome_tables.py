"""core's derived tables: what became of each account, product and order. Recomputed, never trusted from a stamp.

Each is a query over core, the plan, the journal and the queue; only rows that differ from the last
time are replaced, so that whatever follows sees just those.
"""

from datetime import date, datetime

from sf_intacct.flow.contracts import CONTRACTS, Contract
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

# Where a record of a crossing stands: the counterpart it has, what keeps it, whether somebody left it alone.
_STANDING = """
with kept as (
    select source_id, string_agg(distinct words, ' ' order by words) as words
    from receipts.exceptions where crossing = '{crossing}' group by source_id
),
ignored as (
    select source_id, reason from journal.decision where crossing = '{crossing}'
    qualify row_number() over (partition by source_id order by number desc) = 1 and decision = 'ignore'
),
unanswered as (
    select distinct source_id from journal.intent
    where crossing = '{crossing}' and state in ('pending', 'in_flight', 'uncertain')
),
crossed as (select source_id from journal.link where crossing = '{crossing}'),
linked as ({linked}),
standing as (
    select id as source_id, l.*,
           case when i.source_id is not null and l.id is null then 'Excluded'
                when k.source_id is not null then 'Error'
                when l.id is not null then 'Synced'
                when u.source_id is not null then 'Pending'
                when c.source_id is not null then null -- crossed, but not read back yet: what was told stays told
                when b.id is not null then 'Not Synced' end as sync_status,
           coalesce(case when i.source_id is not null and l.id is null then 'Left out on purpose: ' || i.reason end,
                    k.words) as sync_error
    from (
        select source_id as id from kept union select source_id from ignored union select source_id from unanswered
        union select id from linked union select {key} from core.{table}
    ) every_id
    left join kept k on k.source_id = every_id.id left join ignored i on i.source_id = every_id.id
    left join unanswered u on u.source_id = every_id.id left join crossed c on c.source_id = every_id.id
    left join linked l using (id)
    left join (select {key} as id from core.{table}) b using (id)
)
"""
# The counterpart of every record of a crossing: by our mark on it, or by the journal's link.
_LINKED = """
select m.{mark} as id, min(m.{natural_key}) as natural_key from core.{target} m
where m.{mark} is not null and not m.is_deleted group by 1
"""

_ACCOUNTS = """
select s.source_id as account_id, s.natural_key as customer_id,
       case when s.natural_key is not null then coalesce(b.balance, 0) end as balance, s.sync_status, s.sync_error
from standing s left join (
    select customer_id, cast(sum(total_due) as decimal(18, 2)) as balance from core.intacct_invoices
    where not is_deleted and state not in ('Draft', 'Reversed', 'Reversal') group by customer_id
) b on b.customer_id = s.natural_key
"""
_PRODUCTS = """
select s.source_id as product_id, s.natural_key as item_id, s.sync_status, s.sync_error from standing s
"""
_ORDERS = """
select s.source_id as order_id, n.invoice_number, n.state as invoice_state, n.due_on,
       n.total_due as amount_due, n.total_paid as amount_paid, s.sync_status, s.sync_error
from standing s left join core.intacct_invoices n
  on n.invoice_number = s.natural_key and n.salesforce_id = s.source_id and not n.is_deleted and n.state <> 'Reversal'
"""
_QUERIES = {
    "account_outcomes": (
        _ACCOUNTS,
        {
            "crossing": "account_to_customer",
            "target": "intacct_customers",
            "mark": "salesforce_id",
            "natural_key": "customer_id",
        },
    ),
    "product_outcomes": (
        _PRODUCTS,
        {"crossing": "product_to_item", "target": "intacct_items", "mark": "salesforce_id", "natural_key": "item_id"},
    ),
    "order_outcomes": (
        _ORDERS,
        {
            "crossing": "order_to_invoice",
            "target": "intacct_invoices",
            "mark": "salesforce_id",
            "natural_key": "invoice_number",
        },
    ),
}


def refresh(session: Session, name: str, day: date, now: datetime) -> int:
    """Recomputes one outcome table; returns how many rows changed."""
    contract = CONTRACTS[name]
    query, parts = _QUERIES[name]
    linked = _LINKED.format(**parts)
    standing = _STANDING.format(linked=linked, key=contract.key, table=name, **parts)
    session.run(f"create or replace temp table computed as {standing} {query} where s.sync_status is not null")
    changed = _replace_changed(session, contract, day, now)
    session.run("drop table computed")
    return changed


def _replace_changed(session: Session, contract: Contract, day: date, now: datetime) -> int:
    columns = [name for name in contract.dtypes if name != contract.stamp]
    listed, key = statements.names(columns), contract.key
    session.run(
        f"create or replace temp table changed as select {listed} from computed "
        f"except select {listed} from core.{contract.name}"
    )
    session.run(f"delete from core.{contract.name} where {key} in (select {key} from changed)")
    session.run(
        f"insert into core.{contract.name} ({listed}, {contract.stamp}, is_deleted, sync_day, tick) "
        f"select {listed}, ?, false, ?, ? from changed",
        [now, day, session.next_tick()],
    )
    count = session.value("select count(*) from changed")
    session.run("drop table changed")
    return int(str(count))

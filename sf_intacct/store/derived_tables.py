"""core's derived tables: what became of each record, and sums over lines. Recomputed, never trusted from a stamp.

Each is a query over core, the plan, the journal and the queue; only rows that differ from the last
time are replaced, so that whatever follows sees just those.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sf_intacct.flow.contracts import CONTRACTS, REFERENCE, Contract
from sf_intacct.store import prices, receivables, references, statements
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Derivation:
    """How one derived table is made: its query, the tables of core it reads, and whether it reads the queue.

    forgets: what the query does not answer any more is deleted. Elsewhere it stays as it was told.
    """

    query: str
    sources: tuple[str, ...]
    reads_queue: bool = False
    forgets: bool = False


# Where a record of a crossing stands: the counterpart it has, what keeps it, whether somebody left it alone.
_STANDING = """
with kept as (
    select source_id, string_agg(distinct words, ' ' order by words) as words
    from receipts.exceptions where crossing in ({crossings}) group by source_id
),
ignored as (
    select source_id, reason from journal.decision where crossing in ({crossings})
    qualify row_number() over (partition by source_id order by number desc) = 1 and decision = 'ignore'
),
unanswered as (
    select distinct source_id from journal.intent
    where crossing in ({crossings}) and state in ('pending', 'in_flight', 'uncertain')
),
crossed as (select source_id from journal.link where crossing in ({crossings})),
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
# An order has an invoice, a credit memo, or both. A credit memo carries no mark: the journal knows whose it is.
_LINKED_ORDERS = """
select coalesce(n.id, c.id) as id, n.natural_key, c.credit_memo from (
    select coalesce(i.salesforce_id, l.source_id) as id, min(i.invoice_number) as natural_key
    from core.intacct_invoices i
    left join journal.link l on l.crossing = 'order_to_invoice' and l.target_id = i.invoice_key
    where coalesce(i.salesforce_id, l.source_id) is not null and not i.is_deleted group by 1
) n full join (
    select l.source_id as id, min(a.adjustment_number) as credit_memo
    from journal.link l join core.intacct_adjustments a on a.adjustment_key = l.target_id and not a.is_deleted
    where l.crossing = 'return_to_credit' group by 1
) c using (id)
"""
# An opportunity has a sales document, a project, or both; each carries our mark.
_LINKED_OPPORTUNITIES = """
select coalesce(d.id, p.id) as id, d.natural_key, p.project_id from (
    select salesforce_id as id, min(document_id) as natural_key from core.intacct_sales_documents
    where salesforce_id is not null and not is_deleted group by 1
) d full join (
    select salesforce_id as id, min(project_id) as project_id from core.intacct_projects
    where salesforce_id is not null and not is_deleted group by 1
) p using (id)
"""

_ACCOUNTS = """
select s.source_id as account_id, s.natural_key as customer_id,
       b.balance, b.currency as sums_currency, b.due_current, b.due_1_30, b.due_31_60, b.due_61_90, b.due_over_90,
       b.open_credits, b.unapplied, coalesce(b.is_on_hold, false) as is_on_hold, s.sync_status, s.sync_error
from standing s left join core.customer_balances b on b.customer_id = s.natural_key
"""
_PRODUCTS = """
select s.source_id as product_id, s.natural_key as item_id, s.sync_status, s.sync_error from standing s
"""
_ORDERS = """
select s.source_id as order_id, n.invoice_number, n.state as invoice_state, n.total as invoice_total,
       n.tax_amount, n.due_on,
       coalesce(n.currency, c.currency) as currency, n.total_due as amount_due, n.total_paid as amount_paid,
       c.adjustment_number as credit_memo_number, c.state as credit_memo_state, -c.total_due as credit_open,
       s.sync_status, s.sync_error
from standing s
left join (
    select i.* replace (coalesce(i.salesforce_id, l.source_id) as salesforce_id) from core.intacct_invoices i
    left join journal.link l on l.crossing = 'order_to_invoice' and l.target_id = i.invoice_key
) n on n.invoice_number = s.natural_key and n.salesforce_id = s.source_id and not n.is_deleted
   and n.state <> 'Reversal'
left join core.intacct_adjustments c
  on c.adjustment_number = s.credit_memo and not c.is_deleted and c.state <> 'Reversal'
"""
_OPPORTUNITIES = """
select s.source_id as opportunity_id, s.natural_key as document_id, d.state as document_state, s.project_id,
       s.sync_status, s.sync_error
from standing s left join core.intacct_sales_documents d on d.document_id = s.natural_key and not d.is_deleted
"""


def _outcomes(query: str, table: str, key: str, crossings: tuple[str, ...], linked: str) -> str:
    """The query of an outcome table: where every record of some crossings stands, and what belongs to its counterpart.

    linked: the query of every record that has a counterpart, and which.
    """
    listed = ", ".join(statements.text(crossing) for crossing in crossings)
    standing = _STANDING.format(linked=linked, key=key, table=table, crossings=listed)
    return f"{standing} {query} where s.sync_status is not null"


def _marked(target: str, natural_key: str) -> str:
    return _LINKED.format(target=target, mark="salesforce_id", natural_key=natural_key)


# In an order in which each is made after what it reads.
DERIVATIONS: dict[str, Derivation] = {
    "reference_values": Derivation(references.REFERENCE_VALUES, tuple(REFERENCE)),
    "invoice_documents": Derivation(receivables.INVOICE_DOCUMENTS, ("intacct_invoices", "intacct_customers")),
    "invoice_lines": Derivation(receivables.INVOICE_LINES, ("invoice_documents", "intacct_invoice_items")),
    "invoice_applications": Derivation(
        receivables.APPLICATIONS, ("invoice_documents", "intacct_payments", "intacct_payment_applications")
    ),
    "payment_documents": Derivation(
        receivables.PAYMENT_DOCUMENTS,
        (
            "intacct_payments",
            "intacct_payment_applications",
            "intacct_advances",
            "intacct_invoices",
            "intacct_customers",
        ),
    ),
    "customer_balances": Derivation(
        receivables.CUSTOMER_BALANCES,
        ("intacct_customers", "intacct_invoices", "intacct_adjustments", "payment_documents"),
    ),
    "credit_memos": Derivation(receivables.CREDIT_MEMOS, ("intacct_adjustments", "intacct_adjustment_items")),
    "credit_applications": Derivation(
        receivables.CREDIT_APPLICATIONS, ("invoice_documents", "intacct_payment_applications")
    ),
    "item_prices": Derivation(
        prices.ITEM_PRICES, (*CONTRACTS["item_prices"].made_of, "salesforce_products"), forgets=True
    ),
    "account_outcomes": Derivation(
        _outcomes(
            _ACCOUNTS,
            "account_outcomes",
            "account_id",
            ("account_to_customer",),
            _marked("intacct_customers", "customer_id"),
        ),
        ("salesforce_accounts", "intacct_customers", "customer_balances"),
        reads_queue=True,
    ),
    "product_outcomes": Derivation(
        _outcomes(
            _PRODUCTS, "product_outcomes", "product_id", ("product_to_item",), _marked("intacct_items", "item_id")
        ),
        ("salesforce_products", "intacct_items"),
        reads_queue=True,
    ),
    "order_outcomes": Derivation(
        _outcomes(_ORDERS, "order_outcomes", "order_id", ("order_to_invoice", "return_to_credit"), _LINKED_ORDERS),
        ("salesforce_orders", "intacct_invoices", "intacct_adjustments"),
        reads_queue=True,
    ),
    "opportunity_outcomes": Derivation(
        _outcomes(
            _OPPORTUNITIES,
            "opportunity_outcomes",
            "opportunity_id",
            ("opportunity_to_sales_document", "opportunity_to_project"),
            _LINKED_OPPORTUNITIES,
        ),
        ("salesforce_opportunities", "intacct_sales_documents", "intacct_projects"),
        reads_queue=True,
    ),
}


# The day for which ages were last computed.
_AGED = "core.ages"


def aged_on(session: Session) -> date | None:
    """The day for which ages of receivables were last computed; None when they never were."""
    told = session.value("select basis from meta.progress where step = ?", [_AGED])
    return date.fromisoformat(told) if isinstance(told, str) else None


def refresh(session: Session, name: str, day: date, now: datetime) -> int:
    """Recomputes one derived table; returns how many rows changed."""
    contract = CONTRACTS[name]
    query = DERIVATIONS[name].query
    ages = "$today" in query
    session.run(f"create or replace temp table computed as {query}", {"today": day} if ages else None)
    changed = _replace_changed(session, contract, day, now)
    if DERIVATIONS[name].forgets:
        changed += _forget(session, contract, day, now)
    session.run("drop table computed")
    if ages:
        session.run("delete from meta.progress where step = ?", [_AGED])
        session.run("insert into meta.progress values (?, 0, ?)", [_AGED, day.isoformat()])
    return changed


def _replace_changed(session: Session, contract: Contract, day: date, now: datetime) -> int:
    columns = [name for name in contract.dtypes if name != contract.stamp]
    listed, key = statements.names(columns), contract.key
    session.run(
        f"create or replace temp table changed as select {listed} from computed "
        f"except select {listed} from core.{contract.name} where not is_deleted"
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


def _forget(session: Session, contract: Contract, day: date, now: datetime) -> int:
    """Marks as deleted what was not computed any more; returns how many rows."""
    gone = f"not is_deleted and {contract.key} not in (select {contract.key} from computed)"
    count = session.value(f"select count(*) from core.{contract.name} where {gone}")
    session.run(
        f"update core.{contract.name} set is_deleted = true, {contract.stamp} = ?, sync_day = ?, tick = ? where {gone}",
        [now, day, session.next_tick()],
    )
    return int(str(count))

"""finance: what finance queries. Monthly tables hold one posting month per partition; all are comparisons
of what both systems say, made from core, the journal and the queue."""

from collections.abc import Sequence
from datetime import date

from sf_intacct.store import finance_receivables, statements
from sf_intacct.store.queue_tables import CAUSES
from sf_intacct.store.warehouse import Session

_MONEY = "decimal(18, 3)"
TIE_OUT = {
    "posting_month": ("date not null", "First day of the month in which the document counts"),
    "order_id": ("varchar", "Salesforce id of the order"),
    "order_number": ("varchar", "Order number"),
    "account_id": ("varchar", "Salesforce id of the account"),
    "account_name": ("varchar", "Account"),
    "invoice_number": ("varchar", "Invoice in Intacct"),
    "invoice_key": ("varchar", "Record number of the invoice in Intacct"),
    "customer_id": ("varchar", "Customer in Intacct"),
    "entity": ("varchar", "Entity of Intacct that has it, or is meant to; empty: the top level"),
    "currency": ("varchar", "Currency of the order; of the invoice where the order says none"),
    "salesforce_amount": (_MONEY, "What Salesforce expects: the order's total"),
    "journal_amount": (_MONEY, "What the journal says was accepted"),
    "intacct_amount": (_MONEY, "What Intacct has: the invoice's total"),
    "tax_amount": (_MONEY, "Of this, tax on top of what Salesforce expects"),
    "difference": (_MONEY + " not null", "Salesforce less Intacct before that tax"),
    "class": (
        "varchar not null",
        "tied, exception, ignored, awaits_approval, under_way, entered_in_intacct, duplicate, entity_differs, "
        "currency_differs, amount_differs, missing, without_order",
    ),
    "is_explained": ("boolean not null", "Tied, or a person knows why not"),
    "explanation": ("varchar", "Why, in words"),
    "exception_id": ("varchar", "Exception that keeps the order up"),
}
INVOICES = {
    "posting_month": ("date not null", "First day of the month in which the invoice counts"),
    "invoice_key": ("varchar not null", "Record number in Intacct"),
    "invoice_number": ("varchar", "Invoice number"),
    "customer_id": ("varchar", "Customer in Intacct"),
    "customer_name": ("varchar", "Customer name"),
    "account_id": ("varchar", "Salesforce id of the account"),
    "order_id": ("varchar", "Salesforce id of the order it came from; empty when entered in Intacct"),
    "order_number": ("varchar", "Order number"),
    "entity": ("varchar", "Entity of Intacct that owns it; empty: the top level"),
    "state": ("varchar", "Posted, Partially Paid, Paid, Reversed, ..."),
    "invoiced_on": ("date", "Invoice date"),
    "posted_on": ("date", "Date it counts in the ledger"),
    "due_on": ("date", "Due date"),
    "paid_on": ("date", "Day it was fully paid"),
    "currency": ("varchar", "Currency of the document"),
    "total": (_MONEY, "Total"),
    "tax_amount": (_MONEY, "Tax in the total"),
    "total_paid": (_MONEY, "Paid so far"),
    "total_due": (_MONEY, "Still to be paid"),
    "base_currency": ("varchar", "Currency of the books"),
    "base_total": (_MONEY, "Total in the currency of the books"),
    "base_due": (_MONEY, "Still to be paid, in the currency of the books"),
    "line_count": ("bigint", "Lines"),
    "url": ("varchar", "Link to the invoice in Intacct"),
}
PAYMENTS = {
    "receipt_month": ("date not null", "First day of the month in which the payment counts"),
    "payment_key": ("varchar not null", "Record number of the payment in Intacct"),
    "kind": ("varchar", "Payment, Advance, or Reversal"),
    "application_key": ("varchar", "Record number of the application; empty for what is not applied"),
    "customer_id": ("varchar", "Customer in Intacct"),
    "account_id": ("varchar", "Salesforce id of the account"),
    "received_on": ("date", "Receipt date"),
    "method": ("varchar", "Payment method"),
    "reference_number": ("varchar", "Cheque or transfer reference"),
    "state": ("varchar", "State of the payment"),
    "currency": ("varchar", "Currency"),
    "payment_amount": (_MONEY, "Amount received"),
    "invoice_key": ("varchar", "Invoice it was applied to"),
    "invoice_number": ("varchar", "Its number"),
    "applied_amount": (_MONEY, "Amount applied to that invoice"),
    "unapplied_amount": (_MONEY, "Received and not yet applied, on the row without an application"),
}
CUSTOMERS = {
    "customer_id": ("varchar not null", "Customer in Intacct"),
    "name": ("varchar", "Name"),
    "account_id": ("varchar", "Salesforce id of the account; empty for a customer of Intacct's own"),
    "terms": ("varchar", "Payment terms"),
    "status": ("varchar", "active or inactive"),
    "is_on_hold": ("boolean", "Whether no more invoices are made out"),
    "currency": ("varchar", "Currency of the sums; several, joined by +, have no sum"),
    "open_invoices": ("bigint", "Open invoices"),
    "balance": (_MONEY, "What the customer owes, recomputed from open documents"),
    "due_current": (_MONEY, "Of open invoices and debit memos, not due yet"),
    "due_1_30": (_MONEY, "Overdue by 1 to 30 days"),
    "due_31_60": (_MONEY, "Overdue by 31 to 60 days"),
    "due_61_90": (_MONEY, "Overdue by 61 to 90 days"),
    "due_over_90": (_MONEY, "Overdue by more than 90 days"),
    "overdue": (_MONEY, "Past their due date in all"),
    "open_credits": (_MONEY, "Open credit memos"),
    "unapplied": (_MONEY, "Received and not yet applied"),
    "balance_in_intacct": (_MONEY, "Balance as Intacct stated it when the customer was last read"),
    "difference": (_MONEY, "Balance in Intacct less the recomputed one"),
    "difference_is": ("varchar", "agrees, unapplied_not_deducted, stated_before_it_moved, or differs"),
    "balance_in_salesforce": (_MONEY, "Balance as Salesforce shows it"),
}
EXCEPTIONS = {
    "exception_id": ("varchar not null", "Exception"),
    "cause": ("varchar not null", "Code of the cause"),
    "subject": ("varchar", "What the cause is about"),
    "words": ("varchar", "Why, in words a salesperson understands"),
    "remedy": ("varchar", "What mends it"),
    "who": ("varchar", "Who can mend it"),
    "source_object": ("varchar", "Object of the record that cannot cross"),
    "source_id": ("varchar", "Its Salesforce or Intacct id"),
    "label": ("varchar", "How people know it"),
    "amount": (_MONEY, "Money at risk"),
    "currency": ("varchar", "Its currency"),
    "first_seen_at": ("timestamptz", "Since when"),
    "class": (
        "varchar",
        "What kind of thing has to change: data, reference, mapping, setup, decision, transient, unknown",
    ),
    "place": ("varchar", "The exact place where a person mends it"),
    "again": ("varchar", "What makes it go again: itself (time), moved (what is read), probed, told (a person)"),
    "owner": ("varchar", "Who takes care of it, if somebody was named"),
    "lines": ("bigint", "On how many lines of the record"),
    "attempts": ("bigint", "How often it was sent"),
    "answer": ("varchar", "What the other system said, whole"),
    "through": ("varchar", "Why it waits, where the cause is that of a record it waits for"),
    "url": ("varchar", "Link to the record in Salesforce"),
}
SYNC_LOG = {
    "number": ("bigint not null", "Number of the receipt"),
    "recorded_at": ("timestamptz not null", "When"),
    "crossing": ("varchar not null", "Crossing"),
    "action": ("varchar not null", "create or update"),
    "source_object": ("varchar not null", "Object the record came from"),
    "source_id": ("varchar not null", "Its id"),
    "label": ("varchar", "How people know it"),
    "source_version": ("varchar", "Stamp of the version it was made from"),
    "target_system": ("varchar not null", "System written to"),
    "target_object": ("varchar not null", "Object written to"),
    "target_id": ("varchar", "Record id there"),
    "natural_key": ("varchar", "How people name it there"),
    "result": ("varchar not null", "What the attempt proved"),
    "code": ("varchar", "The other side's code"),
    "message": ("varchar", "The other side's words"),
    "amount": (_MONEY, "Money at stake"),
    "mapping_revision": ("varchar", "Mapping files it was made with"),
    "run": ("varchar", "Run that made the attempt"),
}
CONFLICTS = {
    "id": ("varchar not null", "Disagreement"),
    "opened_at": ("timestamptz not null", "When it was seen"),
    "crossing": ("varchar not null", "Crossing"),
    "source_id": ("varchar not null", "Id of the source record"),
    "target_id": ("varchar", "Id of the target record"),
    "label": ("varchar", "How people know the record"),
    "field": ("varchar not null", "Field of the target"),
    "says": ("varchar", "What the field is, in words"),
    "owner": ("varchar not null", "Who owns the field: salesforce, intacct or nobody"),
    "agreed": ("varchar", "What both sides last agreed on"),
    "salesforce_value": ("varchar", "What Salesforce said"),
    "intacct_value": ("varchar", "What Intacct said"),
    "winner": ("varchar", "Whose value counts; empty while it is open, or when it was over by itself"),
    "decided_by": ("varchar", "A person, the owner, or the two sides by themselves; empty while it is open"),
    "closed_at": ("timestamptz", "When it was decided"),
    "changed_by": ("varchar", "Who last changed the record whose value gave way, as its system names them"),
}
TABLES: dict[str, tuple[dict[str, tuple[str, str]], str]] = {
    "ar_tie_out": (
        TIE_OUT,
        "Per document: what Salesforce expects, the journal says and Intacct has, and why they differ.",
    ),
    "invoices": (INVOICES, "AR invoices in Intacct, with the Salesforce records they belong to."),
    "payments": (PAYMENTS, "Customer payments in Intacct, one row per application and one for what is not applied."),
    "customers": (CUSTOMERS, "Customers and what they owe, in both systems."),
    "exceptions": (EXCEPTIONS, "Records that cannot cross now, why, and who can mend it."),
    "exception_causes": (CAUSES, "What keeps records from crossing, cause by cause and currency by currency."),
    "conflicts": (CONFLICTS, "Fields on which the two sides disagreed: what was lost, to whom, who decided, when."),
    "sync_log": (SYNC_LOG, "Every attempt to write, from which version, with what answer. Only ever added to."),
}

_TIED = """
select date_trunc('month', coalesce(n.posted_on, n.invoiced_on, o.effective_on))::date as posting_month,
       o.order_id, o.order_number, o.account_id, a.name as account_name, n.invoice_number, n.invoice_key,
       n.customer_id, coalesce(n.entity, j.entity) as entity,
       coalesce(o.currency, j.currency, n.currency, e.currency) as currency,
       o.amount as salesforce_amount, j.amount as journal_amount, n.total as intacct_amount,
       n.tax as tax_amount, coalesce(o.amount, 0) - coalesce(n.total - n.tax, 0) as difference,
       case when n.place > 1 then 'duplicate'
            when o.order_id is null and n.salesforce_id is not null then 'without_order'
            when o.order_id is null then 'entered_in_intacct'
            when n.invoice_key is not null and e.exception_id is null and j.entity is distinct from n.entity
                 and j.entity is not null then 'entity_differs'
            when n.currency <> coalesce(o.currency, j.currency) and e.exception_id is null then 'currency_differs'
            when o.amount = n.total - n.tax and e.exception_id is null then 'tied'
            when e.exception_id is not null then 'exception'
            when o.is_ignored then 'ignored'
            when n.invoice_key is not null then 'amount_differs'
            when b.words is not null then 'awaits_approval'
            when j.state is not null then 'under_way'
            else 'missing' end as class,
       class in ('tied', 'exception', 'ignored', 'entered_in_intacct', 'awaits_approval') as is_explained,
       coalesce(e.words, case when class = 'awaits_approval' then b.words
                              when class = 'ignored' then 'Left out on purpose: ' || g.reason end) as explanation,
       e.exception_id
from expected o full join before_tax n on n.salesforce_id = o.order_id
left join (
    select source_id, min(exception_id) as exception_id, min(currency) as currency,
           string_agg(distinct words, ' ' order by words) as words
    from receipts.exceptions where crossing in ('order_to_invoice', 'return_to_credit') group by 1
) e on e.source_id = o.order_id
left join (
    select source_id, min(state) as state, min(currency) as currency,
           sum(amount) filter (state in ('accepted', 'verified')) as amount,
           string_agg(distinct nullif(entity, ''), ', ' order by nullif(entity, '')) as entity
    from journal.intent where crossing in ('order_to_invoice', 'return_to_credit') and action = 'create' group by 1
) j on j.source_id = o.order_id
left join (
    select source_id, min(words) as words from plan.braked
    where crossing in ('order_to_invoice', 'return_to_credit') group by 1
) b on b.source_id = o.order_id
left join core.salesforce_accounts a on a.account_id = o.account_id
left join ignored g on g.source_id = o.order_id
"""
# An order is in the books as an invoice, a credit memo, or both: what it sells less what it takes back.
# Tax is on top of what an order expects, unless its prices include it.
# An order is expected in the books when it is activated and nobody keeps it out; a quarantined one may be.
_EXPECTED = """
with ignored as (
    select source_id, min(reason || ' (' || decided_by || ')') as reason from (
        select * from journal.decision where crossing in ('order_to_invoice', 'return_to_credit')
        qualify row_number() over (partition by crossing, source_id order by number desc) = 1
    ) where decision = 'ignore' group by source_id
),
expected as (
    select o.order_id, o.order_number, o.account_id, o.effective_on, o.total_amount as amount, o.currency,
           coalesce(o.is_tax_included, false) as is_tax_included,
           o.order_id in (select source_id from ignored) as is_ignored
    from core.salesforce_orders o left join core.salesforce_accounts a on a.account_id = o.account_id
    where not o.is_deleted and o.status_code = 'Activated'
      and not coalesce(o.is_excluded, false) and not coalesce(a.is_excluded, false)
      and o.order_id not in (select document_id from core.quarantine where table_name = 'salesforce_orders')
    union all
    select document_id, min(label), null, min(q.sync_day), min(amount), null, false,
           document_id in (select source_id from ignored)
    from core.quarantine q where table_name = 'salesforce_orders' group by document_id
),
documents as (
    select 'invoice' as kind, n.invoice_key, n.invoice_number, n.customer_id, n.entity_id,
           coalesce(n.salesforce_id, l.source_id) as salesforce_id, n.total, n.tax_amount, n.currency, n.posted_on,
           n.invoiced_on
    from core.intacct_invoices n
    left join journal.link l on l.crossing = 'order_to_invoice' and l.target_id = n.invoice_key
    where not n.is_deleted and n.state not in ('Draft', 'Reversed', 'Reversal')
    union all
    select 'adjustment', a.adjustment_key, a.adjustment_number, a.customer_id, a.entity_id, l.source_id, a.total,
           a.tax_amount, a.currency, a.posted_on, a.adjusted_on
    from core.intacct_adjustments a
    left join journal.link l on l.crossing = 'return_to_credit' and l.target_id = a.adjustment_key
    where not a.is_deleted and a.state not in ('Draft', 'Reversed', 'Reversal')
),
placed as (
    select *, row_number() over (partition by kind, coalesce(salesforce_id, invoice_key) order by invoice_key) as place
    from documents
),
held as (
    select min(invoice_key) as invoice_key, string_agg(invoice_number, ', ' order by kind desc) as invoice_number,
           min(customer_id) as customer_id, salesforce_id, string_agg(distinct currency, ' + ') as currency,
           cast(sum(total) as decimal(18, 3)) as total,
           cast(coalesce(sum(tax_amount), 0) as decimal(18, 3)) as tax,
           string_agg(distinct nullif(entity_id, ''), ', ' order by nullif(entity_id, '')) as entity,
           min(posted_on) as posted_on, min(invoiced_on) as invoiced_on, place
    from placed group by salesforce_id, place, case when salesforce_id is null then kind || invoice_key end
),
before_tax as (
    select n.* replace (case when o.is_tax_included then 0 else n.tax end as tax)
    from held n left join expected o on o.order_id = n.salesforce_id
)
"""
_INVOICES = """
select date_trunc('month', coalesce(n.posted_on, n.invoiced_on))::date as posting_month, n.invoice_key,
       n.invoice_number, n.customer_id, n.customer_name, c.salesforce_id as account_id,
       n.salesforce_id as order_id, o.order_number, n.entity_id as entity, n.state, n.invoiced_on,
       n.posted_on, n.due_on, n.paid_on,
       n.currency, n.total, n.tax_amount, n.total_paid, n.total_due, n.base_currency, n.base_total, n.base_due,
       (select count(*) from core.intacct_invoice_items l where l.invoice_key = n.invoice_key and not l.is_deleted)
           as line_count, n.url
from core.intacct_invoices n
left join core.intacct_customers c on c.customer_id = n.customer_id and not c.is_deleted
left join core.salesforce_orders o on o.order_id = n.salesforce_id
where not n.is_deleted
"""
_EXCEPTIONS = f"select {statements.names(EXCEPTIONS)} from receipts.exceptions"
_CAUSES = f"select {statements.names(CAUSES)} from receipts.exception_causes"
_SYNC_LOG = """
select r.number, r.recorded_at, i.crossing, i.action, i.source_object, i.source_id, i.label, i.source_version,
       i.target_system, i.target_object, coalesce(r.target_id, i.target_id) as target_id, i.natural_key, r.result,
       r.code, r.message, i.amount, i.mapping_revision, r.run
from journal.receipt r join journal.intent i on i.key = r.intent_key
where r.number > (select coalesce(max(number), 0) from finance.sync_log)
"""
_CONFLICTS = """
select d.* from journal.disagreement d left join journal.intent i on i.key = d.intent_key
where d.intent_key is null or i.state in ('accepted', 'verified')
"""
# The query of each monthly table, and what tells that a row is the same document in another month.
_MONTHLY_QUERIES = {
    "ar_tie_out": (_EXPECTED + _TIED, ("order_id", "invoice_key")),
    "invoices": (_INVOICES, ("invoice_key",)),
    "payments": (finance_receivables.PAYMENTS, ("payment_key",)),
}
MONTHLY = {"ar_tie_out": "posting_month", "invoices": "posting_month", "payments": "receipt_month"}


CREATE = tuple(statements.create_table(f"finance.{table}", columns, says) for table, (columns, says) in TABLES.items())


def refresh_month(session: Session, table: str, months: Sequence[date], first: date) -> int:
    """Makes the given months of a monthly table anew; returns how many rows they have now.

    What is dated before the `first` month is made with the first: nothing may fall out of the tie-out.
    """
    query, keys = _MONTHLY_QUERIES[table]
    month = made_with(MONTHLY[table], first)
    listed = ", ".join(f"date '{day.isoformat()}'" for day in months)
    session.run(f"create or replace temp table made as select * from ({query}) where {month} in ({listed})")
    # A document whose date moved leaves the month it stood in before.
    moved = " or ".join(f"{key} in (select {key} from made)" for key in keys)
    session.run(f"delete from finance.{table} where {month} in ({listed}) or {moved}")
    tick = session.next_tick()
    for day in months:
        step = _step(table, day)
        session.run("delete from meta.progress where step = ?", [step])
        session.run("insert into meta.progress values (?, ?, '')", [step, tick])
    return _insert(session, table)


def _step(table: str, month: date) -> str:
    return f"finance.{table} {month.isoformat()}"


def refresh_whole(session: Session, table: str, today: date) -> int:
    """Makes a table that has no months anew; the sync log only grows."""
    query = {
        "customers": finance_receivables.CUSTOMERS,
        "exceptions": _EXCEPTIONS,
        "exception_causes": _CAUSES,
        "conflicts": _CONFLICTS,
        "sync_log": _SYNC_LOG,
    }[table]
    values = {"today": today} if "$today" in query else None
    session.run(f"create or replace temp table made as {query}", values)
    if table != "sync_log":
        session.run(f"delete from finance.{table}")
    return _insert(session, table)


def _insert(session: Session, table: str) -> int:
    columns = statements.names(TABLES[table][0])
    session.run(f"insert into finance.{table} ({columns}) select {columns} from made")
    count = session.value("select count(*) from made")
    session.run("drop table made")
    return int(str(count))


def made_with(month: str, first: date) -> str:
    """The month with which a row is made, as SQL: its own, or the first one for everything before it."""
    return f"greatest({month}, date '{first.isoformat()}')"


def months_behind(session: Session, today: date, first: date) -> list[date]:
    """The posting months in which anything moved since each was last made.

    This month stands in for the tables without months: it is behind while the queue has moved on.
    """
    month = made_with("date_trunc('month', day)::date", first)
    made = (
        "select max(tick) from meta.progress where step = 'finance.' || t.name || ' ' || strftime(m.month, '%Y-%m-%d')"
    )
    tables = ", ".join(f"({statements.text(table)})" for table in MONTHLY)
    rows = session.frame(f"""
        select distinct m.month
        from (
            select {month} as month, max(tick) as tick from ({_MOVED})
            where day is not null group by 1
        ) m
        cross join (values {tables}) t(name)
        where m.tick > coalesce(({made}), 0) order by 1
    """)
    months = rows["month"].to_list()
    told = f"select {statements.names(EXCEPTIONS)} from finance.exceptions"
    queue_moved = session.value(f"select count(*) from ({_EXCEPTIONS} except {told})")
    queue_shrunk = session.value(f"select count(*) from ({told} except {_EXCEPTIONS})")
    present = today.replace(day=1)
    return sorted({*months, present}) if queue_moved or queue_shrunk else months


# When anything last moved, by the day on which its document counts.
_MOVED = """
select effective_on as day, tick from core.salesforce_orders
union all select o.effective_on, p.tick from core.salesforce_orders o
    join plan.order_to_invoice p on p.source_id = o.order_id
union all select o.effective_on, i.tick from core.salesforce_orders o
    join journal.intent i on i.source_id = o.order_id and i.crossing in ('order_to_invoice', 'return_to_credit')
union all select sync_day, tick from core.quarantine where table_name = 'salesforce_orders'
union all select coalesce(posted_on, invoiced_on), tick from core.intacct_invoices
union all select coalesce(posted_on, adjusted_on), tick from core.intacct_adjustments
union all select received_on, tick from core.payment_documents
"""

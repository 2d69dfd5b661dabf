"""Queries of the derived tables about receivables: invoices and their lines by document, and what paid them."""

# Order Entry deletes the invoice of a document that is edited and makes another of the same number in its place.
# The new record continues the old one, unless it has been told as a document of its own already.
_CHAINS = """
with recursive number_taken_over as (
    select gone.invoice_key as before, made.invoice_key as after
    from core.intacct_invoices gone join core.intacct_invoices made
      on made.invoice_number = gone.invoice_number and made.module = gone.module
     and cast(made.invoice_key as bigint) > cast(gone.invoice_key as bigint)
    where gone.is_deleted and gone.module = '8.SO' and made.state not in ('Reversal', 'Draft')
      and coalesce(made.created_at, made.modified_at) >= gone.modified_at - interval 1 minute
      and made.invoice_key not in (select document_key from core.invoice_documents)
),
followed as (
    select before, after from number_taken_over
    qualify row_number() over (partition by before order by cast(after as bigint)) = 1
        and row_number() over (partition by after order by cast(before as bigint) desc) = 1
),
chain(document_key, invoice_key) as (
    select invoice_key, invoice_key from core.intacct_invoices
    where invoice_key not in (select after from followed)
    union all
    select c.document_key, f.after from chain c join followed f on f.before = c.invoice_key
),
present as (select * from chain where invoice_key not in (select before from followed))
"""
# What was deleted asks for nothing any more. A draft that was thrown away was never told.
INVOICE_DOCUMENTS = f"""
{_CHAINS}
select p.document_key, n.invoice_key, n.invoice_number, n.customer_id,
       n.customer_id in (
           select customer_id from core.intacct_customers where not is_deleted and salesforce_id is not null
       ) as is_linked,
       case when n.is_deleted and n.state <> 'Draft' then 'Deleted' else n.state end as state,
       n.invoiced_on, n.due_on, n.paid_on, n.terms, n.reference_number, n.currency,
       case when n.is_deleted then 0 else n.total end as total,
       case when n.is_deleted then 0 else n.total_paid end as total_paid,
       case when n.is_deleted then 0 else n.total_due end as total_due, n.url
from present p join core.intacct_invoices n using (invoice_key)
"""
# Lines that share a number are told apart by their records, first come first.
INVOICE_LINES = """
with numbered as (
    select d.document_key, l.*,
           row_number() over (
               partition by d.document_key, l.line_number order by cast(l.line_key as bigint)
           ) as place
    from core.invoice_documents d join core.intacct_invoice_items l using (invoice_key)
    where not l.is_deleted and d.state not in ('Draft', 'Deleted')
),
present as (
    select document_key || '-' || line_number || case when place > 1 then '.' || place else '' end as line_key,
           document_key, line_number, 'Current' as state, memo, account_number, item_id, department_id, location_id,
           class_id, salesforce_line_id, amount
    from numbered
)
select * from present
union all
select line_key, document_key, line_number, 'Removed', memo, account_number, item_id, department_id, location_id,
       class_id, salesforce_line_id, 0
from core.invoice_lines where line_key not in (select line_key from present)
"""
# Intacct details a payment line by line; people think of it invoice by invoice. What is not applied
# any more stays, as nothing.
APPLICATIONS = """
with applied as (
    select a.payment_key || '-' || coalesce(d.document_key, a.invoice_key) as application_key, a.payment_key,
           coalesce(d.document_key, a.invoice_key) as invoice_key,
           max(a.applied_on) as applied_on, cast(sum(a.amount) as decimal(18, 2)) as amount
    from core.intacct_payment_applications a left join core.invoice_documents d using (invoice_key)
    where not a.is_deleted and a.invoice_key is not null
    group by all
)
select * from applied
union all
select application_key, payment_key, invoice_key, applied_on, 0 from core.invoice_applications
where application_key not in (select application_key from applied)
"""

"""Queries of the derived tables about receivables: invoices and their lines by document, and what paid them."""

from sf_intacct.store import statements

# Order Entry deletes the invoice of a document that is edited and makes another of the same number in its place.
# The new record continues the old one, unless it has been told as a document of its own already.
_CHAINS = """
with recursive number_taken_over as (
    select gone.invoice_key as before, made.invoice_key as after
    from core.intacct_invoices gone join core.intacct_invoices made
      on made.invoice_number = gone.invoice_number and made.module = gone.module
     and try_cast(made.invoice_key as bigint) > try_cast(gone.invoice_key as bigint)
    where gone.is_deleted and gone.module = '8.SO' and made.state not in ('Reversal', 'Draft')
      and coalesce(made.created_at, made.modified_at) >= gone.modified_at - interval 1 minute
      and made.invoice_key not in (select document_key from core.invoice_documents)
),
followed as (
    select before, after from number_taken_over
    qualify row_number() over (partition by before order by try_cast(after as bigint)) = 1
        and row_number() over (partition by after order by try_cast(before as bigint) desc) = 1
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
       n.invoiced_on, n.due_on, n.paid_on, n.terms, n.reference_number, n.currency, n.entity_id,
       case when n.is_deleted then 0 else n.total end as total,
       case when n.is_deleted then 0 else n.tax_amount end as tax_amount,
       case when n.is_deleted then 0 else n.total_paid end as total_paid,
       case when n.is_deleted then 0 else n.total_due end as total_due, n.url
from present p join core.intacct_invoices n using (invoice_key)
"""
# Lines that share a number are told apart by their records, first come first.
INVOICE_LINES = """
with numbered as (
    select d.document_key, l.*,
           row_number() over (
               partition by d.document_key, l.line_number order by try_cast(l.line_key as bigint)
           ) as place
    from core.invoice_documents d join core.intacct_invoice_items l using (invoice_key)
    where not l.is_deleted and d.state not in ('Draft', 'Deleted')
),
present as (
    select document_key || '-' || line_number || case when place > 1 then '.' || place else '' end as line_key,
           document_key, line_number, 'Current' as state, memo, account_number, item_id, department_id, location_id,
           class_id, salesforce_line_id, amount, tax_amount
    from numbered
)
select * from present
union all
select line_key, document_key, line_number, 'Removed', memo, account_number, item_id, department_id, location_id,
       class_id, salesforce_line_id, 0, 0
from core.invoice_lines where line_key not in (select line_key from present)
"""
# A detail may apply money of its own payment, and through it an advance or what was left of an earlier payment.
_APPLIED = """
applied as (
    select a.payment_key, a.invoice_key, a.applied_on, a.amount, a.currency, a.state,
           case when coalesce(a.currency, p.currency) is not distinct from coalesce(p.currency, a.currency)
                then a.amount
                when p.currency = p.base_currency then a.base_amount end as paid_amount
    from core.intacct_payment_applications a left join core.intacct_payments p using (payment_key)
    where not a.is_deleted and a.invoice_key is not null and coalesce(a.amount, 0) <> 0
    union all
    select advance_key, invoice_key, applied_on, advance_amount, currency, null, advance_amount
    from core.intacct_payment_applications
    where not is_deleted and invoice_key is not null and advance_key is not null and coalesce(advance_amount, 0) <> 0
    union all
    select overpayment_key, invoice_key, applied_on, overpayment_amount, currency, null, overpayment_amount
    from core.intacct_payment_applications
    where not is_deleted and invoice_key is not null and overpayment_key is not null
      and coalesce(overpayment_amount, 0) <> 0
)
"""
# Intacct details a payment line by line; people think of it invoice by invoice. What is not applied
# any more stays, as nothing.
APPLICATIONS = f"""
with {_APPLIED},
summed as (
    select a.payment_key || '-' || coalesce(d.document_key, a.invoice_key) as application_key, a.payment_key,
           coalesce(d.document_key, a.invoice_key) as invoice_key, max(a.applied_on) as applied_on,
           cast(sum(a.amount) as decimal(18, 3)) as amount, min(a.currency) as currency,
           case when count(a.paid_amount) = count(*) then cast(sum(a.paid_amount) as decimal(18, 3)) end as paid_amount,
           case when bool_and(coalesce(a.state = 'Voided', false)) then 'Voided' when sum(a.amount) < 0 then 'Reversal'
                when sum(a.amount) = 0 then 'Taken Back' else 'Applied' end as state
    from applied a left join core.invoice_documents d using (invoice_key)
    group by a.payment_key, coalesce(d.document_key, a.invoice_key)
)
select * from summed
union all
select application_key, payment_key, invoice_key, applied_on, 0, currency, 0, 'Taken Back'
from core.invoice_applications where application_key not in (select application_key from summed)
"""
# The unapplied part in the books' currency is its share of the whole, in that currency's own units and without a
# float: every factor in thousandths, rounded half up.
_UNIT = f"(case {statements.minor_units('base_currency')} when 0 then 1000 when 2 then 10 else 1 end)"
_SHARE = f"""cast(cast(
                (cast(unapplied_amount * 1000 as hugeint) * cast(base_amount * 1000 as hugeint) * 2
                 + cast(amount * 1000 as hugeint) * {_UNIT}) // (cast(amount * 1000 as hugeint) * {_UNIT} * 2) * {_UNIT}
            as decimal(20, 0)) * cast(0.001 as decimal(4, 3)) as decimal(18, 3))"""
# What comes in without money of its own only applies credits, and is no payment. What was voided, and what
# voids it, leave nothing to apply; nor does the record under which Intacct keeps an applied overpayment.
PAYMENT_DOCUMENTS = f"""
with {_APPLIED},
received as (
    select payment_key, 'Payment' as kind, null as advance_key, customer_id, state, is_deleted, method,
           reference_number, received_on, currency, amount, base_currency, coalesce(base_amount, amount) as base_amount,
           description, record_type = 'ro' as is_applied_overpayment
    from core.intacct_payments
    union all
    select advance_key, 'Advance', case when not is_deleted then advance_key end, customer_id, state, is_deleted,
           method, reference_number, received_on, currency, amount, base_currency, coalesce(base_amount, amount),
           description, false
    from core.intacct_advances
),
used as (
    select payment_key, case when count(paid_amount) = count(*) then sum(paid_amount) end as amount
    from applied group by 1
),
about as (
    select payment_key, customer_id from received where customer_id is not null
    union select a.payment_key, n.customer_id from applied a join core.intacct_invoices n using (invoice_key)
),
linked as (
    select distinct payment_key from about where customer_id in (
        select customer_id from core.intacct_customers where not is_deleted and salesforce_id is not null
    )
),
told as (
    select r.payment_key, case when r.amount < 0 then 'Reversal' else r.kind end as kind, r.advance_key, r.customer_id,
           l.payment_key is not null as is_linked,
           case when r.is_deleted and r.state <> 'Draft' then 'Deleted' when r.amount < 0 then 'Reversal'
                else r.state end as state,
           r.method, r.reference_number, r.received_on, r.currency, r.base_currency, r.description, r.base_amount,
           case when r.is_deleted then 0 else r.amount end as amount,
           case when r.is_deleted or r.amount < 0 or r.is_applied_overpayment
                  or r.state in ('Draft', 'Voided', 'Reversed', 'Reversal') then 0
                when u.payment_key is null then r.amount
                else r.amount - u.amount end as unapplied_amount
    from received r left join used u using (payment_key) left join linked l using (payment_key)
    where r.amount <> 0
    qualify row_number() over (partition by r.payment_key order by r.kind) = 1
)
select * exclude (base_amount, amount, unapplied_amount), cast(amount as decimal(18, 3)) as amount,
       cast(unapplied_amount as decimal(18, 3)) as unapplied_amount,
       case when unapplied_amount = 0 then cast(0 as decimal(18, 3))
            when coalesce(currency, base_currency) is not distinct from coalesce(base_currency, currency)
            then cast(unapplied_amount as decimal(18, 3))
            else {_SHARE} end as base_unapplied_amount
from told
"""
# By due date on $today, a day that is handed down. Invoices and debit memos age; credits and money that is
# applied nowhere stand beside them, and lessen the balance.
_BALANCES = """
with opened as (
    select customer_id, base_currency as currency, coalesce(due_on, invoiced_on) as due_on,
           coalesce(base_due, total_due) as due, 0 as credit, 0 as unapplied
    from core.intacct_invoices where not is_deleted and state not in ('Draft', 'Reversed', 'Reversal')
    union all
    select customer_id, base_currency, adjusted_on, greatest(coalesce(base_due, total_due), 0),
           greatest(-coalesce(base_due, total_due), 0), 0
    from core.intacct_adjustments where not is_deleted and state not in ('Draft', 'Reversed', 'Reversal')
    union all
    select customer_id, base_currency, null, 0, 0, base_unapplied_amount
    from core.payment_documents where customer_id is not null
),
summed as (
    select customer_id, string_agg(distinct currency, ' + ' order by currency) as currency,
           count(distinct currency) <= 1 as is_one_currency, sum(due - credit - unapplied) as balance,
           sum(due) filter (due_on is null or due_on >= $today) as due_current,
           sum(due) filter ($today - due_on between 1 and 30) as due_1_30,
           sum(due) filter ($today - due_on between 31 and 60) as due_31_60,
           sum(due) filter ($today - due_on between 61 and 90) as due_61_90,
           sum(due) filter ($today - due_on > 90) as due_over_90,
           sum(credit) as open_credits, sum(unapplied) as unapplied
    from opened where due <> 0 or credit <> 0 or unapplied <> 0 group by 1
)
select c.customer_id, s.currency,
       {sums},
       coalesce(c.is_on_hold, false) as is_on_hold, c.total_due as balance_stamped
from core.intacct_customers c left join summed s using (customer_id) where not c.is_deleted
"""
_SUMS = (
    "balance",
    "due_current",
    "due_1_30",
    "due_31_60",
    "due_61_90",
    "due_over_90",
    "open_credits",
    "unapplied",
)
CUSTOMER_BALANCES = _BALANCES.format(
    sums=", ".join(
        f"case when coalesce(s.is_one_currency, true) then cast(coalesce(s.{name}, 0) as decimal(18, 3)) end as {name}"
        for name in _SUMS
    )
)
# Adjustments as Sales reads them: what was given to the customer is positive. One that was deleted stays, as nothing.
CREDIT_MEMOS = """
select a.adjustment_key as memo_key, a.adjustment_number as memo_number, a.customer_id,
       case when a.is_deleted and a.state <> 'Draft' then 'Deleted' else a.state end as state,
       a.adjusted_on, a.invoice_number, a.description, a.currency, a.entity_id, i.accounts,
       case when a.is_deleted then 0 else -a.total end as credited,
       case when a.is_deleted then 0 else -a.total_applied end as applied,
       case when a.is_deleted then 0 else -a.total_due end as open_amount, a.url
from core.intacct_adjustments a
left join (
    select adjustment_key, string_agg(distinct account_number, ', ' order by account_number) as accounts
    from core.intacct_adjustment_items where not is_deleted group by 1
) i using (adjustment_key)
"""
# One row per credit memo and invoice. What was taken back stays, as nothing.
CREDIT_APPLICATIONS = """
with applied as (
    select a.adjustment_key || '-' || coalesce(d.document_key, a.invoice_key) as application_key,
           a.adjustment_key as memo_key, coalesce(d.document_key, a.invoice_key) as invoice_key,
           max(a.applied_on) as applied_on, min(m.currency) as currency,
           cast(sum(a.adjustment_amount) as decimal(18, 3)) as amount
    from core.intacct_payment_applications a left join core.invoice_documents d using (invoice_key)
    left join core.intacct_adjustments m on m.adjustment_key = a.adjustment_key
    where not a.is_deleted and a.invoice_key is not null and a.adjustment_key is not null
      and coalesce(a.state, '') <> 'Voided'
    group by all
)
select * from applied
union all
select application_key, memo_key, invoice_key, applied_on, currency, 0 from core.credit_applications
where application_key not in (select application_key from applied)
"""

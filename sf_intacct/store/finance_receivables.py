"""Queries of the tables of finance about money received and money owed."""

# One row for what each detail applies of a payment or an advance, and one for what is applied nowhere.
PAYMENTS = """
with detailed as (
    select payment_key, application_key, invoice_key, amount from core.intacct_payment_applications
    where not is_deleted and coalesce(amount, 0) <> 0
    union all
    select advance_key, application_key, invoice_key, advance_amount from core.intacct_payment_applications
    where not is_deleted and advance_key is not null
    union all
    select overpayment_key, application_key, invoice_key, overpayment_amount from core.intacct_payment_applications
    where not is_deleted and overpayment_key is not null
),
applied as (
    select *, null::decimal(18, 3) as unapplied from detailed
    union all
    select payment_key, null, null, null, unapplied_amount from core.payment_documents where unapplied_amount <> 0
)
select date_trunc('month', p.received_on)::date as receipt_month, p.payment_key, p.kind, d.application_key,
       p.customer_id, c.salesforce_id as account_id, p.received_on, p.method, p.reference_number, p.state, p.currency,
       p.amount as payment_amount, d.invoice_key, n.invoice_number, d.amount as applied_amount,
       d.unapplied as unapplied_amount
from core.payment_documents p join applied d using (payment_key)
left join core.intacct_invoices n on n.invoice_key = d.invoice_key
left join core.intacct_customers c on c.customer_id = p.customer_id and not c.is_deleted
where p.state <> 'Deleted'
"""
# Intacct's own figure is of the moment when the customer was last read, and whether it deducts money that is
# applied nowhere is not documented: each difference says which of these explains it.
CUSTOMERS = """
with invoiced as (
    select customer_id, count(*) filter (total_due <> 0) as open_invoices, max(modified_at) as moved_at
    from core.intacct_invoices where not is_deleted and state not in ('Draft', 'Reversed', 'Reversal') group by 1
)
select c.customer_id, c.name, c.salesforce_id as account_id, c.terms, c.status, b.is_on_hold, b.currency,
       coalesce(n.open_invoices, 0) as open_invoices, b.balance, b.due_current, b.due_1_30, b.due_31_60, b.due_61_90,
       b.due_over_90, b.due_1_30 + b.due_31_60 + b.due_61_90 + b.due_over_90 as overdue, b.open_credits, b.unapplied,
       c.total_due as balance_in_intacct, c.total_due - b.balance as difference,
       case when c.total_due = b.balance then 'agrees' when c.total_due - b.balance = b.unapplied
            then 'unapplied_not_deducted' when n.moved_at > c.modified_at then 'stated_before_it_moved'
            when c.total_due is not null then 'differs' end as difference_is,
       a.intacct_balance as balance_in_salesforce
from core.intacct_customers c left join core.customer_balances b using (customer_id)
left join invoiced n using (customer_id)
left join core.salesforce_accounts a on a.account_id = c.salesforce_id
where not c.is_deleted
"""

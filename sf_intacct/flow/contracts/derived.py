"""Tables of core that the house computes from others: what became of each record, and sums over lines."""

from sf_intacct.flow.contracts.contract import Column, Contract, day, flag, instant, money, text
from sf_intacct.flow.contracts.pricing import PRICING
from sf_intacct.flow.contracts.receivables import RECEIVABLES
from sf_intacct.flow.contracts.registered import REFERENCE_VALUES

_CHANGED = instant("modified_at", None, "When this outcome last changed")
_STATUS = (
    text("sync_status", None, "Synced, Pending, Error or Excluded", required=True),
    text("sync_error", None, "Why it could not cross, in words a salesperson understands"),
    _CHANGED,
)


def _outcomes(name: str, obj: str, says: str, key: Column, *columns: Column) -> Contract:
    return Contract(
        name=name,
        system="house",
        object=obj,
        says=says,
        columns=(key, *columns, *_STATUS),
        key=key.name,
        label=key.name,
        stamp="modified_at",
    )


ACCOUNT_OUTCOMES = _outcomes(
    "account_outcomes",
    "Account",
    "What became of each account: its customer in Intacct and what the customer owes.",
    text("account_id", None, "Salesforce id of the account", required=True, unique=True),
    text("customer_id", None, "Customer in Intacct"),
    money("balance", None, "What the customer owes, recomputed from open documents"),
    text("sums_currency", None, "Currency of these sums; of several there is no sum"),
    money("due_current", None, "Of open invoices, not due yet"),
    money("due_1_30", None, "Overdue by 1 to 30 days"),
    money("due_31_60", None, "Overdue by 31 to 60 days"),
    money("due_61_90", None, "Overdue by 61 to 90 days"),
    money("due_over_90", None, "Overdue by more than 90 days"),
    money("open_credits", None, "Open credit memos, which lessen the balance"),
    money("unapplied", None, "Received and not yet applied, which lessens the balance"),
    flag("is_on_hold", None, "Whether Finance makes out no more invoices", required=True),
)

PRODUCT_OUTCOMES = _outcomes(
    "product_outcomes",
    "Product2",
    "What became of each product: its item in Intacct.",
    text("product_id", None, "Salesforce id of the product", required=True, unique=True),
    text("item_id", None, "Item in Intacct"),
)

ORDER_OUTCOMES = _outcomes(
    "order_outcomes",
    "Order",
    "What became of each order: its invoice, what is paid and due, or why there is none.",
    text("order_id", None, "Salesforce id of the order", required=True, unique=True),
    text("invoice_number", None, "Invoice in Intacct"),
    text("invoice_state", None, "State of the invoice"),
    money("invoice_total", None, "Invoice with its tax"),
    money("tax_amount", None, "Tax in the invoice"),
    day("due_on", None, "Due date"),
    text("currency", None, "Currency of the invoice"),
    money("amount_due", None, "Still to be paid"),
    money("amount_paid", None, "Paid so far"),
    text("credit_memo_number", None, "Credit memo in Intacct for what the order takes back"),
    text("credit_memo_state", None, "State of the credit memo"),
    money("credit_open", None, "Credit that is not applied yet"),
)

OPPORTUNITY_OUTCOMES = _outcomes(
    "opportunity_outcomes",
    "Opportunity",
    "What became of each opportunity: its sales document and project in Intacct, or why there are none.",
    text("opportunity_id", None, "Salesforce id of the opportunity", required=True, unique=True),
    text("document_id", None, "Sales document in Intacct; the first by name where a deal became several"),
    text("document_state", None, "State of the sales document"),
    text("project_id", None, "Project in Intacct"),
)

INVOICE_APPLICATIONS = Contract(
    name="invoice_applications",
    system="house",
    object="Application",
    says="How much of which invoice each payment paid: Intacct's payment details, summed by invoice.",
    key="application_key",
    label="application_key",
    stamp="modified_at",
    columns=(
        text("application_key", None, "Payment and invoice", required=True, unique=True),
        text("payment_key", None, "Payment that was applied", required=True),
        text("invoice_key", None, "Invoice it was applied to", required=True),
        day("applied_on", None, "Day of the application"),
        money("amount", None, "Amount applied in the invoice's currency; nothing when taken back", required=True),
        text("currency", None, "Currency of the invoice"),
        money("paid_amount", None, "The same in the payment's currency, where that is known"),
        text("state", None, "Applied, Voided, Reversal, or Taken Back", required=True),
        instant("modified_at", None, "When this sum last changed"),
    ),
)

DERIVED = (
    REFERENCE_VALUES,
    *RECEIVABLES,
    ACCOUNT_OUTCOMES,
    PRODUCT_OUTCOMES,
    ORDER_OUTCOMES,
    OPPORTUNITY_OUTCOMES,
    INVOICE_APPLICATIONS,
    *PRICING,
)

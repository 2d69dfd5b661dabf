"""Tables of core that the house computes from others: what became of each record, and sums over lines."""

from sf_intacct.flow.contracts.contract import Column, Contract, day, instant, money, text
from sf_intacct.flow.contracts.receivables import RECEIVABLES

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
    money("balance", None, "Open receivables, recomputed from open invoices"),
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
    day("due_on", None, "Due date"),
    money("amount_due", None, "Still to be paid"),
    money("amount_paid", None, "Paid so far"),
    text("credit_memo_number", None, "Credit memo in Intacct for what the order takes back"),
    text("credit_memo_state", None, "State of the credit memo"),
    money("credit_open", None, "Credit that is not applied yet"),
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
        money("amount", None, "Amount applied; nothing when it was taken back", required=True),
        instant("modified_at", None, "When this sum last changed"),
    ),
)

DERIVED = (*RECEIVABLES, ACCOUNT_OUTCOMES, PRODUCT_OUTCOMES, ORDER_OUTCOMES, INVOICE_APPLICATIONS)

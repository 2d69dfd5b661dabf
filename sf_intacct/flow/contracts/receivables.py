"""Tables of core that say what customers owe and what they paid, document by document, as Sales is told it."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, instant, money, text, whole

_CHANGED = instant("modified_at", None, "When what is told here last changed")

INVOICE_DOCUMENTS = Contract(
    name="invoice_documents",
    system="house",
    object="InvoiceDocument",
    says="Invoices by document, whatever record they are now: one that was made anew is followed, a deleted one stays.",
    key="document_key",
    label="invoice_number",
    stamp="modified_at",
    amount="total",
    columns=(
        text("document_key", None, "Record number under which the document was first seen", required=True, unique=True),
        text("invoice_key", None, "Record number that the document has now", required=True),
        text("invoice_number", None, "Invoice number"),
        text("customer_id", None, "Customer", required=True),
        flag("is_linked", None, "Whether the customer came from a Salesforce account", required=True),
        text("state", None, "State in Intacct, or Deleted", required=True),
        day("invoiced_on", None, "Invoice date"),
        day("due_on", None, "Due date"),
        day("paid_on", None, "Day it was fully paid"),
        text("terms", None, "Payment terms"),
        text("reference_number", None, "Reference, usually the customer's purchase order"),
        text("currency", None, "Currency of the document"),
        money("total", None, "Total; nothing when the invoice was deleted", required=True),
        money("total_paid", None, "Paid so far", required=True),
        money("total_due", None, "Still to be paid", required=True),
        text("url", None, "Link to the record in Intacct"),
        _CHANGED,
    ),
)

INVOICE_LINES = Contract(
    name="invoice_lines",
    system="house",
    object="InvoiceLine",
    says="Lines of invoices by document and line number, whatever records they are now; a removed one stays.",
    key="line_key",
    label="line_key",
    stamp="modified_at",
    columns=(
        text("line_key", None, "Document and line number", required=True, unique=True),
        text("document_key", None, "Invoice that the line belongs to", required=True),
        whole("line_number", None, "Line number", required=True),
        text("state", None, "Current, or Removed", required=True),
        text("memo", None, "Memo"),
        text("account_number", None, "GL account"),
        text("item_id", None, "Item"),
        text("department_id", None, "Department"),
        text("location_id", None, "Location"),
        text("class_id", None, "Class"),
        text("salesforce_line_id", None, "Salesforce line it came from"),
        money("amount", None, "Amount in the document's currency; nothing when it was removed", required=True),
        _CHANGED,
    ),
)

PAYMENT_DOCUMENTS = Contract(
    name="payment_documents",
    system="house",
    object="PaymentDocument",
    says="Money received, as payment or advance, with what of it is applied nowhere yet; a deleted one stays.",
    key="payment_key",
    label="payment_key",
    stamp="modified_at",
    amount="amount",
    columns=(
        text("payment_key", None, "Record number in Intacct", required=True, unique=True),
        text("kind", None, "Payment, Advance, or Reversal", required=True),
        text("advance_key", None, "The same number for a living advance, empty for any other"),
        text("customer_id", None, "Customer; empty when one payer paid for several"),
        flag("is_linked", None, "Whether one of the customers it is about came from Salesforce", required=True),
        text("state", None, "State in Intacct, Reversal, or Deleted", required=True),
        text("method", None, "Payment method"),
        text("reference_number", None, "Cheque or transfer reference"),
        day("received_on", None, "Receipt date", required=True),
        text("currency", None, "Currency of the payment"),
        money("amount", None, "Amount received; nothing when it was deleted", required=True),
        money("unapplied_amount", None, "Of it, applied to no invoice yet; empty where no common currency tells"),
        text("base_currency", None, "Currency of the books"),
        money("base_unapplied_amount", None, "The unapplied part in the currency of the books"),
        text("description", None, "Description"),
        _CHANGED,
    ),
)

CUSTOMER_BALANCES = Contract(
    name="customer_balances",
    system="house",
    object="CustomerBalance",
    says="What each customer owes on a day, by age, recomputed from open documents in the currency of the books.",
    key="customer_id",
    label="customer_id",
    stamp="modified_at",
    columns=(
        text("customer_id", None, "Customer", required=True, unique=True),
        text("currency", None, "Currency of the sums; several, joined by +, have no sum"),
        money("balance", None, "Due on invoices and debit memos, less open credits and unapplied money"),
        money("due_current", None, "Not due yet"),
        money("due_1_30", None, "Overdue by 1 to 30 days"),
        money("due_31_60", None, "Overdue by 31 to 60 days"),
        money("due_61_90", None, "Overdue by 61 to 90 days"),
        money("due_over_90", None, "Overdue by more than 90 days"),
        money("open_credits", None, "Open credit memos"),
        money("unapplied", None, "Received and not yet applied"),
        flag("is_on_hold", None, "Whether Finance makes out no more invoices", required=True),
        money("balance_stamped", None, "Balance as Intacct stated it when the customer was last read"),
        _CHANGED,
    ),
)

RECEIVABLES = (INVOICE_DOCUMENTS, INVOICE_LINES, PAYMENT_DOCUMENTS, CUSTOMER_BALANCES)

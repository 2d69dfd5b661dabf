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

RECEIVABLES = (INVOICE_DOCUMENTS, INVOICE_LINES)

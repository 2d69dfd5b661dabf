"""AR invoices and their lines."""

from sf_intacct.flow.contracts.contract import Contract, day, instant, money, text, whole
from sf_intacct.flow.contracts.intacct.columns import STAMP, URL

INVOICES = Contract(
    name="intacct_invoices",
    system="intacct",
    object="ARINVOICE",
    says="AR invoices in the books, whoever made them.",
    key="invoice_key",
    label="invoice_number",
    stamp="modified_at",
    lines="intacct_invoice_items",
    amount="total",
    void=("state", ("Reversed", "Reversal")),
    columns=(
        text("invoice_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("invoice_number", "RECORDID", "Invoice number", limit=30),
        text("customer_id", "CUSTOMERID", "Customer", required=True),
        text("customer_name", "CUSTOMERNAME", "Customer name"),
        text("state", "STATE", "Draft, Posted, Partially Paid, Paid, Reversed, ...", required=True),
        day("invoiced_on", "WHENCREATED", "Invoice date", required=True),
        day("posted_on", "WHENPOSTED", "Date it counts in the ledger"),
        day("due_on", "WHENDUE", "Due date"),
        day("paid_on", "WHENPAID", "Day it was fully paid"),
        text("terms", "TERMNAME", "Payment terms"),
        text("ship_to_contact", "SHIPTORETURNTOCONTACTNAME", "Contact who receives the goods", optional=True),
        text("reference_number", "DOCNUMBER", "Reference, usually the customer's purchase order"),
        text("description", "DESCRIPTION", "Description"),
        text("bill_to_contact", "BILLTOPAYTOCONTACTNAME", "Contact billed"),
        text("base_currency", "BASECURR", "Currency of the books"),
        text("currency", "CURRENCY", "Currency of the document"),
        money("total", "TRX_TOTALENTERED", "Total in the document's currency", required=True),
        money("total_paid", "TRX_TOTALPAID", "Paid so far in the document's currency", required=True),
        money("total_due", "TRX_TOTALDUE", "Still to be paid in the document's currency", required=True),
        money("base_due", "TOTALDUE", "Still to be paid in the currency of the books"),
        text("module", "MODULEKEY", "4.AR entered in receivables, 8.SO made by Order Entry"),
        text("entity_id", "MEGAENTITYID", "Owning entity; empty at top level"),
        text("salesforce_id", "SALESFORCE_ID", "Salesforce order the invoice came from"),
        URL,
        instant("created_at", "AUWHENCREATED", "When the invoice was entered"),
        STAMP,
    ),
)

INVOICE_ITEMS = Contract(
    name="intacct_invoice_items",
    system="intacct",
    object="ARINVOICEITEM",
    says="Lines of AR invoices.",
    key="line_key",
    label="line_number",
    stamp="modified_at",
    document="invoice_key",
    read_with_document=True,
    columns=(
        text("line_key", "RECORDNO", "Record number of the line", required=True, unique=True),
        text("invoice_key", "RECORDKEY", "Invoice the line belongs to", required=True),
        whole("line_number", "LINE_NO", "Line number", required=True),
        text("account_number", "ACCOUNTNO", "GL account"),
        text("account_label", "ACCOUNTLABEL", "Account label, where labels are used"),
        money("amount", "TRX_AMOUNT", "Amount in the document's currency", required=True),
        text("memo", "ENTRYDESCRIPTION", "Memo", limit=500),
        text("department_id", "DEPARTMENTID", "Department"),
        text("location_id", "LOCATIONID", "Location"),
        text("class_id", "CLASSID", "Class"),
        text("item_id", "ITEMID", "Item"),
        text("salesforce_line_id", "SALESFORCE_LINE_ID", "Salesforce order line the line came from"),
        STAMP,
    ),
)

BILLS = (INVOICES, INVOICE_ITEMS)

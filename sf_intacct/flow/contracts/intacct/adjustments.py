"""AR adjustments: credit memos, which are negative, and debit memos; and their lines."""

from sf_intacct.flow.contracts.contract import Contract, day, instant, money, text, whole
from sf_intacct.flow.contracts.intacct.columns import STAMP, URL

ADJUSTMENTS = Contract(
    name="intacct_adjustments",
    system="intacct",
    object="ARADJUSTMENT",
    says="AR adjustments in the books, whoever made them: credit memos have negative totals.",
    key="adjustment_key",
    label="adjustment_number",
    stamp="modified_at",
    lines="intacct_adjustment_items",
    amount="total",
    void=("state", ("Reversed", "Reversal")),
    paid=("total_applied", "total_due"),
    optional=True,
    columns=(
        text("adjustment_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("adjustment_number", "RECORDID", "Adjustment number", limit=30),
        text("customer_id", "CUSTOMERID", "Customer", required=True),
        text("state", "STATE", "Draft, Posted, Partially Paid, Paid, Reversed, ...", required=True),
        day("adjusted_on", "WHENCREATED", "Date of the adjustment", required=True),
        day("posted_on", "WHENPOSTED", "Date it counts in the ledger"),
        text("invoice_number", "DOCNUMBER", "Invoice that it corrects; a reference, it applies nothing", limit=30),
        text("description", "DESCRIPTION", "Description", limit=1000),
        text("base_currency", "BASECURR", "Currency of the books"),
        text("currency", "CURRENCY", "Currency of the document"),
        money("total", "TRX_TOTALENTERED", "Total; negative for a credit memo", required=True),
        money("total_applied", "TRX_TOTALPAID", "Applied so far, with the sign of the total", required=True),
        money("total_due", "TRX_TOTALDUE", "Still open, with the sign of the total", required=True),
        money("base_due", "TOTALDUE", "Still open in the currency of the books, with the sign of the total"),
        text("entity_id", "MEGAENTITYID", "Owning entity; empty at top level"),
        URL,
        instant("created_at", "AUWHENCREATED", "When the adjustment was entered"),
        STAMP,
    ),
)

ADJUSTMENT_ITEMS = Contract(
    name="intacct_adjustment_items",
    system="intacct",
    object="ARADJUSTMENTITEM",
    says="Lines of AR adjustments.",
    key="line_key",
    label="line_number",
    stamp="modified_at",
    document="adjustment_key",
    read_with_document=True,
    optional=True,
    columns=(
        text("line_key", "RECORDNO", "Record number of the line", required=True, unique=True),
        text("adjustment_key", "RECORDKEY", "Adjustment the line belongs to", required=True),
        whole("line_number", "LINE_NO", "Line number", required=True),
        text("account_number", "ACCOUNTNO", "GL account"),
        text("account_label", "ACCOUNTLABEL", "Account label, where labels are used"),
        money("amount", "TRX_AMOUNT", "Amount; negative for a credit", required=True),
        text("memo", "ENTRYDESCRIPTION", "Memo", limit=500),
        text("department_id", "DEPARTMENTID", "Department"),
        text("location_id", "LOCATIONID", "Location"),
        text("class_id", "CLASSID", "Class"),
        text("item_id", "ITEMID", "Item"),
        text("salesforce_line_id", "SALESFORCE_LINE_ID", "Line it came from"),
        STAMP,
    ),
)

MEMOS = (ADJUSTMENTS, ADJUSTMENT_ITEMS)

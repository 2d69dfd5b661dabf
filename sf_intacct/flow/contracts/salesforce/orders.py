"""Orders and their lines."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, instant, money, number, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

ORDERS = Contract(
    name="salesforce_orders",
    system="salesforce",
    object="Order",
    says="Orders; an activated one is a promise to invoice.",
    key="order_id",
    label="order_number",
    stamp="modified_at",
    lines="salesforce_order_items",
    amount="total_amount",
    columns=(
        text("order_id", "Id", "Salesforce id of the order", required=True, unique=True),
        text("order_number", "OrderNumber", "Order number", required=True, length_max=30),
        text("account_id", "AccountId", "Account that ordered", required=True),
        text("status", "Status", "Status as Sales names it"),
        text("status_code", "StatusCode", "Draft or Activated", required=True),
        instant("activated_at", "ActivatedDate", "When the order was activated"),
        day(
            "effective_on",
            "EffectiveDate",
            "Day the order takes effect; becomes the invoice date",
            required=True,
        ),
        text("bill_to_contact_id", "BillToContactId", "Contact who receives this invoice", optional=True),
        text("ship_to_contact_id", "ShipToContactId", "Contact who receives these goods", optional=True),
        text("po_number", "PoNumber", "The customer's purchase order number"),
        text("description", "Description", "Free text"),
        text("department", "Department__c", "Selling department as Sales names it"),
        text("region", "Region__c", "Region as Sales names it"),
        money("total_amount", "TotalAmount", "Sum of the order's lines", required=True),
        money("charged_amount", None, "Sum of the lines that charge"),
        money("credited_amount", None, "Sum of the lines that credit: negative, or nothing"),
        text("opportunity_id", "OpportunityId", "Deal that the order came of", optional=True),
        text("original_order_id", "OriginalOrderId", "Order that a reduction order takes back from", optional=True),
        flag("is_excluded", "Intacct_Skip_Sync__c", "Sales asked to keep this order out of Intacct"),
        text("intacct_invoice_number", "Intacct_Invoice_Number__c", "Invoice number, written by us", limit=45),
        text("intacct_invoice_state", "Intacct_Invoice_State__c", "State of the invoice, written by us", limit=40),
        money("intacct_amount_due", "Intacct_Amount_Due__c", "Still to be paid, written by us"),
        money("intacct_amount_paid", "Intacct_Amount_Paid__c", "Paid so far, written by us"),
        text(
            "intacct_credit_memo",
            "Intacct_Credit_Memo_Number__c",
            "Credit memo, written by us",
            optional=True,
            limit=45,
        ),
        text(
            "intacct_credit_state",
            "Intacct_Credit_Memo_State__c",
            "State of it, written by us",
            optional=True,
            limit=40,
        ),
        money("intacct_credit_open", "Intacct_Credit_Open__c", "Credit not applied yet, written by us", optional=True),
        text("intacct_sync_status", "Intacct_Sync_Status__c", "What became of the order, written by us", limit=255),
        text("intacct_sync_error", "Intacct_Sync_Error__c", "Why it could not cross, written by us"),
        STAMP,
    ),
)

ORDER_ITEMS = Contract(
    name="salesforce_order_items",
    system="salesforce",
    object="OrderItem",
    says="Lines of orders.",
    key="order_item_id",
    label="order_item_number",
    stamp="modified_at",
    document="order_id",
    columns=(
        text("order_item_id", "Id", "Salesforce id of the line", required=True, unique=True),
        text("order_id", "OrderId", "Order the line belongs to", required=True),
        text("order_item_number", "OrderItemNumber", "Line number, unique in the organisation", required=True),
        text("product_id", "Product2Id", "Product sold", required=True),
        number("quantity", "Quantity", "Quantity sold; negative on a return", required=True),
        number("unit_price", "UnitPrice", "Price of one unit", required=True),
        money("total_price", "TotalPrice", "Quantity times unit price", required=True),
        text("description", "Description", "Line text"),
        STAMP,
    ),
)

SALES = (ORDERS, ORDER_ITEMS)

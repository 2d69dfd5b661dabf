"""Our mirrors of what is in Intacct, read back to see that they are still true."""

from sf_intacct.flow.contracts.contract import Contract, day, money, number, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

INVOICE_MIRRORS = Contract(
    name="salesforce_intacct_invoices",
    system="salesforce",
    object="Intacct_Invoice__c",
    says="Our mirror of Intacct invoices in Salesforce, read back to see that it is still true.",
    key="mirror_id",
    label="name",
    stamp="modified_at",
    columns=(
        text("mirror_id", "Id", "Salesforce id of the mirror record", required=True, unique=True),
        text("invoice_key", "Invoice_Key__c", "Record number the invoice was first seen with", required=True),
        text("name", "Name", "Invoice number"),
        text("account_id", "Account__c", "Account"),
        text("order_id", "Order__c", "Order the invoice came from"),
        day("invoiced_on", "Invoice_Date__c", "Invoice date"),
        day("due_on", "Due_Date__c", "Due date"),
        day("paid_on", "Paid_On__c", "Day it was fully paid"),
        text("terms", "Terms__c", "Payment terms"),
        text("reference", "Reference__c", "Reference, usually the customer's purchase order"),
        text("state", "State__c", "State of the invoice"),
        text("currency", "Currency__c", "Currency"),
        money("amount", "Amount__c", "Invoice total"),
        money("amount_paid", "Amount_Paid__c", "Paid so far"),
        money("amount_due", "Amount_Due__c", "Still to be paid"),
        text("intacct_url", "Intacct_Url__c", "Link to the invoice in Intacct"),
        STAMP,
    ),
)

INVOICE_LINE_MIRRORS = Contract(
    name="salesforce_intacct_invoice_lines",
    system="salesforce",
    object="Intacct_Invoice_Line__c",
    says="Our mirror of invoice lines in Salesforce, read back to see that it is still true.",
    key="mirror_id",
    label="line_key",
    stamp="modified_at",
    columns=(
        text("mirror_id", "Id", "Salesforce id of the mirror record", required=True, unique=True),
        text("line_key", "Line_Key__c", "Invoice and line number", required=True),
        text("invoice_key", "Invoice__r.Invoice_Key__c", "Invoice it is a line of"),
        number("line_number", "Line_Number__c", "Line number"),
        text("product_id", "Product__c", "Product"),
        text("item_id", "Item_Id__c", "Item in Intacct"),
        text("description", "Description__c", "Memo"),
        money("amount", "Amount__c", "Amount"),
        text("account_number", "Account_Number__c", "GL account"),
        text("department_id", "Department_Id__c", "Department"),
        text("location_id", "Location_Id__c", "Location"),
        text("class_id", "Class_Id__c", "Class"),
        text("state", "State__c", "Current, or Removed"),
        STAMP,
    ),
)

PAYMENT_MIRRORS = Contract(
    name="salesforce_intacct_payments",
    system="salesforce",
    object="Intacct_Payment__c",
    says="Our mirror of Intacct payments in Salesforce, read back to see that it is still true.",
    key="mirror_id",
    label="name",
    stamp="modified_at",
    columns=(
        text("mirror_id", "Id", "Salesforce id of the mirror record", required=True, unique=True),
        text("payment_key", "Payment_Key__c", "Record number of the payment in Intacct", required=True),
        text("name", "Name", "Payment name"),
        text("account_id", "Account__c", "Account that paid"),
        text("kind", "Kind__c", "Payment, Advance, or Reversal"),
        day("received_on", "Payment_Date__c", "Receipt date"),
        money("amount", "Amount__c", "Amount received"),
        money("unapplied_amount", "Unapplied_Amount__c", "Received but not yet applied to an invoice"),
        text("currency", "Currency__c", "Currency"),
        text("method", "Method__c", "Payment method"),
        text("reference", "Reference__c", "Cheque or transfer reference"),
        text("state", "State__c", "State of the payment"),
        STAMP,
    ),
)

APPLICATION_MIRRORS = Contract(
    name="salesforce_intacct_payment_applications",
    system="salesforce",
    object="Intacct_Payment_Application__c",
    says="Our mirror of payment applications in Salesforce: which payment paid how much of which invoice.",
    key="mirror_id",
    label="application_key",
    stamp="modified_at",
    columns=(
        text("mirror_id", "Id", "Salesforce id of the mirror record", required=True, unique=True),
        text(
            "application_key",
            "Application_Key__c",
            "Record number of the application in Intacct",
            required=True,
        ),
        text("payment_key", "Payment__r.Payment_Key__c", "Payment that was applied"),
        text("invoice_key", "Invoice__r.Invoice_Key__c", "Invoice it was applied to"),
        money("amount", "Amount__c", "Amount applied, in the invoice's currency"),
        text("currency", "Currency__c", "Currency of the invoice"),
        money("paid_amount", "Payment_Amount__c", "The same in the payment's currency"),
        text("state", "State__c", "Applied, Voided, Reversal, or Taken Back"),
        day("applied_on", "Applied_On__c", "Day of the application"),
        STAMP,
    ),
)

MIRRORS = (INVOICE_MIRRORS, INVOICE_LINE_MIRRORS, PAYMENT_MIRRORS, APPLICATION_MIRRORS)

"""What we read of Sage Intacct, in the house's words. To add a field, add its line here."""

from sf_intacct.flow.contracts.contract import Column, Contract, day, flag, instant, money, text, whole

_STAMP = instant("modified_at", "WHENMODIFIED", "When Intacct last touched the record, by its own clock")
_RECORD = text("record_number", "RECORDNO", "Record number in Intacct", required=True, unique=True)
_STATUS = text("status", "STATUS", "active or inactive", required=True)
_URL = text("url", "RECORD_URL", "Link to the record in Intacct")


def _address(prefix: str, source: str, whose: str) -> tuple[Column, ...]:
    """The address columns of one contact block."""
    parts = {
        "address_1": ("ADDRESS1", "first address line"),
        "address_2": ("ADDRESS2", "second address line"),
        "city": ("CITY", "city"),
        "state": ("STATE", "state or province"),
        "postal_code": ("ZIP", "postal code"),
        "country": ("COUNTRY", "country"),
    }
    return tuple(
        text(f"{prefix}{name}", f"{source}MAILADDRESS.{field}", f"{whose}: {says}")
        for name, (field, says) in parts.items()
    )


CUSTOMERS = Contract(
    name="intacct_customers",
    system="intacct",
    object="CUSTOMER",
    says="Customers in the books.",
    key="record_number",
    label="customer_id",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("customer_id", "CUSTOMERID", "Customer id", required=True, unique=True, limit=20),
        text("name", "NAME", "Name", required=True, limit=100),
        _STATUS,
        text("terms", "TERMNAME", "Payment terms"),
        text("tax_id", "TAXID", "Tax registration number"),
        text("display_print_as", "DISPLAYCONTACT.PRINTAS", "Display contact: name as printed"),
        text("display_company_name", "DISPLAYCONTACT.COMPANYNAME", "Display contact: company"),
        text("display_phone", "DISPLAYCONTACT.PHONE1", "Display contact: telephone"),
        text("display_email", "DISPLAYCONTACT.EMAIL1", "Display contact: e-mail"),
        text("display_url", "DISPLAYCONTACT.URL1", "Display contact: home page"),
        *_address("display_", "DISPLAYCONTACT.", "Display contact"),
        text("bill_to_contact", "BILLTO.CONTACTNAME", "Contact who receives the invoices"),
        flag("is_on_hold", "ONHOLD", "No invoices may be made out"),
        money("total_due", "TOTALDUE", "Balance as Intacct states it; we recompute it from open documents"),
        text("salesforce_id", "SALESFORCE_ID", "Salesforce account the customer came from"),
        _STAMP,
    ),
)

CONTACTS = Contract(
    name="intacct_contacts",
    system="intacct",
    object="CONTACT",
    says="Contacts in the books, shared by customers and others.",
    key="record_number",
    label="contact_name",
    stamp="modified_at",
    columns=(
        _RECORD,
        text(
            "contact_name",
            "CONTACTNAME",
            "Contact name: the key people use",
            required=True,
            unique=True,
            limit=200,
        ),
        text("print_as", "PRINTAS", "Name as printed"),
        text("first_name", "FIRSTNAME", "First name"),
        text("last_name", "LASTNAME", "Last name"),
        text("company_name", "COMPANYNAME", "Company"),
        text("email", "EMAIL1", "E-mail address"),
        text("phone", "PHONE1", "Telephone"),
        *_address("", "", "Contact"),
        _STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce contact the record came from"),
        _STAMP,
    ),
)

ITEMS = Contract(
    name="intacct_items",
    system="intacct",
    object="ITEM",
    says="Items in the books.",
    key="record_number",
    label="item_id",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("item_id", "ITEMID", "Item id", required=True, unique=True, limit=30),
        text("name", "NAME", "Name", required=True, limit=100),
        text("item_type", "ITEMTYPE", "Inventory, Non-Inventory (Sales only), ..."),
        text("sales_description", "SODESCRIPTION", "Text on sales documents"),
        _STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce product the item came from"),
        _STAMP,
    ),
)

TERMS = Contract(
    name="intacct_terms",
    system="intacct",
    object="ARTERM",
    says="Payment terms in the books.",
    key="record_number",
    label="name",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("name", "NAME", "Name of the terms", required=True, unique=True),
        text("description", "DESCRIPTION", "Description"),
        _STATUS,
        _STAMP,
    ),
)

GL_ACCOUNTS = Contract(
    name="intacct_gl_accounts",
    system="intacct",
    object="GLACCOUNT",
    says="Chart of accounts, with the dimensions each account requires.",
    key="record_number",
    label="account_number",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("account_number", "ACCOUNTNO", "Account number", required=True, unique=True),
        text("title", "TITLE", "Title"),
        text("account_type", "ACCOUNTTYPE", "balancesheet or incomestatement"),
        _STATUS,
        flag("requires_department", "REQUIREDEPT", "Lines need a department"),
        flag("requires_location", "REQUIRELOC", "Lines need a location"),
        flag("requires_class", "REQUIRECLASS", "Lines need a class"),
        flag("requires_item", "REQUIREITEM", "Lines need an item"),
        flag("requires_customer", "REQUIRECUSTOMER", "Lines need a customer"),
        _STAMP,
    ),
)

ACCOUNT_LABELS = Contract(
    name="intacct_account_labels",
    system="intacct",
    object="ARACCOUNTLABEL",
    says="Account labels for companies that use them instead of account numbers.",
    key="record_number",
    label="account_label",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("account_label", "ACCOUNTLABEL", "Label", required=True, unique=True),
        text("description", "DESCRIPTION", "Description"),
        text("account_number", "GLACCOUNTNO", "Account it stands for"),
        _STATUS,
        _STAMP,
    ),
)

DEPARTMENTS = Contract(
    name="intacct_departments",
    system="intacct",
    object="DEPARTMENT",
    says="Department dimension.",
    key="record_number",
    label="department_id",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("department_id", "DEPARTMENTID", "Department id", required=True, unique=True),
        text("title", "TITLE", "Title"),
        text("parent_id", "PARENTID", "Parent department"),
        _STATUS,
        _STAMP,
    ),
)

LOCATIONS = Contract(
    name="intacct_locations",
    system="intacct",
    object="LOCATION",
    says="Location dimension, entities included.",
    key="record_number",
    label="location_id",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("location_id", "LOCATIONID", "Location id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("parent_id", "PARENTID", "Parent location"),
        _STATUS,
        _STAMP,
    ),
)

CLASSES = Contract(
    name="intacct_classes",
    system="intacct",
    object="CLASS",
    says="Class dimension.",
    key="record_number",
    label="class_id",
    stamp="modified_at",
    columns=(
        _RECORD,
        text("class_id", "CLASSID", "Class id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("parent_id", "PARENTID", "Parent class"),
        _STATUS,
        _STAMP,
    ),
)

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
        text("reference_number", "DOCNUMBER", "Reference, usually the customer's purchase order"),
        text("description", "DESCRIPTION", "Description"),
        text("bill_to_contact", "BILLTOPAYTOCONTACTNAME", "Contact billed"),
        text("base_currency", "BASECURR", "Currency of the books"),
        text("currency", "CURRENCY", "Currency of the document"),
        money("total", "TRX_TOTALENTERED", "Total in the document's currency", required=True),
        money("total_paid", "TRX_TOTALPAID", "Paid so far in the document's currency", required=True),
        money("total_due", "TRX_TOTALDUE", "Still to be paid in the document's currency", required=True),
        text("module", "MODULEKEY", "4.AR entered in receivables, 8.SO made by Order Entry"),
        text("entity_id", "MEGAENTITYID", "Owning entity; empty at top level"),
        text("salesforce_id", "SALESFORCE_ID", "Salesforce order the invoice came from"),
        _URL,
        instant("created_at", "AUWHENCREATED", "When the invoice was entered"),
        _STAMP,
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
        _STAMP,
    ),
)

PAYMENTS = Contract(
    name="intacct_payments",
    system="intacct",
    object="ARPYMT",
    says="Customer payments in the books.",
    key="payment_key",
    label="payment_key",
    stamp="modified_at",
    lines="intacct_payment_applications",
    amount="amount",
    columns=(
        text("payment_key", "RECORDNO", "Record number in Intacct", required=True, unique=True),
        text("record_type", "RECORDTYPE", "rp payment, rr advance, ro applied overpayment"),
        text("customer_id", "CUSTOMERID", "Customer"),
        text("customer_name", "CUSTOMERNAME", "Customer name"),
        text("state", "STATE", "Complete, Voided, ...", required=True),
        text("method", "PAYMENTMETHOD", "Payment method"),
        text("reference_number", "DOCNUMBER", "Cheque or transfer reference"),
        day("received_on", "RECEIPTDATE", "Receipt date: the day it counts", required=True),
        text("currency", "CURRENCY", "Currency of the payment"),
        money("amount", "TRX_TOTALENTERED", "Amount received in the payment's currency", required=True),
        text("description", "DESCRIPTION", "Description"),
        money("unapplied_amount", None, "Received but not yet applied to an invoice"),
        instant("created_at", "AUWHENCREATED", "When the payment was entered"),
        _STAMP,
    ),
)

PAYMENT_APPLICATIONS = Contract(
    name="intacct_payment_applications",
    system="intacct",
    object="ARPYMTDETAIL",
    says="Applications: which payment paid how much of which invoice.",
    key="application_key",
    label="application_key",
    stamp="modified_at",
    document="payment_key",
    read_with_document=True,
    columns=(
        text("application_key", "RECORDNO", "Record number of the application", required=True, unique=True),
        text("payment_key", "PAYMENTKEY", "Payment that was applied", required=True),
        text("invoice_key", "RECORDKEY", "Invoice it was applied to"),
        day("applied_on", "PAYMENTDATE", "Day of the application"),
        money("amount", "TRX_PAYMENTAMOUNT", "Amount applied in the invoice's currency", required=True),
        text("state", "STATE", "State of the application"),
        _STAMP,
    ),
)

INTACCT = (
    CUSTOMERS,
    CONTACTS,
    ITEMS,
    TERMS,
    GL_ACCOUNTS,
    ACCOUNT_LABELS,
    DEPARTMENTS,
    LOCATIONS,
    CLASSES,
    INVOICES,
    INVOICE_ITEMS,
    PAYMENTS,
    PAYMENT_APPLICATIONS,
)

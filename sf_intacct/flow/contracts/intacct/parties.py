"""Whom we bill: customers and contacts."""

from sf_intacct.flow.contracts.contract import Contract, flag, money, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS, address

# A project may be that of a customer below: who uses projects needs to know who is below whom.
_PROJECTS = ("PROJECTID", "PROJECT")

CUSTOMERS = Contract(
    name="intacct_customers",
    system="intacct",
    object="CUSTOMER",
    says="Customers in the books.",
    key="record_number",
    label="customer_id",
    stamp="modified_at",
    columns=(
        RECORD,
        text("customer_id", "CUSTOMERID", "Customer id", required=True, unique=True, limit=20),
        text("name", "NAME", "Name", required=True, limit=100),
        STATUS,
        text("terms", "TERMNAME", "Payment terms", limit=40),
        text("tax_id", "TAXID", "Tax registration number", limit=20),
        text("display_print_as", "DISPLAYCONTACT.PRINTAS", "Display contact: name as printed", limit=200),
        text("display_company_name", "DISPLAYCONTACT.COMPANYNAME", "Display contact: company", limit=100),
        text("display_phone", "DISPLAYCONTACT.PHONE1", "Display contact: telephone", limit=30),
        text("display_email", "DISPLAYCONTACT.EMAIL1", "Display contact: e-mail", limit=200),
        text("display_url", "DISPLAYCONTACT.URL1", "Display contact: home page"),
        *address("display_", "DISPLAYCONTACT.", "Display contact"),
        text("display_first_name", "DISPLAYCONTACT.FIRSTNAME", "Display contact: first name", optional=True, limit=40),
        text("display_last_name", "DISPLAYCONTACT.LASTNAME", "Display contact: last name", optional=True, limit=40),
        text("display_fax", "DISPLAYCONTACT.FAX", "Display contact: telefax", optional=True),
        flag("is_taxable", "DISPLAYCONTACT.TAXABLE", "Whether sales tax is charged", optional=True),
        text("bill_to_contact", "BILLTO.CONTACTNAME", "Contact who receives the invoices"),
        text("ship_to_contact", "SHIPTO.CONTACTNAME", "Contact who receives the goods", optional=True),
        text("primary_contact", "CONTACTINFO.CONTACTNAME", "Contact to talk to first", optional=True),
        text("parent_id", "PARENTID", "Customer above this one", optional=True, read_for=_PROJECTS, limit=20),
        text("customer_type", "CUSTTYPE", "Customer type", optional=True, limit=80),
        text("representative_id", "CUSTREPID", "Employee who looks after the customer", optional=True, limit=20),
        text("territory_id", "TERRITORYID", "Sales territory", optional=True, limit=20),
        text("currency", "CURRENCY", "Currency in which the customer is billed", optional=True, limit=3),
        money("credit_limit", "CREDITLIMIT", "How much may be open", optional=True),
        text("resale_number", "RESALENO", "Resale certificate", optional=True, limit=20),
        text("comments", "COMMENTS", "Comments", optional=True, limit=500),
        text("price_list", "PRICELIST", "Price list", optional=True, limit=100),
        flag("is_one_time", "ONETIME", "Used once only", optional=True),
        flag("is_on_hold", "ONHOLD", "No invoices may be made out"),
        money("total_due", "TOTALDUE", "Balance as Intacct states it; we recompute it from open documents"),
        text("salesforce_id", "SALESFORCE_ID", "Salesforce account the customer came from"),
        STAMP,
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
        RECORD,
        text(
            "contact_name",
            "CONTACTNAME",
            "Contact name: the key people use",
            required=True,
            unique=True,
            limit=200,
        ),
        text("print_as", "PRINTAS", "Name as printed", limit=200),
        text("first_name", "FIRSTNAME", "First name", limit=40),
        text("last_name", "LASTNAME", "Last name", limit=40),
        text("company_name", "COMPANYNAME", "Company", limit=100),
        text("email", "EMAIL1", "E-mail address", limit=200),
        text("phone", "PHONE1", "Telephone", limit=30),
        *address("", "", "Contact"),
        STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce contact the record came from"),
        STAMP,
    ),
)

PARTIES = (CUSTOMERS, CONTACTS)

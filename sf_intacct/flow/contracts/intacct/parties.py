"""Whom we bill: customers and contacts."""

from sf_intacct.flow.contracts.contract import Contract, flag, money, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS, address

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
        text("terms", "TERMNAME", "Payment terms"),
        text("tax_id", "TAXID", "Tax registration number"),
        text("display_print_as", "DISPLAYCONTACT.PRINTAS", "Display contact: name as printed"),
        text("display_company_name", "DISPLAYCONTACT.COMPANYNAME", "Display contact: company"),
        text("display_phone", "DISPLAYCONTACT.PHONE1", "Display contact: telephone"),
        text("display_email", "DISPLAYCONTACT.EMAIL1", "Display contact: e-mail"),
        text("display_url", "DISPLAYCONTACT.URL1", "Display contact: home page"),
        *address("display_", "DISPLAYCONTACT.", "Display contact"),
        text("bill_to_contact", "BILLTO.CONTACTNAME", "Contact who receives the invoices"),
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
        text("print_as", "PRINTAS", "Name as printed"),
        text("first_name", "FIRSTNAME", "First name"),
        text("last_name", "LASTNAME", "Last name"),
        text("company_name", "COMPANYNAME", "Company"),
        text("email", "EMAIL1", "E-mail address"),
        text("phone", "PHONE1", "Telephone"),
        *address("", "", "Contact"),
        STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce contact the record came from"),
        STAMP,
    ),
)

PARTIES = (CUSTOMERS, CONTACTS)

"""Whom we sell to: accounts and contacts."""

from sf_intacct.flow.contracts.contract import Contract, flag, money, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

ACCOUNTS = Contract(
    name="salesforce_accounts",
    system="salesforce",
    object="Account",
    says="Companies we sell to, as Sales keeps them.",
    key="account_id",
    label="name",
    stamp="modified_at",
    columns=(
        text("account_id", "Id", "Salesforce id of the account", required=True, unique=True),
        text("name", "Name", "Legal or trading name", required=True, length_max=255),
        text("account_number", "AccountNumber", "Our number for the customer; becomes the Intacct customer id"),
        text("type", "Type", "Customer, prospect, partner"),
        text("phone", "Phone", "Main telephone"),
        text("website", "Website", "Home page"),
        text("billing_email", "Billing_Email__c", "Where invoices are sent"),
        text("billing_street", "BillingStreet", "Street of the billing address, lines separated by line breaks"),
        text("billing_city", "BillingCity", "City of the billing address"),
        text("billing_state", "BillingState", "State or province of the billing address"),
        text("billing_postal_code", "BillingPostalCode", "Postal code of the billing address"),
        text("billing_country", "BillingCountry", "Country of the billing address"),
        text("payment_terms", "Payment_Terms__c", "Payment terms as Sales names them"),
        text("tax_id", "Tax_Id__c", "Tax registration number"),
        text("bill_to_contact_id", "Bill_To_Contact__c", "Contact who receives the invoices"),
        flag("is_excluded", "Intacct_Skip_Sync__c", "Sales asked to keep this account out of Intacct"),
        text("intacct_customer_id", "Intacct_Customer_Id__c", "Customer id in Intacct, written by us"),
        money("intacct_balance", "Intacct_Balance__c", "What the customer owes, written by us"),
        text("intacct_sums_currency", "Intacct_Balance_Currency__c", "Currency of the balance, written by us"),
        money("intacct_due_current", "Intacct_Due_Current__c", "Not due yet, written by us"),
        money("intacct_due_1_30", "Intacct_Due_1_30__c", "Overdue by 1 to 30 days, written by us"),
        money("intacct_due_31_60", "Intacct_Due_31_60__c", "Overdue by 31 to 60 days, written by us"),
        money("intacct_due_61_90", "Intacct_Due_61_90__c", "Overdue by 61 to 90 days, written by us"),
        money("intacct_due_over_90", "Intacct_Due_Over_90__c", "Overdue by more than 90 days, written by us"),
        money("intacct_open_credits", "Intacct_Open_Credits__c", "Open credit memos, written by us"),
        money("intacct_unapplied", "Intacct_Unapplied__c", "Received and not yet applied, written by us"),
        flag("is_on_intacct_hold", "Intacct_On_Hold__c", "Whether Finance makes out no more invoices, written by us"),
        text("intacct_sync_status", "Intacct_Sync_Status__c", "What became of the record, written by us"),
        text("intacct_sync_error", "Intacct_Sync_Error__c", "Why it could not cross, written by us"),
        STAMP,
    ),
)

CONTACTS = Contract(
    name="salesforce_contacts",
    system="salesforce",
    object="Contact",
    says="People at the companies we sell to.",
    key="contact_id",
    label="name",
    stamp="modified_at",
    columns=(
        text("contact_id", "Id", "Salesforce id of the contact", required=True, unique=True),
        text("account_id", "AccountId", "Account the contact belongs to"),
        text("name", "Name", "Full name", required=True),
        text("first_name", "FirstName", "First name"),
        text("last_name", "LastName", "Last name", required=True),
        text("email", "Email", "E-mail address"),
        text("phone", "Phone", "Telephone"),
        text("mailing_street", "MailingStreet", "Street"),
        text("mailing_city", "MailingCity", "City"),
        text("mailing_state", "MailingState", "State or province"),
        text("mailing_postal_code", "MailingPostalCode", "Postal code"),
        text("mailing_country", "MailingCountry", "Country"),
        STAMP,
    ),
)

PARTIES = (ACCOUNTS, CONTACTS)

"""The mapping files of a small company, to be changed in one place at a time."""

from sf_intacct.flow.mapping_text import Mappings, parse

TEXTS = {
    "account_to_customer.yaml": """\
crossing: account_to_customer
says: An account becomes a customer.
from: salesforce_accounts
to: intacct.CUSTOMER
when: type = 'Customer' and not coalesce(is_excluded, false)
identity: CUSTOMERID
mark: SALESFORCE_ID
claim: intacct_customer_id

fields:
  CUSTOMERID: {value: "'C-' || account_number", mode: create_only, required: true}
  NAME: name
  TAXID: tax_id
  TERMNAME: {lookup: terms, of: payment_terms, otherwise: omit}
  SALESFORCE_ID: account_id
""",
    "product_to_item.yaml": """\
crossing: product_to_item
says: A product becomes an item.
from: salesforce_products
to: intacct.ITEM
identity: ITEMID
mark: SALESFORCE_ID
fields:
  ITEMID: product_code
  NAME: name
  SALESFORCE_ID: product_id
""",
    "order_to_invoice.yaml": """\
crossing: order_to_invoice
says: An activated order becomes an invoice.
from: salesforce_orders
to: intacct.ARINVOICE
beside:
  account: {table: salesforce_accounts, on: account_id}
when: status_code = 'Activated'
identity: RECORDID
mark: SALESFORCE_ID
when_changed: hold
stake: {amount: total_amount, currency: company.currency}

hold:
  - {any_line: true, when: quantity < 0, cause: negative_line}
  - {when: total_amount = 0, cause: validation_rule}

fields:
  RECORDID: {value: "'SO-' || order_number", mode: create_only}
  CUSTOMERID: {link: account_to_customer, of: account_id}
  WHENCREATED: effective_on
  TERMNAME: {lookup: terms, of: account.payment_terms, mode: create_only}
  DOCNUMBER: po_number
  SALESFORCE_ID: order_id

lines:
  each: salesforce_order_items
  order_by: order_item_number
  identity: SALESFORCE_LINE_ID
  beside:
    product: {table: salesforce_products, on: product_id}
  fields:
    ACCOUNTNO: {lookup: revenue_accounts, of: product.family, mode: create_only}
    TRX_AMOUNT: total_price
    ENTRYDESCRIPTION: "coalesce(description, product.name)"
    DEPARTMENTID: document.department
    ITEMID: {link: product_to_item, of: product_id}
    SALESFORCE_LINE_ID: order_item_id
""",
    "invoice_to_mirror.yaml": """\
crossing: invoice_to_mirror
says: An invoice appears in Salesforce.
from: intacct_invoices
to: salesforce.Intacct_Invoice__c
identity: Invoice_Key__c
mark: Invoice_Key__c
fields:
  Invoice_Key__c: invoice_key
  Account__c: {linked_back: account_to_customer, of: customer_id}
  Order__c: {linked_back: order_to_invoice, of: invoice_number, otherwise: omit}
  Due_Date__c: due_on
  Amount__c: total
""",
    "company.yaml": """\
constants:
  currency: USD
lookups:
  terms:
    says: Payment terms
    crosswalk: crosswalks/terms.csv
    in: intacct_terms
  revenue_accounts:
    says: Product family
    crosswalk: crosswalks/revenue_accounts.csv
    in: intacct_gl_accounts
""",
    "crosswalks/terms.csv": "salesforce,intacct\nNet 30,N30\nNet 60,N60\n",
    "crosswalks/revenue_accounts.csv": "salesforce,intacct\nHardware,4000\nServices,4300\n",
}


def edited(file: str, old: str, new: str) -> dict[str, str]:
    """The texts with `old` replaced by `new` in one file, where it stands exactly once."""
    assert TEXTS[file].count(old) == 1, f"{old!r} stands {TEXTS[file].count(old)} times in {file}"
    return {**TEXTS, file: TEXTS[file].replace(old, new)}


def company() -> Mappings:
    """The small company's mappings."""
    return parse(TEXTS)


def line_of(texts: dict[str, str], file: str, words: str) -> int:
    """The number of the first line of a file that has these words."""
    return next(n for n, line in enumerate(texts[file].splitlines(), 1) if words in line)

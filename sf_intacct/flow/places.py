"""Of every cause: its class, what makes its records go again, and the exact place where a person mends it.

Places are menu paths as the two systems show them by default; {subject}, {seen} and {column} are filled in as in words.
"""

from dataclasses import dataclass

from sf_intacct.flow.causes import Again, Class

_RECORD = "Salesforce: the record itself, by its link"
_CROSSWALKS = "mappings/{column}"
_MAPPINGS = "mappings/: the file of the crossing"
_ROLES = "Intacct: Company > Admin > Roles (or Users), the role of the web-services user > Subscriptions"
_INVOICES = "Intacct: Accounts Receivable > All > Invoices, the document"
_MATCH = "Command line: `sf-intacct match suggest`, then `sf-intacct match approve`"
_SETTINGS = "Settings of this installation (docs/settings.md)"
_SETUP = "Salesforce: Setup"


@dataclass(frozen=True)
class Place:
    """Where a cause is mended, and how its records come free."""

    kind: Class
    again: Again
    where: str


def _data(where: str = _RECORD) -> Place:
    return Place(Class.DATA, Again.MOVED, where)


def _reference(where: str) -> Place:
    return Place(Class.REFERENCE, Again.MOVED, where)


def _mapping(where: str = _MAPPINGS) -> Place:
    return Place(Class.MAPPING, Again.MOVED, where)


def _decision(where: str) -> Place:
    return Place(Class.DECISION, Again.MOVED, where)


def _setup(where: str, again: Again = Again.PROBED) -> Place:
    return Place(Class.SETUP, again, where)


_PASSES = Place(Class.TRANSIENT, Again.ITSELF, "Nowhere: it passes by itself")

PLACES: dict[str, Place] = {
    # What arrived breaks a law.
    "missing_value": _data(),
    "unreadable_value": _data(),
    "unlawful_value": _data(),
    "duplicate_record": Place(Class.DATA, Again.MOVED, "Nowhere: report it"),
    "lines_do_not_sum": _data(),
    "applied_beyond_payment": _data("Intacct: Accounts Receivable > All > Payments, the payment {subject}"),
    # What a mapping needs is not there.
    "missing_customer": _reference("Salesforce: the account {subject}"),
    "missing_item": _reference("Salesforce: Products, {subject} > Product Code, Active"),
    "missing_project": _reference("Salesforce: the opportunity {subject}"),
    "missing_contact": _reference("Salesforce: the contact {subject} > Intacct Role"),
    "missing_intacct_invoice__c": _reference("Salesforce: the account of the invoice {subject}"),
    "missing_intacct_credit_memo__c": _reference("Salesforce: the account of the credit memo {subject}"),
    "missing_intacct_payment__c": _reference("Salesforce: the account of the payment {subject}"),
    "missing_arinvoice": _reference("Salesforce: the order {subject}"),
    "missing_sodocument": _reference("Salesforce: the record {subject}"),
    "missing_record": _reference("Salesforce: the record {subject}, or the Recycle Bin"),
    "not_linked": _reference(_MATCH),
    "no_value": _data("Salesforce: the record or its account, the field {subject}"),
    "unmapped_value": _mapping(_CROSSWALKS),
    "renamed_in_books": _mapping(_CROSSWALKS),
    "unknown_in_books": _reference("Intacct: the list of the object > Add, for {subject}"),
    "inactive_in_books": _reference("Intacct: {subject} > Edit > Status: Active"),
    "missing_rate": _reference("Intacct: Company > Setup > Exchange rates (or Exchange rate types)"),
    "currencies_off": _setup("Intacct: Company > Setup > Company > Accounting > Currencies; or the order's currency"),
    "finer_than_currency": _data("Salesforce: the order products of the record"),
    "too_long": _data(),
    "not_in_list": _mapping(),
    "too_many_decimals": _mapping(),
    "incomputable": _mapping(),
    "unlawful_character": _data(),
    "parent_cycle": _data("Salesforce: the accounts > Parent Account"),
    "left_with_open_items": _decision("Intacct: Accounts Receivable > All > Customers, {subject}"),
    "no_lines": _data("Salesforce: the record > Products"),
    "another_kind": _mapping(),
    "lines_do_not_multiply": _data("Salesforce: the record > Products"),
    "tax_detail_missing": _data("Salesforce: the order products, or the product > tax code"),
    "tax_not_of_sales": _mapping(_CROSSWALKS),
    "tax_of_another_solution": _mapping(),
    "taxed_though_exempt": _data("Salesforce: the order products > tax code, or the account > exemption"),
    "tax_off_rate": _data("Salesforce: the order products > tax"),
    "tax_details_refused": _setup("Intacct: Taxes > Setup > Tax details, Tax solutions"),
    "price_not_plain": _data("Intacct: Order Entry > Setup > Price lists, the price list"),
    "prices_overlap": _data("Intacct: Order Entry > Setup > Price lists, the price list"),
    "price_too_fine": _data("Intacct: Order Entry > Setup > Price lists, the price list"),
    "item_without_product": _reference("Salesforce: Products > New"),
    "price_by_standard": _data("Salesforce: the price book entry > Use Standard Price"),
    "no_standard_price": _reference("Salesforce: the product > Price Books > Standard Price"),
    "currency_not_active": _setup(f"{_SETUP} > Company Information > Currency Setup, {{subject}}"),
    # A person decides.
    "negative_document": _decision("Intacct: Accounts Receivable > All > Adjustments > Add"),
    "negative_line": _decision("Salesforce: the record > Products; or mappings/company.yaml, mixed_orders"),
    "identity_taken": _decision("Intacct: {subject}; or `sf-intacct exceptions resolve`, if it is the same document"),
    "key_shared": _decision(_MATCH),
    "key_taken": _decision(_MATCH),
    "looks_known": _decision(_MATCH),
    "mark_remains": _decision("Intacct: {subject} > Edit > SALESFORCE_ID"),
    "identity_doubled": _data(),
    "amended_after_posting": _decision(_INVOICES),
    "amended_what_is_fixed": _decision(_INVOICES),
    "changed_in_books": _decision(_INVOICES),
    "conflict": _decision("Command line: `sf-intacct conflicts list`"),
    "withdrawn_after_posting": _decision(f"{_INVOICES} {{seen}} > Reverse"),
    "turned_negative": _decision("Intacct: Accounts Receivable > All > Adjustments > Add"),
    "sold_twice": _decision("Salesforce: the deal or the order"),
    "another_entity": _decision(_INVOICES),
    "reversed_in_books": _decision("Intacct: Accounts Receivable > All > Invoices, {subject}"),
    "gone_in_books": _decision("Intacct: Company > Admin > Audit trail, {subject}"),
    "not_stored": _decision("Intacct: the document, and Customization Services > Smart Rules, Smart Events"),
    "held_by_person": Place(Class.DECISION, Again.TOLD, "Command line: `sf-intacct exceptions retry`, or `undo`"),
    "cannot_settle": Place(Class.DECISION, Again.TOLD, "Intacct: Accounts Receivable > All > Invoices, {subject}"),
    # The other side said no.
    "period_closed": _setup(
        "Intacct: General Ledger > All > Books > Open, and Accounts Receivable > All > Subledger > Open", Again.TOLD
    ),
    "subledger_closed": _setup("Intacct: Accounts Receivable > All > Subledger > Open"),
    "entity_not_entered": _setup("Intacct: Company > Admin > Web Services users, our user > User entities"),
    "missing_dimension": _data("Salesforce: the record; or Intacct: General Ledger > All > Accounts > Required"),
    "invalid_in_books": _reference("Intacct: the list of the object, {subject} > Status, Restrictions"),
    "customer_on_hold": _reference("Intacct: Accounts Receivable > All > Customers, {subject} > On hold"),
    "number_taken": _decision(
        "Intacct: Accounts Receivable > All > Invoices, {subject}; or `sf-intacct exceptions resolve`"
    ),
    "validation_rule": _setup(f"{_SETUP} > Object Manager > the object > Validation Rules; or the record"),
    "refused": Place(Class.UNKNOWN, Again.TOLD, "The system that refused, see its answer"),
    "sign_in_refused": _setup(_SETTINGS, Again.ITSELF),
    "sender_not_authorised": _setup(
        "Intacct: Company > Setup > Company > Security > Web Services authorizations", Again.ITSELF
    ),
    "service_not_subscribed": _setup("Intacct: Company > Admin > Subscriptions; Salesforce: the edition"),
    "company_expired": _setup("Sage, or Salesforce: the contract", Again.ITSELF),
    "permission_missing": _setup(f"{_ROLES}; {_SETUP} > Permission Sets, ours"),
    "request_unreadable": Place(Class.MAPPING, Again.MOVED, _MAPPINGS),
    "throttled": _PASSES,
    "out_of_service": _PASSES,
    "not_processed": _PASSES,
    "rolled_back": _PASSES,
    "already_there": _decision("Intacct or Salesforce: {subject}"),
    "numbering_missing": _setup("Intacct: Company > Setup > Document numbering; Order Entry > Transaction definitions"),
    "dimension_restricted": _setup("Intacct: General Ledger > All > Accounts > Restrictions; Dimension relationships"),
    "account_not_for_sales": _mapping("mappings/crosswalks/revenue_accounts.csv"),
    "account_not_given": _mapping("mappings/crosswalks/revenue_accounts.csv"),
    "location_elsewhere": _mapping("mappings/: the crosswalk of locations, or `entity:` of the crossing"),
    "project_of_another": _data("Intacct: Projects > All > Projects, the project > Customer; or the opportunity"),
    "project_closed": _setup("Intacct: Projects > All > Projects, {subject} > Project status"),
    "unit_mismatch": _mapping("mappings/crosswalks/unit_groups.csv; Intacct: Items > the item > Unit of measure"),
    "lot_not_tracked": _mapping(),
    "line_without_amount": _data("Salesforce: the record > Products"),
    "not_in_balance": _data(_INVOICES),
    "field_empty": _data(),
    "bad_email": _data("Salesforce: the contact > Email"),
    "bad_date": _data(),
    "bad_number": _data(),
    "bad_combination": _data(),
    "contact_not_saved": _data("Salesforce: the contact of the account"),
    "no_due_date": _data("Salesforce: the account > Payment Terms; Intacct: the customer > Terms"),
    "paid_in_books": _decision(_INVOICES),
    "state_forbids": _decision("The document, in the system that refused"),
    "target_gone": _decision("Intacct: Company > Admin > Audit trail; Salesforce: Recycle Bin"),
    "target_locked": Place(Class.TRANSIENT, Again.PROBED, "Salesforce: the record > Approval History"),
    "summary_missing": _setup("Intacct: Accounts Receivable > Setup > Configuration > Summaries"),
    "wrong_entity": _setup("Intacct: Order Entry > Setup > Transaction definitions; or `entity` in the mapping"),
    "definition_forbids": _setup("Intacct: Order Entry > Setup > Transaction definitions"),
    "reason_not_given": Place(Class.UNKNOWN, Again.TOLD, "Intacct: enter the document by hand and read the message"),
    "automation_failed": _setup(f"{_SETUP} > Flows, Apex Triggers"),
    "duplicate_rule": _setup(f"{_SETUP} > Duplicate Rules"),
    "storage_full": _setup(f"{_SETUP} > Storage Usage"),
}
# Of a cause that nobody has given a place yet, by who mends it.
_BY_WHO = {
    "sales": _data(),
    "finance": Place(Class.SETUP, Again.MOVED, "Intacct: the record or setting that the words name"),
    "operations": _mapping(),
}


def place(cause: str, who: str) -> Place:
    """Where a cause is mended. Every cause has a place; one that is not listed has that of the people who mend it."""
    return PLACES.get(cause) or _BY_WHO.get(who, PLACES["refused"])

"""Why records do not cross, in words: for the salesperson, for whoever mends it, and where.

A new cause is one entry in CAUSES. What Intacct or Salesforce refuses is recognised in refusals.py.
"""

import re

from sf_intacct.flow.causes import TAXES, Again, Cause
from sf_intacct.flow.places import place
from sf_intacct.flow.refused_causes import REFUSED

CAUSES: dict[str, Cause] = {
    # What arrived breaks a law.
    "missing_value": Cause("{subject} is missing.", "Fill it in on the record in Salesforce.", "sales"),
    "unreadable_value": Cause("{subject} cannot be read: {seen}.", "Correct the value on the record.", "sales"),
    "unlawful_value": Cause("{subject} has a value that is not allowed: {seen}.", "Correct the value.", "sales"),
    "duplicate_record": Cause("The record arrived twice: {seen}.", "Report it: this should not happen.", "operations"),
    "lines_do_not_sum": Cause(
        "The lines of {subject} do not add up to its total: {seen}.",
        "Nothing, if it was read while somebody edited it: it is read again. Otherwise correct the record.",
        "operations",
    ),
    "applied_beyond_payment": Cause(
        "More was applied than payment {subject} brought: {seen}.", "Check the payment in Intacct.", "finance"
    ),
    # What a mapping needs is not there.
    "missing_customer": Cause(
        "The account {subject} is not in Intacct yet.", "Mend the account: see its own exception.", "sales"
    ),
    "missing_item": Cause(
        "The product {subject} is not an item in Intacct.",
        "Give the product its product code in Salesforce, or make it active; it then becomes an item by itself.",
        "operations",
    ),
    "missing_project": Cause(
        "The project of the opportunity {subject} is not in Intacct yet.",
        "Win the opportunity, or mend it: see its own exception.",
        "sales",
    ),
    "missing_contact": Cause(
        "The contact {subject} is not in Intacct yet.",
        "Give the contact its role (Intacct_Role__c), or mend it: see its own exception.",
        "sales",
    ),
    "missing_intacct_invoice__c": Cause(
        "The invoice {subject} is not in Salesforce yet.",
        "Nothing, if its customer is linked: it follows.",
        "operations",
    ),
    "missing_intacct_credit_memo__c": Cause(
        "The credit memo {subject} is not in Salesforce yet.",
        "Nothing, if its customer is linked: it follows.",
        "operations",
    ),
    "missing_arinvoice": Cause(
        "The order {subject}, which this corrects, is not an invoice in Intacct yet.", "Mend that order.", "sales"
    ),
    "missing_intacct_payment__c": Cause(
        "The payment {subject} is not in Salesforce yet.",
        "Nothing, if its customer is linked: it follows.",
        "operations",
    ),
    "missing_record": Cause(
        "{subject} is deleted, or cannot be used as it is.", "Mend or restore it: see its own exception.", "operations"
    ),
    "not_linked": Cause("The customer {subject} came from no Salesforce account.", "Link the account.", "operations"),
    "no_value": Cause("{subject}: nothing is chosen.", "Choose a value on the record or its account.", "sales"),
    "unmapped_value": Cause(
        "{subject} has no counterpart in Intacct.", "Add it to {column}, or choose another value.", "operations"
    ),
    "renamed_in_books": Cause(
        "{subject} is called {seen} in Intacct now.",
        "Put {seen} in its place in {column}, or give it its old name back in Intacct.",
        "finance",
    ),
    "unknown_in_books": Cause(
        "{subject} does not exist in Intacct.", "Create it in Intacct, or correct the crosswalk.", "finance"
    ),
    "inactive_in_books": Cause(
        "{subject} is inactive in Intacct.", "Activate it in Intacct, or use another.", "finance"
    ),
    "missing_rate": Cause(
        "There is no exchange rate from {subject} in Intacct for the day of this document: {seen}.",
        "Enter the exchange rate in Intacct; the document then goes by itself.",
        "finance",
    ),
    "currencies_off": Cause(
        "The order is in a foreign currency, and the company in Intacct has only one.",
        "Enable foreign-currency transactions in Intacct, or correct the order's currency; then retry.",
        "finance",
    ),
    "finer_than_currency": Cause(
        "The amount {seen} has more decimals than {subject} has.", "Correct the prices of the record.", "sales"
    ),
    "too_long": Cause("{subject} is too long: {seen}.", "Shorten it.", "sales"),
    "not_in_list": Cause(
        "{subject} would be {seen}, which is not among the values that the field takes.",
        "Correct the value or the mapping; if the list has changed, run `sf-intacct mappings check --live`.",
        "operations",
    ),
    "too_many_decimals": Cause(
        "{subject} has more decimals than can be kept: {seen}.",
        "Correct the number, or let the mapping round it: round(..., 2).",
        "operations",
    ),
    "incomputable": Cause(
        "{subject} cannot be computed from this record.",
        "Correct the record, or the expression in the mapping: try_cast leaves out what does not fit.",
        "operations",
    ),
    "unlawful_character": Cause(
        "{subject} contains a character that cannot be sent.", "Type the value again by hand.", "sales"
    ),
    "parent_cycle": Cause(
        "These accounts are each other's parents: {subject}.", "Take one of them out of the circle.", "sales"
    ),
    "location_elsewhere": Cause(
        "The location {subject} does not belong to the entity {seen}.",
        "Correct the crosswalk of locations, or what chooses the entity of the document.",
        "operations",
    ),
    "left_with_open_items": Cause(
        "{subject} has left, but something is still open in Intacct.",
        "Nothing, if it is paid or closed: it is then deactivated by itself. Otherwise write it off, or bring it back.",
        "finance",
    ),
    "missing_sodocument": Cause(
        "The sales document of {subject} is not in Intacct yet.",
        "Mend the record it comes from: see its own exception.",
        "sales",
    ),
    "no_lines": Cause(
        "There is no line to be billed.", "Add the products that were sold, or take the record back.", "sales"
    ),
    "another_kind": Cause(
        "{subject} would be {seen}, which this mapping does not list.",
        "Add it to `among` in the mapping, or correct the rule that chose it.",
        "operations",
    ),
    "lines_do_not_multiply": Cause(
        "Quantity, price and discount of a line do not give its total.",
        "Correct the line, so that its price comes to what the customer is billed.",
        "sales",
    ),
    **TAXES,
    # Prices of Intacct's price lists on their way to price books.
    "price_not_plain": Cause(
        "Intacct works this price out itself, or it is that of a whole product line: it does not stand as one figure.",
        "State it in the price list as an actual price of the item, or keep it by hand in Salesforce and ignore this.",
        "finance",
    ),
    "prices_overlap": Cause(
        "The price list has several prices for today.",
        "End one of the entries in Intacct the day before the next begins.",
        "finance",
    ),
    "price_too_fine": Cause(
        "The price has more decimals than a price in Salesforce.", "Round it in Intacct's price list.", "finance"
    ),
    "item_without_product": Cause(
        "The item is no product in Salesforce.",
        "Make it a product, or leave such prices out by `when` of the mapping.",
        "sales",
    ),
    "price_by_standard": Cause(
        "In Salesforce the price follows the standard price, and the price list has another.",
        "Take the tick at Use Standard Price away.",
        "sales",
    ),
    "no_standard_price": Cause(
        "The product has no standard price in this currency, and no other price may come before it.",
        "Give it one, or let the standard price book show a price list that has it.",
        "sales",
    ),
    "currency_not_active": Cause(
        "The currency {subject} is not active in Salesforce.",
        "Activate it in Salesforce, or leave its prices out by `when` of the mapping.",
        "operations",
    ),
    # A person decides.
    "negative_document": Cause(
        "{subject} comes to {seen}. Money that goes back is a credit memo, which Finance makes.",
        "Make the credit memo in Intacct, then ignore this exception with its number as the reason.",
        "finance",
    ),
    "negative_line": Cause(
        "The order sells and takes back at once, or takes back for nothing.",
        "Make two orders of it, or let such orders be split (mixed_orders in company.yaml).",
        "finance",
    ),
    "identity_taken": Cause(
        "{subject} is taken in Intacct by another record.",
        "Give the record another number, or link the two.",
        "operations",
    ),
    "key_shared": Cause(
        "Several records have {subject}, so nobody can say which is which: {seen}.",
        "Say which belong together: `sf-intacct match suggest`, fill in the file, then `match approve`.",
        "operations",
    ),
    "key_taken": Cause(
        "{subject} is that of {seen}.",
        "Merge the two records in Salesforce, or say `no` to the pair in the file of `sf-intacct match suggest`.",
        "operations",
    ),
    "looks_known": Cause(
        "It may be there already: it looks like {subject} in Intacct ({seen}).",
        "Say yes or no in the file of `sf-intacct match suggest`, then `match approve`.",
        "operations",
    ),
    "mark_remains": Cause(
        "{subject} still carries the Salesforce id of a record that it is not, as a person said.",
        "Empty the field with the Salesforce id on that record in Intacct.",
        "finance",
    ),
    "identity_doubled": Cause("Two records would both become {subject}.", "Give one of them another number.", "sales"),
    "amended_after_posting": Cause(
        "The order {subject} was changed after its invoice was posted.",
        "Credit and re-invoice in Intacct, or undo the change.",
        "finance",
    ),
    "amended_what_is_fixed": Cause(
        "{subject} was changed after its document was posted, in something that is fixed when the document is made.",
        "Correct the document in Intacct, or undo the change; or ignore it.",
        "finance",
    ),
    "changed_in_books": Cause(
        "The invoice of {subject} was changed in Intacct and no longer says what the order says.",
        "Correct the invoice in Intacct, or the order.",
        "finance",
    ),
    "conflict": Cause(
        "{subject} was changed on both sides, and nobody owns it: {seen}.",
        "Say whose value counts: `sf-intacct conflicts resolve {column} --take salesforce` or `--take intacct`.",
        "operations",
    ),
    "withdrawn_after_posting": Cause(
        "The order {subject} was withdrawn after its invoice {seen} was posted.",
        "Reverse the invoice in Intacct, or activate the order again.",
        "finance",
    ),
    "turned_negative": Cause(
        "The order {subject} only takes back now, but it was posted as an invoice.",
        "Credit the invoice in Intacct and ignore this, or undo the change: a return is an order of its own.",
        "finance",
    ),
    "sold_twice": Cause(
        "{subject} is the same sale as {seen}, which is in Intacct already or on its way.",
        "Take one of the two back, or part deals and orders by the predicates of their mappings (sold_twice: allow).",
        "finance",
    ),
    "another_entity": Cause(
        "{subject} is of the entity {seen} by now, but its document is in another.",
        "Nothing is moved or made twice by itself: take back what chose the entity, or reverse the document and "
        "make it in the right entity by hand, then ignore this.",
        "finance",
    ),
    "reversed_in_books": Cause(
        "The invoice {subject} was reversed in Intacct.",
        "Nothing is invoiced again by itself: deactivate the order, or invoice it by hand and ignore this.",
        "finance",
    ),
    "gone_in_books": Cause("{subject} was deleted in Intacct.", "Enter it again in Intacct, or ignore it.", "finance"),
    "not_stored": Cause(
        "Intacct accepted {subject} but did not store all of it.",
        "Compare the fields, and check Intacct's rules.",
        "operations",
    ),
    "cannot_settle": Cause(
        "{subject} was sent several times without an answer, and is not to be found.",
        "Look in Intacct, then retry.",
        "operations",
    ),
    "held_by_person": Cause(
        "It is held by a person: {subject}.", "Nothing is sent until somebody says `retry`.", "operations"
    ),
    # The other side said no.
    "period_closed": Cause(
        "The posting date lies in a period that Finance has closed: {subject}.",
        "Open the period in Intacct, and in company.yaml where it is stated there (periods.closed): the documents then "
        "go by themselves. Or change the date, or let such documents move (preflight: next_open_period).",
        "finance",
    ),
    "entity_not_entered": Cause(
        "Intacct lets us into no entity {subject}.",
        "Give the web-services user access to the entity, or correct what chooses it; then retry.",
        "operations",
    ),
    "missing_dimension": Cause(
        "{subject} is required for this revenue account.",
        "Fill it in on the order, or complete the mapping.",
        "operations",
    ),
    "invalid_in_books": Cause(
        "Intacct does not accept {subject}.", "Check it in Intacct, and the mapping.", "operations"
    ),
    "customer_on_hold": Cause("The customer {subject} is on hold.", "Release the hold in Intacct.", "finance"),
    "number_taken": Cause("Intacct already has an invoice {subject}.", "Compare the two in Intacct.", "finance"),
    "validation_rule": Cause(
        "A rule of Salesforce refused our update: {subject}", "Change the rule or the record.", "sales"
    ),
    **REFUSED,
    "refused": Cause("{subject}", "Read the other system's words, and mend what they say.", "operations"),
}


def words(cause: str, subject: str, seen: str, column: str = "") -> str:
    """One sentence that a salesperson understands."""
    return _filled(CAUSES.get(cause, CAUSES["refused"]).words, subject, seen, column)


def remedy(cause: str, subject: str, seen: str, column: str = "") -> str:
    """What mends it."""
    return _filled(CAUSES.get(cause, CAUSES["refused"]).remedy, subject, seen, column)


def who(cause: str) -> str:
    """Who can mend it: sales, finance or operations."""
    return CAUSES.get(cause, CAUSES["refused"]).who


def kind(cause: str) -> str:
    """The class of a cause: what kind of thing has to change."""
    return place(cause, who(cause)).kind.value


def again(cause: str) -> Again:
    """What makes its records go again."""
    return place(cause, who(cause)).again


def where(cause: str, subject: str, seen: str, column: str = "") -> str:
    """The exact place where a person mends it."""
    return _filled(place(cause, who(cause)).where, subject, seen, column)


def _filled(template: str, subject: str, seen: str, column: str) -> str:
    given = {"subject": subject, "seen": seen, "column": column}
    # Not str.format: what was seen may itself contain braces.
    return re.sub(r"\{(subject|seen|column)\}", lambda hole: given[hole.group(1)], template)

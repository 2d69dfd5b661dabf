"""Refusals of Intacct and Salesforce as causes of the catalogue: each is recognised by its words in REFUSALS.

What nobody has recognised yet keeps the words it came with.
"""

import re

from sf_intacct.flow.catalogue import CAUSES

_DIMENSION = "(?:customer|contact|item|department|location|class|project|term|account)"
# The rest of its name, up to the end of the sentence; a full stop in quotes ends none.
_NAME = "(?:'[^']*'|[^.'])*?"
# Words of a refusal -> cause; the first group, if there is one, is the subject.
REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), cause)
    for pattern, cause in (
        (r"currency iso code: bad value for restricted picklist field: (\w+)", "currency_not_active"),
        (r"tax details are either missing or don't belong to the tax solution", "tax_details_refused"),
        (r"no way into the entity '([^']+)'", "entity_not_entered"),
        (r"periods? (?:are|is) closed.*?\(([^)]+)\)", "period_closed"),
        (r"date must be on or after ([\d/.-]+)", "period_closed"),
        (r"no exchange rate from (\w{3} to \w{3})", "missing_rate"),
        (r"enable foreign-currency transactions", "currencies_off"),
        (r"missing (?:the )?'?([\w ]+?)'? dimension", "missing_dimension"),
        (r"requires an? ([\w ]+)", "missing_dimension"),
        (r"customer '?([^']+?)'? is on hold", "customer_on_hold"),
        (r"number '?([^' ]+)'? already exists", "number_taken"),
        (rf"({_DIMENSION}{_NAME}) (?:specified )?is (?:not valid|invalid|inactive)", "invalid_in_books"),
        (rf"invalid ({_DIMENSION}{_NAME})\s*(?:specified|selected|\.|$)", "invalid_in_books"),
    )
)


def recognised(code: str, message: str) -> tuple[str, str]:
    """Cause and subject of a refusal, from the other side's code and words."""
    if code == "FIELD_CUSTOM_VALIDATION_EXCEPTION":
        return "validation_rule", message
    if code in CAUSES:
        return code, message
    for pattern, cause in REFUSALS:
        found = pattern.search(message)
        if found:
            return cause, (found.group(1) if found.groups() else message).strip()
    return "refused", message or code

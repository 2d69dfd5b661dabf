"""create_aradjustment: the legacy function that makes credit memos (negative amounts) and debit memos.

Order after the gateway's schema v2.1. An adjustment has no custom fields in its header: it is known by its
number, and the source's id travels in its lines. `invoiceno` is a reference, it applies nothing.
"""

from typing import Any

from sf_intacct.intacct.invoice import SOLUTION, add, currency, line_item
from sf_intacct.intacct.xml import child, element, fragment

# Element of create_aradjustment -> field under which the adjustment is read, in the order the schema wants.
_HEAD = {
    "customerid": "CUSTOMERID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "adjustmentno": "RECORDID",
    "invoiceno": "DOCNUMBER",
    "description": "DESCRIPTION",
}


def create_adjustment(payload: dict[str, Any]) -> str:
    """The function text of one adjustment, from its fields and lines under the names they are read by."""
    function = element("create_aradjustment")
    for tag, name in _HEAD.items():
        add(function, tag, payload["fields"].get(name))
    currency(function, payload["fields"])
    add(function, "taxsolutionid", payload["fields"].get(SOLUTION))
    items = child(function, "aradjustmentitems")
    for line in payload["lines"]:
        line_item(child(items, "lineitem"), line)
    return fragment(function)

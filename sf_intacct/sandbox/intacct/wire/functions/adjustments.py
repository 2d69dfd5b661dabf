"""create_aradjustment, delete_aradjustment."""

from lxml import etree

from sf_intacct.sandbox.intacct.books import adjustments
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.invoices import LINE
from sf_intacct.sandbox.intacct.wire.functions.legacy import key, keyed, texts
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

HEADER = {
    "customerid": "CUSTOMERID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "adjustmentno": "RECORDID",
    "action": "ACTION",
    "invoiceno": "DOCNUMBER",
    "description": "DESCRIPTION",
    "basecurr": "BASECURR",
    "currency": "CURRENCY",
    "exchratedate": "EXCH_RATE_DATE",
    "exchratetype": "EXCHRATETYPE",
    "exchrate": "EXCHANGE_RATE",
    "nogl": "NOGL",
    "taxsolutionid": "TAXSOLUTIONID",
}


def create_aradjustment(desk: Desk, element: etree._Element) -> Outcome:
    """Negative amounts make a credit memo. The invoice number is a reference only: it applies nothing."""
    allowed(desk, "CREATE", "ARADJUSTMENT")
    lines = [texts(one, LINE) for one in element.iterfind("aradjustmentitems/lineitem")]
    return keyed(desk, adjustments.create(desk.clerk, texts(element, HEADER), lines)["RECORDNO"])


def delete_aradjustment(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "DELETE", "ARADJUSTMENT")
    adjustments.delete(desk.clerk, key(element))
    return Outcome()

"""create_invoice, update_invoice, reverse_invoice, delete_invoice."""

from typing import Any

from lxml import etree

from sf_intacct.sandbox.intacct.books import invoice_changes, invoices
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.legacy import day, key, keyed, texts
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

HEADER = {
    "customerid": "CUSTOMERID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "datedue": "WHENDUE",
    "termname": "TERMNAME",
    "action": "ACTION",
    "invoiceno": "RECORDID",
    "ponumber": "DOCNUMBER",
    "description": "DESCRIPTION",
    "billto": "BILLTO",
    "shipto": "SHIPTO",
    "payto": "BILLTO",
    "returnto": "SHIPTO",
    "basecurr": "BASECURR",
    "currency": "CURRENCY",
    "exchratedate": "EXCH_RATE_DATE",
    "exchratetype": "EXCHRATETYPE",
    "exchrate": "EXCHANGE_RATE",
    "nogl": "NOGL",
    "supdocid": "SUPDOCID",
    "taxsolutionid": "TAXSOLUTIONID",
}
LINE = {
    "accountlabel": "ACCOUNTLABEL",
    "glaccountno": "ACCOUNTNO",
    "offsetglaccountno": "OFFSETGLACCOUNTNO",
    "amount": "TRX_AMOUNT",
    "allocationid": "ALLOCATION",
    "memo": "ENTRYDESCRIPTION",
    "locationid": "LOCATIONID",
    "departmentid": "DEPARTMENTID",
    "totalpaid": "PAIDBEFORE",
    "totaldue": "PAIDBEFORE",
    "revrectemplate": "REVRECTEMPLATE",
    "defrevaccount": "DEFERREDREVACCTNO",
    "revrecstartdate": "REVRECSTARTDATE",
    "revrecenddate": "REVRECENDDATE",
    "projectid": "PROJECTID",
    "customerid": "CUSTOMERID",
    "vendorid": "VENDORID",
    "employeeid": "EMPLOYEEID",
    "itemid": "ITEMID",
    "classid": "CLASSID",
    "contractid": "CONTRACTID",
    "taxentries": "TAXENTRIES",
}


def create_invoice(desk: Desk, element: etree._Element) -> Outcome:
    """Answers the record number; the invoice number, if it was given by the system, has to be read back."""
    allowed(desk, "CREATE", "ARINVOICE")
    lines = [texts(one, LINE) for one in element.iterfind("invoiceitems/lineitem")]
    return keyed(desk, invoices.create(desk.clerk, texts(element, HEADER), lines)["RECORDNO"])


def update_invoice(desk: Desk, element: etree._Element) -> Outcome:
    """Lines are addressed by line_num from 1; lineitem adds one."""
    allowed(desk, "UPDATE", "ARINVOICE")
    number = key(element)
    changed: dict[int, dict[str, Any]] = {
        key(one, "line_num"): texts(one, LINE) for one in element.iterfind("updateinvoiceitems/updatelineitem")
    }
    added = [texts(one, LINE) for one in element.iterfind("updateinvoiceitems/lineitem")]
    invoice_changes.update(desk.clerk, number, texts(element, HEADER), changed, added)
    return keyed(desk, number)


def reverse_invoice(desk: Desk, element: etree._Element) -> Outcome:
    """Answers the record number of the contra record."""
    allowed(desk, "UPDATE", "ARINVOICE")
    on, description = day(element.find("datereversed")), element.findtext("description") or ""
    return keyed(desk, invoices.reverse(desk.clerk, key(element), on, description)["RECORDNO"])


def delete_invoice(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "DELETE", "ARINVOICE")
    invoices.delete(desk.clerk, key(element))
    return Outcome()

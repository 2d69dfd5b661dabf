"""create_invoice: the legacy function that makes AR invoices. Its elements have names and an order of their own.

Order after the gateway's schema v2.1 with the additions of the current documentation. Fields we do
not know here are the company's own, and travel as custom fields.
"""

from datetime import date
from typing import Any

from sf_intacct.intacct.xml import Element, child, element, fragment

# Element of create_invoice -> field under which the invoice is read, in the order the schema wants.
_HEAD = {
    "customerid": "CUSTOMERID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "datedue": "WHENDUE",
    "termname": "TERMNAME",
    "invoiceno": "RECORDID",
    "ponumber": "DOCNUMBER",
    "description": "DESCRIPTION",
    "billto": "BILLTOPAYTOCONTACTNAME",
    "shipto": "SHIPTORETURNTOCONTACTNAME",
}
# A group of the schema: (basecurr?, currency, ((exchratedate?, exchratetype) | exchrate))?
CURRENCY = {"BASECURR", "CURRENCY", "EXCH_RATE_DATE", "EXCH_RATE_TYPE_ID", "EXCHANGE_RATE"}
_LINE = {
    "accountlabel": "ACCOUNTLABEL",
    "glaccountno": "ACCOUNTNO",
    "amount": "TRX_AMOUNT",
    "memo": "ENTRYDESCRIPTION",
    "locationid": "LOCATIONID",
    "departmentid": "DEPARTMENTID",
    "customfields": "",
    "revrectemplate": "REVRECTEMPLATE",
    "revrecstartdate": "REVRECSTARTDATE",
    "revrecenddate": "REVRECENDDATE",
    "projectid": "PROJECTID",
    "customerid": "CUSTOMERID",
    "vendorid": "VENDORID",
    "employeeid": "EMPLOYEEID",
    "itemid": "ITEMID",
    "classid": "CLASSID",
    "contractid": "CONTRACTID",
    "warehouseid": "WAREHOUSEID",
}
SOLUTION = "TAXSOLUTIONID"
_DETAIL, _TAX = "TAXENTRIES.DETAILID", "TAXENTRIES.TRX_TAX"
_DATES = {"datecreated", "dateposted", "datedue", "exchratedate", "revrecstartdate", "revrecenddate"}
_CONTACTS = {"billto", "shipto", "payto", "returnto"}


def create_invoice(payload: dict[str, Any]) -> str:
    """The function text of one invoice, from its fields and lines under the names they are read by."""
    function = element("create_invoice")
    fields = payload["fields"]
    for tag, name in _HEAD.items():
        add(function, tag, fields.get(name))
    currency(function, fields)
    # Before the custom fields, as clients in production have it; the documented table has it after them.
    add(function, "taxsolutionid", fields.get(SOLUTION))
    _custom_fields(function, fields, known={*_HEAD.values(), *CURRENCY, SOLUTION})
    items = child(function, "invoiceitems")
    for line in payload["lines"]:
        line_item(child(items, "lineitem"), line)
    return fragment(function)


def currency(function: Element, fields: dict[str, str | None]) -> None:
    """The currency, with an explicit rate, or a rate type and its day; an empty type is Intacct's daily rate."""
    code, rate = fields.get("CURRENCY"), fields.get("EXCHANGE_RATE")
    if code is None:
        return
    add(function, "basecurr", fields.get("BASECURR"))
    add(function, "currency", code)
    if rate is not None:
        add(function, "exchrate", rate)
        return
    add(function, "exchratedate", fields.get("EXCH_RATE_DATE"))
    child(function, "exchratetype", fields.get("EXCH_RATE_TYPE_ID"))


# update_invoice has names of its own for the two contacts, and their places.
_UPDATED = {
    **{tag: name for tag, name in _HEAD.items() if tag not in ("billto", "shipto")},
    "payto": "BILLTOPAYTOCONTACTNAME",
    "returnto": "SHIPTORETURNTOCONTACTNAME",
    "currency": "CURRENCY",
    "taxsolutionid": SOLUTION,
}


def update_invoice(record_number: str, payload: dict[str, Any]) -> str:
    """The function text of one change of an invoice: fields of its head, and its lines by their numbers from 1.

    A line is sent with all that is kept in step of it; a field that is not sent stays as it is.
    """
    function = element("update_invoice")
    function.set("key", record_number)
    fields = payload["fields"]
    for tag, name in _UPDATED.items():
        add(function, tag, fields.get(name))
    _custom_fields(function, fields, known={*_UPDATED.values(), *CURRENCY})
    if payload["lines"]:
        items = child(function, "updateinvoiceitems")
        for line in payload["lines"]:
            item = child(items, "updatelineitem")
            item.set("line_num", line["LINE_NO"])
            line_item(item, {name: value for name, value in line.items() if name != "LINE_NO"})
    return fragment(function)


def line_item(item: Element, line: dict[str, str | None]) -> None:
    """Fills one line of an invoice or adjustment; both have the same elements in the same order."""
    for tag, name in _LINE.items():
        if tag == "customfields":
            _custom_fields(item, line, known={*_LINE.values(), _DETAIL, _TAX})
        else:
            add(item, tag, line.get(name))
    _tax(item, line)


def _tax(item: Element, line: dict[str, str | None]) -> None:
    """The tax entry, last. Without an amount of its own Intacct computes the tax; it comes on top of the line's."""
    if line.get(_DETAIL) is None:
        return
    entry = child(child(item, "taxentries"), "taxentry")
    add(entry, "detailid", line[_DETAIL])
    add(entry, "trx_tax", line.get(_TAX))


def add(parent: Element, tag: str, value: str | None) -> None:
    """An element with its value; dates in parts, contacts by name, nothing for nothing."""
    if value is None:
        return
    if tag in _DATES:
        _date(child(parent, tag), date.fromisoformat(value))
    elif tag in _CONTACTS:
        child(child(parent, tag), "contactname", value)
    else:
        child(parent, tag, value)


def _date(parent: Element, day: date) -> None:
    child(parent, "year", f"{day.year:04d}")
    child(parent, "month", f"{day.month:02d}")
    child(parent, "day", f"{day.day:02d}")


def _custom_fields(parent: Element, fields: dict[str, str | None], known: set[str]) -> None:
    own = {name: value for name, value in fields.items() if name not in known and value is not None}
    if not own:
        return
    block = child(parent, "customfields")
    for name, value in own.items():
        custom = child(block, "customfield")
        child(custom, "customfieldname", name)
        child(custom, "customfieldvalue", value)

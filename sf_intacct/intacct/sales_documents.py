"""create_sotransaction: the legacy function that makes Order Entry documents, and what its answer is worth.

Elements and order after the gateway's schema v2.1 with the additions of the current documentation. Fields
we do not know here are the company's own, and travel as custom fields.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sf_intacct.intacct.xml import Element, child, element, fragment, parse
from sf_intacct.model.intent import Intent

Fields = dict[str, str | None]

# Element of create_sotransaction -> field under which the document is read, in the order the schema wants.
# The currency stands between the two groups.
_HEAD = {
    "transactiontype": "DOCPARID",
    "datecreated": "WHENCREATED",
    "dateposted": "WHENPOSTED",
    "createdfrom": "CREATEDFROM",
    "customerid": "CUSTVENDID",
    "documentno": "DOCNO",
    "referenceno": "PONUMBER",
    "termname": "TERM.NAME",
    "datedue": "WHENDUE",
    "message": "MESSAGE",
    "shipto": "SHIPTO.CONTACTNAME",
    "billto": "BILLTO.CONTACTNAME",
}
_HEAD_AFTER = {
    "customfields": "",
    "state": "STATE",
    "projectid": "PROJECT",
    "customerponumber": "CUSTOMERPONUMBER",
}
_LINE = {
    "bundlenumber": "BUNDLENUMBER",
    "itemid": "ITEMID",
    "itemdesc": "ITEMDESC",
    "quantity": "QUANTITY",
    "unit": "UNIT",
    "discountpercent": "DISCOUNTPERCENT",
    "price": "TRX_PRICE",
    "discsurchargememo": "DISCOUNT_MEMO",
    "locationid": "LOCATIONID",
    "departmentid": "DEPARTMENTID",
    "memo": "MEMO",
    "customfields": "",
    "revrectemplate": "REVRECTEMPLATE",
    "revrecstartdate": "REVRECSTARTDATE",
    "revrecenddate": "REVRECENDDATE",
    "projectid": "PROJECTID",
    "customerid": "CUSTOMERID",
    "classid": "CLASSID",
}
_DATES = {"datecreated", "dateposted", "datedue", "exchratedate", "revrecstartdate", "revrecenddate"}
_CONTACTS = {"billto", "shipto"}
_CURRENCY = {"BASECURR", "CURRENCY", "EXCHRATEDATE", "EXCHRATETYPES.NAME", "EXCHRATE"}
# What the books work out themselves: read back and compared, never sent.
_WORKED_OUT = {"TRX_VALUE", "TRX_SUBTOTAL", "TRX_TOTAL", "DOCID"}


def create_sotransaction(payload: dict[str, Any]) -> str:
    """The function text of one document, from its fields and lines under the names they are read by."""
    function, fields = element("create_sotransaction"), payload["fields"]
    known = {*_HEAD.values(), *_HEAD_AFTER.values(), *_CURRENCY}
    _filled(function, fields, _HEAD, known)
    _currency(function, fields)
    _filled(function, fields, _HEAD_AFTER, known)
    items = child(function, "sotransitems")
    for line in payload["lines"]:
        _filled(child(items, "sotransitem"), line, _LINE, set(_LINE.values()))
    return fragment(function)


def by_definition(intents: Sequence[Intent]) -> Iterator[tuple[str, list[Intent]]]:
    """Writes of documents by the transaction definition that their frozen requests name."""

    def definition(intent: Intent) -> str:
        return parse(intent.request.encode()).findtext("transactiontype") or ""

    for name, group in groupby(sorted(intents, key=definition), key=definition):
        yield name, list(group)


def _filled(parent: Element, fields: Fields, names: dict[str, str], known: set[str]) -> None:
    for tag, name in names.items():
        if tag == "customfields":
            _custom_fields(parent, fields, known)
        else:
            _add(parent, tag, fields.get(name))


def _currency(function: Element, fields: Fields) -> None:
    """The schema wants a rate, or the type of one, with a currency; an empty type is Intacct's daily rate."""
    if fields.get("CURRENCY") is None:
        return
    _add(function, "basecurr", fields.get("BASECURR"))
    _add(function, "currency", fields["CURRENCY"])
    if fields.get("EXCHRATE") is not None:
        _add(function, "exchrate", fields["EXCHRATE"])
        return
    _add(function, "exchratedate", fields.get("EXCHRATEDATE"))
    child(function, "exchratetype", fields.get("EXCHRATETYPES.NAME"))


def _add(parent: Element, tag: str, value: str | None) -> None:
    if value is None:
        return
    if tag in _DATES:
        day, inside = date.fromisoformat(value), child(parent, tag)
        for part, text in (("year", f"{day.year:04d}"), ("month", f"{day.month:02d}"), ("day", f"{day.day:02d}")):
            child(inside, part, text)
    elif tag in _CONTACTS:
        child(child(parent, tag), "contactname", value)
    else:
        child(parent, tag, value)


def _custom_fields(parent: Element, fields: Fields, known: set[str]) -> None:
    own = {n: value for n, value in fields.items() if n not in known | _WORKED_OUT and value is not None}
    if not own:
        return
    block = child(parent, "customfields")
    for name, value in own.items():
        custom = child(block, "customfield")
        child(custom, "customfieldname", name)
        child(custom, "customfieldvalue", value)

"""`get_list`: the oldest reader, for the objects that integrations still list by it."""

from collections.abc import Iterator

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.reading.filters import (
    EVERYTHING,
    AllOf,
    AnyOf,
    BadFilter,
    Comparison,
    Tree,
)
from sf_intacct.sandbox.intacct.reading.paths import UnknownField
from sf_intacct.sandbox.intacct.reading.reader import Order
from sf_intacct.sandbox.intacct.values import writer
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

ITEMS, ITEMS_MAX = 100, 1000
OPERATORS = {
    "=": "equalto",
    "!=": "notequalto",
    "<": "lessthan",
    "<=": "lessthanorequalto",
    ">": "greaterthan",
    ">=": "greaterthanorequalto",
    "like": "like",
    "is null": "isnull",
}
# Legacy object -> its name today, and legacy field -> field id.
OBJECTS = {
    "customer": ("CUSTOMER", "customerid=CUSTOMERID name=NAME parentid=PARENTID termname=TERMNAME"
                 " taxid=TAXID creditlimit=CREDITLIMIT onhold=ONHOLD status=STATUS totaldue=TOTALDUE"
                 " whenmodified=WHENMODIFIED"),
    "invoice": ("ARINVOICE", "key=RECORDNO customerid=CUSTOMERID datecreated=WHENCREATED"
                " dateposted=WHENPOSTED datedue=WHENDUE datepaid=WHENPAID termname=TERMNAME invoiceno=RECORDID"
                " ponumber=DOCNUMBER totalamount=TOTALENTERED totalpaid=TOTALPAID totaldue=TOTALDUE"
                " description=DESCRIPTION trx_totalamount=TRX_TOTALENTERED trx_totalpaid=TRX_TOTALPAID"
                " trx_totaldue=TRX_TOTALDUE basecurr=BASECURR currency=CURRENCY whenmodified=WHENMODIFIED"
                " state=STATE"),
    "contact": ("CONTACT", "contactname=CONTACTNAME printas=PRINTAS companyname=COMPANYNAME"
                " firstname=FIRSTNAME lastname=LASTNAME phone1=PHONE1 email1=EMAIL1 status=STATUS"),
    "class": ("CLASS", "key=RECORDNO classid=CLASSID name=NAME description=DESCRIPTION status=STATUS"),
    "department": ("DEPARTMENT", "departmentid=DEPARTMENTID title=TITLE parentid=PARENTID status=STATUS"),
    "location": ("LOCATION", "locationid=LOCATIONID name=NAME parentid=PARENTID status=STATUS"),
    "arterm": ("ARTERM", "name=NAME description=DESCRIPTION status=STATUS"),
    "glaccount": ("GLACCOUNT", "glaccountno=ACCOUNTNO title=TITLE normalbalance=NORMALBALANCE"
                  " status=STATUS"),
}  # fmt: skip


def get_list(desk: Desk, element: etree._Element) -> Outcome:
    """Records in lower case with dates in parts; start counts from 0."""
    listed = element.get("object", "")
    if listed not in OBJECTS:
        raise Rejection([problems.not_imitated(f"get_list of {listed}")])
    object_name, pairs = OBJECTS[listed]
    names = dict(pair.split("=") for pair in pairs.split())
    reader = desk.reader(allowed(desk, "LIST", object_name), show_private=element.get("showprivate") == "true")
    start, size = _number(element, "start", 0), min(_number(element, "maxitems", ITEMS), ITEMS_MAX)
    try:
        tree = _filter(element.find("filter"), names)
        order = list(_order(element, names)) or [Order("RECORDNO")]
        total = reader.count(tree)
        keys = reader.keys(tree, order, limit=size, skip=start)
    except (UnknownField, BadFilter, KeyError) as error:
        raise Rejection([problems.processing_error()]) from error
    wanted = [one.text or "" for one in element.iterfind("fields/field")] or list(names)
    rows = reader.rows([names[one] for one in wanted if one in names], keys)
    writers = [writer(one, reader.view.reading.zone) for one in rows.fields]
    tags = [one for one in wanted if one in names]
    records = [
        desk.markup.node(listed, [_element(desk, *one) for one in zip(tags, rows.fields, writers, line, strict=True)])
        for line in rows.values
    ]
    span = {"start": start, "end": max(start, start + len(records) - 1), "total": total}
    return Outcome(payload=[desk.markup.text("listtype", listed, **span), desk.markup.node("data", records)])


def _element(desk: Desk, tag: str, field: object, write: object, value: object) -> str:
    if value is None:
        return desk.markup.text(tag)
    if getattr(field, "type", "") == "DATE":
        year, month, day = str(value).split("-")
        return desk.markup.node(tag, desk.markup.texts({"year": year, "month": month, "day": day}))
    return desk.markup.text(tag, write(value) if callable(write) else value)


def _number(element: etree._Element, name: str, default: int) -> int:
    text = element.get(name, "")
    return int(text) if text.isdecimal() else default


def _filter(element: etree._Element | None, names: dict[str, str]) -> Tree:
    return EVERYTHING if element is None else _condition(element[0], names)


def _condition(element: etree._Element, names: dict[str, str]) -> Tree:
    if element.tag == "logical":
        parts = tuple(_condition(one, names) for one in element)
        return AllOf(parts) if element.get("logical_operator") == "and" else AnyOf(parts)
    operator = OPERATORS[(element.findtext("operator") or "").strip().lower()]
    field = names[(element.findtext("field") or "").strip()]
    values = () if operator == "isnull" else ((element.findtext("value") or "").strip(),)
    return Comparison(operator, field, values)


def _order(element: etree._Element, names: dict[str, str]) -> Iterator[Order]:
    for one in element.iterfind("sorts/sortfield"):
        yield Order(names[(one.text or "").strip()], one.get("order") == "desc")

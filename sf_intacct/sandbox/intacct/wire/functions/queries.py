"""`query`: a select, a filter tree, an order and a page."""

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
    Reading,
    Tree,
)
from sf_intacct.sandbox.intacct.reading.paths import UnknownField
from sf_intacct.sandbox.intacct.reading.reader import Choice, Order, Reader, Rows
from sf_intacct.sandbox.intacct.values import writer
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.documents import document
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.markup import Template
from sf_intacct.sandbox.intacct.wire.response import Outcome

PAGE_SIZE, PAGE_SIZE_MAX = 100, 2000
# Objects whose custom fields belong to a transaction definition.
BY_DEFINITION = ("SODOCUMENT", "SODOCUMENTENTRY")


def query(desk: Desk, element: etree._Element) -> Outcome:
    """Answers upper-case records with totals; JSON and CSV come bare, without envelope and totals."""
    name = allowed(desk, "QUERY", (element.findtext("object") or "").strip())
    reader = desk.reader(
        name,
        show_private=_option(element, "showprivate"),
        reading=Reading(case_insensitive=_option(element, "caseinsensitive")),
    )
    try:
        total, offset, rows = _page(desk, reader, element)
    except (UnknownField, BadFilter) as error:
        raise Rejection([problems.processing_error()]) from error
    _hide_custom_fields(desk, name, element, rows)
    form = (element.findtext("options/returnformat") or "xml").strip().lower()
    writers = [writer(one, reader.view.reading.zone) for one in rows.fields]
    if form != "xml":
        return Outcome(document=document(form, rows, writers))
    template = Template(desk.markup, name, rows.tags, writers)
    data = desk.markup.node(
        "data",
        map(template.record, rows.values),
        listtype=name,
        totalcount=total,
        offset=offset,
        count=len(rows.values),
        numremaining=max(0, total - offset - len(rows.values)),
    )
    return Outcome(payload=[data])


def _hide_custom_fields(desk: Desk, name: str, element: etree._Element, rows: Rows) -> None:
    """Custom fields of sales transactions are shown to those who name a transaction definition."""
    named = (element.findtext("docparid") or "").strip()
    if name not in BY_DEFINITION or named or not desk.company.settings.custom_fields_need_docparid:
        return
    custom = {at for at, one in enumerate(rows.fields) if one.custom}
    rows.values = [tuple(None if at in custom else one for at, one in enumerate(row)) for row in rows.values]


def _page(desk: Desk, reader: Reader, element: etree._Element) -> tuple[int, int, Rows]:
    """How many match, where the page starts, and its rows."""
    tree, order = _filter(element.find("filter")), list(_order(element))
    choices = [_choice(one) for one in element.iterfind("select/*")]
    size = _count(element, "pagesize", PAGE_SIZE, 1, PAGE_SIZE_MAX)
    offset = _count(element, "offset", 0, 0, 2**53)
    if any(choice.aggregate for choice in choices):
        rows = reader.aggregates(choices, tree, order)
        total = len(rows.values)
        rows.values = rows.values[offset : offset + size]
        return total, offset, rows
    total = reader.count(tree)
    keys = reader.keys(tree, order, limit=size, skip=offset, salt=desk.salt())
    return total, offset, reader.rows([choice.tag for choice in choices], keys)


def _choice(element: etree._Element) -> Choice:
    name = (element.text or "").strip().upper()
    return Choice(name) if element.tag == "field" else Choice(name, str(element.tag))


def _order(element: etree._Element) -> Iterator[Order]:
    for one in element.iterfind("orderby/order"):
        yield Order((one.findtext("field") or "").strip().upper(), one.find("descending") is not None)


def _filter(element: etree._Element | None) -> Tree:
    return EVERYTHING if element is None else _operator(element[0])


def _operator(element: etree._Element) -> Tree:
    if element.tag in ("and", "or"):
        parts = tuple(_operator(child) for child in element)
        return AllOf(parts) if element.tag == "and" else AnyOf(parts)
    values = tuple((one.text or "").strip() for one in element.iterfind("value"))
    return Comparison(str(element.tag), (element.findtext("field") or "").strip().upper(), values)


def _option(element: etree._Element, name: str) -> bool:
    return (element.findtext(f"options/{name}") or "").strip().lower() == "true"


def _count(element: etree._Element, name: str, default: int, least: int, most: int) -> int:
    text = (element.findtext(name) or "").strip()
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadFilter(f"{name} {text}")
    return int(text)

"""The older readers: `read` and `readByName` by keys, `readByQuery` and `readMore` by pages of one result."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.reading import query_text
from sf_intacct.sandbox.intacct.reading.filters import AllOf, AnyOf, BadFilter, Comparison, Not, Reading, Tree
from sf_intacct.sandbox.intacct.reading.paths import UnknownField
from sf_intacct.sandbox.intacct.reading.reader import Reader
from sf_intacct.sandbox.intacct.schema import Definition
from sf_intacct.sandbox.intacct.values import writer
from sf_intacct.sandbox.intacct.wire.desk import Desk, ResultSet
from sf_intacct.sandbox.intacct.wire.functions.documents import document
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.markup import Template
from sf_intacct.sandbox.intacct.wire.response import Outcome
from sf_intacct.sandbox.intacct.wire.sessions import ALPHABET

KEYS_MAX = 100
PAGE_SIZE, PAGE_SIZE_MAX = 100, 1000
RESULT_ID_LENGTH = 26


def read(desk: Desk, element: etree._Element) -> Outcome:
    """Records by record number, with their lines and nested contacts. A key that is gone is left out."""
    name, asked = _asked(desk, element)
    keys = [int(one) for one in _keys(element) if one.isdecimal()]
    return _records(desk, element, name, asked, keys, "read")


def read_by_name(desk: Desk, element: etree._Element) -> Outcome:
    """As `read`, by natural id: CUSTOMERID, CONTACTNAME, ITEMID, the number of an invoice."""
    name, asked = _asked(desk, element)
    store = desk.company.store
    found = store.where(name, store.schema[name].id_field, _keys(element))
    return _records(desk, element, name, asked, [row["RECORDNO"] for row in found], "readByName")


def read_by_query(desk: Desk, element: etree._Element) -> Outcome:
    """Records that match a text in the little query language, in no order; codes in filters, labels in answers."""
    name, _ = _asked(desk, element)
    reader = desk.reader(name, reading=Reading(codes=True))
    tags = _tags(reader.definition, element)
    try:
        tree = query_text.parse(element.findtext("query") or "")
        _check_names(reader.definition, tree)
        keys = reader.keys(tree, salt=desk.salt())
    except (UnknownField, BadFilter) as error:
        raise Rejection([problems.processing_error()]) from error
    text = (element.findtext("pagesize") or "").strip()
    size = min(int(text), PAGE_SIZE_MAX) if text.isdecimal() and int(text) else PAGE_SIZE
    results = ResultSet(name, tags, keys, size)
    result_id = ""
    if len(keys) > size:
        result_id = "7765623331" + "".join(desk.company.world.chance.choices(ALPHABET, k=RESULT_ID_LENGTH))
        desk.result_sets[result_id] = results
    return _page(desk, element, results, result_id)


def read_more(desk: Desk, element: etree._Element) -> Outcome:
    """The next page of a `readByQuery`. Raises Rejection for an id that is unknown or used up."""
    result_id = (element.findtext("resultId") or "").strip()
    results = desk.result_sets.get(result_id)
    if results is None or results.at >= len(results.keys):
        raise Rejection([problems.bad_result_id(result_id)])
    return _page(desk, element, results, result_id)


def _asked(desk: Desk, element: etree._Element) -> tuple[str, str]:
    """The object, and its name as the caller wrote it."""
    asked = (element.findtext("object") or "").strip()
    operation = "READ_BY_QUERY" if element.tag == "readByQuery" else "READ"
    return allowed(desk, operation, asked), asked


def _keys(element: etree._Element) -> list[str]:
    keys = [one.strip() for one in (element.findtext("keys") or "").split(",") if one.strip()]
    if len(keys) > KEYS_MAX:
        raise Rejection([problems.processing_error()])
    return keys


def _tags(definition: Definition, element: etree._Element) -> list[str]:
    """The fields asked for; all of them for `*` or nothing. Raises Rejection for unknown ones."""
    text = (element.findtext("fields") or "*").strip()
    if text in ("", "*"):
        return [one.id for one in definition.visible]
    asked = [one.strip() for one in text.split(",") if one.strip()]
    block = definition.contents.block if definition.contents else ""
    known = {one.id for one in definition.visible} | {block}
    unknown = [one for one in asked if one.upper() not in known]
    if unknown:
        raise Rejection([problems.bad_fields(unknown)])
    return [one.upper() for one in asked]


def _check_names(definition: Definition, tree: Tree) -> None:
    """This language joins nothing: a dotted name in a filter is an error."""
    if isinstance(tree, Comparison):
        if tree.field not in definition.by_id or ("." in tree.field and definition.by_id[tree.field].path):
            raise UnknownField(tree.field)
    elif isinstance(tree, Not):
        _check_names(definition, tree.part)
    elif isinstance(tree, AllOf | AnyOf):
        for part in tree.parts:
            _check_names(definition, part)


def _records(desk: Desk, element: etree._Element, name: str, asked: str, keys: Sequence[int], function: str) -> Outcome:
    reader = desk.reader(name, show_private=True)
    tags = _tags(reader.definition, element)
    contents = reader.definition.contents
    with_lines = contents is not None and (
        contents.block in tags or (element.findtext("fields") or "*").strip() in ("", "*")
    )
    tags = [one for one in tags if contents is None or one != contents.block]
    rows = reader.rows(tags, keys)
    writers = [writer(one, reader.view.reading.zone) for one in rows.fields]
    form = (element.findtext("returnFormat") or "xml").strip().lower()
    if form != "xml":
        return Outcome(document=document(form, rows, writers))
    lines = _lines(desk, reader, rows.keys) if with_lines else {}
    template = Template(desk.markup, asked, tags, writers, function in reader.definition.nested)
    found = [template.record(values, lines.get(key, ())) for key, values in zip(rows.keys, rows.values, strict=True)]
    return Outcome(payload=[desk.markup.node("data", found, listtype=asked, count=len(found))])


def _lines(desk: Desk, reader: Reader, keys: Sequence[int]) -> dict[int, list[str]]:
    """The child block of each record, its lines in order and in lower case."""
    contents = reader.definition.contents
    assert contents is not None
    below = desk.company.store.where(contents.object, contents.by, keys)
    below.sort(key=lambda row: (row[contents.by], row[contents.order]))
    child = desk.reader(contents.object, show_private=True)
    tags = [one.id for one in child.definition.visible]
    rows = child.rows(tags, [row["RECORDNO"] for row in below])
    writers = [writer(one, child.view.reading.zone) for one in rows.fields]
    template = Template(desk.markup, contents.object.lower(), tags, writers)
    grouped: dict[int, list[str]] = {key: [] for key in keys}
    for row, values in zip(below, rows.values, strict=True):
        grouped[row[contents.by]].append(template.record(values))
    return {key: [desk.markup.node(contents.block, records)] for key, records in grouped.items()}


def _page(desk: Desk, element: etree._Element, results: ResultSet, result_id: str) -> Outcome:
    """The next page of a result set, in lower case."""
    reader = desk.reader(results.object, show_private=True)
    keys = results.keys[results.at : results.at + results.page_size]
    results.at += len(keys)
    block = reader.definition.contents.block if reader.definition.contents else ""
    rows = reader.rows([one for one in results.tags if one != block], keys)
    writers = [writer(one, reader.view.reading.zone) for one in rows.fields]
    form = (element.findtext("returnFormat") or "xml").strip().lower()
    if form != "xml":
        return Outcome(document=document(form, rows, writers))
    tag, nested = results.object.lower(), "readByQuery" in reader.definition.nested
    template = Template(desk.markup, tag, rows.tags, writers, nested)
    attributes: dict[str, Any] = {
        "listtype": tag,
        "count": len(rows.values),
        "totalcount": len(results.keys),
        "numremaining": len(results.keys) - results.at,
        "resultId": result_id,
    }
    return Outcome(payload=[desk.markup.node("data", map(template.record, rows.values), **attributes)])

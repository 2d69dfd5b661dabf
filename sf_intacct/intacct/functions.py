"""The gateway's functions as text: reads, and the writes of the objects we keep in step. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sf_intacct.intacct.adjustment import create_adjustment
from sf_intacct.intacct.invoice import create_invoice, update_invoice
from sf_intacct.intacct.sales_documents import create_sotransaction
from sf_intacct.intacct.xml import Element, child, element, fragment, parse

QUERY_PAGE_MAX = 2000
VALUES_MAX = 1000  # of one `in` operator
# Documents made by a function of their own, which spells its dates itself.
LEGACY: dict[str, Callable[[dict[str, Any]], str]] = {
    "ARINVOICE": create_invoice,
    "ARADJUSTMENT": create_adjustment,
    "SODOCUMENT": create_sotransaction,
}


def get_session() -> str:
    return fragment(element("getAPISession"))


def read_user_formatting(user_id: str) -> str:
    """Asks how this user's dates and times are spelt: the wire follows the user's preferences."""
    function = element("readUserFormatting")
    child(function, "userId", user_id)
    return fragment(function)


def query(
    name: str,
    fields: Sequence[str],
    where: Element | None,
    order_by: str,
    page_size: int = QUERY_PAGE_MAX,
    definition: str = "",
) -> str:
    """One page of an object, always ordered: without an order pages overlap and leave gaps."""
    function = element("query")
    child(function, "object", name)
    if definition:
        child(function, "docparid", definition)
    select = child(function, "select")
    for field in fields:
        child(select, "field", field)
    if where is not None:
        child(function, "filter").append(where)
    order = child(child(function, "orderby"), "order")
    child(order, "field", order_by)
    child(order, "ascending")
    options = child(function, "options")
    child(options, "showprivate", "true")
    child(function, "pagesize", str(page_size))
    return fragment(function)


def peek(name: str, record_id: str, stamp: str, where: Element | None) -> str:
    """How many records there are, and the newest stamp: whether anything moved, for the price of one row."""
    function = element("query")
    child(function, "object", name)
    select = child(function, "select")
    child(select, "count", record_id)
    child(select, "max", stamp)
    if where is not None:
        child(function, "filter").append(where)
    # Without it the top level does not see what belongs to an entity.
    child(child(function, "options"), "showprivate", "true")
    return fragment(function)


def condition(operator: str, field: str, *values: str) -> Element:
    """One operator of a filter, such as greaterthanorequalto or in."""
    made = element(operator)
    child(made, "field", field)
    for value in values:
        child(made, "value", value)
    return made


def every(conditions: Iterable[Element]) -> Element | None:
    """All of them; the gateway wants at least two below an `and`."""
    return _joined("and", list(conditions))


def some(conditions: Iterable[Element]) -> Element | None:
    """Any of them."""
    return _joined("or", list(conditions))


def _joined(operator: str, conditions: list[Element]) -> Element | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    joined = element(operator)
    joined.extend(conditions)
    return joined


def create(name: str, payload: dict[str, Any]) -> str:
    """The create of one record. Documents have functions of their own and no generic create."""
    if name in LEGACY:
        return LEGACY[name](payload)
    function = element("create")
    _fill(child(function, name), payload["fields"], keep_empty=False)
    return fragment(function)


def update(name: str, record_number: str, payload: dict[str, Any]) -> str:
    """The update of one record by its record number; an empty value clears the field, but not that of an invoice."""
    if name == "ARINVOICE":
        return update_invoice(record_number, payload)
    function = element("update")
    record = child(function, name)
    child(record, "RECORDNO", record_number)
    _fill(record, payload["fields"], keep_empty=True)
    return fragment(function)


def said(request: str) -> dict[str, str | None]:
    """What an update says, field by field, read back from its frozen text."""
    record = parse(request.encode())[0]
    fields: dict[str, str | None] = {}
    for node in record.iter():
        if len(node) == 0 and node is not record:
            path = [
                node.tag,
                *(parent.tag for parent in node.iterancestors() if parent not in (record, record.getparent())),
            ]
            fields[".".join(reversed(path))] = node.text
    return fields


def _fill(record: Element, fields: dict[str, str | None], *, keep_empty: bool) -> None:
    """Fields as elements; a dot in a name is a block within a block."""
    blocks: dict[tuple[str, ...], Element] = {(): record}
    for name, value in fields.items():
        if value is None and not keep_empty:
            continue
        *path, leaf = name.split(".")
        for depth in range(len(path)):
            here = tuple(path[: depth + 1])
            if here not in blocks:
                blocks[here] = child(blocks[here[:-1]], here[-1])
        child(blocks[tuple(path)], leaf, value)

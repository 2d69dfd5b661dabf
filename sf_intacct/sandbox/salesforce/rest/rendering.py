"""Rows as JSON text. A page is written straight from its rows: a tree of values would cost ten times as much."""

import json
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

from sf_intacct.sandbox.salesforce.schema import Kind
from sf_intacct.sandbox.salesforce.soql import Page
from sf_intacct.sandbox.salesforce.soql.plan import AggregatePlan, Children, Compound, Leaf, Shape, Total
from sf_intacct.sandbox.salesforce.values import decimal_of, json_writer, number_text

Row = tuple[Any, ...]
AVERAGE_DIGITS = 17  # as many as a double shows


class Raw(str):
    """JSON text that is written as it stands."""

    __slots__ = ()


def to_json(value: Any) -> str:
    """A value as JSON text; decimals become numbers without passing through a float."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{to_json(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_json, value)) + "]"
    if isinstance(value, Decimal):
        return number_text(value)
    return json.dumps(value, ensure_ascii=False)


def record_address(base: str, object_name: str, record_id: str) -> str:
    return f"{base}/sobjects/{object_name}/{record_id}"


class PageWriter:
    """Writes pages for one API version; `base` is the path that addresses start with."""

    def __init__(self, base: str) -> None:
        self.base = base

    def page(self, page: Page) -> str:
        write = self._record_writer(page.plan.shape, page.children)
        records = ",".join(map(write, page.rows))
        more = f',"nextRecordsUrl":"{self.base}/query/{page.locator}"' if page.locator else ""
        done = "false" if page.locator else "true"
        return f'{{"totalSize":{page.total},"done":{done}{more},"records":[{records}]}}'

    def record(self, shape: Shape, row: Row) -> str:
        return self._record_writer(shape, [])(row)

    def _record_writer(self, shape: Shape, children: list[dict[str, Page]]) -> Callable[[Row], str]:
        name, id_index = shape.kind.name, shape.id_index
        head = f'{{"attributes":{{"type":"{name}","url":"{self.base}/sobjects/{name}/'
        items = [self._item_writer(item, children) for item in shape.items]

        def write(row: Row) -> str:
            entries = "".join([item(row) for item in items])
            return f'{head}{row[id_index]}"}}{entries}}}'

        return write

    def _item_writer(
        self, item: Leaf | Compound | Children | Shape, children: list[dict[str, Page]]
    ) -> Callable[[Row], str]:
        if isinstance(item, Leaf):
            return _leaf_writer(item)
        if isinstance(item, Compound):
            return _compound_writer(item)
        if isinstance(item, Children):
            return self._children_writer(item, children)
        return self._parent_writer(item)

    def _parent_writer(self, shape: Shape) -> Callable[[Row], str]:
        key, id_index = f',"{shape.key}":', shape.id_index
        write = self._record_writer(shape, [])
        return lambda row: key + ("null" if row[id_index] is None else write(row))

    def _children_writer(self, item: Children, children: list[dict[str, Page]]) -> Callable[[Row], str]:
        key, pages = f',"{item.key}":', children[item.position]
        return lambda row: key + (self.page(pages[row[0]]) if row[0] in pages else "null")


def _leaf_writer(leaf: Leaf) -> Callable[[Row], str]:
    key, index, write = f',"{leaf.key}":', leaf.index, json_writer(leaf.field)
    return lambda row: key + write(row[index])


def _compound_writer(compound: Compound) -> Callable[[Row], str]:
    writers = [_leaf_writer(part) for part in compound.parts]
    indexes = [part.index for part in compound.parts]
    key = f',"{compound.key}":'

    def write(row: Row) -> str:
        if all(row[index] is None for index in indexes):
            return f"{key}null"
        return f"{key}{{{''.join([part(row) for part in writers])[1:]}}}"

    return write


def aggregate_page(plan: AggregatePlan, rows: list[Row]) -> str:
    """The groups of an aggregate query, which is never paged."""
    head = '{"attributes":{"type":"AggregateResult"}'
    writers = [_leaf_writer(item) if isinstance(item, Leaf) else _total_writer(item) for item in plan.items]
    records = ",".join(head + "".join([write(row) for write in writers]) + "}" for row in rows)
    return f'{{"totalSize":{len(rows)},"done":true,"records":[{records}]}}'


def count_page(total: int) -> str:
    return f'{{"totalSize":{total},"done":true,"records":[]}}'


def _total_writer(total: Total) -> Callable[[Row], str]:
    key = f',"{total.key}":'
    if total.function != "AVG":
        index, write = total.indexes[0], json_writer(total.field)
        return lambda row: key + write(row[index])

    def average(row: Row) -> str:
        amount, count = (row[index] for index in total.indexes)
        if not count:
            return f"{key}null"
        exact = decimal_of(total.field, amount) if total.field.kind is Kind.DECIMAL else Decimal(amount)
        with localcontext(prec=AVERAGE_DIGITS):
            return key + number_text(exact / count)

    return average

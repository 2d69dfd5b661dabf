"""Queries carried out: the first page and, through a locator, the pages after it.

A cursor keeps the rowids of its result as they were when the query ran; values are read when a page
is fetched. So a row deleted meanwhile still comes, as it is now.
"""

import json
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.ids import mint
from sf_intacct.sandbox.salesforce.soql.plan import ChildPlan, RecordPlan
from sf_intacct.sandbox.salesforce.store import table
from sf_intacct.sandbox.world import World

PAGE_MIN, PAGE_MAX = 200, 2000
LIFETIME = timedelta(days=2)
CURSORS_MAX = 200  # current releases document no cap; this one only bounds memory, oldest go first
PARENTS_AT_ONCE = 100

Row = tuple[Any, ...]


@dataclass
class Page:
    """Some records of a result. `children` holds, per sub-select, the page under each parent's id."""

    plan: RecordPlan
    total: int
    rows: list[Row]
    locator: str | None = None
    children: list[dict[str, "Page"]] = field(default_factory=list)


@dataclass
class Cursor:
    """An open result: what to read, in which order, and for whom."""

    plan: RecordPlan
    rowids: Sequence[int]
    user_id: str
    opened: datetime
    page_size: int


class Cursors:
    """Opens results and pages through them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._open: OrderedDict[str, Cursor] = OrderedDict()

    def forget_all(self) -> None:
        self._open.clear()

    def open(self, plan: RecordPlan, user_id: str, page_size: int) -> Page:
        """Runs a query and returns its first page."""
        rowids = array("q", [row[0] for row in self._rows(plan.keys, plan.parameters)])
        cursor = Cursor(plan, rowids, user_id, self.world.clock.now(), page_size)
        return self._page(cursor, 0, None)

    def more(self, locator: str, user_id: str) -> Page:
        """The page that a locator names; raises SalesforceError if it is unknown, expired or another's."""
        name, _, start = locator.rpartition("-")
        cursor = self._open.get(name)
        expired = cursor is not None and self.world.clock.now() - cursor.opened > LIFETIME
        if cursor is None or expired or cursor.user_id != user_id or not start.isdigit():
            raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(cursor, int(start), name)

    def every_row(self, plan: RecordPlan) -> list[Row]:
        """The whole result at once."""
        return self._read(plan, [row[0] for row in self._rows(plan.keys, plan.parameters)])

    def by_id(self, plan: RecordPlan, ids: list[str]) -> list[Row | None]:
        """The rows of some live records in the order of `ids`, None where there is no such record."""
        kind = plan.shape.kind
        statement = (
            f'select "Id", rowid from {table(kind)} where "Id" in (select value from json_each(?)) and "IsDeleted" = 0'
        )
        rowids: dict[str, int] = dict(self._rows(statement, (json.dumps(ids),)))
        found = dict(zip(rowids, self._read(plan, list(rowids.values())), strict=True))
        return [found.get(each) for each in ids]

    def _page(self, cursor: Cursor, start: int, name: str | None) -> Page:
        plan = cursor.plan
        stop = min(start + cursor.page_size, len(cursor.rowids))
        rows = self._read(plan, cursor.rowids[start:stop])
        children: list[dict[str, Page]] = []
        if plan.children:
            children, fitting = self._children(plan, rows, cursor)
            rows, stop = rows[:fitting], start + fitting
        locator = None
        if stop < len(cursor.rowids):
            locator = f"{name or self._keep(cursor)}-{stop}"
        return Page(plan, len(cursor.rowids), rows, locator, children)

    def _keep(self, cursor: Cursor) -> str:
        name = mint("0r8", self.world.serial("salesforce 0r8"))
        self._open[name] = cursor
        while len(self._open) > CURSORS_MAX:
            self._open.popitem(last=False)
        return name

    def _read(self, plan: RecordPlan, rowids: Sequence[int]) -> list[Row]:
        return self._rows(plan.page, (json.dumps(list(rowids)),)) if rowids else []

    def _rows(self, statement: str, parameters: tuple[object, ...]) -> list[Row]:
        cursor = self.world.books.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, parameters).fetchall()

    def _children(self, plan: RecordPlan, rows: list[Row], cursor: Cursor) -> tuple[list[dict[str, Page]], int]:
        """The children of as many parents as one page has room for: both count towards its size."""
        found: list[dict[str, list[int]]] = [{} for _ in plan.children]
        room, fitting = cursor.page_size, 0
        while fitting < len(rows) and room > 0:
            parents = [row[0] for row in rows[fitting : fitting + PARENTS_AT_ONCE]]
            for position, child in enumerate(plan.children):
                found[position].update(self._child_rowids(child, parents))
            for parent in parents:
                room -= 1 + sum(len(each.get(parent, ())) for each in found)
                if room < 0 and fitting > 0:
                    break
                fitting += 1
        kept = [row[0] for row in rows[:fitting]]
        pages = [
            self._child_pages(
                child, {parent: found[place][parent] for parent in kept if parent in found[place]}, cursor
            )
            for place, child in enumerate(plan.children)
        ]
        return pages, fitting

    def _child_rowids(self, child: ChildPlan, parents: list[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for parent, rowid in self._rows(child.plan.keys, (*child.plan.parameters, json.dumps(parents))):
            found.setdefault(parent, []).append(rowid)
        stop = None if child.limit is None else child.offset + child.limit
        cut = {parent: rowids[child.offset : stop] for parent, rowids in found.items()}
        return {parent: rowids for parent, rowids in cut.items() if rowids}

    def _child_pages(self, child: ChildPlan, rowids: dict[str, list[int]], cursor: Cursor) -> dict[str, Page]:
        shown = {parent: each[: cursor.page_size] for parent, each in rowids.items()}
        rows = iter(self._read(child.plan, [rowid for each in shown.values() for rowid in each]))
        return {
            parent: Page(
                child.plan,
                len(rowids[parent]),
                [next(rows) for _ in each],
                self._rest(child.plan, rowids[parent], len(each), cursor),
            )
            for parent, each in shown.items()
        }

    def _rest(self, plan: RecordPlan, rowids: list[int], shown: int, cursor: Cursor) -> str | None:
        if shown == len(rowids):
            return None
        rest = Cursor(plan, rowids, cursor.user_id, cursor.opened, cursor.page_size)
        return f"{self._keep(rest)}-{shown}"

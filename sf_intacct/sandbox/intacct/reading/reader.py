"""Answers questions about one object: how many, which, in what order, with which fields."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sf_intacct.sandbox.intacct.books.store import VARIABLES_MAX, Store, live
from sf_intacct.sandbox.intacct.reading.filters import Condition, Reading, Tree, condition, names
from sf_intacct.sandbox.intacct.reading.paths import ROOT, Column, Paths
from sf_intacct.sandbox.intacct.schema import Definition, Field
from sf_intacct.sandbox.intacct.values import stamp

LARGE_PRIME = 2_147_483_647


@dataclass(frozen=True)
class View:
    """Who looks, and what that one sees.

    entity is empty at the top level, where records owned by an entity show only with show_private. What was
    made less than `lag` ago does not show yet.
    """

    now: datetime
    entity: str = ""
    show_private: bool = False
    lag: timedelta = timedelta(0)
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True)
class Order:
    field: str
    descending: bool = False


@dataclass(frozen=True)
class Choice:
    """One entry of a select: a field, or an aggregate (count, sum, min, max, avg) of one."""

    field: str
    aggregate: str = ""

    @property
    def tag(self) -> str:
        return f"{self.aggregate.upper()}.{self.field}" if self.aggregate else self.field


@dataclass
class Rows:
    """Values as the books keep them, and the field that says how each column reads."""

    tags: list[str]
    fields: list[Field]
    values: list[tuple[Any, ...]]
    keys: list[int] = field(default_factory=list)


class Reader:
    """Reads one object under one view."""

    def __init__(self, store: Store, object_name: str, view: View) -> None:
        self.store, self.view = store, view
        self.definition: Definition = store.schema[object_name]

    def paths(self) -> Paths:
        return Paths(self.store.schema, self.definition, self.view.now.date())

    def count(self, tree: Tree) -> int:
        """How many records match. Raises UnknownField or BadFilter, as do all below."""
        paths = self.paths()
        wanted = self._condition(tree, paths)
        return int(self._execute("count(*)", paths, wanted)[0][0])

    def keys(self, tree: Tree, order: Sequence[Order] = (), limit: int = -1, skip: int = 0, salt: int = 0) -> list[int]:
        """Record numbers of the matches. What the order leaves open comes shuffled by `salt`."""
        paths = self.paths()
        wanted = self._condition(tree, paths)
        sorting = self._sorting(order, paths)
        if names(tree) - {"RECORDNO"}:
            # The plus keeps the order from choosing the index: the filter is what narrows.
            sorting = [f"+{one}" for one in sorting]
        if not any(one.field == "RECORDNO" for one in order):
            sorting.append(f"({ROOT}.RECORDNO * {salt or 1}) % {LARGE_PRIME}")
        ending = f" order by {', '.join(sorting)} limit {limit} offset {skip}"
        found = self._execute(f"{ROOT}.RECORDNO", paths, wanted, ending)
        return [key for (key,) in found]

    def rows(self, tags: Sequence[str], keys: Sequence[int]) -> Rows:
        """The named fields of the records `keys`, in that order; records that are gone are left out."""
        paths = self.paths()
        columns = [paths.column(tag) for tag in tags]
        named = ", ".join([f"{ROOT}.RECORDNO", *(one.sql for one in columns)])
        found: dict[int, tuple[Any, ...]] = {}
        for start in range(0, len(keys), VARIABLES_MAX):
            part = list(keys[start : start + VARIABLES_MAX])
            wanted = Condition(f"{ROOT}.RECORDNO in ({', '.join('?' * len(part))})", list(part))
            lines = self._execute(named, paths, wanted)
            found.update((line[0], line[1:]) for line in lines)
        there = [key for key in keys if key in found]
        return Rows(list(tags), [one.field for one in columns], [found[key] for key in there], there)

    def aggregates(self, choices: Sequence[Choice], tree: Tree, order: Sequence[Order]) -> Rows:
        """One row per group of the plain fields among `choices`."""
        paths = self.paths()
        columns = [paths.column(choice.field) for choice in choices]
        wanted = self._condition(tree, paths)
        plain = [one.sql for one, choice in zip(columns, choices, strict=True) if not choice.aggregate]
        named = ", ".join(_aggregate(choice.aggregate, one) for one, choice in zip(columns, choices, strict=True))
        ending = f" group by {', '.join(plain)}" if plain else ""
        if order or plain:
            ending += f" order by {', '.join(self._sorting(order, paths) or plain)}"
        return _finished(choices, columns, self._execute(named, paths, wanted, ending))

    def _sorting(self, order: Sequence[Order], paths: Paths) -> list[str]:
        return [f"{paths.column(one.field).sql}{' desc' if one.descending else ''}" for one in order]

    def _condition(self, tree: Tree, paths: Paths) -> Condition:
        wanted = condition(tree, paths, self.view.reading)
        limits = [live(self.definition, ROOT), *self._visibility()]
        return Condition(" and ".join([*limits, f"({wanted.sql})"]), wanted.parameters)

    def _visibility(self) -> list[str]:
        limits = []
        if "MEGAENTITYID" in self.definition.by_id and not (self.view.show_private and not self.view.entity):
            own = self.view.entity.replace("'", "''")
            limits.append(f"({ROOT}.MEGAENTITYID is null or {ROOT}.MEGAENTITYID = '{own}')")
        made = self.definition.stamp_of_creation
        if self.view.lag and made:
            limits.append(f"{ROOT}.{made} <= '{stamp(self.view.now - self.view.lag)}'")
        return limits

    def _execute(self, named: str, paths: Paths, wanted: Condition, ending: str = "") -> list[tuple[Any, ...]]:
        """Runs a select. Names in it come from the schema, every value of a caller is a parameter."""
        statement = f"select {named} from {paths.source} where {wanted.sql}{ending}"
        return self.store.execute(statement, wanted.parameters).fetchall()


def _aggregate(function: str, column: Column) -> str:
    if function == "avg":
        # The average is divided in decimals afterwards; SQLite would divide in floats.
        return f"sum({column.sql}) || '/' || count({column.sql})"
    return f"{function}({column.sql})" if function else column.sql


def _finished(choices: Sequence[Choice], columns: Sequence[Column], lines: list[tuple[Any, ...]]) -> Rows:
    fields = [
        replace(one.field, type="INTEGER") if choice.aggregate == "count" else one.field
        for one, choice in zip(columns, choices, strict=True)
    ]
    averages = {at for at, choice in enumerate(choices) if choice.aggregate == "avg"}
    values = [
        tuple(_average(value) if at in averages and value else value for at, value in enumerate(line)) for line in lines
    ]
    return Rows([choice.tag for choice in choices], fields, values)


def _average(text: str) -> int:
    total, count = text.split("/")
    return int((Decimal(total) / Decimal(count)).to_integral_value(ROUND_HALF_UP))

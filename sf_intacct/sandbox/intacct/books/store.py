"""Rows in and out of SQLite, by object name. No stamps, no audit, no rules: those are the clerk's."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sf_intacct.sandbox.intacct.books import tables
from sf_intacct.sandbox.intacct.books.tables import DELETED, PREFIX, table_name
from sf_intacct.sandbox.intacct.schema import Definition, Schema
from sf_intacct.sandbox.intacct.values import Stored
from sf_intacct.sandbox.world import World

Row = dict[str, Any]
VARIABLES_MAX = 900


def fold(text: Any) -> Any:
    """The key of comparisons without regard to case."""
    return text.casefold() if isinstance(text, str) else text


class Store:
    """All tables of one company. Deleted rows stay, marked; no question but `every` sees them."""

    def __init__(self, world: World, schema: Schema) -> None:
        self.world, self.schema = world, schema
        world.books.create_function("intacct_fold", 1, fold, deterministic=True)

    def reset(self) -> None:
        """Drops every table of this system and makes them anew, empty."""
        found = self.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in found:
            if name.startswith(PREFIX):
                self.execute(f'drop table "{name}"')
        for statement in tables.statements(self.schema):
            self.execute(statement)

    def cursor(self) -> sqlite3.Cursor:
        """A cursor whose rows are plain tuples, which is what long pages are made of."""
        cursor = self.world.books.cursor()
        cursor.row_factory = None
        return cursor

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self.cursor().execute(statement, parameters)

    def insert(self, object_name: str, rows: Sequence[Row]) -> list[int]:
        """Writes new rows and returns their record numbers, which are given here where missing.

        All objects of a table share one space of numbers, as invoices and payments do in the real system.
        """
        definition = self.schema[object_name]
        unnumbered = [row for row in rows if row.get("RECORDNO") is None]
        if unnumbered:
            first = self.world.serial(f"intacct {definition.table}", len(unnumbered))
            for number, row in enumerate(unnumbered, first):
                row["RECORDNO"] = number
        columns = list({name: None for row in rows for name in row})
        named, marks = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
        self.cursor().executemany(
            f"insert into {table_name(definition)} ({named}) values ({marks})",
            ([row.get(name) for name in columns] for row in rows),
        )
        return [row["RECORDNO"] for row in rows]

    def update(self, object_name: str, changes: Mapping[int, Row]) -> None:
        """Writes changed columns by record number. Every row must change the same columns."""
        if not changes:
            return
        columns = list(next(iter(changes.values())))
        assignments = ", ".join(f'"{one}" = ?' for one in columns)
        self.cursor().executemany(
            f"update {table_name(self.schema[object_name])} set {assignments} where RECORDNO = ?",
            ([*(row[name] for name in columns), number] for number, row in changes.items()),
        )

    def mark_deleted(self, object_name: str, numbers: Sequence[int], at: str) -> None:
        self.cursor().executemany(
            f"update {table_name(self.schema[object_name])} set {DELETED} = ? where RECORDNO = ?",
            [(at, number) for number in numbers],
        )

    def find(self, object_name: str, column: str, value: Stored) -> Row | None:
        """The one live row with `value` in `column`; the newest of several."""
        rows = self.where(object_name, column, [value])
        return rows[-1] if rows else None

    def where(self, object_name: str, column: str, values: Iterable[Stored]) -> list[Row]:
        """All live rows with one of `values` in `column`, by record number."""
        wanted = list(dict.fromkeys(values))
        found: list[Row] = []
        for start in range(0, len(wanted), VARIABLES_MAX):
            part = wanted[start : start + VARIABLES_MAX]
            condition = f'"{column}" in ({", ".join("?" * len(part))})'
            found += self.select(object_name, condition, part)
        return found

    def select(self, object_name: str, condition: str, parameters: Sequence[Any] = (), limit: int = -1) -> list[Row]:
        """The live rows of an object that satisfy an SQL condition, by record number."""
        definition = self.schema[object_name]
        # The plus keeps the order from choosing the index: the condition is what narrows.
        statement = (
            f"select * from {table_name(definition)} where {live(definition)} and {condition}"
            f" order by +RECORDNO limit {limit}"
        )
        return [dict(row) for row in self.world.books.execute(statement, parameters)]

    def every(self, object_name: str) -> list[Row]:
        """All rows of an object, deleted ones too."""
        definition = self.schema[object_name]
        condition = " and ".join(["true", *_only(definition)])
        statement = f"select * from {table_name(definition)} where {condition} order by RECORDNO"
        return [dict(row) for row in self.world.books.execute(statement)]


def _only(definition: Definition, alias: str = "") -> list[str]:
    prefix = f"{alias}." if alias else ""
    return [
        f'{prefix}"{column}" in ({", ".join(repr(value) for value in values)})'
        for column, values in definition.only.items()
    ]


def live(definition: Definition, alias: str = "") -> str:
    """The SQL condition that a row is of this object and not deleted."""
    prefix = f"{alias}." if alias else ""
    return " and ".join([*_only(definition, alias), f"{prefix}{DELETED} is null"])

"""The tables of the company: rows in, rows out, exact sums. It keeps no rule and knows no client."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from sf_intacct.sandbox.salesforce.schema import Field, Kind, ObjectType, Schema
from sf_intacct.sandbox.world import World

Record = dict[str, Any]
DELETION = "_deletion"  # the number of the delete that took a row, so that undelete brings all of them back
UNINDEXED = frozenset({"CreatedById", "LastModifiedById", "OwnerId"})


def table(kind: ObjectType) -> str:
    """The table of an object; prefixed, for the other system keeps its books in the same file."""
    return f'"salesforce_{kind.name}"'


class Store:
    """Reads and writes records by object. Deleted rows stay, marked, until the company is made anew."""

    def __init__(self, world: World, schema: Schema) -> None:
        self.world, self.schema, self.books = world, schema, world.books
        self.books.create_function("salesforce_fold", 1, _fold, deterministic=True)
        self._inserts = {kind.name: _insert_statement(kind) for kind in schema}
        self._pickers = {kind.name: itemgetter(*kind.columns) for kind in schema}

    def make(self) -> None:
        """Empty tables for every object of the schema."""
        for kind in self.schema:
            self.books.execute(f"drop table if exists {table(kind)}")
            self.books.execute(_table_statement(kind))
        self.make_indexes()

    def make_indexes(self) -> None:
        for kind in self.schema:
            for statement in _index_statements(kind):
                self.books.execute(statement)

    def drop_indexes(self) -> None:
        """Before a large load: building an index once is far cheaper than feeding it row by row."""
        for kind in self.schema:
            for name, _ in _indexes(kind):
                self.books.execute(f'drop index if exists "{name}"')

    def insert(self, kind: ObjectType, records: Iterable[Record]) -> None:
        self.books.executemany(self._inserts[kind.name], map(self._pickers[kind.name], records))

    def get(self, kind: ObjectType, record_id: str | None) -> Record | None:
        """The record, deleted or not; None if there never was one."""
        row = self.books.execute(f'select * from {table(kind)} where "Id" = ?', (record_id,)).fetchone()
        return dict(row) if row else None

    def change(self, kind: ObjectType, record_id: str, changes: Record) -> None:
        settings = ", ".join(f'"{name}" = ?' for name in changes)
        self.books.execute(f'update {table(kind)} set {settings} where "Id" = ?', (*changes.values(), record_id))

    def purge(self, kind: ObjectType) -> list[str]:
        """Removes the deleted rows for good; returns their ids."""
        statement = f'delete from {table(kind)} where "IsDeleted" = 1 returning "Id"'
        return [row[0] for row in self.books.execute(statement).fetchall()]

    def find(self, kind: ObjectType, field_name: str, value: Any) -> list[Record]:
        """The live records with `value` in one field, oldest first; text is compared without regard to case."""
        condition, parameter = equality(kind.by_name[field_name], value)
        statement = f'select * from {table(kind)} where {condition} and "IsDeleted" = 0 order by rowid'
        return [dict(row) for row in self.books.execute(statement, (parameter,))]

    def distinct(self, kind: ObjectType, field_name: str) -> list[Any]:
        """The different values of a field, nulls left out."""
        statement = f'select distinct "{field_name}" from {table(kind)} where "{field_name}" is not null'
        return [row[0] for row in self.books.execute(statement)]

    def deleted_in(self, kind: ObjectType, deletion: int | None) -> list[Record]:
        """The records that one deletion took."""
        statement = f'select * from {table(kind)} where "{DELETION}" = ? order by rowid'
        return [dict(row) for row in self.books.execute(statement, (deletion,))]

    def all(self, kind: ObjectType) -> list[Record]:
        return [dict(row) for row in self.books.execute(f"select * from {table(kind)} order by rowid")]

    def count(self, kind: ObjectType, condition: str = '"IsDeleted" = 0') -> int:
        return int(self.books.execute(f"select count(*) from {table(kind)} where {condition}").fetchone()[0])

    def total(self, kind: ObjectType, field_name: str, condition: str, *parameters: Any) -> int:
        """The exact sum of a number field over the live rows that meet `condition`, still scaled."""
        statement = f'select coalesce(sum("{field_name}"), 0) from {table(kind)} where "IsDeleted" = 0 and {condition}'
        return int(self.books.execute(statement, parameters).fetchone()[0])


def equality(field: Field, value: Any) -> tuple[str, Any]:
    """A condition for `field` = ? and its parameter.

    SQLite's NOCASE knows ASCII alone, so text beyond it is folded on both sides, at the price of a scan.
    """
    column = f'"{field.name}"'
    if field.kind is Kind.TEXT and isinstance(value, str) and not value.isascii():
        return f"salesforce_fold({column}) = ?", value.casefold()
    return f"{column} = ?", value


def _fold(text: str | None) -> str | None:
    return text.casefold() if isinstance(text, str) else text


def _table_statement(kind: ObjectType) -> str:
    columns = [_column(kind.by_name[name]) for name in kind.columns]
    if "IsDeleted" not in kind.by_name:
        columns.append('"IsDeleted" integer not null default 0')
    return f'create table {table(kind)} ({", ".join(columns)}, "{DELETION}" integer)'


def _column(field: Field) -> str:
    if field.name == "Id":
        return '"Id" text primary key not null'
    if field.kind is Kind.TEXT:
        return f'"{field.name}" text{"" if field.case_sensitive else " collate nocase"}'
    numeric = field.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.DECIMAL)
    return f'"{field.name}" {"integer" if numeric else "text"}'


def _insert_statement(kind: ObjectType) -> str:
    names = ", ".join(f'"{name}"' for name in kind.columns)
    marks = ", ".join("?" * len(kind.columns))
    return f"insert into {table(kind)} ({names}) values ({marks})"


def _indexes(kind: ObjectType) -> list[tuple[str, str]]:
    """Name and definition of each index: the delta's order, and every field that people search by."""
    found = [(f"salesforce_{kind.name}_delta", '("SystemModstamp", "Id", "IsDeleted")')]
    for field in kind.fields:
        searched = field.is_reference or field.can_find_records or field.unique or field.name_field
        if searched and field.name not in UNINDEXED and field.name != "Id":
            found.append((f"salesforce_{kind.name}_{field.name}", f'("{field.name}") where "{field.name}" is not null'))
    return found


def _index_statements(kind: ObjectType) -> list[str]:
    return [f'create index if not exists "{name}" on {table(kind)} {definition}' for name, definition in _indexes(kind)]


Look = Callable[[str, str, Any], Record]


class Finder:
    """Looks records up by one field, each at most once: parents of a batch are few."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: dict[tuple[str, str, Any], Record] = {}

    def __call__(self, object_name: str, field_name: str, value: Any) -> Record:
        """The first record with `value` in the field, or an empty one."""
        key = (object_name, field_name, value)
        if key not in self._known:
            found = self.store.find(self.store.schema[object_name], field_name, value) if value else []
            self._known[key] = found[0] if found else {}
        return self._known[key]

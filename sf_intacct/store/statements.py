"""SQL as text made from declarations. Nothing here touches a database; something else runs it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.model import money
from sf_intacct.model.system import Kind

# Created in every session: cheap, and then no code ever has to ask whether it is there.
FOUNDATION = """
create schema if not exists meta;
create schema if not exists raw;
create schema if not exists core;
create schema if not exists plan;
create schema if not exists receipts;
create schema if not exists journal;
create schema if not exists finance;
create sequence if not exists meta.tick;
create table if not exists meta.watermarks (
    table_name varchar primary key, stamp timestamptz, fields varchar not null, tick bigint not null
);
create table if not exists meta.progress (step varchar primary key, tick bigint not null, basis varchar not null);
"""

SQL_TYPES: dict[Kind, str] = {
    Kind.TEXT: "varchar",
    Kind.MONEY: "decimal(18, 3)",
    Kind.NUMBER: "decimal(18, 4)",
    Kind.WHOLE: "bigint",
    Kind.DATE: "date",
    Kind.INSTANT: "timestamptz",
    Kind.FLAG: "boolean",
}
_POLARS_TYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "bigint": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "timestamptz": pl.Datetime("us", "UTC"),
    "decimal(18, 3)": pl.Decimal(18, 3),
}

# How a version is told from another: every raw and core row carries these.
RAW_COLUMNS = {
    "tick": ("bigint not null", "When the row was written, in the warehouse's one order of changes"),
    "sync_day": ("date not null", "Day (UTC) on which this version was observed"),
    "observed_at": ("timestamptz not null", "When it was observed"),
    "record_id": ("varchar not null", "Id of the record in its own system"),
    "version_at": ("timestamptz", "The system's own modification stamp"),
    "content_hash": ("varchar not null", "Hash of the values"),
    "is_deleted": ("boolean not null", "A tombstone: the record was deleted"),
}
CORE_COLUMNS = {
    "is_deleted": ("boolean not null", "The record was deleted in its own system"),
    "sync_day": ("date not null", "Day (UTC) on which this version was observed"),
    "tick": ("bigint not null", "When the row was published, in the warehouse's one order of changes"),
}


def name(identifier: str) -> str:
    """An identifier, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def minor_units(column: str) -> str:
    """How many decimal places the currency in a column has, after ISO 4217; two where it says none."""
    listed = {places: ", ".join(text(code) for code in money.currencies_of(places)) for places in (0, 3)}
    cases = " ".join(f"when {column} in ({codes}) then {places}" for places, codes in listed.items())
    return f"(case {cases} else 2 end)"


def names(identifiers: Iterable[str], prefix: str = "") -> str:
    return ", ".join(prefix + name(identifier) for identifier in identifiers)


def create_table(address: str, columns: Mapping[str, tuple[str, str]], says: str) -> str:
    """A table with its comments, and any column that an older version of it lacks or has narrower."""
    declared = ", ".join(f"{name(column)} {sql}" for column, (sql, _) in columns.items())
    statements = [f"create table if not exists {address} ({declared})", f"comment on table {address} is {text(says)}"]
    for column, (sql, comment) in columns.items():
        # A column added to a table with rows starts empty, so it cannot be `not null` there.
        statements.append(
            f"alter table {address} add column if not exists {name(column)} {sql.removesuffix(' not null')}"
        )
        if sql.startswith(SQL_TYPES[Kind.MONEY]):
            # Money had two places once; a table that was made then would round what has three.
            statements.append(
                f"alter table {address} alter column {name(column)} set data type {SQL_TYPES[Kind.MONEY]}"
            )
        statements.append(f"comment on column {address}.{name(column)} is {text(comment)}")
    return ";\n".join(statements)


def create_raw(contract: Contract) -> str:
    """`raw.<table>`: every version ever observed, as text, under the system's own field names."""
    fields = {source: ("varchar", column.says) for source, column in contract.by_source.items()}
    says = f"Every version of {contract.object} ever observed in {contract.system}, as it was seen. Append only."
    return create_table(f"raw.{contract.name}", {**RAW_COLUMNS, **fields}, says)


def create_core(contract: Contract) -> str:
    """`core.<table>`: the lawful latest version, typed, under the house's names."""
    columns = {
        column.name: (SQL_TYPES[column.kind] + (" not null" if column.required else ""), column.says)
        for column in contract.columns
    }
    return create_table(f"core.{contract.name}", {**columns, **CORE_COLUMNS}, contract.says)


def frame_for(columns: Mapping[str, tuple[str, str]], rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a frame with the types of a table's columns."""
    schema = {column: _POLARS_TYPES[sql.removesuffix(" not null")] for column, (sql, _) in columns.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def latest_versions(contract: Contract, restriction: str) -> str:
    """The newest observed version of each record that meets `restriction`."""
    return (
        f"select * from raw.{contract.name} where {restriction} "
        "qualify row_number() over (partition by record_id order by tick desc) = 1"
    )


def append_versions(contract: Contract) -> str:
    """Appends rows of the temporary table `arrived` that differ from the newest version we have.

    A tombstone may come with nothing but its id: it keeps the values the record had, and is nothing
    to us when we never knew the record. Parameters: tick, sync day, observed at.
    """
    fields = list(contract.by_source)
    values = ", ".join(
        f"case when a.is_deleted then coalesce(a.{name(f)}, k.{name(f)}) else a.{name(f)} end" for f in fields
    )
    known = latest_versions(contract, "record_id in (select record_id from arrived)")
    return f"""
insert into raw.{contract.name} ({names(RAW_COLUMNS)}, {names(fields)})
select ?, ?, ?, a.record_id, a.version_at, a.content_hash, a.is_deleted, {values}
from arrived a left join ({known}) k on k.record_id = a.record_id
where (k.record_id is null and not a.is_deleted) or k.content_hash <> a.content_hash
   or k.is_deleted <> a.is_deleted or k.version_at is distinct from a.version_at and k.record_id is not null
"""


def bury_missing_lines(contract: Contract) -> str:
    """Tombstones for lines that belong to a document in `parents` and did not arrive with it any more.

    Parameters: tick, sync day, observed at.
    """
    fields = list(contract.by_source)
    parent = name(contract.selection.parent or "")
    known = latest_versions(contract, f"{parent} in (select parent from parents)")
    return f"""
insert into raw.{contract.name} ({names(RAW_COLUMNS)}, {names(fields)})
select ?, ?, ?, k.record_id, k.version_at, k.content_hash, true, {names(fields, "k.")}
from ({known}) k where not k.is_deleted and k.record_id not in (select record_id from arrived)
"""


def bury_missing(contract: Contract) -> str:
    """Tombstones for records that a read of everything did not bring any more.

    Parameters: tick, sync day, observed at.
    """
    fields = list(contract.by_source)
    return f"""
insert into raw.{contract.name} ({names(RAW_COLUMNS)}, {names(fields)})
select ?, ?, ?, k.record_id, k.version_at, k.content_hash, true, {names(fields, "k.")}
from ({latest_versions(contract, "true")}) k
where not k.is_deleted and k.record_id not in (select record_id from arrived)
"""


def arrived(contract: Contract, files: str) -> str:
    """The temporary table `arrived`: the pages of one read, one row per record, with its content hash."""
    selection = contract.selection
    fields = list(contract.by_source)
    stamp = f"try_cast({name(selection.stamp)} as timestamptz)" if selection.stamp else "null::timestamptz"
    # Ordered by a constant, DuckDB 1.x finds no first row: without a stamp there is no order.
    newest_first = "order by version_at desc nulls last" if selection.stamp else ""
    # chr(0) is no character of any value, so "nothing" and "empty" stay different.
    hashed = ", ".join(f"coalesce({name(field)}, chr(0))" for field in fields if field != selection.stamp)
    return f"""
create or replace temp table arrived as
select {name(selection.record_id)} as record_id,
       {stamp} as version_at,
       md5(concat_ws(chr(31), {hashed})) as content_hash,
       is_deleted, {names(fields)}
from read_parquet({text(files)})
qualify row_number() over (partition by record_id {newest_first}) = 1
"""

"""SQL text that makes the tables: one per table name of the schema, with the union of its objects' columns."""

from collections.abc import Iterator

from sf_intacct.sandbox.intacct.schema import Definition, Field, Schema

PREFIX = "intacct_"
DELETED = "DELETED_AT"
# The primary key is unique by itself, and whether document numbers repeat is a setting of the company.
NOT_UNIQUE = ("RECORDNO", "ID", "RECORDID")

_OWN_TABLES = (
    f"create table {PREFIX}control_id ("
    "company text, sender text, control_id text, operation text, is_write integer, remembered integer,"
    " executions integer, primary key (company, sender, control_id))",
    f"create table {PREFIX}closed_period ("
    "entity text, application text, through text, primary key (entity, application))",
)


def table_name(definition: Definition) -> str:
    return f'"{PREFIX}{definition.table}"'


def statements(schema: Schema) -> Iterator[str]:
    """Everything an empty company needs, in order."""
    for table in dict.fromkeys(one.table for one in schema.values()):
        sharing = schema.sharing(table)
        yield _create_table(table, sharing)
        yield from _indexes(table, sharing)
    yield from _OWN_TABLES


def _create_table(table: str, sharing: list[Definition]) -> str:
    columns = {one.id: _column(one) for definition in sharing for one in definition.stored}
    columns["RECORDNO"] = '"RECORDNO" integer primary key'
    return f'create table "{PREFIX}{table}" ({", ".join(columns.values())}, {DELETED} text)'


def _column(field: Field) -> str:
    kind = "integer" if field.scale is not None or field.type == "INTEGER" else "text"
    return f'"{field.id}" {kind}'


def _indexes(table: str, sharing: list[Definition]) -> Iterator[str]:
    wanted = dict.fromkeys(columns for definition in sharing for columns in definition.indexes)
    for columns in wanted:
        named = ", ".join(f'"{one}"' for one in columns)
        label = "_".join(columns)
        yield f'create index "{PREFIX}{table}_{label}" on "{PREFIX}{table}" ({named})'
    for column in dict.fromkeys(one.id_field for one in sharing):
        if column in NOT_UNIQUE:
            continue
        yield (
            f'create unique index "{PREFIX}{table}_{column}_unique" on "{PREFIX}{table}" ("{column}")'
            f" where {DELETED} is null"
        )

"""The journal's tables as they are declared: made, widened, and made anew where an older journal has them otherwise.

SQLite cannot change a table's constraints, nor make it strict: such a table is copied into a new one, in one
transaction. Nothing is ever left behind: a column that we do not know is of a newer version, and is refused.
"""

from collections.abc import Callable, Iterable
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from sf_intacct.errors import FixNeeded
from sf_intacct.store import alert_tables, brake_tables, journal_chain
from sf_intacct.store.journal_tables import METADATA

# Their tables are among those of METADATA once they are loaded.
_ROOMS = (alert_tables, brake_tables)
_DIALECTS: dict[str, Callable[[], sa.Dialect]] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
# What is never changed and never deleted, and what the database says to whoever tries; beside these, every table whose
# info says so.
_APPEND_ONLY = {"receipt": "a receipt is never changed", "verdict": "a verdict is never changed: a newer one counts"}
_APPEND_ONLY_SQLITE = """
create trigger if not exists {table}_no_{verb} before {verb} on {table}
begin select raise(abort, '{says}'); end
"""
_APPEND_ONLY_POSTGRES = """
create or replace function {table}_is_final() returns trigger language plpgsql as
$$ begin raise exception '{says}'; end $$;
create or replace trigger {table}_is_final before update or delete on {table}
for each row execute function {table}_is_final();
create or replace trigger {table}s_are_not_swept before truncate on {table}
for each statement execute function {table}_is_final();
"""


def ensure(engine: sa.Engine) -> None:
    """Makes whatever is missing. Raises FixNeeded for a journal of a newer version than ours."""
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        _as_declared(engine)
    with engine.begin() as connection:
        if not is_sqlite:
            _widen(connection)
        METADATA.create_all(connection)
        for statement in _indexes(engine.dialect.name):
            connection.exec_driver_sql(statement)
        journal_chain.begin(connection)
        _finalise(connection)
        if not is_sqlite:
            _sign(connection)


@cache
def declarations(dialect: str) -> dict[str, str]:
    """The statement that makes each table, by name. In SQLite a text where a number belongs is then an error too."""
    for table in METADATA.tables.values():
        table.dialect_options["sqlite"]["strict"] = True
    speaks = _DIALECTS[dialect]()
    return {table.name: str(CreateTable(table).compile(dialect=speaks)) for table in METADATA.sorted_tables}


@cache
def _indexes(dialect: str) -> list[str]:
    speaks = _DIALECTS[dialect]()
    indexes = [index for table in METADATA.sorted_tables for index in table.indexes]
    return [str(CreateIndex(index, if_not_exists=True).compile(dialect=speaks)) for index in indexes]


def _finalise(connection: sa.Connection) -> None:
    """From here on what is append-only is."""
    told = {table.name: table.info["append_only"] for table in METADATA.sorted_tables if "append_only" in table.info}
    for table, says in {**_APPEND_ONLY, **told}.items():
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(sa.text(_APPEND_ONLY_SQLITE.format(table=table, verb=verb, says=says)))
        else:
            connection.execute(sa.text(_APPEND_ONLY_POSTGRES.format(table=table, says=says)))


def _as_declared(engine: sa.Engine) -> None:
    """SQLite: makes every table anew whose declaration is another than the one it was made by."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        # Cannot be said inside a transaction. It is for this connection only.
        raw.execute("pragma foreign_keys = off")
        try:
            with connection.begin():
                _rebuild(connection)
                broken = connection.exec_driver_sql("pragma foreign_key_check").first()
                if broken:
                    seen = f"a row of {broken[0]} belongs to nothing in {broken[2]}"
                    raise FixNeeded("opening the journal", seen=seen, remedy="restore it from a backup")
        finally:
            raw.execute("pragma foreign_keys = on")


def _rebuild(connection: sa.Connection) -> None:
    there = connection.exec_driver_sql("select name, sql from sqlite_master where type = 'table'")
    made = {row.name: _plain(row.sql) for row in there}
    for name, declared in declarations("sqlite").items():
        if made.get(name, _plain(declared)) == _plain(declared):
            continue
        columns = connection.exec_driver_sql(f"pragma table_info({name})").mappings()
        kept = ", ".join(_known(name, [row["name"] for row in columns]))
        fresh = f"{name}_as_declared"
        for statement in (
            declared.replace(f"CREATE TABLE {name} ", f"CREATE TABLE {fresh} ", 1),
            f"insert into {fresh} ({kept}) select {kept} from {name}",
            f"drop table {name}",
            f"alter table {fresh} rename to {name}",
        ):
            connection.exec_driver_sql(statement)


def _widen(connection: sa.Connection) -> None:
    """PostgreSQL: columns that older journals lack, and constraints as they are declared now."""
    signed = _signatures(connection)
    for name, declared in declarations("postgresql").items():
        if signed.get(name, _plain(declared)) == _plain(declared):
            continue
        table = METADATA.tables[name]
        known = _known(name, [column["name"] for column in sa.inspect(connection).get_columns(name)])
        for column in table.columns:
            if column.name not in known:
                made = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"alter table {name} add column {made}")
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint) and constraint.name:
                alter = f"alter table {name}"
                connection.exec_driver_sql(f"{alter} drop constraint if exists {constraint.name}")
                connection.exec_driver_sql(f"{alter} add constraint {constraint.name} check ({constraint.sqltext})")


def _sign(connection: sa.Connection) -> None:
    """PostgreSQL: how a table was declared is kept in its comment, so that a later version sees what it must change."""
    signed = _signatures(connection)
    for name, declared in declarations("postgresql").items():
        if signed.get(name) != _plain(declared):
            text = _plain(declared).replace("'", "''")
            connection.exec_driver_sql(f"comment on table {name} is '{text}'")


def _signatures(connection: sa.Connection) -> dict[str, str]:
    """How each table that is there was declared; empty where nobody has said."""
    said = sa.text(
        "select relname, coalesce(obj_description(oid, 'pg_class'), '') as says from pg_class "
        "where relkind = 'r' and pg_table_is_visible(oid)"
    )
    return {row.relname: row.says for row in connection.execute(said)}


def _known(name: str, columns: Iterable[str]) -> list[str]:
    """The columns that are there. Raises FixNeeded when one of them is none of ours."""
    there = list(columns)
    strange = sorted(set(there) - {column.name for column in METADATA.tables[name].columns})
    if strange:
        raise FixNeeded(
            "opening the journal",
            record=f"table {name}",
            seen=f"it has columns that this version does not know: {', '.join(strange)}",
            remedy="run the version that made it, or a newer one",
        )
    return there


def _plain(statement: str) -> str:
    """A declaration as it can be compared: SQLite keeps it as it was said, and quotes a name that was changed."""
    return " ".join(statement.replace('"', "").split()).replace("( ", "(").replace(" )", ")")

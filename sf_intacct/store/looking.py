"""A look at the warehouse that can write nothing: its tables as views in memory, widened to what is declared today."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sf_intacct.flow.mapping import Mapping
from sf_intacct.store import schema
from sf_intacct.store.statements import name, text
from sf_intacct.store.warehouse import Session, Warehouse

# What a plan is made from. raw and finance are not looked at.
_SCHEMAS = ("core", "plan", "journal")


@contextmanager
def looking(warehouse: Warehouse, mappings: Iterable[Mapping]) -> Iterator[Session]:
    """A session over the tables as the mappings of today or of a draft declare them.

    A table or column that the file does not have yet is there, and empty: a draft can be tried before it is used.
    """
    with warehouse.looked_at() as connection:
        session = Session(connection)
        schema.ensure(session, mappings)
        for address, view in list(_views(session)):
            session.run(f"drop table {address}")
            session.run(view)
        yield session


def _views(session: Session) -> Iterator[tuple[str, str]]:
    """Every declared table that the file has too, and the view that shows the file's rows in its place."""
    columns = session.frame(
        "select schema_name as s, table_name as t, column_name as c, data_type as type, database_name as d "
        f"from duckdb_columns() where schema_name in ({', '.join(text(one) for one in _SCHEMAS)}) "
        "and database_name in ('memory', 'house') order by column_index"
    )
    there = set(columns.filter(d="house").select("s", "t", "c").iter_rows())
    tables = {(s, t) for s, t, _ in there}
    declared = columns.filter(d="memory").select("s", "t", "c", "type")
    for (s, t), rows in declared.partition_by("s", "t", as_dict=True).items():
        if (s, t) in tables:
            selected = ", ".join(
                name(c) if (s, t, c) in there else f"cast(null as {kind}) as {name(c)}"
                for c, kind in rows.select("c", "type").iter_rows()
            )
            yield f"{s}.{t}", f"create view {s}.{t} as select {selected} from house.{s}.{t}"

"""query: SQL over the finance file, for people without a DuckDB client at hand."""

from pathlib import Path

import click
import duckdb

from sf_intacct.cli.output import answer, as_json, tell
from sf_intacct.cli.session import finance_file, house
from sf_intacct.errors import FixNeeded

_DOING = "querying the finance file"


@click.command()
@click.argument("sql")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A finance file.")
@as_json
def query(sql: str, file: Path | None, json_: bool) -> None:
    """Run one SQL query over the finance file, read-only: nothing can be written, no other file read.

    JSON: columns, and rows as lists in their order.
    """
    if file is None:
        with house() as opened:
            file = Path(finance_file(opened))
    columns, rows = _answered(file, sql)
    tell({"columns": columns, "rows": rows}, json_, lambda: answer(columns, rows))


def _answered(file: Path, sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
    with _opened(file) as connection:
        try:
            statements = connection.extract_statements(sql)
            if len(statements) == 1:
                connection.execute(statements[0])
                return [column[0] for column in connection.description or ()], connection.fetchall()
        except duckdb.Error as error:
            remedy = 'correct the query; "show tables" and "describe ar_tie_out" say what there is'
            raise FixNeeded(_DOING, record=str(file), seen=str(error), remedy=remedy) from error
    raise FixNeeded(_DOING, record=str(file), seen=f"{len(statements)} statements", remedy="write one select")


def _opened(file: Path) -> duckdb.DuckDBPyConnection:
    from sf_intacct.store.finance_file import read_only

    try:
        return read_only(file)
    except duckdb.Error as error:
        remedy = "name a finance.duckdb, or leave --file out"
        raise FixNeeded(_DOING, record=str(file), seen=str(error), remedy=remedy) from error

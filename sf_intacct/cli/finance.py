"""query: SQL over the finance file, for people without a DuckDB client at hand."""

from pathlib import Path

import click
import duckdb

from sf_intacct.cli.output import as_json, table, tell
from sf_intacct.cli.session import finance_file, house
from sf_intacct.errors import FixNeeded


@click.command()
@click.argument("sql")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A finance file.")
@as_json
def query(sql: str, file: Path | None, json_: bool) -> None:
    """Run one SQL query over the finance file, read-only: nothing can be written, no other file read."""
    from sf_intacct.store.finance_file import read_only

    if file is None:
        with house() as opened:
            file = Path(finance_file(opened))
    connection = read_only(file)
    try:
        answer = connection.execute(sql)
        columns = [column[0] for column in answer.description or []]
        rows = answer.fetchall()
    except duckdb.Error as error:
        raise FixNeeded("querying the finance file", record=str(file), seen=str(error)) from error
    finally:
        connection.close()
    tell({"columns": columns, "rows": rows}, json_, lambda: table("", columns, rows))

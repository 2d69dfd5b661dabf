"""mappings: check the files, and show a crossing as a table a controller can read."""

import click

from sf_intacct.cli.output import CONSOLE, as_json, table, tell
from sf_intacct.errors import MappingError


@click.group()
def mappings() -> None:
    """The mapping files: check, show."""


@mappings.command()
@click.option("--folder", default=None, type=click.Path(file_okay=False), help="Folder of the files.")
@as_json
def check(folder: str | None, json_: bool) -> None:
    """Say everything that is wrong with the mapping files, with file and line. Exit code 3 if anything is."""
    found = [str(problem) for problem in _problems(folder)]

    def people() -> None:
        for problem in found:
            CONSOLE.print(problem, style="red", markup=False)
        if not found:
            CONSOLE.print("The mapping files are in order.")

    tell({"problems": found}, json_, people)
    if found:
        raise click.exceptions.Exit(MappingError.exit_code)


@mappings.command()
@click.argument("crossing")
@click.option("--folder", default=None, type=click.Path(file_okay=False), help="Folder of the files.")
@as_json
def show(crossing: str, folder: str | None, json_: bool) -> None:
    """One crossing as a table: which field comes from where, and when it is written."""
    from sf_intacct.store.mapping_files import read_mappings

    found = read_mappings(_folder(folder)).crossings
    if crossing not in found:
        raise click.BadParameter(f"there is no crossing {crossing}; there are {', '.join(found)}")
    mapping = found[crossing]
    parts = [("", mapping.fields), ("line ", mapping.lines.fields if mapping.lines else {})]
    rows = [
        (
            f"{prefix}{name}",
            rule.expression,
            rule.link or rule.linked_back or rule.lookup or "",
            rule.otherwise,
            rule.mode,
        )
        for prefix, fields in parts
        for name, rule in fields.items()
    ]
    columns = ("target field", "comes from", "by way of", "if nothing is found", "written")

    def people() -> None:
        CONSOLE.print(f"[bold]{mapping.says}[/bold]\nWhen: {mapping.when}\n")
        table(f"{mapping.source} -> {mapping.target}", columns, rows)

    tell({"crossing": crossing, "fields": [dict(zip(columns, row, strict=True)) for row in rows]}, json_, people)


def _folder(folder: str | None):  # type: ignore[no-untyped-def]
    import os
    from pathlib import Path

    return Path(folder or os.environ.get("SF_INTACCT_MAPPINGS", "mappings"))


def _problems(folder: str | None) -> list[MappingError]:
    from sf_intacct.flow.mapping_check import problems
    from sf_intacct.flow.mapping_text import parse
    from sf_intacct.store.mapping_files import read_texts

    try:
        return problems(parse(read_texts(_folder(folder))))
    except MappingError as error:
        return [error]

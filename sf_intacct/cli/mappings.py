"""mappings: check the files, and show a crossing as a table a controller can read."""

import os
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sf_intacct.cli.output import CONSOLE, as_json, table, tell
from sf_intacct.errors import MappingError
from sf_intacct.settings import layout_from_environment

if TYPE_CHECKING:
    from sf_intacct.flow.mapping import Mapping

in_folder = click.option("--folder", default=None, type=click.Path(file_okay=False), help="Folder of the files.")


@click.group()
def mappings() -> None:
    """The mapping files: check, show."""


@mappings.command()
@in_folder
@as_json
def check(folder: str | None, json_: bool) -> None:
    """Say everything that is wrong with the mapping files, with file and line. Exit code 3 if anything is.

    JSON: problems, a list with where (file and line), seen, remedy.
    """
    found = _problems(folder)

    def people() -> None:
        for problem in found:
            CONSOLE.print(str(problem), style="red", markup=False, soft_wrap=True)
        if not found:
            CONSOLE.print("The mapping files are in order.")

    problems = [{"where": problem.record, "seen": problem.seen, "remedy": problem.remedy} for problem in found]
    tell({"problems": problems}, json_, people)
    if found:
        raise click.exceptions.Exit(MappingError.exit_code)


@mappings.command()
@click.argument("crossing")
@in_folder
@as_json
def show(crossing: str, folder: str | None, json_: bool) -> None:
    """One crossing as a table: which field comes from where, and when it is written.

    JSON: crossing, says, from, to, when, and fields, a list with part (head or line), field, sql, by (a link or
    lookup), otherwise (what if that finds nothing), mode (when it is written).
    """
    from sf_intacct.store.mapping_files import read_mappings

    mapping = one_crossing(read_mappings(_folder(folder)).crossings, crossing)
    fields = _fields(mapping)

    def people() -> None:
        CONSOLE.print(mapping.says, style="bold", markup=False)
        CONSOLE.print(f"When: {mapping.when}\n", markup=False, soft_wrap=True)
        columns = ("", "target field", "comes from", "by way of", "if nothing is found", "written")
        table(f"{mapping.source} -> {mapping.target}", columns, [list(field.values()) for field in fields])

    told = {"crossing": crossing, "says": mapping.says, "from": mapping.source, "to": mapping.target}
    tell({**told, "when": mapping.when, "fields": fields}, json_, people)


def one_crossing(crossings: "Dict[str, Mapping]", name: str) -> "Mapping":
    """The crossing of that name. Ends the command with a suggestion when there is none."""
    from sf_intacct.flow.mapping_text import suggestion

    if name not in crossings:
        near = suggestion(name, crossings) or f"there are {', '.join(sorted(crossings))}"
        raise click.BadParameter(f"there is no crossing {name}; {near}", param_hint="'CROSSING'")
    return crossings[name]


def _fields(mapping: "Mapping") -> list[dict[str, str]]:
    parts = {"head": mapping.fields, "line": mapping.lines.fields if mapping.lines else {}}
    return [
        {
            "part": part,
            "field": name,
            "sql": rule.expression,
            "by": rule.link or rule.linked_back or rule.lookup or "",
            "otherwise": rule.otherwise if rule.value is None else "required" * rule.required,
            "mode": rule.mode,
        }
        for part, fields in parts.items()
        for name, rule in fields.items()
    ]


def _folder(folder: str | None) -> Path:
    return Path(folder) if folder else layout_from_environment(os.environ).mappings


def _problems(folder: str | None) -> list[MappingError]:
    from sf_intacct.flow.mapping_check import problems
    from sf_intacct.flow.mapping_text import parse
    from sf_intacct.store.mapping_files import read_texts

    try:
        return problems(parse(read_texts(_folder(folder))))
    except MappingError as error:
        return [error]

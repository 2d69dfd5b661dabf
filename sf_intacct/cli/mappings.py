"""mappings: check the files; show a crossing; try a record; see what a change of the files would change."""

import os
from collections.abc import Mapping as Dict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sf_intacct.cli.live import Against, live_problems, shipped, show as show_against
from sf_intacct.cli.output import CONSOLE, as_json, table, tell
from sf_intacct.cli.trial import diff, try_
from sf_intacct.errors import MappingError
from sf_intacct.settings import layout_from_environment

if TYPE_CHECKING:
    from sf_intacct.flow.mapping import Mapping
    from sf_intacct.flow.mapping_table import FieldRow
    from sf_intacct.flow.mapping_text import Mappings

in_folder = click.option("--folder", default=None, type=click.Path(file_okay=False), help="Folder of the files.")


@click.group()
def mappings() -> None:
    """The mapping files: check, show, try, diff."""


@mappings.command()
@in_folder
@click.option(
    "--live", is_flag=True, help="Ask Salesforce and Intacct what their objects are made of. Writes to neither."
)
@as_json
def check(folder: str | None, live: bool, json_: bool) -> None:
    """Say everything that is wrong with the mapping files, with file and line. Exit code 3 if anything is.

    Each file in overrides/ is checked too, laid over the others by itself.

    With --live also what the two systems do not have or do not take: columns, fields, kinds, what a new record needs,
    choices and lengths. What they say is kept in the home, for the plan to hold values back by. A system that cannot
    be asked is checked as it was the last time, or by the tables that ship with us; the exit code is then that of
    what kept us (4: try again later; 3: change something first), also when no problem is found.

    JSON: problems, a list with where (file and line), seen, remedy; and against, a list with system, described (now,
    before, shipped: what it was checked by), read_at, why (it could not be asked).
    """
    found, against = _problems(folder), shipped()
    if live:
        more, against = _live(folder)
        found = list({str(one): one for one in (*found, *more)}.values())

    def people() -> None:
        for problem in found:
            CONSOLE.print(str(problem), style="red", markup=False, soft_wrap=True)
        if not found:
            CONSOLE.print("The mapping files are in order.")
        if live:
            show_against(against)

    problems = [{"where": problem.record, "seen": problem.seen, "remedy": problem.remedy} for problem in found]
    tell({"problems": problems, "against": [one.told for one in against]}, json_, people)
    ends = [MappingError.exit_code] if found else [one.error.exit_code for one in against if one.error]
    if ends:
        raise click.exceptions.Exit(ends[0])


def _live(folder: str | None) -> tuple[list[MappingError], list[Against]]:
    """Problems by what the systems say, where the files can be read at all."""
    from sf_intacct.flow.mapping_text import parse
    from sf_intacct.store.mapping_files import read_texts

    try:
        known = parse(read_texts(_folder(folder)), _overrides())
    except MappingError:
        return [], shipped()
    return live_problems(known, layout_from_environment(os.environ))


@mappings.command()
@click.argument("crossing")
@in_folder
@as_json
def show(crossing: str, folder: str | None, json_: bool) -> None:
    """One crossing as a table to read and to sign: which field comes from where, and when it is written.

    JSON: crossing, says, from, to, when, revision (of the mapping files), conditions (pairs of word and text), and
    fields, a list with part (head or line), field, meaning, entity (whose documents only), sql, comes_from (the field
    behind it, where it is only one), by (a link or lookup),
    otherwise (what if that finds nothing), mode (when it is written), owner (whose value counts).
    """
    from dataclasses import asdict

    from sf_intacct.flow.mapping_table import conditions, field_rows
    from sf_intacct.flow.mapping_words import comes_from, happens
    from sf_intacct.store.mapping_files import read_mappings

    known = read_mappings(_folder(folder), _overrides())
    mapping = one_crossing(known.crossings, crossing)
    rows = field_rows(mapping)
    fields = [{**asdict(row), "comes_from": comes_from(row, mapping)} for row in rows]
    said = [*conditions(mapping), *happens(mapping, known)]

    def people() -> None:
        CONSOLE.print(mapping.says, style="bold", markup=False)
        for word, text in said:
            CONSOLE.print(f"{word.capitalize()}: {text}", markup=False, soft_wrap=True)
        CONSOLE.print()
        _field_table(mapping, known, rows)
        CONSOLE.print(f"Mapping files of revision {known.revision}. Read and agreed:", markup=False)
        CONSOLE.print("\nName ______________________   Date ______________   Signature ______________________")

    told = {"crossing": crossing, "says": mapping.says, "from": mapping.source, "to": mapping.target}
    tell(
        {**told, "when": mapping.when, "revision": known.revision, "conditions": said, "fields": fields}, json_, people
    )


def _field_table(mapping: "Mapping", known: "Mappings", rows: "list[FieldRow]") -> None:
    """Head and lines, each as a table. Columns that no field uses are left out: it has to fit on a page."""
    from sf_intacct.flow import mapping_words as words

    for part, title in (("head", "The document" if mapping.lines else "The record"), ("line", "Each of its lines")):
        told = [
            {
                "what": row.meaning,
                "written to": row.field,
                "in entity": row.entity,
                "comes from": words.comes_from(row, mapping, "\n"),
                "by way of": words.by_way_of(row, mapping, known),
                "if nothing is found": words.otherwise(row),
                "written": words.written(row),
                "owner": row.owner,
            }
            for row in rows
            if row.part == part
        ]
        used = [name for name in (told[0] if told else ()) if any(one[name] for one in told)]
        if used:
            shown = [[one[name] for name in used] for one in told]
            source = mapping.lines.each if mapping.lines and part == "line" else mapping.source
            table(f"{title}: {source} -> {mapping.target}", used, shown, whole=["written to"])


mappings.add_command(try_)
mappings.add_command(diff)


def one_crossing(crossings: "Dict[str, Mapping]", name: str) -> "Mapping":
    """The crossing of that name. Ends the command with a suggestion when there is none."""
    from sf_intacct.flow.mapping_document import suggestion

    if name not in crossings:
        near = suggestion(name, crossings) or f"there are {', '.join(sorted(crossings))}"
        raise click.BadParameter(f"there is no crossing {name}; {near}", param_hint="'CROSSING'")
    return crossings[name]


def _folder(folder: str | None) -> Path:
    return Path(folder) if folder else layout_from_environment(os.environ).mappings


def _overrides() -> tuple[str, ...]:
    return layout_from_environment(os.environ).override_names


def _problems(folder: str | None) -> list[MappingError]:
    """What is wrong with the files as they are used here, and with every override by itself; each said once."""
    from sf_intacct.flow.mapping_overrides import FOLDER
    from sf_intacct.store.mapping_files import read_texts

    try:
        texts = read_texts(_folder(folder))
    except MappingError as error:
        return [error]
    alone = [name.removeprefix(FOLDER).removesuffix(".yaml") for name in texts if name.startswith(FOLDER)]
    found = [one for names in (_overrides(), (), *((name,) for name in alone)) for one in _wrong(texts, names)]
    return list({str(one): one for one in found}.values())


def _wrong(texts: dict[str, str], overrides: tuple[str, ...]) -> list[MappingError]:
    from sf_intacct.flow.mapping_check import problems
    from sf_intacct.flow.mapping_text import parse

    try:
        return problems(parse(texts, overrides))
    except MappingError as error:
        return [error]

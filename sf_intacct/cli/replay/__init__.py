"""replay: one record that did not cross, exported masked, and played again in the sandboxes."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house
from sf_intacct.errors import FixNeeded

if TYPE_CHECKING:
    from sf_intacct.cli.replay.running import Replayed
    from sf_intacct.flow.bundle import Bundle

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def replay() -> None:
    """A record that did not cross, to take elsewhere and see again: export, run."""


@replay.command()
@click.argument("exception_id")
@click.option("--record", "record_id", help="Which of the records it keeps, by id or number; the first by default.")
@click.option("--to", "file", type=_FILE, help="Where to write it; replay-<exception>.json here by default.")
@as_json
def export(exception_id: str, record_id: str | None, file: Path | None, json_: bool) -> None:
    """Write one record of an exception as a bundle: its rows, the mapping files, what it was coded with, the request
    and the answers. Names, addresses, texts and numbers of persons and companies are masked; money and codes are not.

    JSON: file, exception, record, cause, crossing, left_out (what a replay cannot know).
    """
    from sf_intacct.orchestration.exporting import export as exported

    with house() as opened:
        bundle = exported(opened, exception_id, record_id)
    target = file or Path(f"replay-{exception_id}.json")
    _write(target, bundle.written())
    case = bundle.case
    told: dict[str, object] = {"file": str(target), "exception": case.exception, "record": case.source_id}
    told |= {"cause": case.cause, "crossing": case.crossing, "left_out": bundle.left_out}
    tell(told, json_, lambda: _show_export(bundle, target))


def _write(file: Path, text: str) -> None:
    """Whole or not at all, for our eyes only: masked is not public."""
    new = file.with_name(f"{file.name}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as made:
            made.write(text)
        os.replace(new, file)
    except OSError as error:
        raise FixNeeded("writing the bundle", record=str(file), seen=str(error), remedy="name another file") from error


def _show_export(bundle: "Bundle", file: Path) -> None:
    rows = sum(len(some) for tables in (bundle.salesforce, bundle.intacct) for some in tables.values())
    CONSOLE.print(f"{file}: {bundle.case.cause}, {counted(rows, 'row')}, masked.", markup=False, soft_wrap=True)
    for reason in bundle.left_out:
        CONSOLE.print(f"    not in it: {reason}", markup=False, soft_wrap=True)
    CONSOLE.print(f"Play it again: sf-intacct replay run {file}", markup=False, soft_wrap=True)


@replay.command()
@click.argument("bundles", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--all",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Every bundle in a folder: a missed rejection that is put there is a test from then on.",
)
@click.pass_context
@as_json
def run(context: click.Context, bundles: tuple[Path, ...], folder: Path | None, json_: bool) -> None:
    """Play bundles again: seed sandboxes from each, walk its crossing in a temporary home, and say whether the same
    cause keeps the same record. Exit code 0 only if it does, in every bundle.

    JSON: replays, a list with file, exception, record, crossing, expected (the cause), cause, by (what stopped it: the
    plan, a rule of the sandbox, the recorded answer; empty: nothing), is_reproduced, same_subject, request_differs
    (where the request of today says something else), left_out.
    """
    files = [*bundles, *(sorted(folder.glob("*.json")) if folder else ())]
    if not files:
        raise click.UsageError("name a bundle, or a folder that has some with --all")
    played = [(file, _played(file)) for file in files]
    told = [{"file": str(file), **asdict(one)} for file, one in played]
    tell({"replays": told}, json_, lambda: _show_runs(played))
    if not all(one.is_reproduced for _, one in played):
        context.exit(1)


def _played(file: Path) -> "Replayed":
    from sf_intacct.cli.replay.running import replay as play
    from sf_intacct.flow.bundle import read_bundle

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FixNeeded("reading a replay bundle", record=str(file), seen=str(error)) from error
    return play(read_bundle(text, str(file)))


def _show_runs(played: "list[tuple[Path, Replayed]]") -> None:
    rows = [
        (file.name, one.record, one.expected, one.cause or "(it crossed)", one.by, "yes" if one.is_reproduced else "NO")
        for file, one in played
    ]
    table("Replays", ("bundle", "record", "expected", "came out", "stopped by", "reproduced"), rows)
    for file, one in played:
        if one.request_differs:
            CONSOLE.print(f"{file.name}: today's request differs: {one.request_differs}", markup=False, soft_wrap=True)
        for reason in one.left_out:
            CONSOLE.print(f"{file.name}: not replayed: {reason}", markup=False, soft_wrap=True)

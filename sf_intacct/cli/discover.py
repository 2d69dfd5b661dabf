"""discover: what both systems look like, and what would have kept the last months' deals; a page and numbers."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, plain, table, tell
from sf_intacct.cli.road import job
from sf_intacct.cli.session import house
from sf_intacct.errors import SettingsError

if TYPE_CHECKING:
    from sf_intacct.cli.discovery.page import Page
    from sf_intacct.orchestration.discovering import Discovery

MONTHS_MAX = 120


@click.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder; `discovery` in the home by default."
)
@click.option(
    "--months", type=click.IntRange(1, MONTHS_MAX), default=6, show_default=True, help="How far back deals count."
)
@click.option("--read/--no-read", default=True, help="Read and check first (default), or look at what is there.")
@as_json
def discover(output: Path | None, months: int, read: bool, json_: bool) -> None:
    """Read both systems, write to neither, and report on one page: discovery.html, discovery.md, discovery.json.

    JSON: since, until (which days of deals count), company, output (the folder), and these lists. tables: system,
    object, says, records, quarantined. currencies and entities: system, object, value, records, money. matching:
    crossing, source, target, linked, by_key, for_a_person (a key that is shared or taken), alike, alone (only there),
    targets_alone. doubles: system, object, records, names, score, evidence, ids. crossings: crossing, source, target,
    there, to_make, kept. lacking: crossing, object, id, cause, label, words. coverage: crossing, field, says, asked,
    found. deals: crossing, month, outcome (there, to make, kept), currency, records, money. causes: crossing, cause,
    words, remedy, who, currency, records, money. examples: crossing, label, words, amount, currency.
    """
    from sf_intacct.orchestration import discovering

    with house() as opened:
        if read:
            job(opened, "plan")
        found = discovering.discover(opened, months)
        folder = output or opened.settings.home / "discovery"
    told = vars(found) | {"output": str(folder)}
    page = _written(found, folder, told)
    tell(told, json_, lambda: _show(page, folder))


def _written(found: "Discovery", folder: Path, told: dict[str, Any]) -> "Page":
    """Writes the page in every form. Raises SettingsError when the folder cannot be written."""
    from sf_intacct.cli.discovery.figures import figures
    from sf_intacct.cli.discovery.html import as_html
    from sf_intacct.cli.discovery.markdown import as_markdown
    from sf_intacct.cli.discovery.page import page

    made, drawn = page(found), figures(found)
    files = {f"{name}.svg": svg for name, svg in drawn.items()}
    files |= {"discovery.html": as_html(made, drawn), "discovery.md": as_markdown(made, drawn)}
    files["discovery.json"] = json.dumps(told, default=plain, ensure_ascii=False, indent=1) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        remedy = "name a folder that can be written with --output"
        raise SettingsError("writing the page", record=str(folder), seen=str(error), remedy=remedy) from error
    return made


def _show(page: "Page", folder: Path) -> None:
    CONSOLE.print(page.lede, style="bold", markup=False)
    CONSOLE.print()
    table("", ("", ""), [(tile.number, tile.says) for tile in page.tiles])
    CONSOLE.print(f"The page is {folder / 'discovery.html'}", markup=False, soft_wrap=True)

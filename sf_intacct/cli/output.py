"""How results are told: as tables for people, as one JSON object for programs."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from sf_intacct.model.money import spelt

# Tables need room; where nobody says how wide the screen is, they get it.
CONSOLE = Console(highlight=False, width=None if Console().is_terminal else 130)

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object instead of tables.")


def tell(result: Any, json_: bool, people: Callable[[], None]) -> None:
    """Prints `result` as JSON, or lets `people` print it as they like to read it.

    In JSON money is text, so that no cent is lost on the way; instants and dates are ISO 8601.
    """
    if json_:
        click.echo(json.dumps(result, default=plain, ensure_ascii=False))
    else:
        people()


def plain(value: Any) -> str:
    """How JSON tells what it has no form for."""
    if isinstance(value, Decimal):
        return spelt(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def neutral(value: Any) -> str:
    """A cell of comma-separated values that no spreadsheet takes for a formula. Numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int):
        return plain(value)
    text = plain(value)
    return f"'{text}" if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> None:
    """A table; the columns named in `numbers` are aligned to the right, and those in `whole` are never broken."""
    CONSOLE.print(_table(title, columns, ([_cell(value) for value in row] for row in rows), numbers, whole))
    CONSOLE.print()


def answer(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The answer to somebody's own query, every value as it is; row by row where a table would not fit."""
    cells = [[_exact(value) for value in row] for row in rows]
    made = _table("", columns, cells)
    if CONSOLE.measure(made, options=CONSOLE.options.update(width=10_000)).maximum <= CONSOLE.width:
        CONSOLE.print(made)
        return
    for row in cells:
        CONSOLE.print(_table("", ("", ""), zip(columns, row, strict=True)))


def _table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Sequence[str] = (),
    whole: Sequence[str] = (),
) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    made.show_header = any(columns)
    for column in columns:
        made.add_column(
            column, justify="right" if column in numbers else "left", overflow="fold", no_wrap=column in whole
        )
    for row in rows:
        made.add_row(*row)
    return made


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return _exact(value)


def _exact(value: Any) -> str:
    return "" if value is None else str(value).replace("[", r"\[")


def money(amount: Decimal | str | None) -> str:
    """An amount with thousands separators and all its minor units."""
    return spelt(Decimal(amount or 0), ",")


def counted(number: int, thing: str) -> str:
    """1 record, 2 records; 1 pass, 2 passes; 1 day, 2 days; 1 entity, 2 entities."""
    many = re.sub(r"(?<=[^aeiou])y$", "ie", re.sub(r"s$", "se", thing)) + "s"
    return f"{number:,} {thing if number == 1 else many}"

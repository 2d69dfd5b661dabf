"""How results are told: as tables for people, as one JSON object for programs."""

import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.table import Table

# Tables need room; where nobody says how wide the screen is, they get it.
CONSOLE = Console(highlight=False, width=None if Console().is_terminal else 130)

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object instead of tables.")


def tell(result: Any, json_: bool, people: Callable[[], None]) -> None:
    """Prints `result` as JSON, or lets `people` print it as they like to read it."""
    if json_:
        click.echo(json.dumps(result, default=str, ensure_ascii=False))
    else:
        people()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Sequence[str] = ()) -> None:
    """A table; the columns named in `numbers` are aligned to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    CONSOLE.print(made)
    CONSOLE.print()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("[", r"\[")


def money(amount: Decimal | str | None) -> str:
    """An amount with thousands separators and cents."""
    return f"{Decimal(amount or 0):,.2f}"

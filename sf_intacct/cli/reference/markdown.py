"""The little Markdown that the reference pages are made of."""

from collections.abc import Iterable, Sequence

MADE = "<!-- Made by `python -m sf_intacct.cli.reference`. Change the code, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A page: its title, then its parts with an empty line between them."""
    return "\n\n".join((MADE, f"# {title}", *(part.strip() for part in parts))) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. A vertical bar in a cell would end the cell, so it is escaped."""
    cells = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in cells)


def code(text: str) -> str:
    """Text in the letters of a machine; nothing for nothing."""
    return f"`{text}`" if text else ""

"""Result pages as columns of text."""

from collections.abc import Sequence

import polars as pl

from sf_intacct.errors import Uncertain
from sf_intacct.intacct.xml import Element


def columns(data: Element, names: Sequence[str]) -> pl.DataFrame:
    """The records of a query page: one text column per name, empty elements as nothing.

    Answers to `query` carry dotted names as flat tags; other readers nest them. Both are read.
    """
    wanted = set(names)
    cells: dict[str, list[str | None]] = {name: [] for name in names}
    for record in data:
        row: dict[str, str | None] = {}
        _collect(record, "", wanted, row)
        for name in names:
            cells[name].append(row.get(name))
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String()))


def _collect(parent: Element, prefix: str, wanted: set[str], row: dict[str, str | None]) -> None:
    for node in parent:
        name = f"{prefix}{node.tag}"
        if name in wanted:
            row[name] = node.text
        elif len(node):
            _collect(node, f"{name}.", wanted, row)


def counts(data: Element) -> tuple[int, int]:
    """How many records the page says it has, and how many it says remain."""
    try:
        return int(data.get("count") or 0), int(data.get("numremaining") or 0)
    except ValueError as error:
        raise Uncertain("reading a page", seen=f"a count that is none: {error}", remedy="read again") from error

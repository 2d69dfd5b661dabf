"""Seed files as typed rows: CSV whose columns are named by field id, dates in ISO form or as typed."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.schema import Definition, Field
from sf_intacct.sandbox.intacct.values import BadValue, Stored, parse, us_date


@dataclass(frozen=True)
class Line:
    """One line of a seed file: where it stands, and its texts by column."""

    file: str
    number: int
    texts: dict[str, str]

    def error(self, reason: str) -> ValueError:
        return ValueError(f"{self.file}, line {self.number}: {reason}")


def lines(path: Path) -> list[Line]:
    """The lines of a seed file; a line longer or shorter than the header is a ValueError."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        found = [Line(path.name, reader.line_num, row) for row in reader]
    for line in found:
        if None in line.texts or None in line.texts.values():
            raise line.error("not as many columns as the header")
    return found


def typed(definition: Definition, found: list[Line], more: tuple[str, ...] = ()) -> Iterator[Row]:
    """The stored columns of seed lines. Columns of blocks and those named in `more` are left to the caller."""
    converters = _converters(definition, found, more)
    for line in found:
        row: Row = {}
        for name, convert in converters.items():
            try:
                row[name] = convert(line.texts[name])
            except (BadValue, ValueError) as error:
                raise line.error(f"{name}: {error}") from error
        yield row


def _converters(definition: Definition, found: list[Line], more: tuple[str, ...]) -> dict[str, Callable[[str], Stored]]:
    converters: dict[str, Callable[[str], Stored]] = {}
    for name in found[0].texts if found else ():
        if name.partition(".")[0] in definition.blocks or name in more:
            continue
        field = definition.by_id.get(name)
        if field is None or not field.stored or name == "RECORDNO":
            raise ValueError(f"{found[0].file}: {definition.object} has no column {name!r} to be loaded")
        converters[name] = partial(_converted, field)
    return converters


def _converted(field: Field, text: str) -> Stored:
    iso = len(text) >= 10 and text[4:5] == "-"
    if iso and field.type == "DATE":
        return parse(field, us_date(text))
    if iso and field.type == "TIMESTAMP":
        return parse(field, f"{us_date(text)} {text[11:19]}".strip(), timedelta(0))
    return parse(field, text)

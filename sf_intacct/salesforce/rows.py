"""Records of a JSON page as columns of text, in the house's spelling."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from sf_intacct.model.system import Kind, SourceField

# No number of Salesforce has more places. Written out, one with a large exponent would fill the memory.
_PLACES_MAX = 64


def plain_number(text: str) -> str:
    """A JSON number that is not whole, as text without exponent: Salesforce writes one from ten million on."""
    if "e" not in text.lower():
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return format(number, "f") if abs(number.adjusted()) <= _PLACES_MAX else text


def columns(records: Sequence[dict[str, Any]], fields: Sequence[SourceField]) -> pl.DataFrame:
    """One text column per field; a dot walks to a parent record. Numbers come in as text, never as floats."""
    cells = {field.name: _cells(records, field.name.split(".")) for field in fields}
    frame = pl.DataFrame(cells, schema={field.name: pl.String() for field in fields})
    # Salesforce answers in UTC and spells the offset without its colon.
    instants = [pl.col(f.name).str.replace(r"\+0000$", "Z") for f in fields if f.kind is Kind.INSTANT]
    return frame.with_columns(instants)


def _cells(records: Sequence[dict[str, Any]], path: list[str]) -> list[str | None]:
    if len(path) == 1:
        return [_text(record.get(path[0])) for record in records]
    parents = [record.get(path[0]) or {} for record in records]
    return _cells(parents, path[1:])


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

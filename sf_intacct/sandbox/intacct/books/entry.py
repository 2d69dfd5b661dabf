"""What a caller typed, field by field, as a row of the books: types, lengths, labels, required fields."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.schema import Definition, load
from sf_intacct.sandbox.intacct.values import BadValue, parse

# Texts by upper-case field id; a block is a mapping, a repeated block a list of mappings.
Values = Mapping[str, Any]


def flat(values: Values, prefix: str = "") -> dict[str, str]:
    """Nested blocks as dotted names. An empty block leaves nothing, so it changes nothing; lists are left out."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            found[f"{prefix}{name}"] = "" if value is None else str(value)
    return found


def entered(definition: Definition, values: Values, zone: timedelta = timedelta(0)) -> tuple[Row, list[Problem]]:
    """The columns that `values` fill, and a problem for each text that is no value of its field.

    Unknown names and fields that nobody may write are passed over in silence, as the real system does.
    """
    row: Row = {}
    found: list[Problem] = []
    for name, text in flat(values).items():
        field = definition.by_id.get(name)
        if field is None or not field.writable:
            continue
        try:
            row[name] = parse(field, text, zone)
        except BadValue as error:
            found.append(error.problem)
    return row, found


def with_defaults(definition: Definition, row: Row) -> Row:
    """A new row: empty fields take their default."""
    empty = {name: value for name, value in _defaults(definition.object).items() if row.get(name) is None}
    return {**row, **empty}


@cache
def _defaults(object_name: str) -> Row:
    stored = load()[object_name].stored
    return {one.id: parse(one, one.default) for one in stored if one.default}


def missing(definition: Definition, row: Row, *, partial: bool = False) -> list[Problem]:
    """Required fields without a value; of a partial row only those it means to empty."""
    return [
        problems.missing_value(one.label)
        for one in definition.fields
        if one.required and one.stored and row.get(one.id) is None and (not partial or one.id in row)
    ]

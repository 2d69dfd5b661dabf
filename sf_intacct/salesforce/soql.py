"""SOQL as text. Values come in through one quoting function and nowhere else."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def name(identifier: str) -> str:
    """An object or field name as it stands. Raises ValueError for anything else."""
    if not _NAME.fullmatch(identifier):
        raise ValueError(f"not a Salesforce name: {identifier!r}")
    return identifier


def quoted(value: str) -> str:
    """A string literal."""
    return f"'{value.translate(_ESCAPES)}'"


def instant(value: datetime) -> str:
    """A date-time literal, in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def changed(
    fields: Sequence[str], sobject: str, stamp: str, since: datetime | None, after: tuple[datetime, str] | None
) -> str:
    """Records at or after `since`, in the one stable order; after a position, if a read was broken off there."""
    conditions = [f"{name(stamp)} >= {instant(since)}"] if since else []
    if after:
        at, record_id = instant(after[0]), quoted(after[1])
        conditions.append(f"({name(stamp)} > {at} OR ({name(stamp)} = {at} AND Id > {record_id}))")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"{_select(fields, sobject)}{where} ORDER BY {name(stamp)} ASC, Id ASC"


def by_value(fields: Sequence[str], sobject: str, key: str, values: Sequence[str]) -> str:
    """Records by the values of one field. An empty list is no SOQL: ask for nothing instead."""
    if not values:
        raise ValueError("an empty list of values")
    listed = ", ".join(quoted(value) for value in values)
    return f"{_select(fields, sobject)} WHERE {name(key)} IN ({listed})"


def peek(sobject: str, stamp: str, since: datetime | None) -> str:
    """How many records there are since an instant, and the newest stamp."""
    where = f" WHERE {name(stamp)} >= {instant(since)}" if since else ""
    return f"SELECT COUNT(Id) records, MAX({name(stamp)}) newest FROM {name(sobject)}{where}"


def _select(fields: Sequence[str], sobject: str) -> str:
    return f"SELECT {', '.join(name(field) for field in dict.fromkeys(fields))} FROM {name(sobject)}"

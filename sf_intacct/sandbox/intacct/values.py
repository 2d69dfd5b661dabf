"""Text as it goes over the wire, and the value the books keep for it.

Decimals are kept as scaled integers, dates as ISO text, instants as `YYYY-MM-DD HH:MM:SS` in UTC.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.schema import SCALE_OF_MONEY, Field

Stored = str | int | None

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_INSTANT = re.compile(r"(\d{1,2}/\d{1,2}/\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


class BadValue(ValueError):
    """Text that is no value of the field's type. `problem` says so in the system's words."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text)


def number(text: str, label: str = "Amount") -> Decimal:
    """An exact number in plain notation: no exponent, no thousands separator. Raises BadValue."""
    if not _NUMBER.fullmatch(text.strip()):
        raise BadValue(problems.not_a_number(label, text))
    return Decimal(text.strip())


def scaled(value: Decimal, scale: int = SCALE_OF_MONEY) -> int:
    """`value` as an integer of 10 ** -scale; further decimals are rounded half up, as Intacct does."""
    return int(value.scaleb(scale).to_integral_value(ROUND_HALF_UP))


def unscaled(stored: int, scale: int = SCALE_OF_MONEY) -> Decimal:
    return Decimal(stored).scaleb(-scale)


def plain(stored: int, scale: int = SCALE_OF_MONEY) -> str:
    """`12.5`, `396`, `-0.05`: no exponent and no trailing zeros, as in every recorded answer."""
    whole, part = divmod(abs(stored), 10**scale)
    sign = "-" if stored < 0 else ""
    if not part:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:0{scale}d}".rstrip("0")


def money_text(stored: int) -> str:
    """An amount for an oracle: two places, and a third where there is something in it."""
    text = str(unscaled(stored))
    return text[:-1] if text.endswith("0") else text


def iso_date(text: str, label: str = "Transaction date") -> str:
    """`mm/dd/yyyy` as an ISO date. Raises BadValue."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match:
            return date(int(match[3]), int(match[1]), int(match[2])).isoformat()
    except ValueError:
        pass
    raise BadValue(problems.bad_date(label, text))


def us_date(iso: str) -> str:
    return f"{iso[5:7]}/{iso[8:10]}/{iso[:4]}"


def offset(text: str) -> timedelta:
    """`+09:30` as a difference; raises ValueError for anything else."""
    match = _OFFSET.fullmatch(text)
    if not match:
        raise ValueError(f"not an offset: {text!r}")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -size if match[1] == "-" else size


def stamp(instant: datetime) -> str:
    """An aware instant as the books keep it: UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def utc_stamp(text: str, zone: timedelta, label: str = "Timestamp") -> str:
    """`mm/dd/yyyy[ HH:MM[:SS]]` on a clock of offset `zone`, as the books keep it. Raises BadValue."""
    match = _INSTANT.fullmatch(text.strip())
    if not match:
        raise BadValue(problems.bad_date(label, text))
    day = datetime.fromisoformat(iso_date(match[1], label))
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if hours > 23 or minutes > 59 or seconds > 59:
        raise BadValue(problems.bad_date(label, text))
    local = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (local - zone).strftime("%Y-%m-%d %H:%M:%S")


def local_stamp(stored: str, zone: timedelta) -> str:
    """A kept instant as `mm/dd/yyyy HH:MM:SS` on a clock of offset `zone`."""
    if zone:
        stored = str(datetime.fromisoformat(stored) + zone)
    return f"{us_date(stored)} {stored[11:19]}"


def _flag(text: str, field: Field) -> str:
    lowered = text.strip().lower()
    if lowered in ("true", "t", "1"):
        return "true"
    if lowered in ("false", "f", "0"):
        return "false"
    raise BadValue(problems.not_among(field.label, text))


def _label(text: str, field: Field) -> str:
    """The label as the system spells it; case is forgiven on writes."""
    for label in field.values:
        if label.lower() == text.strip().lower():
            return label
    raise BadValue(problems.not_among(field.label, text))


def parse(field: Field, text: str, zone: timedelta = timedelta(0)) -> Stored:
    """What the books keep for `text` in `field`; None for empty text. Raises BadValue."""
    if not text.strip():
        return None
    if field.scale is not None:
        return scaled(number(text, field.label), field.scale)
    if field.type == "INTEGER":
        return scaled(number(text, field.label), 0)
    if field.type == "DATE":
        return iso_date(text, field.label)
    if field.type == "TIMESTAMP":
        return utc_stamp(text, zone, field.label)
    return _parse_text(field, text)


def _parse_text(field: Field, text: str) -> str:
    if field.type == "BOOLEAN":
        return _flag(text, field)
    if field.values:
        return _label(text, field)
    if field.format == "email" and not _EMAIL.fullmatch(text.strip()):
        raise BadValue(problems.bad_email(field.label, text))
    if field.length is not None and len(text) > field.length:
        raise BadValue(problems.too_long(field.label, field.length))
    return text


def _as_is(stored: Any) -> str:
    return str(stored)


def writer(field: Field, zone: timedelta) -> Callable[[Any], str]:
    """A function from a kept value (never None) of `field` to its text on the wire."""
    scale = field.scale
    if scale is not None:
        return lambda stored: plain(stored, scale)
    if field.type == "DATE":
        return us_date
    if field.type == "TIMESTAMP":
        return lambda stored: local_stamp(stored, zone)
    return _as_is


def exact(field: Field, stored: Stored) -> Stored:
    """A kept value for an oracle: decimals as text with all their places, everything else as it is."""
    if field.scale is None or stored is None:
        return stored
    return money_text(int(stored)) if field.scale == SCALE_OF_MONEY else str(unscaled(int(stored), field.scale))

"""Values at three places: as a client sends them, as the books keep them, as an answer shows them.

The books keep numbers as integers scaled by the field's scale, booleans as 0 and 1, dates and
instants as the very text that an answer shows. So sums are exact and reading costs nothing.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from json.encoder import encode_basestring as quoted
from typing import Any

from sf_intacct.sandbox.salesforce.errors import RecordError, SalesforceError
from sf_intacct.sandbox.salesforce.ids import normalise
from sf_intacct.sandbox.salesforce.schema import Field, Kind

INTEGER_MAX = 2**31 - 1
EXPONENT_FROM = 10**7  # from here a double is written as 1.0E7, as Java does; clients must cope
_WIDE = Context(prec=60)  # wide enough that scaling never rounds
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[A-Za-z0-9-]{2,}")
_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d\d)(\d\d)$")


def instant_text(instant: datetime) -> str:
    """An instant as Salesforce writes it: milliseconds, and an offset without a colon."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}+0000"


def stamp_text(instant: datetime) -> str:
    """The same, cut to the second: audit stamps have no finer grain."""
    return instant_text(instant.replace(microsecond=0))


def parse_instant(text: str) -> datetime:
    """An aware instant from any of the ISO forms that Salesforce takes; raises ValueError otherwise."""
    instant = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", text))
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def stored(field: Field, value: Any) -> Any:
    """The stored form of what a client sent for `field`; None and blank text are null.

    Text is accepted for every type, as Salesforce accepts it. Raises SalesforceError.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return 0 if field.kind is Kind.BOOLEAN else None
    return _STORE[field.kind](field, value)


def _store_text(field: Field, value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise _unreadable(field, value)
    text = value if isinstance(value, str) else _plain(value)
    if field.length and len(text) > field.length:
        raise RecordError(
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {text} (max length={field.length})",
            field.name,
        )
    if field.type == "email" and not _EMAIL.fullmatch(text):
        raise RecordError("INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {text}", field.name)
    if field.restricted_picklist and text not in field.picklist_values:
        raise RecordError(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            field.name,
        )
    return text


def _store_id(field: Field, value: Any) -> str:
    found = normalise(value) if isinstance(value, str) else None
    if found is None:
        raise RecordError("MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", field.name)
    return found


def _store_boolean(field: Field, value: Any) -> int:
    truth = {"true": 1, "false": 0, "1": 1, "0": 0}.get(str(value).lower())
    if truth is None:
        raise _unreadable(field, value)
    return truth


def _store_integer(field: Field, value: Any) -> int:
    number = _decimal(field, value)
    if abs(number) > INTEGER_MAX:
        raise _out_of_range(field, value)
    return int(number.to_integral_value(ROUND_HALF_UP))


def _store_decimal(field: Field, value: Any) -> int:
    number = _decimal(field, value)
    scaled = int(_WIDE.scaleb(number, field.scale).to_integral_value(ROUND_HALF_UP, _WIDE))
    if abs(scaled) >= 10**field.precision:
        raise _out_of_range(field, value)
    return scaled


def _decimal(field: Field, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise _unreadable(field, value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _unreadable(field, value) from None
    if not number.is_finite() or number.adjusted() > 40:
        raise _out_of_range(field, value)
    return number


def _store_date(field: Field, value: Any) -> str:
    try:
        text = str(value)
        day = date.fromisoformat(text) if len(text) <= 10 else parse_instant(text).date()
        return day.isoformat()
    except ValueError:
        raise _unreadable(field, value) from None


def _store_datetime(field: Field, value: Any) -> str:
    try:
        return instant_text(parse_instant(str(value)))
    except ValueError:
        raise _unreadable(field, value) from None


def _store_compound(field: Field, value: Any) -> Any:
    raise _unreadable(field, value)


_STORE: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _store_text,
    Kind.ID: _store_id,
    Kind.BOOLEAN: _store_boolean,
    Kind.INTEGER: _store_integer,
    Kind.DECIMAL: _store_decimal,
    Kind.DATE: _store_date,
    Kind.DATETIME: _store_datetime,
    Kind.COMPOUND: _store_compound,
}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unreadable(field: Field, value: Any) -> SalesforceError:
    shape = "START_OBJECT" if isinstance(value, dict) else "VALUE_STRING"
    return SalesforceError(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {field.type} from {shape} value {value} "
        "or request may be missing a required field",
    )


def _out_of_range(field: Field, value: Any) -> RecordError:
    return RecordError(
        "NUMBER_OUTSIDE_VALID_RANGE",
        f"{field.label}: value outside of valid range on numeric field: {value}",
        field.name,
    )


def decimal_of(field: Field, value: int) -> Decimal:
    """The number behind a scaled integer, exact, with the field's scale."""
    return Decimal(value).scaleb(-field.scale)


def shown(field: Field, value: Any) -> Any:
    """A stored value as a plain JSON value for people and tests: numbers as exact decimal text."""
    if value is None:
        return None
    if field.kind is Kind.BOOLEAN:
        return bool(value)
    if field.kind is not Kind.DECIMAL:
        return value
    text = f"{decimal_of(field, value):f}"
    # The third place is there for currencies that have it; elsewhere it says nothing.
    return text[:-1] if field.type == "currency" and field.scale == 3 and text.endswith("0") else text


def json_writer(field: Field) -> Callable[[Any], str]:
    """A function from the stored values of `field` to JSON text, made once per column of an answer."""
    if field.kind is Kind.BOOLEAN:
        return lambda value: "true" if value else "false"
    if field.kind is Kind.INTEGER:
        return lambda value: "null" if value is None else str(value)
    if field.kind is Kind.DECIMAL:
        scale, unit = field.scale, 10**field.scale
        return lambda value: "null" if value is None else _double_text(value, scale, unit)
    if field.kind is Kind.TEXT:
        return lambda value: "null" if value is None else quoted(value)
    return lambda value: "null" if value is None else f'"{value}"'


def _double_text(scaled: int, scale: int, unit: int) -> str:
    whole, rest = divmod(abs(scaled), unit)
    if whole >= EXPONENT_FROM:
        return number_text(Decimal(scaled).scaleb(-scale))
    sign = "-" if scaled < 0 else ""
    if not rest:
        return f"{sign}{whole}.0"
    return f"{sign}{whole}.{rest:0{scale}d}".rstrip("0")


def number_text(number: Decimal) -> str:
    """A JSON number as Java writes a double: always a point, an exponent from ten million on."""
    if abs(number) < EXPONENT_FROM:
        text = f"{number.normalize():f}"
        return text if "." in text else f"{text}.0"
    sign, digits, _ = number.normalize().as_tuple()
    fraction = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{fraction}E{number.adjusted()}"

"""A filter as a tree, and its SQL. Both query languages parse into this tree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sf_intacct.sandbox.intacct.reading.paths import Column, Paths
from sf_intacct.sandbox.intacct.schema import Field
from sf_intacct.sandbox.intacct.values import BadValue, iso_date, number, scaled, utc_stamp

INTEGER_MAX = 2**62
DIGITS_MAX = 12
NEVER = "\x00"


class BadFilter(Exception):
    """A value, an operator or a field that the filter does not allow."""


@dataclass(frozen=True)
class Comparison:
    """operator is one of `OPERATORS`; values are texts as they came."""

    operator: str
    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class AllOf:
    parts: tuple["Tree", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Tree", ...]


@dataclass(frozen=True)
class Not:
    part: "Tree"


Tree = Comparison | AllOf | AnyOf | Not
EVERYTHING = AllOf(())


def names(tree: Tree) -> set[str]:
    """Every field that a filter looks at."""
    if isinstance(tree, Comparison):
        return {tree.field}
    parts = (tree.part,) if isinstance(tree, Not) else tree.parts
    return {name for part in parts for name in names(part)}


@dataclass(frozen=True)
class Reading:
    """How texts are to be understood: the clock of the user, case, and labels or database codes."""

    zone: timedelta = timedelta(0)
    case_insensitive: bool = False
    codes: bool = False


@dataclass
class Condition:
    """An SQL condition and its parameters."""

    sql: str
    parameters: list[str | int]


def condition(tree: Tree, paths: Paths, reading: Reading) -> Condition:
    """The SQL of `tree`. Raises UnknownField or BadFilter."""
    if isinstance(tree, Not):
        inner = condition(tree.part, paths, reading)
        return Condition(f"not ({inner.sql})", inner.parameters)
    if isinstance(tree, Comparison):
        return _comparison(tree, paths.column(tree.field), reading)
    word, none = (" and ", "true") if isinstance(tree, AllOf) else (" or ", "false")
    parts = [condition(part, paths, reading) for part in tree.parts]
    joined = word.join(f"({part.sql})" for part in parts)
    return Condition(joined or none, [value for part in parts for value in part.parameters])


def _comparison(comparison: Comparison, column: Column, reading: Reading) -> Condition:
    try:
        build, fewest, most = OPERATORS[comparison.operator]
        if not fewest <= len(comparison.values) <= most:
            raise BadFilter(f"{comparison.operator} with {len(comparison.values)} values")
        if comparison.operator in ("like", "notlike"):
            operand, values = _text_operand(column, comparison.values, reading)
        else:
            operand, values = _operand(column, comparison.values, reading)
    except (BadValue, KeyError) as error:
        raise BadFilter(str(error)) from error
    return build(operand, values)


def _operand(column: Column, texts: Sequence[str], reading: Reading) -> tuple[str, list[str | int]]:
    field = column.field
    if field.scale is not None or field.type == "INTEGER":
        return _number_operand(column, [number(text) for text in texts])
    if field.type == "DATE":
        return column.sql, [iso_date(text) for text in texts]
    if field.type == "TIMESTAMP":
        return column.sql, [utc_stamp(text, reading.zone) for text in texts]
    return _text_operand(column, [_meaning(field, text, reading) for text in texts], reading)


def _number_operand(column: Column, values: list[Decimal]) -> tuple[str, list[str | int]]:
    """Compares exactly, also where a value has more decimals than the column keeps."""
    scale = column.field.scale or 0
    places = max((-int(value.normalize().as_tuple().exponent) for value in values), default=0)
    extra = max(0, places - scale)
    found = [scaled(value, scale + extra) for value in values]
    if extra > DIGITS_MAX or any(abs(value) > INTEGER_MAX for value in found):
        raise BadFilter("a number out of range")
    return (f"({column.sql}) * {10**extra}" if extra else column.sql), list(found)


def _text_operand(column: Column, texts: Sequence[str], reading: Reading) -> tuple[str, list[str | int]]:
    if not reading.case_insensitive:
        return column.sql, list(texts)
    return f"intacct_fold({column.sql})", [text.casefold() for text in texts]


def _meaning(field: Field, text: str, reading: Reading) -> str:
    """The kept text that a filter's text stands for."""
    if field.type == "BOOLEAN":
        return {"t": "true", "f": "false"}.get(text.lower(), text.lower())
    if reading.codes and field.values:
        return next((label for label, code in field.values.items() if code == text), NEVER + text)
    return text


def _glob(pattern: str) -> str:
    """`%` and `_` as a GLOB, because SQLite's LIKE does not tell upper from lower case."""
    quoted = "".join(f"[{one}]" if one in "*?[" else one for one in pattern)
    return quoted.replace("%", "*").replace("_", "?")


def _simple(sign: str) -> Callable[[str, list[str | int]], Condition]:
    return lambda operand, values: Condition(f"{operand} {sign} ?", values)


def _between(operand: str, values: list[str | int]) -> Condition:
    return Condition(f"{operand} between ? and ?", values)


def _membership(word: str) -> Callable[[str, list[str | int]], Condition]:
    return lambda operand, values: Condition(f"{operand} {word} ({', '.join('?' * len(values))})", values)


def _matching(word: str) -> Callable[[str, list[str | int]], Condition]:
    return lambda operand, values: Condition(f"{operand} {word} ?", [_glob(str(values[0]))])


def _emptiness(word: str) -> Callable[[str, list[str | int]], Condition]:
    return lambda operand, values: Condition(f"{operand} {word}", values)


VALUES_MAX = 1000
OPERATORS: dict[str, tuple[Callable[[str, list[str | int]], Condition], int, int]] = {
    "equalto": (_simple("="), 1, 1),
    "notequalto": (_simple("<>"), 1, 1),
    "lessthan": (_simple("<"), 1, 1),
    "lessthanorequalto": (_simple("<="), 1, 1),
    "greaterthan": (_simple(">"), 1, 1),
    "greaterthanorequalto": (_simple(">="), 1, 1),
    "between": (_between, 2, 2),
    "in": (_membership("in"), 1, VALUES_MAX),
    "notin": (_membership("not in"), 1, VALUES_MAX),
    "like": (_matching("glob"), 1, 1),
    "notlike": (_matching("not glob"), 1, 1),
    "isnull": (_emptiness("is null"), 0, 0),
    "isnotnull": (_emptiness("is not null"), 0, 0),
}

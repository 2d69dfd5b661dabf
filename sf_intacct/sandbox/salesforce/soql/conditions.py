"""WHERE and HAVING into SQL with bound values.

SOQL knows two truth values: what compares with null is false, and its negation true. SQL knows three,
so a negation first turns "unknown" into false.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from sf_intacct.sandbox.salesforce.ids import normalise
from sf_intacct.sandbox.salesforce.schema import Field, Kind
from sf_intacct.sandbox.salesforce.soql.days import bounds_of, span_of
from sf_intacct.sandbox.salesforce.soql.mistakes import (
    QueryMistake,
    cannot,
    malformed,
    no_such_object,
    wrong_criterion,
)
from sf_intacct.sandbox.salesforce.soql.scope import Bound, Scope
from sf_intacct.sandbox.salesforce.soql.syntax import (
    All,
    AnyOf,
    Call,
    Comparison,
    Condition,
    Literal,
    Membership,
    Not,
    Path,
    Query,
)
from sf_intacct.sandbox.salesforce.soql.tokens import LITERAL_MARK
from sf_intacct.sandbox.salesforce.values import instant_text, parse_instant

TYPE_NAMES = {"datetime": "dateTime", "currency": "double", "percent": "double"}
_AFTER_SPAN = (">", "<=")  # operators that look at the end of a span of days


class Conditions:
    """Compiles conditions over one scope; `parameters` fills in the order of the question marks."""

    def __init__(self, scope: Scope, today: date, aggregate: Callable[[Call], tuple[str, Field]]) -> None:
        self.scope, self.today, self.aggregate = scope, today, aggregate
        self.parameters: list[object] = []

    def compile(self, condition: Condition) -> str:
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        if isinstance(condition, Membership):
            return self._membership(condition)
        if isinstance(condition, Not):
            return f"not ifnull(({self.compile(condition.condition)}), 0)"
        if isinstance(condition, AnyOf):
            return self._keyset(condition) or self._joined(condition.conditions, " or ")
        return self._joined(condition.conditions, " and ")

    def _joined(self, conditions: tuple[Condition, ...], word: str) -> str:
        return "(" + word.join(self.compile(each) for each in conditions) + ")"

    def _comparison(self, comparison: Comparison) -> str:
        sql, field = self._left(comparison.left)
        literal, operator = comparison.right, comparison.operator
        if literal.kind == "null" or (literal.kind == "string" and not literal.text):
            return self._null_test(sql, operator, literal)
        if operator == "LIKE":
            return self._like(sql, field, literal)
        if literal.kind == "day":
            return self._within_days(sql, field, operator, literal)
        value = self._value(field, literal)
        if isinstance(value, Fraction):
            return value.compare(sql, operator)
        if field.kind is Kind.TEXT and isinstance(value, str) and not value.isascii():
            sql, value = f"salesforce_fold({sql})", value.casefold()
        self.parameters.append(value)
        return f"{sql} is not ?" if operator == "!=" else f"{sql} {operator} ?"

    def _left(self, left: Path | Call) -> tuple[str, Field]:
        if isinstance(left, Call):
            return self.aggregate(left)
        bound = self._filterable(left)
        return bound.sql, bound.field

    def _filterable(self, path: Path) -> Bound:
        bound = self.scope.bind(path)
        if not bound.field.filterable or bound.field.kind is Kind.COMPOUND:
            raise cannot(path.text, "filtered", path.offset)
        return bound

    def _null_test(self, sql: str, operator: str, literal: Literal) -> str:
        if operator not in ("=", "!="):
            raise malformed(f"unexpected token: {literal.text!r}", literal.offset)
        return f"{sql} is {'not ' if operator == '!=' else ''}null"

    def _like(self, sql: str, field: Field, literal: Literal) -> str:
        if field.kind is not Kind.TEXT:
            detail = f"invalid operator on {field.type} field"
            raise QueryMistake("INVALID_QUERY_FILTER_OPERATOR", detail, literal.offset)
        if literal.kind != "string":
            raise wrong_criterion(field.name, "string", literal.offset, quotes=True)
        pattern = literal.text
        if not pattern.isascii():
            sql, pattern = f"salesforce_fold({sql})", pattern.casefold()
        self.parameters += [pattern, LITERAL_MARK]
        return f"{sql} like ? escape ?"

    def _within_days(self, sql: str, field: Field, operator: str, literal: Literal) -> str:
        if field.kind not in (Kind.DATE, Kind.DATETIME):
            raise malformed(f"unexpected token: {literal.text!r}", literal.offset)
        span = span_of(literal.text, self.today, literal.offset)
        if field.kind is Kind.DATE:
            first, after = (day.isoformat() for day in span)
        else:
            first, after = (instant_text(instant) for instant in bounds_of(span))
        if operator in ("=", "!="):
            self.parameters += [first, after]
            return f"{'not ' if operator == '!=' else ''}ifnull({sql} >= ? and {sql} < ?, 0)"
        self.parameters.append(after if operator in _AFTER_SPAN else first)
        return f"{sql} {'<' if operator.startswith('<') else '>='} ?"

    def _membership(self, membership: Membership) -> str:
        bound = self._filterable(membership.left)
        if isinstance(membership.values, Query):
            inside, has_null = self._semi_join(bound.field, membership.left, membership.values), False
            sql = bound.sql
        else:
            sql, inside, has_null = self._listed(bound, membership.values)
        found = f"ifnull({sql} in ({inside}), 0)" if membership.negated else f"{sql} in ({inside})"
        if has_null:
            found = f"({found} or {sql} is null)"
        return f"not {found}" if membership.negated else found

    def _listed(self, bound: Bound, literals: tuple[Literal, ...]) -> tuple[str, str, bool]:
        given = [literal for literal in literals if literal.kind != "null"]
        if any(literal.kind == "day" for literal in given):
            raise malformed(f"unexpected token: {given[0].text!r}", given[0].offset)
        values = [self._value(bound.field, literal) for literal in given]
        values = [value for value in values if not isinstance(value, Fraction)]
        sql = bound.sql
        if bound.field.kind is Kind.TEXT and not all(str(value).isascii() for value in values):
            sql, values = f"salesforce_fold({sql})", [str(value).casefold() for value in values]
        self.parameters.append(json.dumps(values))
        return sql, "select value from json_each(?)", len(given) < len(literals)

    def _semi_join(self, field: Field, left: Path, query: Query) -> str:
        """IN (SELECT reference FROM ...): ids against ids only, one column, one level."""
        kind = self.scope.schema.find(query.source.text)
        if kind is None:
            raise no_such_object(query.source.text, query.source.offset)
        column = query.columns[0].value
        if len(query.columns) != 1 or not isinstance(column, Path) or field.kind is not Kind.ID:
            raise malformed("a semi join needs one Id or reference field on each side", left.offset)
        inner = Scope(self.scope.schema, kind, (query.alias,), mark=f"{self.scope.mark}s")
        bound = inner.bind(column)
        if bound.field.kind is not Kind.ID:
            raise malformed("a semi join needs one Id or reference field on each side", column.offset)
        conditions = Conditions(inner, self.today, self.aggregate)
        where = f" and {conditions.compile(query.where)}" if query.where else ""
        self.parameters += conditions.parameters
        return (
            f"select {bound.sql} from {inner.from_clause} "
            f'where {inner.source}."IsDeleted" = 0 and {bound.sql} is not null{where}'
        )

    def _keyset(self, either: AnyOf) -> str | None:
        """`a > x OR (a = x AND b > y)` as `(a, b) > (x, y)`, which an index on (a, b) answers at once."""
        found = keyset_parts(either)
        if found is None:
            return None
        bounds = [self.scope.bind(each.left) for each in found if isinstance(each.left, Path)]
        if len(bounds) < 2 or any(bound.field.nillable or bound.field.kind not in _KEYS for bound in bounds):
            return None
        self.parameters += [self._value(bound.field, each.right) for bound, each in zip(bounds, found, strict=True)]
        return f"({bounds[0].sql}, {bounds[1].sql}) {found[1].operator} (?, ?)"

    def _value(self, field: Field, literal: Literal) -> object:
        """The stored form of a literal; raises QueryMistake where its kind is not the field's."""
        wanted = _LITERALS[field.kind]
        if literal.kind not in wanted:
            name = TYPE_NAMES.get(field.type, field.type)
            raise wrong_criterion(field.name, name, literal.offset, quotes="string" in wanted)
        if field.kind is Kind.ID:
            return _id_value(literal)
        if field.kind is Kind.TEXT:
            return literal.text.replace(LITERAL_MARK, "")
        if field.kind is Kind.BOOLEAN:
            return int(literal.text == "TRUE")
        if field.kind is Kind.DATETIME:
            return _instant_value(literal)
        return _number_value(field, literal) if literal.kind == "number" else literal.text


@dataclass(frozen=True)
class Fraction:
    """A number finer than its column: no stored value equals it, and it lies above `floor`."""

    floor: int

    def compare(self, sql: str, operator: str) -> str:
        if operator in ("=", "!="):
            return str(int(operator == "!="))
        return f"{sql} {'>' if operator.startswith('>') else '<='} {self.floor}"


_LITERALS = {
    Kind.TEXT: ("string",),
    Kind.ID: ("string",),
    Kind.BOOLEAN: ("boolean",),
    Kind.INTEGER: ("number",),
    Kind.DECIMAL: ("number",),
    Kind.DATE: ("date",),
    Kind.DATETIME: ("datetime",),
    Kind.COMPOUND: (),
}


def keyset_parts(either: AnyOf) -> tuple[Comparison, Comparison] | None:
    """The two comparisons of a keyset condition, or None if `either` is not one."""
    if len(either.conditions) != 2:
        return None
    beyond, rest = either.conditions
    if not isinstance(beyond, Comparison) or beyond.operator not in ("<", ">") or not isinstance(rest, All):
        return None
    if len(rest.conditions) != 2:
        return None
    same, further = rest.conditions
    if not isinstance(same, Comparison) or not isinstance(further, Comparison):
        return None
    ties = same.operator == "=" and _same(same, beyond) and further.operator in _DIRECTION[beyond.operator]
    return (beyond, further) if ties else None


_KEYS = (Kind.ID, Kind.DATETIME)
_DIRECTION = {"<": ("<", "<="), ">": (">", ">=")}


def _same(one: Comparison, other: Comparison) -> bool:
    if not isinstance(one.left, Path) or not isinstance(other.left, Path):
        return False
    same_field = one.left.text.casefold() == other.left.text.casefold()
    return same_field and (one.right.kind, one.right.text) == (other.right.kind, other.right.text)


def _id_value(literal: Literal) -> str:
    found = normalise(literal.text)
    if found is None:
        detail = f"invalid ID field: {literal.text}"
        raise QueryMistake("INVALID_QUERY_FILTER_OPERATOR", detail, literal.offset)
    return found


def _instant_value(literal: Literal) -> str:
    try:
        return instant_text(parse_instant(literal.text))
    except ValueError:
        raise malformed(f"invalid date: {literal.text}", literal.offset) from None


def _number_value(field: Field, literal: Literal) -> int | Fraction:
    scaled = Decimal(literal.text).scaleb(field.scale)
    floor = int(scaled.to_integral_value(ROUND_FLOOR))
    return floor if scaled == floor else Fraction(floor)

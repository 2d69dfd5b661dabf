"""A query as a tree of plain values, just as written: nothing here has been looked up in a schema."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Path:
    """A field, perhaps through relationships: `Account.Owner.Name`."""

    text: str
    offset: int


@dataclass(frozen=True)
class Call:
    """A function over a field: COUNT(Id), MAX(Amount), FIELDS(ALL). `argument` is None for COUNT()."""

    function: str
    argument: Path | None
    offset: int


@dataclass(frozen=True)
class Column:
    """One entry of a select list."""

    value: "Path | Call | Query"
    alias: str | None = None


@dataclass(frozen=True)
class Literal:
    """A value: kind is string, number, date, datetime, boolean, null or day (TODAY, LAST_N_DAYS:7)."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True)
class Comparison:
    """field operator value; operator is one of = != < <= > >= LIKE, as upper-case text."""

    left: Path | Call
    operator: str
    right: Literal


@dataclass(frozen=True)
class Membership:
    """field [NOT] IN (values) or (query)."""

    left: Path
    negated: bool
    values: "tuple[Literal, ...] | Query"


@dataclass(frozen=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True)
class All:
    """Conditions joined by AND."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    """Conditions joined by OR."""

    conditions: "tuple[Condition, ...]"


Condition = Comparison | Membership | Not | All | AnyOf


@dataclass(frozen=True)
class Ordering:
    value: Path | Call
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True)
class Query:
    """A whole query. `source` is an object, or a child relationship in a sub-select."""

    columns: tuple[Column, ...]
    source: Path
    alias: str | None = None
    where: Condition | None = None
    group_by: tuple[Path, ...] = ()
    having: Condition | None = None
    order_by: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int = 0
    offset_at: int = field(default=0, compare=False)

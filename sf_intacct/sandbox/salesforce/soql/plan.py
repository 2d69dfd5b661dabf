"""What a compiled query is: statements to run, and the shape in which its rows become records."""

from dataclasses import dataclass, field

from sf_intacct.sandbox.salesforce.schema import Field, ObjectType


@dataclass(frozen=True)
class Leaf:
    """One column of a row under the field's name."""

    key: str
    field: Field
    index: int


@dataclass(frozen=True)
class Compound:
    """An address: several columns as one object, or null if all are empty."""

    key: str
    parts: tuple[Leaf, ...]


@dataclass(frozen=True)
class Total:
    """One aggregate of a grouped row; AVG needs two columns, sum and count."""

    key: str
    function: str
    field: Field
    indexes: tuple[int, ...]


@dataclass(frozen=True)
class Children:
    """The place of a sub-select's records; `position` counts the sub-selects of a query."""

    key: str
    position: int


@dataclass
class Shape:
    """A record: its object, the column with its id, its entries in order. Parents are shapes too."""

    kind: ObjectType
    id_index: int
    key: str = ""
    items: "list[Leaf | Compound | Children | Shape]" = field(default_factory=list)


@dataclass(frozen=True)
class RecordPlan:
    """A query for records.

    keys gives the rowids of the whole result in order (and, in a sub-select, the parent's id before
    each); page gives the rows of some rowids, in their order.
    """

    shape: Shape
    keys: str
    parameters: tuple[object, ...]
    page: str
    children: "tuple[ChildPlan, ...]" = ()


@dataclass(frozen=True)
class ChildPlan:
    """A sub-select; its `keys` statement takes the parents' ids as its last parameter."""

    plan: RecordPlan
    limit: int | None
    offset: int


@dataclass(frozen=True)
class CountPlan:
    """SELECT COUNT(): a number and no records."""

    statement: str
    parameters: tuple[object, ...]


@dataclass(frozen=True)
class AggregatePlan:
    """A query for groups, which comes whole or not at all."""

    items: tuple[Leaf | Total, ...]
    statement: str
    parameters: tuple[object, ...]


Plan = RecordPlan | CountPlan | AggregatePlan

"""What a system says of its own objects: which fields there are, what each takes, and what a new record needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sf_intacct.model.system import Kind

ANY = frozenset(Kind)
# What each spelling of a value may be read as; text takes everything but dates and instants, whose spelling differs.
NUMBERS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.TEXT})
FRACTIONS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.TEXT})
FLAGS = frozenset({Kind.FLAG, Kind.TEXT})
TEXTS = frozenset({Kind.TEXT})
DATES = frozenset({Kind.DATE})
INSTANTS = frozenset({Kind.INSTANT})


@dataclass(frozen=True, slots=True)
class DescribedField:
    """One field, as its system describes it.

    type: the system's own word; kinds: what its values may be read as. required: no record is made without it.
    is_key: a record can be found, and made or updated, by it. length: how many characters it takes; decimals: how
    many decimal places; values: nothing else is taken. None and () mean that nothing was said.
    """

    name: str
    type: str
    kinds: frozenset[Kind] = ANY
    required: bool = False
    creatable: bool = True
    updatable: bool = True
    is_key: bool = False
    length: int | None = None
    decimals: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class DescribedObject:
    """One object: its fields by name, and the objects that the first part of a dotted name leads to."""

    name: str
    fields: Mapping[str, DescribedField]
    ways: Mapping[str, str] = field(default_factory=dict)

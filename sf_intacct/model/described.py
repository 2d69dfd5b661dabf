"""What a system says of its own objects: which fields there are, what each takes, and what a new record needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(frozen=True)
class DescribedSystem:
    """One system: its objects by name, None for one that it does not have. read_at: when it was asked."""

    read_at: datetime
    objects: Mapping[str, DescribedObject | None]


@dataclass(frozen=True)
class Described:
    """What is known of the systems' own descriptions; a system that was never asked is not among them."""

    systems: Mapping[str, DescribedSystem] = field(default_factory=dict)

    def object(self, system: str, name: str) -> DescribedObject | None:
        """The object; None where the system has none, or was never asked for it."""
        return self.systems[system].objects.get(name) if system in self.systems else None

    def field(self, system: str, name: str, path: str) -> DescribedField | None:
        """The field at a name that may be dotted; None where there is none."""
        found = self.object(system, name)
        if found is None:
            return None
        if path in found.fields:
            return found.fields[path]
        way, rest = way_of(found, path)
        return self.field(system, way, rest) if way else None

    def length(self, system: str, name: str, path: str) -> int | None:
        """How many characters a dotted name takes by what it leads to, where its own object does not say."""
        found = self.object(system, name)
        way, rest = way_of(found, path) if found else ("", "")
        behind = self.field(system, way, rest) if way else None
        return behind.length if behind else None

    def names(self, system: str, name: str, path: str) -> list[str]:
        """Every name that could have been meant by a path: the object's own fields, or those behind its first part."""
        found = self.object(system, name)
        if found is None:
            return []
        way, rest = way_of(found, path)
        if way and self.object(system, way):
            start = path[: len(path) - len(rest)]
            return [start + one for one in self.names(system, way, rest)]
        return [*found.fields, *(f"{one}." for one in found.ways)]


def way_of(found: DescribedObject, path: str) -> tuple[str, str]:
    """The object that the first parts of a dotted name lead to, and what is left of the name; the longest way wins."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = found.ways.get(".".join(parts[:length]))
        if name:
            return name, ".".join(parts[length:])
    return "", ""

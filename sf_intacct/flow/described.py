"""Both systems as they describe themselves: their objects by system and name, and the fields behind dotted names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.usage import in_use
from sf_intacct.model.described import DescribedField, DescribedObject

TITLES = {"salesforce": "Salesforce", "intacct": "Intacct"}


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
        way, rest = _way(found, path)
        return self.field(system, way, rest) if way else None

    def names(self, system: str, name: str, path: str) -> list[str]:
        """Every name that could have been meant by a path: the object's own fields, or those behind its first part."""
        found = self.object(system, name)
        if found is None:
            return []
        way, rest = _way(found, path)
        if way and self.object(system, way):
            start = path[: len(path) - len(rest)]
            return [start + one for one in self.names(system, way, rest)]
        return [*found.fields, *(f"{one}." for one in found.ways)]


def _way(found: DescribedObject, path: str) -> tuple[str, str]:
    """The object that the first parts of a dotted name lead to, and what is left of the name; the longest way wins."""
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = found.ways.get(".".join(parts[:length]))
        if name:
            return name, ".".join(parts[length:])
    return "", ""


def contracts_in_use(mappings: Mappings, system: str) -> Iterator[Contract]:
    """What is read of a system for these mappings, without what no mapping names."""
    for contract in OBSERVED.values():
        used = in_use(contract, mappings) if contract.system == system else None
        if used is not None:
            yield used


def definitions(mappings: Mappings) -> tuple[str, ...]:
    """The transaction definitions that the mappings make documents of."""
    kinds = [m.among.values for m in mappings.crossings.values() if m.among and m.among.field == "DOCPARID"]
    return tuple(dict.fromkeys(value for values in kinds for value in values))


def unasked(mappings: Mappings, system: str, known: Mapping[str, DescribedObject | None]) -> list[str]:
    """The objects that have to be asked for next: those that are read, then those that their dotted names lead to."""
    wanted: dict[str, None] = {}
    for contract in contracts_in_use(mappings, system):
        wanted[contract.object] = None
        for path in contract.by_source:
            wanted |= dict.fromkeys(_leads_to(known, contract.object, path))
    return [name for name in wanted if name not in known]


def _leads_to(known: Mapping[str, DescribedObject | None], name: str, path: str) -> Iterator[str]:
    found = known.get(name)
    if found is None or path in found.fields:
        return
    way, rest = _way(found, path)
    if way:
        yield way
        yield from _leads_to(known, way, rest)

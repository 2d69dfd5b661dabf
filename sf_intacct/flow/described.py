"""Both systems' descriptions beside the mappings: what has to be asked for, and what a field is known to take."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sf_intacct.flow.contracts import OBSERVED, Column, Contract
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.usage import in_use
from sf_intacct.model.described import Described, DescribedField, DescribedObject, way_of

TITLES = {"salesforce": "Salesforce", "intacct": "Intacct"}


def with_described(mappings: Mappings, described: Described) -> Mappings:
    """The mappings with what is known of the systems: another length or choice is another revision."""
    if not described.systems:
        return mappings
    digest = hashlib.sha256(mappings.revision.encode())
    for system, one in sorted(described.systems.items()):
        for name, found in sorted(one.objects.items()):
            for field in found.fields.values() if found else ():
                digest.update(
                    f"{system}.{name}.{field.name}\0{field.length}\0{field.decimals}\0{field.values}\0".encode()
                )
    return replace(mappings, described=described, revision=digest.hexdigest()[:16])


def takes(described: Described, contract: Contract, column: Column, *, by_function: bool = False) -> DescribedField:
    """What a field takes when we write it: what its system says, else what its contract says.

    by_function: the record is made by a function of its own, whose arguments may be shorter than the field that is
    described: the shorter of the two then counts.
    """
    name = column.source or column.name
    shipped = DescribedField(name, column.kind.value, length=column.limit, values=column.choices)
    told = described.field(contract.system, contract.object, name)
    if told is None:
        return shipped
    length = told.length or described.length(contract.system, contract.object, name) or shipped.length
    if by_function and shipped.length and length:
        length = min(length, shipped.length)
    return replace(told, length=length, values=told.values or shipped.values)


def contracts_in_use(mappings: Mappings, system: str) -> Iterator[Contract]:
    """What is read of a system for these mappings, without what no mapping names."""
    for contract in OBSERVED.values():
        used = in_use(contract, mappings) if contract.system == system else None
        if used is not None and not used.by_function:
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
    way, rest = way_of(found, path)
    if way:
        yield way
        yield from _leads_to(known, way, rest)

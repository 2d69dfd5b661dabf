"""Whether mappings fit what the two systems say of themselves: columns that are read, and fields that are written."""

from collections.abc import Iterator

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import CONTRACTS, Column, Contract, target_contract
from sf_intacct.flow.described import TITLES, contracts_in_use
from sf_intacct.flow.described_values import value_problems
from sf_intacct.flow.mapping import Mapping, Rule
from sf_intacct.flow.mapping_document import Document, Path, suggestion
from sf_intacct.flow.mapping_places import places, tables_named
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.model.described import Described, DescribedField
from sf_intacct.model.system import Kind

_SPOKEN = {Kind.WHOLE: "a whole number", Kind.FLAG: "true or false", Kind.MONEY: "an amount", Kind.NUMBER: "a number"}
_SPOKEN |= {Kind.DATE: "a date", Kind.INSTANT: "an instant", Kind.TEXT: "text"}
_UNSEEN = "give our user the right to see it, or take it out of the mapping"


def described_problems(mappings: Mappings, described: Described) -> list[MappingError]:
    """Everything that the described systems have not, or do not take, each with file and line; of systems that are
    not described, nothing."""
    found = [one for name in described.systems for one in _read_problems(mappings, described, name)]
    for name, mapping in mappings.crossings.items():
        target = target_contract(mapping.target)
        if target is not None and described.object(target.system, target.object) is not None:
            found += _target_problems(mapping, target, mappings, described, mappings.documents[name])
    return found


def _read_problems(mappings: Mappings, described: Described, system: str) -> Iterator[MappingError]:
    """What is read and is not there, or is of another kind: said where a mapping names it first."""
    for contract in contracts_in_use(mappings, system):
        if described.object(system, contract.object) is None:
            seen = f"{TITLES[system]} has no object {contract.object}, or does not show it to our user"
            near = suggestion(contract.object, _objects(described, system))
            yield _somewhere(tables_named(mappings, contract), contract.name, seen, near or _UNSEEN)
            continue
        for column in contract.columns:
            yield from _column_problems(mappings, described, contract, column)


def _objects(described: Described, system: str) -> list[str]:
    return [name for name, found in described.systems[system].objects.items() if found is not None]


def _column_problems(
    mappings: Mappings, described: Described, contract: Contract, column: Column
) -> Iterator[MappingError]:
    if column.source is None or (contract.system, contract.object, column.source) in _written(mappings):
        return
    known = described.field(contract.system, contract.object, column.source)
    seen = _misfit(known, column, contract)
    if seen:
        near = _near(described, contract, column.source) if known is None else _say_kind(known)
        where = places(mappings, contract, column)
        yield _somewhere(where, f"{contract.name}.{column.name}", seen, near)


def _written(mappings: Mappings) -> set[tuple[str, str, str]]:
    """Fields that a mapping writes: what is wrong with them is said at their rule."""
    return {
        (contract.system, contract.object, name)
        for mapping in mappings.crossings.values()
        for _, contract, fields in written_parts(mapping)
        for name in fields
    }


def written_parts(mapping: Mapping) -> Iterator[tuple[Path, Contract, dict[str, Rule]]]:
    """Head and lines of what a mapping writes: where in the file, the contract, the fields."""
    target = target_contract(mapping.target)
    if target is not None:
        yield ("fields",), target, mapping.fields
    if target is not None and mapping.lines and target.lines:
        yield ("lines", "fields"), CONTRACTS[target.lines], mapping.lines.fields


def _misfit(known: DescribedField | None, column: Column, contract: Contract) -> str:
    """What is wrong with a field, in words; empty for nothing."""
    if known is None and column.detected:
        return ""  # not every organisation has it: each reading asks
    if known is None:
        return f"{TITLES[contract.system]}'s {contract.object} has no field {column.source}"
    if column.kind not in known.kinds:
        return f"{contract.object}.{column.source} is {known.type}, and we take it for {_SPOKEN[column.kind]}"
    return ""


def _near(described: Described, contract: Contract, source: str) -> str:
    return suggestion(source, described.names(contract.system, contract.object, source)) or _UNSEEN


def _say_kind(known: DescribedField) -> str:
    return f"give its column in the contract the kind of a field that is {known.type}"


def _somewhere(where: Iterator[tuple[Document, Path]], column: str, seen: str, remedy: str) -> MappingError:
    """The problem at the first place that names it; at the contract, where no mapping does."""
    for document, path in where:
        return document.wrong(path, seen, remedy)
    return MappingError("reading the mappings", record=f"the contract of {column}", seen=seen, remedy=remedy)


def _target_problems(
    mapping: Mapping, target: Contract, mappings: Mappings, described: Described, document: Document
) -> Iterator[MappingError]:
    for path, contract, fields in written_parts(mapping):
        for name, rule in fields.items():
            known, column = described.field(contract.system, contract.object, name), contract.by_source[name]
            if column.silent:
                continue
            seen = _misfit(known, column, contract)
            if seen:
                near = _near(described, contract, name) if known is None else _say_kind(known)
                yield document.wrong((*path, name), seen, near)
            if known is not None:
                yield from value_problems(rule, known, contract, mappings, document, (*path, name))
    if mapping.lines is None:
        # Documents with lines are made by functions of their own, whose arguments are not what is described.
        yield from _writing_problems(mapping, target, described, document)


def _writing_problems(
    mapping: Mapping, target: Contract, described: Described, document: Document
) -> Iterator[MappingError]:
    """Fields that cannot be written when they would be, and those that a new record cannot do without."""
    for name, rule in mapping.fields.items():
        known = described.field(target.system, target.object, name)
        if known is None or name == mapping.identity:
            continue
        what = f"{TITLES[target.system]} lets nobody write {target.object}.{name}"
        if mapping.creates and not known.creatable:
            yield document.wrong(("fields", name), what, "take it out, or write another field")
        elif mapping.keeps(rule) and not known.updatable:
            yield document.wrong(("fields", name), f"{what} later", "write `mode: create_only`")
    if mapping.creates:
        yield from _lacking(mapping, target, described, document)


def _lacking(mapping: Mapping, target: Contract, described: Described, document: Document) -> Iterator[MappingError]:
    found = described.object(target.system, target.object)
    assert found is not None, f"{mapping.target} is described"
    for known in found.fields.values():
        if known.required and "." not in known.name and known.name not in mapping.fields:
            seen = f"a new {target.object} needs {known.name}, and nothing fills it"
            yield document.wrong(("fields",), seen, f"add {known.name} to fields")
    identity = found.fields.get(mapping.identity)
    if target.system == "salesforce" and identity is not None and not identity.is_key:
        seen = f"{target.object}.{mapping.identity} is no external id: nothing can be made or found by it"
        yield document.wrong(("identity",), seen, "make the field an external id in Salesforce")

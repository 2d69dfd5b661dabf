"""Whether checked-in mappings can work at all: every table, field, expression, link and lookup they name."""

import re
from collections.abc import Iterable, Iterator

import polars as pl

from sf_intacct.errors import MappingError
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.expression import compiled
from sf_intacct.flow.mapping import Beside, Mapping, Rule
from sf_intacct.flow.mapping_text import Document, Mappings, Path, suggestion


def problems(mappings: Mappings) -> list[MappingError]:
    """Everything that is wrong with the mappings, each with file and line; empty when all is well."""
    found = list(_company_problems(mappings))
    for name, mapping in mappings.crossings.items():
        found += _crossing_problems(mapping, mappings, mappings.documents[name])
    return found


def checked(mappings: Mappings) -> Mappings:
    """The mappings, if nothing is wrong with them; raises the first MappingError otherwise."""
    found = problems(mappings)
    if found:
        raise found[0]
    return mappings


def source_schema(contract: Contract, beside: dict[str, Beside], constants: Iterable[str]) -> dict[str, pl.DataType]:
    """What an expression may use: the record's columns, each neighbour as a struct, the company's constants."""
    neighbours: dict[str, pl.DataType] = {
        name: pl.Struct(dict(CONTRACTS[other.table].dtypes))
        for name, other in beside.items()
        if other.table in CONTRACTS
    }
    company = {"company": pl.Struct(dict.fromkeys(constants, pl.String()))} if constants else {}
    return {**contract.dtypes, **neighbours, **company}


def _company_problems(mappings: Mappings) -> Iterator[MappingError]:
    document = mappings.documents.get("company") or Document("company.yaml", {}, {})
    for name, lookup in mappings.company.lookups.items():
        if lookup.table is not None and lookup.table not in CONTRACTS:
            yield document.wrong(
                ("lookups", name, "in"),
                f"there is no table {lookup.table}",
                suggestion(lookup.table, CONTRACTS),
            )


def _crossing_problems(mapping: Mapping, mappings: Mappings, document: Document) -> Iterator[MappingError]:
    source, target = CONTRACTS.get(mapping.source), target_contract(mapping.target)
    if source is None:
        yield document.wrong(("from",), f"there is no table {mapping.source}", suggestion(mapping.source, CONTRACTS))
    if target is None:
        known = [f"{c.system}.{c.object}" for c in CONTRACTS.values() if c.system != "house"]
        yield document.wrong(("to",), f"{mapping.target} is not read back", suggestion(mapping.target, known))
    if source is None or target is None:
        return
    yield from _beside_problems(mapping.beside, source, document, ("beside",))
    constants = mappings.company.constants
    schema = source_schema(source, mapping.beside, constants)
    yield from _expression_problems(mapping, schema, document)
    yield from _field_problems(mapping.fields, target, schema, mappings, document, ("fields",))
    yield from _hold_problems(mapping, document)
    if mapping.lines:
        yield from _line_problems(mapping, target, mappings, document)


def _hold_problems(mapping: Mapping, document: Document) -> Iterator[MappingError]:
    for place, hold in enumerate(mapping.hold):
        if hold.cause not in CAUSES:
            seen = f"there is no cause {hold.cause} in the catalogue"
            yield document.wrong(("hold", place, "cause"), seen, suggestion(hold.cause, CAUSES))
        if hold.any_line and mapping.lines is None:
            yield document.wrong(("hold", place, "any_line"), "this mapping has no lines: nothing would be held")


def _line_problems(
    mapping: Mapping, target: Contract, mappings: Mappings, document: Document
) -> Iterator[MappingError]:
    assert mapping.lines is not None
    source, target_lines = CONTRACTS.get(mapping.lines.each), CONTRACTS.get(target.lines or "")
    if source is None or source.document is None:
        yield document.wrong(("lines", "each"), f"{mapping.lines.each} is not a table of lines")
        return
    if target_lines is None:
        yield document.wrong(("lines",), f"{mapping.target} has no lines")
        return
    yield from _beside_problems(mapping.lines.beside, source, document, ("lines", "beside"))
    schema = source_schema(source, mapping.lines.beside, mappings.company.constants)
    # A line may look up at its document.
    schema["document"] = pl.Struct(dict(source_schema(CONTRACTS[mapping.source], mapping.beside, ())))
    for place, hold in enumerate(mapping.hold):
        if hold.any_line:
            yield from _predicate(hold.when, schema, document, ("hold", place, "when"))
    if mapping.lines.order_by not in source.by_name:
        yield document.wrong(
            ("lines", "order_by"),
            f"no column {mapping.lines.order_by}",
            suggestion(mapping.lines.order_by, source.by_name),
        )
    yield from _field_problems(mapping.lines.fields, target_lines, schema, mappings, document, ("lines", "fields"))


def _beside_problems(
    beside: dict[str, Beside], source: Contract, document: Document, path: Path
) -> Iterator[MappingError]:
    for name, other in beside.items():
        if other.table not in CONTRACTS:
            yield document.wrong((*path, name, "table"), f"no table {other.table}", suggestion(other.table, CONTRACTS))
        if other.on not in source.by_name:
            yield document.wrong((*path, name, "on"), f"no column {other.on}", suggestion(other.on, source.by_name))


def _expression_problems(
    mapping: Mapping, schema: dict[str, pl.DataType], document: Document
) -> Iterator[MappingError]:
    yield from _predicate(mapping.when, schema, document, ("when",))
    if mapping.claim:
        yield from _compile(mapping.claim, schema, document, ("claim",))
    if mapping.stake:
        yield from _compile(mapping.stake.amount, schema, document, ("stake", "amount"))
        yield from _compile(mapping.stake.currency, schema, document, ("stake", "currency"))
    for place, hold in enumerate(mapping.hold):
        if not hold.any_line:
            yield from _predicate(hold.when, schema, document, ("hold", place, "when"))


def _field_problems(
    fields: dict[str, Rule],
    target: Contract,
    schema: dict[str, pl.DataType],
    mappings: Mappings,
    document: Document,
    path: Path,
) -> Iterator[MappingError]:
    for name, rule in fields.items():
        if name not in target.by_source:
            seen = f"{target.object} has no field {name} that we read back"
            yield document.wrong((*path, name), seen, suggestion(name, target.by_source))
        yield from _compile(rule.expression, schema, document, (*path, name))
        for crossing in filter(None, (rule.link, rule.linked_back)):
            if crossing not in mappings.crossings:
                seen = f"there is no crossing {crossing}"
                yield document.wrong((*path, name), seen, suggestion(crossing, mappings.crossings))
        if rule.lookup and rule.lookup not in mappings.company.lookups:
            seen = f"there is no lookup {rule.lookup}"
            yield document.wrong((*path, name), seen, suggestion(rule.lookup, mappings.company.lookups))


def _compile(
    sql: str, schema: dict[str, pl.DataType], document: Document, path: Path, *, is_predicate: bool = False
) -> Iterator[MappingError]:
    try:
        value = pl.DataFrame(schema=schema).select(compiled(sql).alias("value"))["value"]
    except (pl.exceptions.PolarsError, ValueError) as error:
        first = str(error).splitlines()[0]
        yield document.wrong(path, f"{sql!r} cannot be computed: {first}", suggestion(_unknown(first), schema))
        return
    if value.dtype.is_float():
        yield document.wrong(path, f"{sql!r} gives a floating point number", "compute with the decimal columns")
    if is_predicate and value.dtype != pl.Boolean:
        yield document.wrong(path, f"{sql!r} is not true or false, but {value.dtype}", "write a comparison")


def _predicate(sql: str, schema: dict[str, pl.DataType], document: Document, path: Path) -> Iterator[MappingError]:
    yield from _compile(sql, schema, document, path, is_predicate=True)


def _unknown(message: str) -> str:
    quoted = re.findall(r'"([^"]+)"', message)
    return quoted[0] if quoted else ""

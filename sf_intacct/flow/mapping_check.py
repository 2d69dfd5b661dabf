"""Whether checked-in mappings can work at all: every table, field, expression, link and lookup they name."""

import re
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from sf_intacct.errors import MappingError
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import CONTRACTS, Column, Contract, target_contract
from sf_intacct.flow.described import takes
from sf_intacct.flow.described_values import value_problems
from sf_intacct.flow.expression import FAILURES, compiled, sample
from sf_intacct.flow.mapping import Beside, Mapping, Rule
from sf_intacct.flow.mapping_company_check import company_problems
from sf_intacct.flow.mapping_document import Document, Path, suggestion
from sf_intacct.flow.mapping_kinds import amendment_problems, entity_problems, kind_problems
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight.periods import move_problems
from sf_intacct.flow.scope import ENTITY
from sf_intacct.model.described import Described
from sf_intacct.model.system import Kind


def problems(mappings: Mappings) -> list[MappingError]:
    """Everything that is wrong with the mappings, each with file and line; empty when all is well."""
    found = list(company_problems(mappings))
    for name, mapping in mappings.crossings.items():
        found += _crossing_problems(mapping, mappings, mappings.documents[name])
        found += kind_problems(mapping, mappings, mappings.documents[name])
        found += amendment_problems(mapping, mappings.documents[name])
        found += move_problems(mapping, mappings, mappings.documents[name])
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


def _crossing_problems(mapping: Mapping, mappings: Mappings, document: Document) -> Iterator[MappingError]:
    source, target = CONTRACTS.get(mapping.source), target_contract(mapping.target)
    if source is None:
        yield document.wrong(("from",), f"there is no table {mapping.source}", suggestion(mapping.source, CONTRACTS))
    if target is None:
        known = [f"{c.system}.{c.object}" for c in CONTRACTS.values() if c.system != "house"]
        yield document.wrong(("to",), f"{mapping.target} is not read back", suggestion(mapping.target, known))
    for path, table in ((("from",), source), (("to",), target)):
        if table is not None and not table.stamp:
            seen = f"records of {table.name} have no stamp, so nobody can tell which version of one was meant"
            yield document.wrong(path, seen, "map a table that is made of them")
    if source is None or target is None:
        return
    yield from _beside_problems(mapping.beside, source, document, ("beside",))
    constants = mappings.company.constants
    schema = source_schema(source, mapping.beside, constants)
    yield from _expression_problems(mapping, schema, document)
    if mapping.entity:
        yield from _rule_problems(mapping.entity, ENTITY, schema, mappings, document, ("entity",))
        yield from entity_problems(mapping, target, document)
    yield from _field_problems(mapping.fields, target, schema, mappings, document, ("fields",))
    yield from _hold_problems(mapping, document)
    yield from _match_problems(mapping, schema, dict(target.dtypes), document)
    yield from _leaving_problems(mapping, schema, document)
    if mapping.lines:
        yield from _line_problems(mapping, target, mappings, document)


def _match_problems(
    mapping: Mapping, ours: dict[str, pl.DataType], theirs: dict[str, pl.DataType], document: Document
) -> Iterator[MappingError]:
    """Both sides of every key and comparison."""
    if mapping.match is None:
        return
    for part, pairs in (("keys", mapping.match.keys), ("compare", mapping.match.compare)):
        for name, pair in pairs.items():
            yield from _compile(pair.source, ours, document, ("match", part, name, "source"), kind=Kind.TEXT)
            yield from _compile(pair.target, theirs, document, ("match", part, name, "target"), kind=Kind.TEXT)


def _hold_problems(mapping: Mapping, document: Document) -> Iterator[MappingError]:
    for place, hold in enumerate(mapping.hold):
        if hold.cause not in CAUSES:
            seen = f"there is no cause {hold.cause} in the catalogue"
            yield document.wrong(("hold", place, "cause"), seen, suggestion(hold.cause, CAUSES))
        if hold.any_line and mapping.lines is None:
            yield document.wrong(("hold", place, "any_line"), "this mapping has no lines: nothing would be held")


def _leaving_problems(mapping: Mapping, schema: dict[str, pl.DataType], document: Document) -> Iterator[MappingError]:
    if mapping.leaves is None:
        return
    yield from _predicate(mapping.leaves.when, schema, document, ("leaves", "when"))
    for name, sql in mapping.leaves.fields.items():
        yield from _compile(sql, schema, document, ("leaves", "fields", name))
    unless = mapping.leaves.unless
    table = CONTRACTS.get(unless.table) if unless else None
    if unless is None:
        return
    if table is None:
        seen = f"there is no table {unless.table}"
        yield document.wrong(("leaves", "unless", "table"), seen, suggestion(unless.table, CONTRACTS))
        return
    if unless.on not in table.by_name:
        seen = f"no column {unless.on}"
        yield document.wrong(("leaves", "unless", "on"), seen, suggestion(unless.on, table.by_name))
    yield from _predicate(unless.when, dict(table.dtypes), document, ("leaves", "unless", "when"))


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
    yield from _predicate(mapping.lines.when, schema, document, ("lines", "when"))
    if mapping.lines.tax:
        yield from _predicate(mapping.lines.tax.included, schema, document, ("lines", "tax", "included"))
        yield from _predicate(mapping.lines.tax.exempt, schema, document, ("lines", "tax", "exempt"))
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
    if mapping.currency:
        yield from _compile(mapping.currency, schema, document, ("currency",))
    for name, sql in mapping.rate.expressions.items() if mapping.rate else ():
        yield from _compile(sql, schema, document, ("rate", name))
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
        yield from _rule_problems(rule, target.by_source.get(name), schema, mappings, document, (*path, name))
        if name in target.by_source:
            known = takes(Described(), target, target.by_source[name])
            yield from value_problems(rule, known, target, mappings, document, (*path, name))
        for entity, variant in (rule.by_entity or {}).items():
            where = (*path, name, "by_entity", entity)
            yield from _rule_problems(variant, target.by_source.get(name), schema, mappings, document, where)


def _rule_problems(
    rule: Rule,
    column: Column | None,
    schema: dict[str, pl.DataType],
    mappings: Mappings,
    document: Document,
    path: Path,
) -> Iterator[MappingError]:
    kind = column.kind if column and rule.value is not None else None
    yield from _compile(rule.expression, schema, document, path, kind=kind)
    if column and rule.constant is not None:
        yield from _constant_problems(rule.constant, column.kind, document, path)
    for crossing in filter(None, (rule.link, rule.linked_back)):
        if crossing not in mappings.crossings:
            seen = f"there is no crossing {crossing}"
            yield document.wrong(path, seen, suggestion(crossing, mappings.crossings))
    if rule.lookup and rule.lookup not in mappings.company.lookups:
        seen = f"there is no lookup {rule.lookup}"
        yield document.wrong(path, seen, suggestion(rule.lookup, mappings.company.lookups))


def _constant_problems(constant: str, kind: Kind, document: Document, path: Path) -> Iterator[MappingError]:
    """A constant has to be a value of the field's kind, as the house spells it."""
    form = _CONSTANTS.get(kind)
    if form is not None and not re.fullmatch(form[0], constant):
        yield document.wrong(path, f"{constant!r} is not {form[1]}", "write it as the other system would not guess it")


def _compile(
    sql: str,
    schema: dict[str, pl.DataType],
    document: Document,
    path: Path,
    *,
    is_predicate: bool = False,
    kind: Kind | None = None,
) -> Iterator[MappingError]:
    try:
        value = sample(tuple(schema.items())).select(compiled(sql).alias("value"))["value"]
    except (*FAILURES, ValueError) as error:
        first = str(error).splitlines()[0]
        yield document.wrong(path, f"{sql!r} cannot be computed: {first}", suggestion(_unknown(first), schema))
        return
    if value.dtype.is_float():
        yield document.wrong(path, f"{sql!r} gives a floating point number", "compute with the decimal columns")
        return
    if is_predicate and value.dtype != pl.Boolean:
        yield document.wrong(path, f"{sql!r} is not true or false, but {value.dtype}", "write a comparison")
    form = _FORMS.get(kind) if kind else None
    if form is not None and not form[0](value.dtype) and value.dtype != pl.Null:
        yield document.wrong(path, f"{sql!r} gives {value.dtype}, and the field takes {form[1]}", form[2])


_NO_TEXT = (pl.Datetime, pl.Struct, pl.Duration, pl.List, pl.Array, pl.Binary)
# What a field of each kind takes: the types, how people call them, and how to come by one.
_FORMS: dict[Kind, tuple[Callable[[pl.DataType], bool], str, str]] = {
    Kind.TEXT: (lambda dtype: not isinstance(dtype, _NO_TEXT), "text", "write cast(... as date)"),
    Kind.MONEY: (lambda dtype: dtype.is_numeric(), "an amount", "write cast(... as decimal(18, 3))"),
    Kind.NUMBER: (lambda dtype: dtype.is_numeric(), "a number", "write cast(... as decimal(18, 4))"),
    Kind.WHOLE: (lambda dtype: dtype.is_integer(), "a whole number", "write cast(... as bigint)"),
    Kind.DATE: (lambda dtype: dtype == pl.Date, "a date", "write cast(... as date)"),
    Kind.INSTANT: (lambda dtype: isinstance(dtype, pl.Datetime), "an instant", "use a column that is an instant"),
    Kind.FLAG: (lambda dtype: dtype == pl.Boolean, "true or false", "write a comparison"),
}
_CONSTANTS = {
    Kind.MONEY: (r"-?\d+(\.\d{1,3})?", "an amount"),
    Kind.NUMBER: (r"-?\d+(\.\d+)?", "a number"),
    Kind.WHOLE: (r"-?\d+", "a whole number"),
    Kind.DATE: (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date such as 2026-03-17"),
    Kind.INSTANT: (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "an instant such as 2026-03-17T09:00:00Z"),
    Kind.FLAG: (r"true|false", "true or false"),
}


def _predicate(sql: str, schema: dict[str, pl.DataType], document: Document, path: Path) -> Iterator[MappingError]:
    yield from _compile(sql, schema, document, path, is_predicate=True)


def _unknown(message: str) -> str:
    quoted = re.findall(r'"([^"]+)"', message)
    return quoted[0] if quoted else ""

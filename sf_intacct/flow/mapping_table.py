"""A crossing as a table that people read and sign: every field, what it means, where it comes from, when it goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.mapping import Lines, Mapping, Rule, WhenChanged


@dataclass(frozen=True)
class FieldRow:
    """One target field. part: head or line; entity: whose documents only; sql: the expression it starts from;
    by: the link or lookup it goes by; otherwise: what if nothing is found; mode and owner: when it is written, and
    whose value counts."""

    part: str
    field: str
    meaning: str
    entity: str
    sql: str
    by: str
    otherwise: str
    mode: str
    owner: str


def field_rows(mapping: Mapping) -> list[FieldRow]:
    """Every field of heads and lines, in the order of the file; the rules of single entities below the field's own."""
    target = target_contract(mapping.target)
    rows = list(_rows("head", mapping.fields, target))
    if mapping.lines:
        rows += _rows("line", mapping.lines.fields, CONTRACTS.get(target.lines or "") if target else None)
    return rows


def conditions(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """What else a mapping says, as pairs of a plain word and the text of the file."""
    yield "when", mapping.when
    if mapping.lines:
        yield from _line_conditions(mapping.lines)
    yield "known by", mapping.identity + (f", marked by {mapping.mark}" if mapping.mark else "")
    if mapping.claim:
        yield "adopts", f"the record that {mapping.claim} names"
    if mapping.entity:
        by = f" by {_by(mapping.entity)}" if _by(mapping.entity) else ""
        yield "entity", mapping.entity.expression + by
    yield "creates", "yes" if mapping.creates else "no: only updates what is there"
    yield "a later difference", mapping.when_changed.value
    if mapping.when_changed is WhenChanged.HOLD:
        yield "amendments", mapping.amendments.value
    for hold in mapping.hold:
        yield "held for a person", f"{'any line: ' if hold.any_line else ''}{hold.when} ({hold.cause})"


def _line_conditions(lines: Lines) -> Iterator[tuple[str, str]]:
    yield "lines", f"{lines.each}, by {lines.order_by}"
    if lines.when != "true":
        yield "lines that cross", lines.when


def _rows(part: str, fields: dict[str, Rule], target: Contract | None) -> Iterator[FieldRow]:
    known = target.by_source if target else {}
    for name, rule in fields.items():
        meaning = known[name].says if name in known else ""
        owner = rule.owner.value if rule.owner else ""
        for entity, variant in {"": rule, **(rule.by_entity or {})}.items():
            yield FieldRow(
                part, name, meaning, entity, variant.expression, _by(variant), _otherwise(variant), rule.mode, owner
            )


def _by(rule: Rule) -> str:
    return rule.link or rule.linked_back or rule.lookup or ""


def _otherwise(rule: Rule) -> str:
    if rule.is_alone:
        return "required" * rule.required
    return f"default {rule.default}" if rule.default is not None else rule.otherwise.value

"""A crossing in the words of the two systems, for people who sign it: where values come from, and what else happens."""

import re
from collections.abc import Iterator

from sf_intacct.flow.contracts import CONTRACTS, Contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_table import FieldRow
from sf_intacct.flow.mapping_text import Mappings

_COLUMN = re.compile(r"\s*(?:(?P<way>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\.)?(?P<name>[A-Za-z_]\w*)\s*")
_OTHERWISE = {
    "required": "waits",
    "named": "waits if one is named",
    "omit": "stays empty",
}
_MODES = {"always": "always", "create_only": "when made", "sync_once": "while it is empty"}


def comes_from(row: FieldRow, mapping: Mapping, between: str = ": ") -> str:
    """The field of the source system and what it means, where a rule is one column; its SQL where it computes."""
    found = _COLUMN.fullmatch(row.sql)
    contract = _contract(mapping, row.part == "line", (found["way"] or "").split(".")) if found else None
    column = contract.by_name.get(found["name"]) if found and contract else None
    if contract is None or column is None:
        return row.sql.replace("\r", "\\r").replace("\n", "\\n")
    name = f"{contract.object}.{column.source}" if column.source else column.name
    return f"{name}{between}{column.says}"


def _contract(mapping: Mapping, is_line: bool, way: list[str]) -> Contract | None:
    """The table that the words before a column lead to."""
    lines = mapping.lines if is_line else None
    if way[0] == "document" and lines:
        return _contract(mapping, False, way[1:] or [""])
    if way == [""]:
        return CONTRACTS.get(lines.each if lines else mapping.source)
    beside = (lines.beside if lines else mapping.beside).get(way[0])
    return CONTRACTS.get(beside.table) if beside and len(way) == 1 else None


def by_way_of(row: FieldRow, mapping: Mapping, mappings: Mappings) -> str:
    """The list that says what the other side calls it, or the record of the other side that is meant."""
    if row.by in mappings.company.lookups:
        return f"list {row.by} ({len(mappings.crosswalks[row.by])})"
    other = mappings.crossings.get(row.by)
    if other is None:
        return ""
    is_back = other.target_system != mapping.target_system
    return f"its {CONTRACTS[other.source].object if is_back else other.target_object}"


def otherwise(row: FieldRow) -> str:
    """What happens when nothing is found."""
    return _OTHERWISE.get(row.otherwise, row.otherwise)


def written(row: FieldRow) -> str:
    """When a field is written."""
    return _MODES[row.mode]


def happens(mapping: Mapping, mappings: Mappings) -> Iterator[tuple[str, str]]:
    """What a crossing does beside its fields: how it recognises, what is at stake, what becomes of what leaves."""
    for name, pair in mapping.match.keys.items() if mapping.match else ():
        yield "recognised by", f"{name}: {pair.source} here, {pair.target} there"
    if mapping.stake:
        yield "money at stake", f"{mapping.stake.amount}, in {mapping.stake.currency}"
    if mapping.leaves:
        yield "leaves", "when it is deleted" + (f", or {mapping.leaves.when}" if mapping.leaves.when != "false" else "")
        yield "then", ", ".join(f"{name} becomes {sql}" for name, sql in mapping.leaves.fields.items())
        if mapping.leaves.unless:
            yield "but not while", f"{mapping.leaves.unless.table} has {mapping.leaves.unless.when}"
    used = {rule.lookup for rule in mapping.rules if rule.lookup}
    for name, lookup in mappings.company.lookups.items():
        if name in used and lookup.table:
            yield "must be active", f"{lookup.says}, in {lookup.table}"

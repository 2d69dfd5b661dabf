"""One record through every mapping that starts from it: every value with the rule that made it, and the plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sf_intacct.flow.catalogue import remedy, words
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.differences import told
from sf_intacct.flow.evaluate import Evaluated, evaluate, meets
from sf_intacct.flow.mapping import Mapping, Rule
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.orchestration.around import surroundings
from sf_intacct.orchestration.making import Making
from sf_intacct.orchestration.recognising import recognised
from sf_intacct.store import plan_sources
from sf_intacct.store.plan_tables import Scope
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Value:
    """One mapped value. part: head, or the number of the line; rule: what the mapping file says; file: where."""

    part: str
    field: str
    value: str | None
    rule: str
    mode: str
    file: str


@dataclass(frozen=True)
class Trial:
    """What one mapping makes of the record. why_not: the predicate, when it does not hold; findings: what is wrong, in
    words; waits_for: other records that must have crossed first; plan: what would be done now."""

    crossing: str
    label: str
    why_not: str
    values: tuple[Value, ...]
    findings: tuple[dict[str, str], ...]
    waits_for: tuple[str, ...]
    plan: dict[str, Any]


def trials(session: Session, mappings: Mappings, record_id: str, day: date) -> list[Trial]:
    """Every mapping that starts from the record, tried. Reads the warehouse, writes nothing anywhere."""
    found = []
    for mapping in mappings.crossings.values():
        wanted = pl.Series("id", [record_id], dtype=pl.String)
        heads, lines = plan_sources.sources(session, mapping, wanted)
        if heads.height:
            found.append(_tried(session, mappings, mapping, heads, lines, Scope(wanted, 0, mappings.revision, day)))
    return found


def refusals(session: Session, record_id: str) -> list[dict[str, str]]:
    """Why the record is in quarantine, if it is: table, in words, and what mends it."""
    rows = session.frame(
        "select table_name, cause, coalesce(subject, '') as subject, coalesce(seen, '') as seen, "
        "coalesce(column_name, '') as column_name from core.quarantine where document_id = ?",
        [record_id],
    )
    return [{"table": row["table_name"], **_in_words(row, row["column_name"])} for row in rows.iter_rows(named=True)]


def _tried(
    session: Session,
    mappings: Mappings,
    mapping: Mapping,
    heads: pl.DataFrame,
    lines: pl.DataFrame | None,
    scope: Scope,
) -> Trial:
    around = surroundings(session, mappings, mapping)
    crosses = heads.filter(meets(mapping, mappings, heads, around))
    evaluated = evaluate(mapping, mappings, heads, lines, around)
    label = str(evaluated.heads["label"][0])
    values = tuple(_values(mapping, mappings, evaluated))
    if crosses.is_empty():
        return Trial(mapping.crossing, label, mapping.when, values, (), (), {"step": "does not cross", "changes": []})
    known = recognised(session, mappings, mapping, around, scope.ids)
    planned, _ = Making(session, mappings, mapping, scope, around, known).planned(crosses, lines)
    kept = ("step", "action", "natural_key", "target_id", "amount", "currency", "cause")
    (row,) = planned.rows.to_dicts()
    found = tuple(_in_words(one, one["column"]) for one in evaluated.findings.unique(maintain_order=True).to_dicts())
    told_by_plan = tuple(_in_words(one, one["column"]) for one in planned.findings.to_dicts())
    waits = tuple(f"{one['crossing']} of {one['needed_id']}" for one in evaluated.needs.to_dicts())
    plan = {**{key: row[key] for key in kept}, "changes": told(row["changes"])}
    return Trial(mapping.crossing, label, "", values, tuple(_once((*told_by_plan, *found))), waits, plan)


def _once(found: tuple[dict[str, str], ...]) -> Iterator[dict[str, str]]:
    seen: list[dict[str, str]] = []
    for one in found:
        if one not in seen:
            seen.append(one)
            yield one


def _in_words(row: dict[str, Any], column: str) -> dict[str, str]:
    cause, subject, seen = row["cause"], row["subject"], row["seen"]
    return {
        "cause": cause,
        "field": column,
        "words": words(cause, subject, seen, column),
        "remedy": remedy(cause, subject, seen, column),
    }


def _values(mapping: Mapping, mappings: Mappings, evaluated: Evaluated) -> Iterator[Value]:
    """Heads first, then line after line, each in the order of the file."""
    document = mappings.documents[mapping.crossing]
    entity = evaluated.heads["entity"][0]
    (head,) = evaluated.heads.to_dicts()
    rows: list[tuple[str, dict[str, Any], dict[str, Rule], tuple[str, ...]]] = [
        ("head", head, mapping.fields, ("fields",))
    ]
    if mapping.lines and evaluated.lines is not None:
        fields = mapping.lines.fields
        rows += [(str(n), line, fields, ("lines", "fields")) for n, line in enumerate(evaluated.lines.to_dicts(), 1)]
    for part, row, rules, path in rows:
        for name, rule in rules.items():
            own = (rule.by_entity or {}).get(entity or "")
            where = (*path, name, "by_entity", entity) if own else (*path, name)
            file, line = document.place(where)
            yield Value(part, name, row[name], said(own or rule), rule.mode.value, f"{file}, line {line}")


def said(rule: Rule) -> str:
    """A rule as one would say it."""
    if rule.is_alone:
        return rule.expression if rule.constant is None else f"constant {rule.constant}"
    way = next(way for way in ("link", "linked_back", "lookup") if getattr(rule, way))
    otherwise = f", default {rule.default}" if rule.default is not None else f", {rule.otherwise.value}"
    return f"{way.replace('_', ' ')} {getattr(rule, way)} of {rule.of}{otherwise}"


def known_tables(mappings: Mappings) -> list[str]:
    """The tables that mappings start from, as people name the records."""
    return sorted({f"{CONTRACTS[m.source].system}.{CONTRACTS[m.source].object}" for m in mappings.crossings.values()})

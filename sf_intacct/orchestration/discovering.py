"""Discovery: what both systems look like from here, and which of the last months' deals would not have crossed.

Reads the warehouse after a plan; writes to neither system, nor to the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.flow import catalogue
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.evaluate import evaluate
from sf_intacct.flow.likeness.groups import Group, groups
from sf_intacct.flow.likeness.scores import scored
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.recognise import BothSides
from sf_intacct.flow.suggest import records, suggest
from sf_intacct.orchestration.around import surroundings
from sf_intacct.orchestration.exceptions import recognised_cause
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.recognising import both_sides
from sf_intacct.store import discovery_tables as tables, journal_mirror, plan_sources, queue_tables
from sf_intacct.store.warehouse import Session

# From there on two records of one system are called doubles.
DOUBLES_FROM = 80
_EXAMPLES = 12
Rows = list[dict[str, Any]]


@dataclass
class Discovery:
    """Everything that was found. Money is exact and never added across currencies.

    tables: how much there is of what. currencies, entities: what documents are in, and whose they are.
    matching: which records both systems know. doubles: records of one system that look like one.
    crossings: what is on the other side, would be made, or is kept. lacking: records that would be kept, and why.
    coverage: how often a lookup finds something. deals: documents by month and outcome. causes: what keeps
    deals, the dearest first. examples: the dearest deals that are kept.
    """

    since: date
    until: date
    company: str
    tables: Rows = field(default_factory=list)
    currencies: Rows = field(default_factory=list)
    entities: Rows = field(default_factory=list)
    matching: Rows = field(default_factory=list)
    doubles: Rows = field(default_factory=list)
    crossings: Rows = field(default_factory=list)
    lacking: Rows = field(default_factory=list)
    coverage: Rows = field(default_factory=list)
    deals: Rows = field(default_factory=list)
    causes: Rows = field(default_factory=list)
    examples: Rows = field(default_factory=list)


def discover(house: House, months: int) -> Discovery:
    """Looks at everything that was read and planned. months: how far back deals count, with the present month."""
    today = house.today
    found = Discovery(_months_before(today, months - 1), today, house.settings.intacct_company_id)
    with house.transaction() as session:
        journal_mirror.follow(session, house.journal)
        found.tables = tables.counts(session).to_dicts()
        found.currencies = tables.spread(session, tables.CURRENCY).to_dicts()
        found.entities = tables.spread(session, tables.ENTITY).to_dicts()
        ours = [one for one in house.mappings.crossings.values() if one.target_system == "intacct"]
        # Records first: what keeps them keeps the deals that need them.
        for mapping in sorted(ours, key=_is_of_deals):
            _look_at(session, house, mapping, found)
    found.causes.sort(key=lambda row: (-row["money"], -row["records"], row["words"]))
    found.examples = sorted(found.examples, key=lambda row: -row["amount"])[:_EXAMPLES]
    return found


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _look_at(session: Session, house: House, mapping: Mapping, found: Discovery) -> None:
    if mapping.match:
        sides = both_sides(session, house.mappings, mapping, surroundings(session, house.mappings, mapping))
        found.matching.append(_matching(sides))
        found.doubles += _doubles(sides)
    if _is_of_deals(mapping):
        _deals(session, house, mapping, found)
        return
    counts = dict(tables.standing(session, mapping.crossing).iter_rows())
    kept = list(_kept(session, mapping))
    unlawful = len({row["source_id"] for row in kept if row["stage"] == "quarantined"})
    counts["kept"] = counts.get("kept", 0) + unlawful
    found.crossings.append(_standing(mapping, counts))
    found.lacking += list(_lacking(mapping, kept))


def _is_of_deals(mapping: Mapping) -> bool:
    return mapping.stake is not None and tables.day_column(CONTRACTS[mapping.source]) is not None


def _standing(mapping: Mapping, counts: dict[str, int]) -> dict[str, Any]:
    names = {"source": CONTRACTS[mapping.source].object, "target": mapping.target_object}
    numbers = {"there": counts.get("there", 0), "to_make": counts.get("to make", 0), "kept": counts.get("kept", 0)}
    return {"crossing": mapping.crossing, **names, **numbers}


def _matching(sides: BothSides) -> dict[str, Any]:
    found = suggest(sides)
    best = found.rows.unique("source_id", keep="first", maintain_order=True)
    how = dict(best["how"].value_counts().iter_rows())
    targets = sides.free_targets.height
    named = found.rows.filter(pl.col("how") != "taken key")["target_id"].n_unique()
    return {
        "crossing": sides.mapping.crossing,
        "source": sides.source.object,
        "target": sides.target.object,
        "linked": found.linked,
        "by_key": how.get("key", 0),
        "for_a_person": how.get("shared key", 0) + how.get("taken key", 0),
        "alike": how.get("alike", 0),
        "alone": found.alone,
        "targets_alone": targets - named,
    }


def _doubles(sides: BothSides) -> Rows:
    """Records of one system that look like the same thing, in groups."""
    ours, theirs = records(sides)
    found: Rows = []
    for contract, frame in ((sides.source, ours), (sides.target, theirs)):
        names: dict[str, str] = dict(frame.select("id", "name").iter_rows())
        for group in groups(scored(frame, frame, at_least=DOUBLES_FROM, is_same_table=True)):
            found.append(_double(contract.system, contract.object, group, names))
    return found


def _double(system: str, object_: str, group: Group, names: dict[str, str]) -> dict[str, Any]:
    called = " / ".join(dict.fromkeys(names.get(id_) or id_ for id_ in group.ids))
    kind = {"system": system, "object": object_, "records": len(group.ids), "names": called}
    return {**kind, "score": group.score, "evidence": group.evidence, "ids": list(group.ids)}


def _lacking(mapping: Mapping, kept: Rows) -> Iterator[dict[str, Any]]:
    """Records, other than deals, that would not cross: one line each, with every reason."""
    seen: dict[str, dict[str, Any]] = {}
    for row in kept:
        kind = {"crossing": mapping.crossing, "object": CONTRACTS[mapping.source].object, "id": row["source_id"]}
        kind["cause"] = row["cause"]
        one = seen.setdefault(row["source_id"], {**kind, "label": row["label"] or row["source_id"], "words": ""})
        if row["words"] not in one["words"]:
            one["words"] = f"{one['words']} {row['words']}".strip()
    yield from seen.values()


def _kept(session: Session, mapping: Mapping) -> Iterator[dict[str, Any]]:
    """Everything that keeps records of a crossing, in words."""
    for row in queue_tables.kept_up(session, mapping).iter_rows(named=True):
        cause, subject = recognised_cause(row)
        seen, column = row["seen"] or "", row["column_name"] or ""
        said = {"words": catalogue.words(cause, subject, seen, column)}
        said |= {"remedy": catalogue.remedy(cause, subject, seen, column), "who": catalogue.who(cause)}
        yield {**row, "cause": cause, **said}


def _deals(session: Session, house: House, mapping: Mapping, found: Discovery) -> None:
    """The documents of the last months: what went or would go, what would not, and why."""
    deals = tables.deals(session, mapping, CONTRACTS[mapping.source], found.since)
    grouped = deals.group_by("month", "outcome", "currency", maintain_order=True)
    summed = grouped.agg(pl.len().alias("records"), pl.col("amount").sum().alias("money"))
    found.deals += [{"crossing": mapping.crossing, **row} for row in summed.sort("month", "outcome").to_dicts()]
    found.deals += _unreadable(session, house, mapping)
    ids = set(deals["source_id"])
    every = [row for row in _kept(session, mapping) if row["source_id"] in ids or row["stage"] == "quarantined"]
    kept = _rooted(every, {row["id"]: row["cause"] for row in found.lacking})
    found.causes += _causes(mapping, kept, house)
    found.examples += _examples(mapping, kept, house)
    found.coverage += _coverage(session, house, mapping, deals["source_id"])


# What keeps an account keeps its deals; many accounts with one such cause are one line for whoever decides.
_ROOTS = {
    "looks_known": "Its account looks like a customer that Intacct has already, and nobody has said yes or no yet.",
    "key_shared": "Its account shares a key with several customers, and nobody has said which it is.",
    "key_taken": "Its account has the key of a customer that belongs to another account.",
}


def _rooted(kept: Rows, roots: dict[str, str]) -> Rows:
    """A deal that only misses a record is told with what keeps that record, where a person has to answer for it."""
    return [_with_root(row, roots.get(row["seen"] or "", "")) for row in kept]


def _with_root(row: dict[str, Any], root: str) -> dict[str, Any]:
    if not row["cause"].startswith("missing_") or root not in _ROOTS:
        return row
    told = {"remedy": catalogue.remedy(root, "", ""), "who": catalogue.who(root)}
    return {**row, **told, "words": _ROOTS[root], "cause": root}


def _unreadable(session: Session, house: House, mapping: Mapping) -> Rows:
    """Deals that arrived unlawful: nobody can say of which month they are. month is None."""
    once = {row["source_id"]: row["amount"] for row in _kept(session, mapping) if row["stage"] == "quarantined"}
    if not once:
        return []
    kind = {"crossing": mapping.crossing, "month": None, "outcome": "kept", "currency": _currency(house, None)}
    return [{**kind, "records": len(once), "money": sum((money or Decimal(0) for money in once.values()), Decimal(0))}]


def _currency(house: House, named: str | None) -> str:
    return named or house.mappings.company.constants.get("currency", "")


def _causes(mapping: Mapping, kept: Rows, house: House) -> Rows:
    """One row per cause and currency: how many deals it keeps, and how much money."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    victims: set[tuple[str, str, str]] = set()
    for row in kept:
        currency = _currency(house, row["currency"])
        key = (row["words"], currency)
        said = {name: row[name] for name in ("cause", "words", "remedy", "who")}
        one = found.setdefault(key, {"crossing": mapping.crossing, **said, "currency": currency, "records": 0})
        one.setdefault("money", Decimal(0))
        if (*key, row["source_id"]) not in victims:
            victims.add((*key, row["source_id"]))
            one["records"] += 1
            one["money"] += row["amount"] or Decimal(0)
    return list(found.values())


def _examples(mapping: Mapping, kept: Rows, house: House) -> Rows:
    """Each kept deal once, with the first reason."""
    once: dict[str, dict[str, Any]] = {}
    for row in kept:
        currency = _currency(house, row["currency"])
        names = {"crossing": mapping.crossing, "label": row["label"] or row["source_id"], "words": row["words"]}
        once.setdefault(row["source_id"], {**names, "amount": row["amount"] or Decimal(0), "currency": currency})
    return list(once.values())


def _coverage(session: Session, house: House, mapping: Mapping, ids: pl.Series) -> Rows:
    """For every looked-up field of the deals: how many of them get a value."""
    heads, lines = plan_sources.sources(session, mapping, ids)
    evaluated = evaluate(mapping, house.mappings, heads, lines, surroundings(session, house.mappings, mapping))
    parts = [(mapping.fields, evaluated.heads)]
    if mapping.lines and evaluated.lines is not None:
        parts.append((mapping.lines.fields, evaluated.lines))
    return [
        {
            "crossing": mapping.crossing,
            "field": name,
            "says": house.mappings.company.lookups[rule.lookup].says,
            "asked": frame.height,
            "found": frame.height - frame[name].null_count(),
        }
        for fields, frame in parts
        for name, rule in fields.items()
        if rule.lookup and frame.height
    ]

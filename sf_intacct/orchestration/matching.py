"""Matching what both systems had before: suggestions to look at, and the answers that a person gave to them.

Reads the warehouse, writes verdicts to the journal, and nothing to either system.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.likeness.scores import compared
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.recognise import BothSides
from sf_intacct.flow.review import Answer, Columns, read, written
from sf_intacct.flow.suggest import Suggested, fingerprint, records, suggest
from sf_intacct.orchestration.around import surroundings
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.recognising import both_sides
from sf_intacct.store import journal_mirror, verdicts
from sf_intacct.store.lease import leased
from sf_intacct.store.verdicts import Verdict

_CHANGED = "one of the two has changed since the file was made; run `match suggest` again and look at it anew"


@dataclass(frozen=True)
class Told:
    """What became of one answered row: approved, rejected, known (it stood already), or refused with the reason."""

    line: int
    source_id: str
    target_key: str
    outcome: str
    why: str = ""


def suggested(house: House, mapping: Mapping, at_least: int) -> Suggested:
    """What may be the same among the records that are not linked yet, as last read."""
    with house.transaction() as session:
        journal_mirror.follow(session, house.journal)
        sides = both_sides(session, house.mappings, mapping, surroundings(session, house.mappings, mapping))
    return suggest(sides, at_least)


def columns(mapping: Mapping) -> Columns:
    """The columns of the crossing's review file."""
    return Columns(CONTRACTS[mapping.source].system, mapping.target_system)


def review_file(mapping: Mapping, rows: pl.DataFrame, delimiter: str) -> bytes:
    """The review file of suggestions."""
    return written(columns(mapping), rows.iter_rows(named=True), delimiter)


def approve(house: House, mapping: Mapping, content: bytes, name: str, by: str) -> list[Told]:
    """Takes every answer of a review file that can be taken, and says of every other why not.

    Raises FixNeeded when the file is no review file, Busy while the target is being written to.
    """
    answers, wrong = read(content, columns(mapping), name)
    told = [Told(line, "", "", "refused", why) for line, why in wrong]
    with _quiet(house, mapping) as sides:
        wanted, refused = _judged(sides, answers)
        given = verdicts.give(
            house.journal, [verdict for _, verdict in wanted], by, house.now(), f"{house.run}: {name}"
        )
    told += refused
    told += [_outcome(answer, one) for (answer, _), one in zip(wanted, given, strict=True)]
    return sorted(told, key=lambda one: one.line)


def revoke(house: House, mapping: Mapping, source_id: str, by: str, reason: str) -> Verdict:
    """Takes the link of one source record back. Raises FixNeeded when there is none, or it is being written."""
    link = next((row for row in house.journal.links_after(0) if _is_of(row, mapping, source_id)), None)
    if link is None:
        remedy = "`sf-intacct match list` shows the links that people made"
        raise FixNeeded(
            "revoking a link", record=source_id, seen=f"it has no link in {mapping.crossing}", remedy=remedy
        )
    verdict = Verdict(mapping.crossing, source_id, link["target_id"], link["natural_key"], False, "", None, reason)
    with undisturbed(house, mapping):
        (given,) = verdicts.give(house.journal, [verdict], by, house.now(), house.run)
    if given.refusal:
        raise FixNeeded("revoking a link", record=source_id, seen=given.refusal, remedy="run `sf-intacct sync`")
    return verdict


def listed(house: House, crossing: str) -> list[dict[str, Any]]:
    """Every verdict of a crossing, oldest first; is_linked says whether the pair is linked now."""
    links = {
        (row["source_id"], row["target_id"]) for row in house.journal.links_after(0) if row["crossing"] == crossing
    }
    rows = [row for row in house.journal.verdicts_after(0) if row["crossing"] == crossing]
    return [{**row, "is_linked": (row["source_id"], row["target_id"]) in links} for row in rows]


def _is_of(row: dict[str, Any], mapping: Mapping, source_id: str) -> bool:
    return (row["crossing"], row["source_id"]) == (mapping.crossing, source_id)


@contextmanager
def undisturbed(house: House, mapping: Mapping) -> Iterator[None]:
    """Nobody sends to the target meanwhile, so that no create can leave beside a link that is being made."""
    system = house.system(mapping.target_system)
    with leased(house.journal, mapping.target_system, system.call_timeout, house.now):
        yield


@contextmanager
def _quiet(house: House, mapping: Mapping) -> Iterator[BothSides]:
    with undisturbed(house, mapping):
        with house.transaction() as session:
            journal_mirror.follow(session, house.journal)
            sides = both_sides(session, house.mappings, mapping, surroundings(session, house.mappings, mapping))
        yield sides


def _judged(sides: BothSides, answers: Sequence[Answer]) -> tuple[list[tuple[Answer, Verdict]], list[Told]]:
    """The answers as verdicts, and those that cannot be taken."""
    judge = _Judge(sides, answers)
    wanted: list[tuple[Answer, Verdict]] = []
    refused: list[Told] = []
    for answer in answers:
        why = judge.objection(answer)
        if why:
            refused.append(Told(answer.line, answer.source_id, answer.target_key, "refused", why))
        else:
            wanted.append((answer, judge.verdict(answer)))
    return _with_evidence(sides, wanted), refused


def _with_evidence(sides: BothSides, wanted: list[tuple[Answer, Verdict]]) -> list[tuple[Answer, Verdict]]:
    """With how alike the two are now, whatever the file says."""
    pairs = pl.DataFrame(
        [(verdict.source_id, verdict.target_id) for _, verdict in wanted],
        schema={"source_id": pl.String, "target_id": pl.String},
        orient="row",
    )
    scores = compared(*records(sides), pairs)
    return [
        (answer, Verdict(v.crossing, v.source_id, v.target_id, v.natural_key, v.is_same, row["evidence"], row["score"]))
        for (answer, v), row in zip(wanted, scores.iter_rows(named=True), strict=True)
    ]


class _Judge:
    """What stands against an answer, in words."""

    def __init__(self, sides: BothSides, answers: Sequence[Answer]) -> None:
        self.sides = sides
        ours, theirs = records(sides)
        identity = sides.target.by_source[sides.mapping.identity].name
        self.sources = {row["id"]: row for row in ours.iter_rows(named=True)}
        self.targets = {row["id"]: row for row in theirs.iter_rows(named=True)}
        self.keys: dict[str, str] = dict(sides.targets.select(sides.target.key, identity).iter_rows())
        self.by_key = {key: id_ for id_, key in self.keys.items()}
        self.owners: dict[str, str] = dict(sides.owners.select("target_id", "owner_id").iter_rows())
        self.partners: dict[str, str] = dict(sides.known.select("source_id", "target_id").iter_rows())
        self.promised = _promised(sides)
        same = [answer for answer in answers if answer.is_same]
        self.times = Counter(("source", answer.source_id) for answer in same)
        self.times.update(("target", self.target(answer)) for answer in same)

    def target(self, answer: Answer) -> str:
        """The target's id: by the key that people know it by, or by the id alone."""
        return self.by_key.get(answer.target_key, "") if answer.target_key else answer.target_id

    def verdict(self, answer: Answer) -> Verdict:
        target = self.target(answer)
        crossing = self.sides.mapping.crossing
        return Verdict(crossing, answer.source_id, target, self.keys[target], answer.is_same, "")

    def objection(self, answer: Answer) -> str:
        """Why the answer cannot be taken; empty when it can."""
        return self._unknown(answer) or self._stale(answer) or (self._second(answer) if answer.is_same else "")

    def _unknown(self, answer: Answer) -> str:
        source, target = self.sides.source.object, self.sides.target.object
        if answer.source_id not in self.sources:
            return f"there is no {source} {answer.source_id or '(no id)'} that crosses"
        if self.target(answer) not in self.targets:
            zeros = "; a spreadsheet may have changed the number" if answer.target_key.isdigit() else ""
            return f"there is no {target} {answer.target_key or answer.target_id or '(no id)'}{zeros}"
        if answer.target_id and answer.target_id != self.target(answer):
            there = self.keys.get(answer.target_id, answer.target_id)
            return (
                f"the row names two records, {answer.target_key} and {there}; to name another, empty the record's cell"
            )
        return ""

    def _stale(self, answer: Answer) -> str:
        """Whether what was looked at is what is there. A target that was typed in was looked at elsewhere."""
        if not answer.target_id:
            return ""
        seen = fingerprint(self.sources[answer.source_id], self.targets[answer.target_id])
        return "" if answer.seen == seen else _CHANGED

    def _second(self, answer: Answer) -> str:
        """Whether one of the two has another partner already, or gets one in the same file."""
        target, key = self.target(answer), self.keys[self.target(answer)]
        if self.times["source", answer.source_id] > 1:
            return "the file links this record more than once; one record is one record"
        if self.times["target", target] > 1:
            return f"the file gives {key} to more than one record; one record is one record"
        partner, owner = self.partners.get(answer.source_id), self.owners.get(target)
        if partner not in (None, target):
            return f"it is {self.keys.get(partner or '', partner)} already"
        if owner not in (None, answer.source_id):
            return f"{key} is the counterpart of {self._called(owner or '')} already"
        promised = self.promised.get(target)
        if promised not in (None, answer.source_id):
            return f"{key} has the same key as {self._called(promised or '')}; say no to those two first"
        return ""

    def _called(self, source_id: str) -> str:
        name = self.sources.get(source_id, {}).get("name")
        return f"{name} ({source_id})" if name else source_id


def _promised(sides: BothSides) -> dict[str, str]:
    """Targets that a second key links at the next sync, and with whom."""
    free = sides.key_pairs.filter(pl.col("owner_id").is_null())
    alone = free.filter(pl.col("source_id").is_unique() & pl.col("target_id").is_unique())
    return dict(alone.select("target_id", "source_id").iter_rows())


def _outcome(answer: Answer, given: verdicts.Given) -> Told:
    key = given.verdict.natural_key
    if given.refusal:
        return Told(answer.line, answer.source_id, key, "refused", given.refusal)
    said = "approved" if answer.is_same else "rejected"
    return Told(answer.line, answer.source_id, key, "known" if given.is_known else said)

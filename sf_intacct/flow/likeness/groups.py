"""Pairs that hang together make a group: three spellings of one company are one group, not three pairs."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Group:
    """Records that look like one thing. score and evidence: of the most certain pair among them."""

    ids: tuple[str, ...]
    score: int
    evidence: str


def groups(pairs: pl.DataFrame) -> list[Group]:
    """The groups of pairs after scores.SCORED, the surest first."""
    leader: dict[str, str] = {}

    def lead(id_: str) -> str:
        while leader.setdefault(id_, id_) != id_:
            id_ = leader[id_]
        return id_

    for source, target in pairs.select("source_id", "target_id").iter_rows():
        leader[lead(target)] = lead(source)
    members: dict[str, list[str]] = {}
    for id_ in leader:
        members.setdefault(lead(id_), []).append(id_)
    best: dict[str, tuple[int, str]] = {}
    for source, _, score, evidence in pairs.sort("score", descending=True, maintain_order=True).iter_rows():
        best.setdefault(lead(source), (score, evidence))
    found = [Group(tuple(sorted(ids)), *best[head]) for head, ids in members.items()]
    return sorted(found, key=lambda group: (-group.score, group.ids))

"""Records that link to others of their own crossing, such as a customer to its parent: parents go first.

A crossing knows its links from earlier plans. Among records that are planned together it has to be seen
in the plan itself who waits for whom, who can not go because a parent can not, and who goes in circles.
"""

from collections.abc import Mapping as Dict
from dataclasses import replace

import polars as pl

from sf_intacct.flow.contracts import target_contract
from sf_intacct.flow.decide import Planned, Step
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.mapping import Mapping

# A parent at one of these steps is there, or comes before its children.
_COMING = (Step.SEND, Step.UNDER_WAY, Step.UNCHANGED)


def introduced(mapping: Mapping, planned: Planned, links: pl.DataFrame) -> pl.DataFrame:
    """`links` in which the records that are planned now know each other by the names they have or will get."""
    names = planned.rows.select("source_id", pl.col("natural_key").alias("__named"))
    own = links.filter(pl.col("crossing") == mapping.crossing).join(
        names.unique("source_id"), on="source_id", how="left", maintain_order="left"
    )
    own = own.with_columns(pl.coalesce("natural_key", "__named").alias("natural_key")).drop("__named")
    return pl.concat([links.filter(pl.col("crossing") != mapping.crossing), own])


def in_order(mapping: Mapping, evaluated: Evaluated, planned: Planned, target: pl.DataFrame) -> Planned:
    """`planned` without records that would close a circle of parents, and without those whose parent cannot go.

    `target` is what the target system holds now: the parents of everything that is not planned.
    """
    circular = _in_circles(mapping, evaluated, planned, target)
    planned = _kept(
        planned, circular, findings(circular, "parent_cycle", document="source_id", subject=pl.col("subject"))
    )
    needs = evaluated.needs.filter(pl.col("crossing") == mapping.crossing)
    while True:
        orphans = _orphans(planned, needs)
        if orphans.is_empty():
            return planned
        missing, target_object = f"missing_{mapping.target_object.lower()}", mapping.target_object
        said = {"subject": pl.col("subject"), "seen": pl.col("needed_id")}
        told = findings(orphans, missing, document="source_id", column=target_object, **said)
        planned = _kept(planned, orphans, told)


def _orphans(planned: Planned, needs: pl.DataFrame) -> pl.DataFrame:
    """Records to be sent whose parent is planned, too, but does not go: source_id, needed_id, subject (its name)."""
    stuck = planned.rows.filter(~pl.col("step").is_in([step.value for step in _COMING]))
    parents = stuck.select(pl.col("source_id").alias("needed_id"), pl.col("label").alias("subject"))
    waiting = needs.join(parents, on="needed_id", how="inner")
    going = planned.rows.filter(pl.col("step") == Step.SEND).select("source_id")
    return (
        waiting.join(going, on="source_id", how="semi").select("source_id", "needed_id", "subject").unique("source_id")
    )


def _in_circles(mapping: Mapping, evaluated: Evaluated, planned: Planned, target: pl.DataFrame) -> pl.DataFrame:
    """Records to be sent that would be their own ancestors: source_id, subject (the circle)."""
    contract = target_contract(mapping.target)
    assert contract is not None
    rows = planned.rows.select("source_id", "natural_key", "step").join(
        evaluated.heads.select("source_id", *mapping.kin), on="source_id", how="inner"
    )
    parts = []
    for field in mapping.kin:
        column = contract.by_source[field].name
        parents = dict(target.select(contract.label, column).drop_nulls().iter_rows())
        parents.update(rows.select("natural_key", field).drop_nulls("natural_key").iter_rows())
        going = rows.filter(pl.col("step") == Step.SEND).drop_nulls(["natural_key", field])
        circles = {name: way for name in going["natural_key"] if (way := circle(name, parents))}
        found = going.filter(pl.col("natural_key").is_in(list(circles)))
        subject = [" - ".join(circles[name]) for name in found["natural_key"]]
        parts.append(found.select("source_id").with_columns(pl.Series("subject", subject, dtype=pl.String)))
    return pl.concat(parts).unique("source_id")


def circle(start: str, parents: Dict[str, str | None]) -> list[str]:
    """The circle that `start` belongs to, from its smallest name on; empty if it belongs to none."""
    path, here = [start], parents.get(start)
    seen = {start}
    while here is not None and here not in seen:
        path.append(here)
        seen.add(here)
        here = parents.get(here)
    if here != start:
        return []
    first = path.index(min(path))
    return [*path[first:], *path[:first]]


def _kept(planned: Planned, rows: pl.DataFrame, told: pl.DataFrame) -> Planned:
    """`planned` in which these records wait, each with its finding, all of one cause."""
    cause = told["cause"].first() if told.height else None
    waits = pl.col("source_id").is_in(rows["source_id"].implode())
    nothing = pl.lit(None, dtype=pl.String)
    changed = planned.rows.with_columns(
        pl.when(waits).then(pl.lit(Step.WAITING.value)).otherwise("step").alias("step"),
        pl.when(waits).then(pl.lit(cause)).otherwise("cause").alias("cause"),
        *(pl.when(waits).then(nothing).otherwise(name).alias(name) for name in ("action", "payload")),
    )
    return replace(planned, rows=changed, findings=together([planned.findings, told]))

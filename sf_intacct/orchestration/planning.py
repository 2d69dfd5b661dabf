"""The verb plan: what should be on the other side, against what is there, written down before it is done."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from sf_intacct.flow import judging
from sf_intacct.flow.amendments import Outcome
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.decide import PLAN, Planned, Step
from sf_intacct.flow.evaluate import meets
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping import Mapping, WhenChanged
from sf_intacct.flow.preflight import rules
from sf_intacct.orchestration import braking, parting, releasing, waking
from sf_intacct.orchestration.around import surroundings
from sf_intacct.orchestration.braking import Brake
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.making import Making, together_with
from sf_intacct.orchestration.periods import learn
from sf_intacct.orchestration.recognising import recognised
from sf_intacct.store import disagreements, journal_mirror, plan_sources, plan_tables
from sf_intacct.store.agreements import as_said
from sf_intacct.store.plan_tables import Scope
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Outlook:
    """What one crossing's plan says now: how many records and how much money are at which step.

    brake: what of it waits for people to approve it.
    """

    planned: int
    steps: dict[str, int]
    money: dict[str, Decimal]
    causes: dict[str, int]
    verified: int
    brake: Brake = field(default_factory=Brake)


def plan(house: House, crossing: str) -> Outlook:
    """Plans a crossing again, as far as anything moved, and replaces its plan. Writes to no other system."""
    waking.awake(house)
    with house.warehouse.held():
        mapping = house.mappings.crossings[crossing]
        outlook = _plan(house, mapping)
        return replace(outlook, brake=braking.look(house, mapping))


def _plan(house: House, mapping: Mapping) -> Outlook:
    with house.transaction() as session:
        journal_mirror.follow(session, house.journal)
        if rules.of(mapping):
            learn(session, house)
        scope = plan_tables.candidates(session, mapping, house.mappings.revision, house.today)
        if scope.ids.is_empty():
            return _outlook(session, mapping.crossing, planned=0, verified=0)
        heads, lines = plan_sources.sources(session, mapping, scope.ids)
        around = surroundings(session, house.mappings, mapping)
        known = recognised(session, house.mappings, mapping, around, scope.ids)
        released = releasing.released(house, session, mapping.crossing)
    crossing = heads.filter(meets(mapping, house.mappings, heads, around))
    with house.transaction() as session:
        made = Making(session, house.mappings, mapping, scope, around, known, released)
        planned, needs = made.planned(crossing, lines)
        planned = together_with(planned, made.left(heads, crossing))
        if mapping.when_changed is WhenChanged.HOLD:
            ended = plan_sources.ended(session, mapping, _absent(scope, planned))
            alive = heads.filter(pl.col(CONTRACTS[mapping.source].key).is_in(ended["source_id"].implode()))
            turned = parting.turned(session, house.mappings, mapping, alive)
            planned = _with_ended(mapping, planned, ended, turned)
        # Before the plan: what was seen stays seen, even if we do not live to publish. Afterwards nobody looks again.
        house.journal.agree(mapping.crossing, dict(as_said(planned.agreed.rows())), house.now())
        disagreements.refresh(house.journal, mapping.crossing, scope.ids, planned.disagreements, house.now(), house.run)
        house.journal.verify(mapping.crossing, planned.verified, house.now(), house.run)
        plan_tables.publish(session, mapping, planned, needs, scope)
        disagreements.publish(session, mapping.crossing, scope.ids, planned.disagreements)
        return _outlook(session, mapping.crossing, planned.rows.height, len(planned.verified))


def _absent(scope: Scope, planned: Planned) -> pl.Series:
    return scope.ids.filter(~scope.ids.is_in(planned.rows["source_id"].implode()))


def _with_ended(mapping: Mapping, planned: Planned, ended: pl.DataFrame, turned: list[str]) -> Planned:
    """A document whose source was withdrawn after it was posted is for people to see, not for us to undo."""
    rows = judging.ended(mapping, ended.with_columns(pl.col("source_id").is_in(turned).alias("is_turned")))
    rows = rows.filter(pl.col("outcome") != Outcome.NOTHING)
    held = pl.col("outcome") == Outcome.HOLD
    step = pl.when(held).then(pl.lit(Step.HELD.value)).otherwise(pl.lit(Step.UNDER_WAY.value))
    rows = rows.with_columns(step.alias("step"), pl.col("ruled").alias("cause"))
    told = judging.ends(rows.filter(held))
    rows = rows.select(*PLAN).cast(dict(PLAN))  # type: ignore[arg-type]
    return replace(planned, rows=pl.concat([planned.rows, rows]), findings=together([planned.findings, *told]))


def _outlook(session: Session, crossing: str, planned: int, verified: int) -> Outlook:
    steps = session.frame(f"select step, count(*) as records, sum(amount) as money from plan.{crossing} group by step")
    causes = session.frame(
        "select cause, count(distinct document_id) as records from plan.findings where crossing = ? group by cause",
        [crossing],
    )
    return Outlook(
        planned=planned,
        steps=dict(steps.select("step", "records").sort("step").iter_rows()),
        money={step: money for step, money in steps.select("step", "money").iter_rows() if money is not None},
        causes=dict(causes.sort("cause").iter_rows()),
        verified=verified,
    )

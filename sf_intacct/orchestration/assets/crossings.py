"""plan and receipts: what we mean to write in each crossing, and what came of it."""

from collections.abc import Iterator

import dagster as dg

from sf_intacct.flow.approval import shown
from sf_intacct.flow.contracts import CONTRACTS, target_contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import rules
from sf_intacct.model.money import spelt
from sf_intacct.orchestration import braking, describe
from sf_intacct.orchestration.applying import apply
from sf_intacct.orchestration.assets.core import key as core_key
from sf_intacct.orchestration.assets.queue import queue_asset
from sf_intacct.orchestration.braking import Brake
from sf_intacct.orchestration.periods import in_words
from sf_intacct.orchestration.planning import Outlook, plan
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store import plan_sources, plan_tables

Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]
PREFLIGHT = "intacct_would_accept"


def plan_key(crossing: str) -> dg.AssetKey:
    return dg.AssetKey(["plan", crossing])


def receipts_key(crossing: str) -> dg.AssetKey:
    return dg.AssetKey(["receipts", crossing])


def crossing_assets(days: dg.PartitionsDefinition[str], mappings: Mappings) -> list[dg.AssetsDefinition]:
    """Two assets for every mapping file, and one queue."""
    crossings = list(mappings.crossings.values())
    plans = [_plan(mapping, mappings, days) for mapping in crossings]
    receipts = [_receipts(mapping, days) for mapping in crossings]
    to_intacct = [receipts_key(m.crossing) for m in crossings if m.target_system == "intacct"]
    return [*plans, *receipts, queue_asset(to_intacct, days)]


def _reads(mapping: Mapping, mappings: Mappings) -> set[dg.AssetKey]:
    """Every table of core that a plan is made from: source, lines, neighbours, references, and the target itself."""
    tables = {mapping.source, *plan_sources.looked_at(mapping, mappings)}
    if mapping.lines:
        tables.add(mapping.lines.each)
    for name in (mapping.target, *(mappings.crossings[need].target for need in mapping.needs)):
        target = target_contract(name)
        tables |= {target.name, *([target.lines] if target.lines else [])} if target else set()
    return {core_key(table) for table in tables}


def _others(mapping: Mapping) -> list[str]:
    """The other crossings that come first; a crossing that links to itself sees to its own order."""
    return sorted(mapping.needs - {mapping.crossing})


def _plan(mapping: Mapping, mappings: Mappings, days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    asset_key = plan_key(mapping.crossing)
    is_braked = braking.is_braked(mappings, mapping)

    @dg.asset(
        key=asset_key,
        deps=[*sorted(_reads(mapping, mappings)), *(plan_key(need) for need in _others(mapping))],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="plan",
        kinds={"duckdb", "polars", "yaml"},
        owners=describe.OWNERS[CONTRACTS[mapping.source].system],
        description=f"{mapping.says} What would be written now, record by record, before anything is.",
        metadata={
            "mapping": describe.mapping_table(mapping),
            "dagster/column_schema": describe.table_columns(plan_tables.PLAN_COLUMNS),
            "dagster/table_name": f"warehouse.plan.{mapping.crossing}",
        },
        check_specs=[
            dg.AssetCheckSpec(
                "nothing_waits", asset=asset_key, description="No record waits for something or for somebody."
            ),
            *_preflight_spec(mapping),
            *([_approved_spec(asset_key)] if is_braked else []),
        ],
        pool="warehouse",
    )
    def planned(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        outlook = plan(house.plain, mapping.crossing)
        waits = {step: outlook.steps.get(step, 0) for step in ("waiting", "held", "refused")}
        yield dg.AssetCheckResult(
            check_name="nothing_waits",
            passed=not any(waits.values()),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={**waits, **describe.counted({"cause": outlook.causes})},
        )
        yield from _preflight_results(mapping, outlook, house)
        if is_braked:
            yield _approved(outlook.brake)
        yield dg.MaterializeResult(
            metadata={
                "numbers": {"steps": outlook.steps, "money": {s: spelt(m) for s, m in outlook.money.items()}},
                **describe.counted({"records": outlook.steps, "money": outlook.money}),
                "planned again": outlook.planned,
                "dagster/row_count": sum(outlook.steps.values()),
            }
        )

    return planned


def _preflight_spec(mapping: Mapping) -> list[dg.AssetCheckSpec]:
    """For what Intacct's own rules are known of."""
    if not rules.of(mapping):
        return []
    says = "Intacct would take every document, as far as its rules are known beforehand: docs/preflight.md."
    return [dg.AssetCheckSpec(PREFLIGHT, asset=plan_key(mapping.crossing), description=says)]


def _approved_spec(asset_key: dg.AssetKey) -> dg.AssetCheckSpec:
    says = "No plan is over a limit of the company and waits for people to approve it."
    return dg.AssetCheckSpec("nothing_awaits_approval", asset=asset_key, description=says)


def _approved(brake: Brake) -> dg.AssetCheckResult:
    """A plan that waits, with what it is over and how people let it go."""
    facts: dict[str, int | str] = {"writes that wait": len(brake.waits)}
    if brake.plan is not None:
        facts |= {"why": brake.words, "plan": shown(brake.plan.hash), "came since": brake.behind}
        facts |= {f"money {currency}".strip(): spelt(amount) for currency, amount in brake.plan.money.items()}
        facts |= {"to let it go": f"sf-intacct plan approve {shown(brake.plan.hash)} --by NAME"}
        facts |= {"approved so far by": ", ".join(brake.plan.approved_by)} if brake.plan.approved_by else {}
    return dg.AssetCheckResult(
        check_name="nothing_awaits_approval",
        passed=not brake.waits,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=facts,
    )


def _preflight_results(mapping: Mapping, outlook: Outlook, house: HouseResource) -> Events:
    """How many documents each rule keeps, and which periods are known to be closed."""
    if rules.of(mapping):
        told = rules.told(mapping, outlook.causes)
        yield dg.AssetCheckResult(
            passed=not any(told.values()),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={**told, "closed periods": dg.MetadataValue.md(in_words(house.plain))},
            check_name=PREFLIGHT,
        )


def _receipts(mapping: Mapping, days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    asset_key = receipts_key(mapping.crossing)

    @dg.asset(
        key=asset_key,
        deps=[plan_key(mapping.crossing), *(receipts_key(need) for need in _others(mapping))],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="receipts",
        kinds={"duckdb", mapping.target_system},
        owners=describe.OWNERS[mapping.target_system],
        description=f"{mapping.says} What came of writing it to {mapping.target_system.title()}, attempt by attempt.",
        check_specs=[
            dg.AssetCheckSpec("nothing_refused", asset=asset_key, description="The other side refused nothing."),
            dg.AssetCheckSpec(
                "everything_settled", asset=asset_key, description="No write waits for an answer or a look-up."
            ),
        ],
        pool="warehouse",
    )
    def receipts(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        applied = apply(house.plain, mapping.crossing)
        refused = {state: applied.states.get(state, 0) for state in ("refused", "held")}
        open_ = {state: applied.states.get(state, 0) for state in ("pending", "in_flight", "uncertain")}
        for name, counts in (("nothing_refused", refused), ("everything_settled", open_)):
            yield dg.AssetCheckResult(
                check_name=name,
                passed=not any(counts.values()),
                severity=dg.AssetCheckSeverity.WARN,
                metadata={**counts},
            )
        yield dg.MaterializeResult(
            metadata={
                "numbers": {
                    "sent": applied.sent,
                    "results": dict(applied.results),
                    "states": applied.states,
                    "waits": applied.waits,
                    "stopped": applied.stopped,
                },
                **({"stopped": applied.stopped} if applied.stopped else {}),
                **describe.counted({"result": applied.results, "state": applied.states}),
                "sent": applied.sent,
                "dagster/row_count": sum(applied.states.values()),
            }
        )

    return receipts

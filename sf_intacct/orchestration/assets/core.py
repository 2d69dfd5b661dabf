"""core: the lawful latest version of each document, and what became of it. Checks decide before the write."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg

from sf_intacct.errors import ContractError, FixNeeded
from sf_intacct.flow.check import Verdict
from sf_intacct.flow.contracts import DERIVED, OBSERVED, Contract
from sf_intacct.orchestration import describe
from sf_intacct.orchestration.deriving import derive
from sf_intacct.orchestration.publishing import Published, publish
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store.derived_tables import DERIVATIONS, Derivation

Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def core_assets(days: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    documents = [contract for contract in OBSERVED.values() if contract.document is None]
    return [_core(contract, days) for contract in documents]


def key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["core", name])


def _core(contract: Contract, days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """Heads and their lines are published by one step: never half a document."""
    lines = OBSERVED[contract.lines] if contract.lines else None
    tables = [contract, *([lines] if lines else [])]

    @dg.multi_asset(
        name=f"publish_{contract.name}",
        specs=[_spec(table, days) for table in tables],
        check_specs=[
            dg.AssetCheckSpec(
                "shape",
                asset=key(contract.name),
                blocking=True,
                description="Columns and types are those of the contract.",
            ),
            dg.AssetCheckSpec(
                "lawful",
                asset=key(contract.name),
                blocking=True,
                description="Every document keeps the contract and the laws; those that do not are quarantined whole.",
            ),
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool="warehouse",
    )
    def published(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        past = context.partition_keys[-1] != house.plain.today.isoformat()
        day = date.fromisoformat(context.partition_keys[-1]) if past else None
        try:
            result = publish(house.plain, contract, day)
        except ContractError as error:
            yield _check(contract, "shape", False, {"seen": error.seen, "what to do": error.remedy})
            raise dg.Failure(
                f"nothing was published, the last good state stays: {error}", allow_retries=False
            ) from error
        yield from _told(contract, lines, result)

    return published


def _told(contract: Contract, lines: Contract | None, result: Published) -> Events:
    yield _check(contract, "shape", True, {"columns": len(contract.columns)})
    refused = result.verdict is Verdict.REFUSE
    facts = {
        "documents": result.documents,
        "quarantined": result.quarantined,
        **describe.counted({"cause": result.causes}),
    }
    shown = {**facts, **({"examples": describe.preview(result.examples)} if result.quarantined else {})}
    yield _check(contract, "lawful", result.verdict is Verdict.PASS, shown, warn=not refused)
    if refused:
        causes = ", ".join(f"{cause} {count}" for cause, count in result.causes.items())
        error = FixNeeded(
            f"publishing {contract.name}",
            seen=f"all {result.documents} documents break a law ({causes}): nothing was published",
            remedy="mend them where they come from; the last good state stays until one of them is lawful",
        )
        raise dg.Failure(str(error), allow_retries=False) from error
    yield dg.MaterializeResult(
        asset_key=key(contract.name),
        metadata={
            "numbers": facts,
            **facts,
            "dagster/row_count": result.rows[0],
            "preview": describe.preview(result.preview),
        },
    )
    if lines is not None:
        yield dg.MaterializeResult(asset_key=key(lines.name), metadata={"dagster/row_count": result.rows[1]})


def _check(
    contract: Contract, name: str, passed: bool, facts: dict[str, Any], *, warn: bool = False
) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN if warn else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=key(contract.name), check_name=name, passed=passed, severity=severity, metadata=facts
    )


def _spec(contract: Contract, days: dg.PartitionsDefinition[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=key(contract.name),
        deps=[dg.AssetKey(["raw", contract.name])],
        partitions_def=days,
        group_name="core",
        kinds=describe.kinds(contract, "polars", "pandera"),
        owners=describe.OWNERS[contract.system],
        description=contract.says,
        metadata={
            "dagster/column_schema": describe.contract_columns(contract),
            "dagster/table_name": f"warehouse.core.{contract.name}",
        },
    )


def derived_assets(days: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    """One asset for every table that is made from other tables of core."""
    return [_derived(contract, DERIVATIONS[contract.name], days) for contract in DERIVED]


def _derived(contract: Contract, how: Derivation, days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    queue = [dg.AssetKey(["receipts", "exceptions"])] if how.reads_queue else []

    @dg.asset(
        key=key(contract.name),
        deps=[*(key(source) for source in how.sources), *queue],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="core",
        kinds={"duckdb"},
        owners=describe.OWNERS["house"],
        description=contract.says,
        metadata={
            "dagster/column_schema": describe.contract_columns(contract),
            "dagster/table_name": f"warehouse.core.{contract.name}",
        },
        pool="warehouse",
    )
    def derived(context: dg.AssetExecutionContext, house: HouseResource) -> dg.MaterializeResult[None]:
        changed = derive(house.plain, contract.name)
        return dg.MaterializeResult(metadata={"changed": changed, "dagster/row_count": changed})

    return derived

"""raw: what each system showed, as it was seen."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from sf_intacct.errors import TryLater, Uncertain
from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.orchestration import describe
from sf_intacct.orchestration.reading import heads_of, read
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store.statements import RAW_COLUMNS

_RETRIES, _PAUSE = 2, timedelta(seconds=5)


def raw_assets(days: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    return [_raw(contract, days) for contract in OBSERVED.values()]


def key(contract: Contract) -> dg.AssetKey:
    return dg.AssetKey(["raw", contract.name])


def _raw(contract: Contract, days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    heads = heads_of(contract) if contract.read_with_document else None
    fields = {source: ("varchar", column.says) for source, column in contract.by_source.items()}

    @dg.asset(
        key=key(contract),
        deps=[key(heads)] if heads else [],
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=f"raw_{contract.system}",
        kinds=describe.kinds(contract),
        owners=describe.OWNERS[contract.system],
        description=f"Every version of {contract.object} we have observed, as it was seen. {contract.says}",
        metadata={"dagster/column_schema": describe.table_columns({**RAW_COLUMNS, **fields})},
        pool="warehouse",
    )
    def observed(context: dg.AssetExecutionContext, house: HouseResource) -> Iterator[dg.MaterializeResult[None]]:
        if context.partition_keys[-1] != house.plain.today.isoformat():
            # The past cannot be observed again; what was seen on that day is kept as it is.
            yield dg.MaterializeResult(metadata={"kept": "a past day keeps what was observed on it"})
            return
        try:
            seen = read(house.plain, contract)
        except (TryLater, Uncertain) as error:
            # A read may be repeated as often as one likes; what only a person can mend is not repeated at all.
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=_PAUSE.total_seconds()) from error
        numbers = {"read": seen.read, "new": seen.new, "deleted": seen.deleted}
        yield dg.MaterializeResult(
            metadata={
                "numbers": numbers,
                **numbers,
                "dagster/row_count": seen.new,
                "watermark": str(seen.watermark or "nothing seen yet"),
            }
        )

    return observed

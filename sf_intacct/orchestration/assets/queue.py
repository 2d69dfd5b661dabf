"""The exception queue as an asset: its check tells what is wrong, what to do, where, who, and how much it is."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import dagster as dg
import polars as pl

from sf_intacct.model.money import spelt
from sf_intacct.orchestration import describe
from sf_intacct.orchestration.alerting import tell
from sf_intacct.orchestration.assets.telling import told_check, told_spec
from sf_intacct.orchestration.exceptions import Queue, Told, gather
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store import queue_tables

Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]
EXCEPTIONS = dg.AssetKey(["receipts", "exceptions"])


def queue_asset(to_intacct: list[dg.AssetKey], days: dg.PartitionsDefinition[str]) -> dg.AssetsDefinition:
    """Fed by everything on the way to Intacct; what Salesforce refuses on the way home is seen at the next tick."""

    @dg.asset(
        key=EXCEPTIONS,
        deps=to_intacct,
        partitions_def=days,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="receipts",
        kinds={"duckdb"},
        owners=["team:sales-operations", "team:finance"],
        description="Records that cannot cross now, by root cause: why, what mends it, who can, and the money at risk.",
        metadata={"dagster/column_schema": describe.table_columns(queue_tables.QUEUE)},
        check_specs=[
            dg.AssetCheckSpec("queue_is_empty", asset=EXCEPTIONS, description="Nothing is kept from crossing."),
            told_spec(EXCEPTIONS),
        ],
        pool="warehouse",
    )
    def exceptions(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        queue = gather(house.plain)
        facts: dict[str, int | str] = {"causes": queue.causes, "records": queue.victims}
        facts |= {f"money at risk {currency}".strip(): spelt(money) for currency, money in queue.money.items()}
        told = tell(house.plain)
        yield dg.AssetCheckResult(
            check_name="queue_is_empty",
            passed=queue.victims == 0,
            severity=dg.AssetCheckSeverity.WARN,
            description=_headline(queue),
            metadata={**facts, **({"what to do": _what_to_do(queue)} if queue.told else {})},
        )
        yield told_check(told)
        yield dg.MaterializeResult(metadata={"numbers": facts, **facts, "dagster/row_count": queue.victims})

    return exceptions


_TOP_CAUSES = 10


def _weight(told: Told) -> tuple[Decimal, int]:
    """Causes with the most money come first, in whatever currencies; then those with the most records."""
    return max(told.summary.money.values(), default=Decimal(0)), len(told.victims)


def _top(queue: Queue) -> list[Told]:
    return sorted(queue.told, key=_weight, reverse=True)[:_TOP_CAUSES]


def _headline(queue: Queue) -> str:
    """What an analyst sees before opening anything."""
    top = _top(queue)
    return top[0].summary.headline if top else "Nothing is kept from crossing."


def _what_to_do(queue: Queue) -> dg.MetadataValue[Any]:
    """The weightiest causes: what each keeps, what mends it, where, who."""
    columns = ["what is wrong", "what to do", "where", "who", "owner", "id"]
    rows = [
        (one.summary.headline, one.summary.remedy, one.summary.place, one.summary.who, one.kept["owner"], one.id)
        for one in _top(queue)
    ]
    return describe.preview(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"))

"""finance: what finance queries, month by month, and the file it is published in."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from sf_intacct.model.money import spelt
from sf_intacct.orchestration import describe
from sf_intacct.orchestration.alerting import tell
from sf_intacct.orchestration.assets.telling import told_check, told_spec
from sf_intacct.orchestration.closing import Late, late
from sf_intacct.orchestration.reconciling import TieOut, publish_file, refresh, tie_out
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store.finance_tables import MONTHLY, TABLES

Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]
_CORE = {
    "ar_tie_out": [
        "core/salesforce_orders",
        "core/intacct_invoices",
        "receipts/order_to_invoice",
        "receipts/exceptions",
    ],
    "invoices": [
        "core/intacct_invoices",
        "core/intacct_invoice_items",
        "core/intacct_customers",
        "core/salesforce_orders",
    ],
    "payments": ["core/payment_documents", "core/intacct_payment_applications", "core/intacct_customers"],
    "customers": [
        "core/intacct_customers",
        "core/salesforce_accounts",
        "core/intacct_invoices",
        "core/customer_balances",
    ],
    "exceptions": ["receipts/exceptions"],
    "exception_causes": ["receipts/exceptions"],
    "conflicts": ["receipts/account_to_customer", "receipts/product_to_item", "receipts/exceptions"],
    "sync_log": ["receipts/order_to_invoice", "receipts/account_to_customer", "receipts/product_to_item"],
}


def finance_assets(months: dg.PartitionsDefinition[str]) -> list[dg.AssetsDefinition]:
    monthly = [_table(table, months) for table in MONTHLY]
    whole = [_table(table, None) for table in TABLES if table not in MONTHLY]
    return [*monthly, *whole, _file()]


def key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["finance", table])


def _deps(table: str) -> list[dg.AssetDep]:
    """A day's observations may count in any month, so a month depends on no day in particular."""
    mapping = dg.AllPartitionMapping() if table in MONTHLY else None
    return [dg.AssetDep(dg.AssetKey(address.split("/")), partition_mapping=mapping) for address in _CORE[table]]


def _table(table: str, months: dg.PartitionsDefinition[str] | None) -> dg.AssetsDefinition:
    columns, says = TABLES[table]
    ties = table == "ar_tie_out"

    @dg.asset(
        key=key(table),
        deps=_deps(table),
        partitions_def=months,
        backfill_policy=dg.BackfillPolicy.single_run() if months else None,
        group_name="finance",
        kinds={"duckdb"},
        owners=["team:finance"],
        description=says,
        metadata={
            "dagster/column_schema": describe.table_columns(columns),
            "dagster/table_name": f"finance.{table}",
        },
        check_specs=[
            dg.AssetCheckSpec("ties_out", asset=key(table), description="Every difference has an explanation."),
            dg.AssetCheckSpec(
                "nothing_landed_late",
                asset=key(table),
                description="In no period that has closed did a document enter or change after its close.",
            ),
        ]
        if ties
        else [],
        pool="warehouse",
    )
    def made(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        wanted = [date.fromisoformat(day) for day in context.partition_keys] if months else []
        rows = refresh(house.plain, table, wanted)
        result = tie_out(house.plain, wanted) if ties else None
        if result is not None:
            yield _tie_out_check(result)
            yield _late_check(late(house.plain))
        yield dg.MaterializeResult(metadata={"dagster/row_count": rows})

    return made


def _tie_out_check(result: TieOut) -> dg.AssetCheckResult:
    months = ", ".join(f"{month:%Y-%m}" for month in result.months)
    facts: dict[str, int | str] = {"months": months or "all", "unexplained documents": result.unexplained}
    for currency, sums in result.sums.items():
        amounts = {
            "salesforce": sums.salesforce,
            "intacct": sums.intacct,
            "difference": sums.difference,
            "unexplained money": sums.unexplained,
        }
        facts |= {f"{name} {currency}".strip(): spelt(amount) for name, amount in amounts.items()}
    return dg.AssetCheckResult(
        check_name="ties_out",
        passed=result.holds,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={**facts, **describe.counted({"class": result.classes})},
    )


def _late_check(checked: list[Late]) -> dg.AssetCheckResult:
    """Of every period in company.yaml whose closing date is over."""
    facts: dict[str, int | str] = {"periods": ", ".join(f"{c.closing.period} of {c.closing.is_of}" for c in checked)}
    for one in checked:
        told = [
            f"{row['object']} {row['number']} {row['what']} at {row['changed_at']:%Y-%m-%d %H:%M}" for row in one.rows
        ]
        facts |= {f"late in {one.closing.period} of {one.closing.is_of}": "; ".join(told[:20])} if told else {}
        facts |= {f"unproven in {one.closing.period}": len(one.unproven)} if one.unproven else {}
    return dg.AssetCheckResult(
        check_name="nothing_landed_late",
        passed=not any(one.rows for one in checked),
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=facts,
    )


def _file() -> dg.AssetsDefinition:
    @dg.asset(
        key=key("finance_file"),
        deps=[
            dg.AssetDep(key(table), partition_mapping=dg.AllPartitionMapping() if table in MONTHLY else None)
            for table in TABLES
        ],
        group_name="finance",
        kinds={"duckdb"},
        owners=["team:finance"],
        description="The file that finance opens: a whole copy, renamed into place. Readers never wait or see half.",
        check_specs=[told_spec(key("finance_file"))],
        pool="warehouse",
    )
    def finance_file(context: dg.AssetExecutionContext, house: HouseResource) -> Events:
        path = publish_file(house.plain)
        yield told_check(tell(house.plain))
        yield dg.MaterializeResult(metadata={"dagster/uri": path})

    return finance_file

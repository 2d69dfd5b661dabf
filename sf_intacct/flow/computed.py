"""Columns of a document that the house computes from its lines."""

from collections.abc import Callable

import polars as pl

from sf_intacct.flow.contracts import Contract


def computed(contract: Contract, heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """`heads` with the columns that no system sends filled in."""
    compute = _COMPUTED.get(contract.name)
    return compute(heads, lines) if compute else heads


def _unapplied_amount(payments: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    applied = applications.group_by("payment_key").agg(pl.col("amount").sum().alias("__applied"))
    payments = payments.join(applied, on="payment_key", how="left", maintain_order="left")
    rest = pl.col("amount") - pl.col("__applied").fill_null(0)
    return payments.with_columns(rest.cast(pl.Decimal(18, 2)).alias("unapplied_amount")).drop("__applied")


_COMPUTED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]] = {"intacct_payments": _unapplied_amount}

"""Columns of a document that the house computes from its lines."""

from collections.abc import Callable

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.contracts.contract import MONEY


def computed(contract: Contract, heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """`heads` with the columns that no system sends filled in."""
    compute = _COMPUTED.get(contract.name)
    return compute(heads, lines) if compute else heads


def in_payment_currency(payments: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """`applications` of these payments, their amounts in the payment's currency; none where nothing tells it."""
    received = payments.select("payment_key", pl.col("currency").alias("__received"), pl.col("base_currency"))
    same = pl.col("currency").eq(pl.col("__received")).fill_null(True)
    in_base = pl.col("__received") == pl.col("base_currency")
    amount = pl.when(same).then(pl.col("amount").fill_null(0)).when(in_base).then("base_amount")
    return applications.join(received, on="payment_key").with_columns(amount.alias("amount"))


def _unapplied_amount(payments: pl.DataFrame, applications: pl.DataFrame) -> pl.DataFrame:
    """What a payment's own details leave of it; nothing told where one of them has no amount in its currency."""
    part = pl.col("amount")
    total = pl.when(part.null_count() == 0).then(part.sum()).alias("__applied")
    applied = in_payment_currency(payments, applications).group_by("payment_key").agg(total, pl.lit(True).alias("__is"))
    payments = payments.join(applied, on="payment_key", how="left", maintain_order="left")
    rest = pl.col("amount") - pl.when(pl.col("__is").is_null()).then(0).otherwise("__applied")
    return payments.with_columns(rest.cast(MONEY).alias("unapplied_amount")).drop("__applied", "__is")


def _charged_and_credited(orders: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """What an order charges and what it takes back: whether it is a sale, a return, or both at once."""
    amount = pl.col("total_price")
    sums = lines.group_by("order_id").agg(
        amount.filter(amount > 0).sum().alias("__charged"), amount.filter(amount < 0).sum().alias("__credited")
    )
    orders = orders.join(sums, on="order_id", how="left", maintain_order="left")
    return orders.with_columns(
        pl.col("__charged").fill_null(0).cast(MONEY).alias("charged_amount"),
        pl.col("__credited").fill_null(0).cast(MONEY).alias("credited_amount"),
    ).drop("__charged", "__credited")


def _tax(key: str) -> Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]:
    """The tax in a total: what its own lines do not explain. Of a document whose lines are gone nothing is told."""

    def compute(heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
        nets = lines.group_by(key).agg(pl.col("amount").sum().alias("__net"))
        heads = heads.join(nets, on=key, how="left", maintain_order="left")
        tax = pl.col("total") - pl.col("__net")
        return heads.with_columns(tax.cast(MONEY).alias("tax_amount")).drop("__net")

    return compute


_COMPUTED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]] = {
    "intacct_payments": _unapplied_amount,
    "intacct_invoices": _tax("invoice_key"),
    "intacct_adjustments": _tax("adjustment_key"),
    "salesforce_orders": _charged_and_credited,
}

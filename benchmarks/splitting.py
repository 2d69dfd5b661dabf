"""A Trade split as a larger company's would be: each region an entity of its own, each customer with its currency.

What was sold is priced anew in the customer's currency, at the reference rate of the document's day and in that
currency's smallest unit; documents in the company's own currency stay as they are.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks import rates
from benchmarks.trade import AMOUNT, PRICE, Trade, half_up
from sf_intacct.model.money import minor_units

# Beside the company's own; one of them has no smaller unit.
CURRENCIES = ("EUR", "JPY", "CHF", "SEK")
RATE = pl.Decimal(18, 6)


def into_entities(trade: Trade, count: int) -> Trade:
    """Regions become entities, in turn where there are fewer entities than regions."""
    regions = sorted(trade.customers["region"].unique())
    return replace(trade, entities={region: f"E{place % count + 1}" for place, region in enumerate(regions)})


def into_currencies(trade: Trade, count: int, reference: Path) -> Trade:
    """Customers take turns in their number's order, so that every entity has every currency."""
    known = (trade.currency, *(code for code in CURRENCIES if code != trade.currency))[:count]
    turn = pl.int_range(pl.len()) % len(known)
    names = dict(enumerate(known))
    customers = trade.customers.sort("customer").with_columns(turn.replace_strict(names).alias("currency"))
    first, last = (date.fromisoformat(str(day)) for day in (trade.lines["day"].min(), trade.lines["day"].max()))
    found = rates.read(reference, known, first, last)
    lines = _priced(trade, customers, found, known)
    return replace(trade, customers=customers, lines=lines, currencies=known, rates=found)


def _priced(trade: Trade, customers: pl.DataFrame, found: rates.Rates, known: Sequence[str]) -> pl.DataFrame:
    days = sorted(trade.lines["day"].unique())
    table = [
        {"currency": code, "day": day, "rate": found.of(trade.currency, code, date.fromisoformat(day))}
        for code in known
        for day in days
    ]
    per_day = pl.DataFrame(table, schema={"currency": pl.String, "day": pl.String, "rate": RATE})
    lines = trade.lines.join(customers.select("customer", "currency"), on="customer", how="left", maintain_order="left")
    lines = lines.join(per_day, on=["currency", "day"], how="left", maintain_order="left")
    is_own = pl.col("currency") == trade.currency
    converted = pl.col("price").cast(pl.Decimal(38, 10)) * pl.col("rate")
    places = {code: minor_units(code) for code in known}
    priced = [
        pl.when(pl.col("currency") == code).then(half_up(converted, few).cast(PRICE)) for code, few in places.items()
    ]
    lines = lines.with_columns(pl.when(is_own).then(pl.col("price")).otherwise(pl.coalesce(priced)).alias("price"))
    product = pl.col("price").cast(pl.Decimal(38, 10)) * pl.col("quantity").cast(pl.Decimal(18, 0))
    amount = pl.when(is_own).then(pl.col("amount")).otherwise(half_up(product, 2).cast(AMOUNT))
    return lines.with_columns(amount.alias("amount")).select(trade.lines.columns)

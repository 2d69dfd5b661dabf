"""Columns of money: rounded by the house's one rule (model.money), and spelt one way."""

import polars as pl

from sf_intacct.flow.findings import findings
from sf_intacct.model import money

MONEY = pl.Decimal(18, 3)
# Wide enough to hold what an expression computes before it is rounded.
_WIDE = pl.Decimal(38, 12)
_PLACES = (0, 2, 3)


def settled(values: pl.Series, currency: pl.Series, document: pl.Series) -> pl.Series:
    """`values` in the minor units of their currencies; the values of one document sum to its rounded sum.

    Without a currency there are two places. Exact values, which is nearly all of them, are left alone.
    """
    frame = pl.DataFrame({"value": values.cast(_WIDE), "currency": currency, "document": document})
    frame = frame.with_columns(pl.col("currency").fill_null("")).with_row_index("place")
    finer = frame.filter(~_is_exact(frame))["document"].unique() if frame.height else frame["document"]
    if finer.is_empty():
        return frame["value"].cast(MONEY)
    parts = frame["value"].to_list()
    for _, rows in frame.filter(pl.col("document").is_in(finer.implode())).group_by("document", "currency"):
        rows = rows.drop_nulls("value")
        shares = money.split(rows["value"].to_list(), rows["currency"][0]) if rows.height else []
        for place, share in zip(rows["place"], shares, strict=True):
            parts[place] = share
    return pl.Series(values.name, parts, dtype=_WIDE).cast(MONEY)


def _is_exact(frame: pl.DataFrame) -> pl.Series:
    """Whether each value has no more places than its currency."""
    places = {currency: money.minor_units(currency) for currency in frame["currency"].unique()}
    wanted = pl.col("currency").replace_strict(places, return_dtype=pl.Int64)
    value = pl.col("value")
    exact = [(wanted == few) & (value.round(few, mode="half_away_from_zero") == value) for few in _PLACES]
    return frame.select((pl.any_horizontal(exact) | value.is_null()).alias("exact"))["exact"]


def too_fine(documents: pl.DataFrame, amounts: pl.Series, settled_amounts: pl.Series) -> pl.DataFrame:
    """Findings for documents whose own total has more decimals than their currency: rounded, it is another."""
    rows = documents.select("__source", pl.col("__currency").fill_null("money"))
    rows = rows.with_columns(amounts.alias("amount"), settled_amounts.alias("settled"))
    rows = rows.filter(pl.col("amount") != pl.col("settled"))
    seen = pl.col("amount").cast(pl.String).str.replace(r"0+$", "").str.replace(r"\.$", "")
    given = {"document": "__source", "subject": pl.col("__currency"), "column": "amount", "seen": seen}
    return findings(rows, "finer_than_currency", **given)  # type: ignore[arg-type]


def spelt(values: pl.Series) -> pl.Series:
    """Money as the house writes it: two places, and a third only where there is something in it."""
    return values.to_frame("money").select(shown(pl.col("money")))["money"]


def shown(values: pl.Expr) -> pl.Expr:
    """The same, of an expression."""
    return values.cast(MONEY).cast(pl.String).str.replace(r"(\.\d\d)0$", "$1")

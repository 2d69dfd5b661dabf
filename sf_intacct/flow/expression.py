"""SQL expressions of mappings, compiled once: a standard language, minus what would not be lawful here."""

import re
from functools import lru_cache

import polars as pl

from sf_intacct.errors import MappingError
from sf_intacct.model.system import Kind

# A mapping says the same today and tomorrow: no clock. And one value per record: no aggregates over rows,
# no windows, and nothing that makes several rows of one.
_FORBIDDEN = re.compile(
    r"\b(now|sum|total|count|avg|min|max|median|std\w*|var(?:iance|_\w+)?|quantile\w*|corr|covar\w*|first\w*|last\w*|"
    r"(?:array|string)_agg|listagg|group_concat|row_number|over|unnest|explode)\s*\(|"
    r"\b(?:current_(?:date|time|timestamp)|local(?:time|timestamp))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def compiled(sql: str) -> pl.Expr:
    """The polars expression of `sql`. Raises ValueError for what a mapping may not say, PolarsError for bad SQL."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", sql)
    forbidden = _FORBIDDEN.search(bare)
    if forbidden:
        raise ValueError(
            f"{forbidden.group(0).rstrip('(')} has no place in a mapping: it depends on the clock or on other records"
        )
    return pl.sql_expr(sql)


_DECIMALS = {Kind.MONEY: 2, Kind.NUMBER: 4}


def as_text(value: pl.Series, kind: Kind, where: str) -> pl.Series:
    """A column of computed values in the house's spelling for `kind`; empty text is no value.

    Money is rounded half away from zero to cents, which is the rule of both systems, other numbers to the four
    places that core keeps of them. A floating point column is refused: it is not the amount any more.
    """
    if value.dtype.is_float():
        raise MappingError(
            "computing a mapped value",
            record=where,
            seen="the expression gives a floating point number",
            remedy="compute with the decimal columns, without casting to double",
        )
    if kind in _DECIMALS and value.dtype.is_numeric():
        places = _DECIMALS[kind]
        value = value.cast(pl.Decimal(38, 12)).round(places, mode="half_away_from_zero").cast(pl.Decimal(18, places))
    text = (
        value.cast(pl.String)
        if value.dtype != pl.Boolean
        else value.replace_strict({True: "true", False: "false"}, default=None, return_dtype=pl.String)
    )
    if kind is Kind.INSTANT and value.dtype.is_temporal():
        text = value.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return text.replace("", None)

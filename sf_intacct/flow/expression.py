"""SQL expressions of mappings, compiled once: a standard language, minus what would not be lawful here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

import polars as pl

from sf_intacct.errors import MappingError
from sf_intacct.flow import amounts
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


# What polars raises for an expression that data does not fit, and for some that it does not foresee at all.
FAILURES = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


@contextmanager
def computing(where: str) -> Iterator[None]:
    """Raises MappingError, naming the crossing, where an expression of its mapping cannot be computed."""
    try:
        yield
    except FAILURES as error:
        seen = str(error).strip().partition("\n")[0]
        remedy = "find the record with `sf-intacct mappings try`; where a value may not fit, write try_cast(... as ...)"
        raise MappingError("computing a mapping", record=where, seen=seen, remedy=remedy) from error


@lru_cache(maxsize=64)
def sample(columns: tuple[tuple[str, pl.DataType], ...]) -> pl.DataFrame:
    """Two rows to try an expression on: nothing in every column, and something ordinary in every column.

    What cannot be computed for these fails for any record: a text read as a number without asking, for one.
    """
    rows = [(None, _ordinary(dtype)) for _, dtype in columns]
    return pl.DataFrame(
        [pl.Series(name, list(values), dtype=dtype) for (name, dtype), values in zip(columns, rows, strict=True)]
    )


def _ordinary(dtype: pl.DataType) -> object:
    if isinstance(dtype, pl.Struct):
        return {field.name: _ordinary(_made(field.dtype)) for field in dtype.fields}
    return next((value for kind, value in _ORDINARY if isinstance(dtype, kind)), None)


def _made(dtype: object) -> pl.DataType:
    return dtype() if isinstance(dtype, type) else dtype  # type: ignore[return-value]


def each(frame: pl.DataFrame, sql: str) -> tuple[pl.Series, pl.Series]:
    """The value of an expression for every row, and which rows it cannot be computed for: those have no value.

    Raises what polars raises when there is no row for which it can.
    """
    parts = list(_parts(frame, compiled(sql)))
    failed = pl.Series([is_bad for part, height in parts for is_bad in [part is None] * height], dtype=pl.Boolean)
    known = [part for part, _ in parts if part is not None]
    if not known:
        frame.select(compiled(sql).alias("__value"))
    whole = [pl.Series([None] * n, dtype=known[0].dtype) if part is None else part for part, n in parts]
    return pl.concat([part.alias("__value") for part in whole]), failed


def _parts(frame: pl.DataFrame, value: pl.Expr) -> Iterator[tuple[pl.Series | None, int]]:
    """Values of one run of rows after the other, with its height; None for a row that has none."""
    try:
        yield frame.with_columns(value.alias("__value"))["__value"], frame.height
    except FAILURES:
        if frame.height <= 1:
            yield None, frame.height
            return
        middle = frame.height // 2
        yield from _parts(frame[:middle], value)
        yield from _parts(frame[middle:], value)


_ORDINARY: tuple[tuple[type[pl.DataType], object], ...] = (
    (pl.String, "Bench Scale (2)"),
    (pl.Decimal, Decimal("1.25")),
    (pl.Int64, 1),
    (pl.Date, date(2026, 3, 17)),
    (pl.Datetime, datetime(2026, 3, 17, 9, 30, tzinfo=UTC)),
    (pl.Boolean, True),
)


def as_text(
    value: pl.Series, kind: Kind, where: str, currency: pl.Series | None = None, document: pl.Series | None = None
) -> pl.Series:
    """A column of computed values in the house's spelling for `kind`; empty text is no value.

    Money is rounded to the minor unit of its currency (two places where none is given), so that the amounts of
    one document sum; other numbers to the four places that core keeps of them. A floating point column is refused:
    it is not the amount any more.
    """
    if value.dtype.is_float():
        raise MappingError(
            "computing a mapped value",
            record=where,
            seen="the expression gives a floating point number",
            remedy="compute with the decimal columns, without casting to double",
        )
    if kind is Kind.MONEY and value.dtype.is_numeric():
        currency = pl.repeat(None, value.len(), dtype=pl.String, eager=True) if currency is None else currency
        document = pl.int_range(value.len(), eager=True) if document is None else document
        return amounts.spelt(amounts.settled(value, currency, document))
    if kind is Kind.NUMBER and value.dtype.is_numeric():
        value = value.cast(pl.Decimal(38, 12)).round(4, mode="half_away_from_zero").cast(pl.Decimal(18, 4))
    text = (
        value.cast(pl.String)
        if value.dtype != pl.Boolean
        else value.replace_strict({True: "true", False: "false"}, default=None, return_dtype=pl.String)
    )
    if kind is Kind.INSTANT and value.dtype.is_temporal():
        text = value.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return text.replace("", None)

"""What a value must not be: missing, too long, of characters that no wire carries, not in the list, too precise."""

import re
from collections.abc import Iterator

import polars as pl

from sf_intacct.flow.contracts import Column
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Rule
from sf_intacct.model.described import DescribedField
from sf_intacct.model.system import Kind

# What XML 1.0 and JSON cannot both carry.
_UNLAWFUL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
_PRECISE = (Kind.MONEY, Kind.NUMBER)
_COLUMN = re.compile(r"\s*[A-Za-z_][\w.]*\s*")
_FINE = pl.Decimal(38, 12)


def limits(
    frame: pl.DataFrame, value: pl.Series, rule: Rule, column: Column, takes: DescribedField
) -> Iterator[pl.DataFrame]:
    """Findings for a value that is missing, or that the field does not take as it is. Nothing is ever cut to fit."""
    rows, given = frame.select("__source").with_columns(value.alias("__value")), pl.col("__value")
    if rule.required:
        yield _told(rows.filter(given.is_null()), "missing_value", column)
    if column.kind is Kind.TEXT:
        yield from _text_limits(rows, column, takes)
    if takes.decimals is not None and column.kind in _PRECISE:
        fine = given.cast(_FINE, strict=False)
        seen = pl.format(f"{{}} (at most {takes.decimals} decimals)", given)
        yield _told(rows.filter(fine.round(takes.decimals) != fine), "too_many_decimals", column, seen)


def _text_limits(rows: pl.DataFrame, column: Column, takes: DescribedField) -> Iterator[pl.DataFrame]:
    given = pl.col("__value")
    if takes.length:
        seen = pl.format(f"{{}} (at most {takes.length} characters)", given)
        yield _told(rows.filter(given.str.len_chars() > takes.length), "too_long", column, seen)
    if takes.values:
        yield _told(rows.filter(given.is_not_null() & ~given.is_in(list(takes.values))), "not_in_list", column)
    yield _told(rows.filter(given.str.contains(_UNLAWFUL_CHARACTERS)), "unlawful_character", column)


def rounded_away(
    frame: pl.DataFrame, computed: pl.Series, text: pl.Series, rule: Rule, column: Column
) -> Iterator[pl.DataFrame]:
    """Findings for a number that stands on the record itself and would lose decimals on its way.

    What a mapping computes is rounded, as the house says; what somebody entered is not.
    """
    if column.kind not in _PRECISE or not computed.dtype.is_numeric() or not _COLUMN.fullmatch(rule.expression):
        return
    given, sent = computed.cast(_FINE), text.cast(_FINE)
    rows = frame.select("__source").with_columns(given.alias("__value")).filter(given != sent)
    seen = pl.col("__value").cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    yield _told(rows, "too_many_decimals", column, seen)


def incomputable(frame: pl.DataFrame, failed: pl.Series, column: Column) -> Iterator[pl.DataFrame]:
    """Findings for records on which an expression fails; the others go on."""
    if failed.any():
        yield _told(frame.select("__source").filter(failed), "incomputable", column, pl.lit(""))


def _told(rows: pl.DataFrame, cause: str, column: Column, seen: pl.Expr | None = None) -> pl.DataFrame:
    return findings(
        rows,
        cause,
        document="__source",
        subject=pl.lit(f"{column.says} ({column.source})"),
        column=column.source or "",
        seen=pl.col("__value") if seen is None else seen,
    )

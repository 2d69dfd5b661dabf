"""What a value must not be: missing where it is required, too long, or of characters that no wire carries."""

from collections.abc import Iterator

import polars as pl

from sf_intacct.flow.contracts import Column
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Rule
from sf_intacct.model.system import Kind

# What XML 1.0 and JSON cannot both carry.
_UNLAWFUL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"


def limits(frame: pl.DataFrame, value: pl.Series, rule: Rule, column: Column) -> Iterator[pl.DataFrame]:
    """Findings for a value that is missing, too long, or has characters that no wire carries."""
    rows = frame.select("__source").with_columns(value.alias("__value"))
    subject = pl.lit(f"{column.says} ({column.source})")
    given = {
        "document": "__source",
        "subject": subject,
        "column": column.source or "",
        "seen": pl.col("__value"),
    }
    if rule.required:
        yield findings(rows.filter(pl.col("__value").is_null()), "missing_value", **given)  # type: ignore[arg-type]
    if column.limit:
        long = rows.filter(pl.col("__value").str.len_chars() > column.limit)
        yield findings(long, "too_long", **given)  # type: ignore[arg-type]
    if column.kind is Kind.TEXT:
        broken = rows.filter(pl.col("__value").str.contains(_UNLAWFUL_CHARACTERS))
        yield findings(broken, "unlawful_character", **given)  # type: ignore[arg-type]

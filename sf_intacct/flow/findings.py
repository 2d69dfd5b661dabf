"""Findings in bulk: broken laws as rows of a frame, one per document and reason."""

from collections.abc import Iterable

import polars as pl

# document_id: whose document; cause: a code of the catalogue; subject: what the cause is about;
# column: where; seen: the offending value as text.
FINDINGS = pl.Schema(
    {
        "document_id": pl.String,
        "cause": pl.String,
        "subject": pl.String,
        "column": pl.String,
        "seen": pl.String,
    }
)


def no_findings() -> pl.DataFrame:
    return pl.DataFrame(schema=FINDINGS)


def findings(
    rows: pl.DataFrame,
    cause: str,
    *,
    document: str,
    subject: pl.Expr,
    column: str = "",
    seen: pl.Expr | None = None,
) -> pl.DataFrame:
    """One finding per row of `rows`, which has the document's id in column `document`."""
    return rows.select(
        pl.col(document).alias("document_id"),
        pl.lit(cause).alias("cause"),
        subject.cast(pl.String).fill_null("").alias("subject"),
        pl.lit(column).alias("column"),
        (seen if seen is not None else pl.lit("")).cast(pl.String).fill_null("(nothing)").alias("seen"),
    )


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All findings in one frame."""
    return pl.concat([no_findings(), *parts])

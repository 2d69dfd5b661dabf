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


# On how many lines of a document a cause was seen.
LINED = pl.Schema({"document_id": pl.String, "cause": pl.String, "subject": pl.String, "lines": pl.Int64})


def on_lines(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """On how many lines each cause was seen (LINED). parts: findings with one row per line, a frame for each rule.

    Two rules that find the same are two looks at the same lines.
    """
    keys = ["document_id", "cause", "subject"]
    counted = [part.group_by(keys).agg(pl.len().cast(pl.Int64).alias("lines")) for part in parts]
    return pl.concat([pl.DataFrame(schema=LINED), *counted]).group_by(keys, maintain_order=True).max()


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All findings in one frame."""
    return pl.concat([no_findings(), *parts])

"""What people decided about records, and what of it a plan has to follow: left out, held, or in the books already."""

import polars as pl

from sf_intacct.flow.findings import findings

# The newest decision about each record; source_hash: what the record said when it was decided.
DECIDED = pl.Schema(
    {
        "source_id": pl.String(),
        "decision": pl.String(),
        "reason": pl.String(),
        "decided_by": pl.String(),
        "source_hash": pl.String(),
    }
)
# What is told of a document that a person found in the books, whatever else is said of it: it is not there any more.
_STILL_TOLD = ("reversed_in_books", "gone_in_books")


def nothing_decided() -> pl.DataFrame:
    return pl.DataFrame(schema=DECIDED)


def ignored(decided: pl.DataFrame) -> list[str]:
    """Records that somebody left out on purpose."""
    return decided.filter(pl.col("decision") == "ignore")["source_id"].to_list()


def held(decided: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Findings for the planned records that somebody holds."""
    kept = decided.filter(pl.col("decision") == "hold").join(rows.select("source_id"), on="source_id", how="semi")
    subject = pl.format("{} ({})", pl.col("reason"), pl.col("decided_by"))
    return findings(kept, "held_by_person", document="source_id", subject=subject)


def resolved(decided: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """Planned records that somebody linked by hand with what is in the books, and that say the same as they did then.

    A record that was changed since is not among them: what it says now is not what somebody compared.
    """
    by_hand = decided.filter(pl.col("decision") == "resolve").select("source_id", pl.col("source_hash").alias("__then"))
    known = rows.join(by_hand, on="source_id", how="inner")
    is_same = pl.col("__then").is_null() | pl.col("__then").eq_missing(pl.col("source_hash"))
    same: pl.Series = known.filter(is_same & pl.col("target_id").is_not_null())["source_id"]
    return same


def without_settled(found: pl.DataFrame, settled: pl.Series) -> pl.DataFrame:
    """`found` without what a person has settled by finding the document in the books: how it was made is theirs."""
    is_settled = pl.col("document_id").is_in(settled.implode()) & ~pl.col("cause").is_in(_STILL_TOLD)
    return found.filter(~is_settled)


def left_alone(rows: pl.DataFrame, ignored: list[str], held: str, unchanged: str) -> pl.DataFrame:
    """What somebody decided to ignore is held, unless both sides agree anyway."""
    alone = pl.col("source_id").is_in(ignored) & (pl.col("step") != unchanged)
    return rows.with_columns(
        pl.when(alone).then(pl.lit(held)).otherwise("step").alias("step"),
        pl.when(alone).then(pl.lit("ignored")).otherwise("cause").alias("cause"),
    )

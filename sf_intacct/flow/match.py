"""Which record on the other side is the same thing: by link, by our mark, by its own claim, or by a second key."""

import polars as pl

from sf_intacct.flow.recognise import Recognised, unless_different

# What the other side has, besides its mapped fields (which keep their own names).
TARGET = pl.Schema(
    {
        "target_id": pl.String,
        "target_version": pl.String,
        "target_key": pl.String,
        "target_mark": pl.String,
        "target_is_void": pl.Boolean,  # somebody took it back
        "target_stage": pl.String,  # of a document: draft, open, partly_paid or paid (amendments.Stage)
        "target_entity": pl.String,  # the entity that owns it; null: the top level
    }
)
# Mapped fields of the matched record stand beside the desired ones under this prefix.
NOW = "now:"


def matched(
    rows: pl.DataFrame, heads: pl.DataFrame, fields: list[str], recognised: Recognised | None = None
) -> pl.DataFrame:
    """`rows` with their counterparts in `heads`.

    rows has source_id, natural_key, claim and linked_id (the target id the journal knows, or null).
    A pair that a person called different is none, whatever mark or claim says.
    Added: target_id and target_version (null when no counterpart was observed), `now:<field>` for every
    mapped field, target_is_void, target_entity, and named_by (the target id of another record that already
    has our natural key).
    """
    recognised = recognised or Recognised()
    present = heads.select("target_id").with_columns(pl.col("target_id").alias("by_link"))
    by_mark = _first(heads, "target_mark").select("target_mark", by_mark="target_id")
    by_claim = _first(heads, "target_key").select("target_key", by_claim="target_id")
    by_name = by_claim.rename({"by_claim": "by_name"})
    found = (
        rows.join(present, left_on="linked_id", right_on="target_id", how="left", maintain_order="left")
        .join(by_mark, left_on="source_id", right_on="target_mark", how="left", maintain_order="left")
        .join(by_claim, left_on="claim", right_on="target_key", how="left", maintain_order="left")
        .join(by_name, left_on="natural_key", right_on="target_key", how="left", maintain_order="left")
        .join(recognised.keyed.rename({"target_id": "by_key"}), on="source_id", how="left", maintain_order="left")
        .with_columns(pl.when(pl.col("by_key").is_in(heads["target_id"].implode())).then("by_key").alias("by_key"))
    )
    for column in ("by_mark", "by_claim"):
        found = unless_different(found, column, recognised.different)
    found = found.with_columns(pl.coalesce("by_link", "by_mark", "by_claim", "by_key").alias("target_id"))
    other = pl.col("by_name").is_not_null() & pl.col("by_name").ne_missing(pl.col("target_id"))
    found = found.with_columns(pl.when(other).then("by_name").alias("named_by"))
    now = heads.select(
        "target_id",
        "target_version",
        "target_key",
        "target_is_void",
        "target_stage",
        "target_entity",
        *(pl.col(name).alias(f"{NOW}{name}") for name in fields),
    )
    found = found.drop("by_link", "by_mark", "by_claim", "by_name", "by_key")
    found = found.join(now, on="target_id", how="left", maintain_order="left")
    # What is there keeps the name it has; ours is only for what we make.
    return found.with_columns(pl.coalesce("target_key", "natural_key").alias("natural_key")).drop("target_key")


def _first(heads: pl.DataFrame, column: str) -> pl.DataFrame:
    return heads.filter(pl.col(column).is_not_null()).unique(column, keep="first", maintain_order=True)

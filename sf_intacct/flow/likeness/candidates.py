"""Which pairs are worth comparing: those that share something rare. Never everything with everything.

Every record is taken apart into features (words, three-letter pieces, domains, numbers, addresses). A pair
is as promising as the features it shares are rare. Works piece by piece, so that memory stays flat.
"""

from collections.abc import Iterator

import polars as pl

# A feature that more records of one side have says too little to be looked at.
COMMON = 60
# The most promising partners of each record that are compared.
PARTNERS_MAX = 12
_PIECE = 2000


def candidates(sources: pl.DataFrame, targets: pl.DataFrame, *, is_same_table: bool = False) -> pl.DataFrame:
    """row_s, row_t: the most promising pairs of rows of two prepared frames.

    is_same_table: both are the same frame; each pair comes once.
    """
    theirs = _features(targets, "row_t")
    theirs = _rare(theirs, targets.height)
    ours = _features(sources, "row_s").join(_frequency(theirs), on="feature")
    if not is_same_table:
        ours = ours.filter(pl.len().over("feature") <= COMMON * 4)
    return pl.concat(
        [pl.DataFrame(schema={"row_s": pl.UInt32, "row_t": pl.UInt32}), *_pieces(ours, theirs, is_same_table)]
    )


def _pieces(ours: pl.DataFrame, theirs: pl.DataFrame, is_same_table: bool) -> Iterator[pl.DataFrame]:
    last = ours["row_s"].max()
    for start in range(0, (int(str(last)) + 1) if last is not None else 0, _PIECE):
        piece = ours.filter(pl.col("row_s").is_between(start, start + _PIECE - 1))
        pairs = piece.join(theirs.select("feature", "row_t"), on="feature")
        if is_same_table:
            pairs = pairs.filter(pl.col("row_s") < pl.col("row_t"))
        promising = pairs.group_by("row_s", "row_t").agg(pl.col("weight").sum().round(6))  # the same in any order
        best = promising.sort(["row_s", "weight", "row_t"], descending=[False, True, False])
        yield best.group_by("row_s", maintain_order=True).head(PARTNERS_MAX).select("row_s", "row_t")


def _features(frame: pl.DataFrame, row: str) -> pl.DataFrame:
    """One row per record and feature."""
    indexed = frame.with_row_index(row)
    squeezed = pl.col("words").list.join("")
    parts = [
        indexed.select(row, pl.lit("w"), pl.col("words").alias("value")),
        indexed.select(row, pl.lit("g"), _pieces_of(pl.concat_str(pl.lit("^"), squeezed, pl.lit("$"))).alias("value")),
        indexed.select(row, pl.lit("p"), pl.concat_list(squeezed.str.head(6)).alias("value")),
        *(
            indexed.select(row, pl.lit(name), pl.concat_list(name).alias("value"))
            for name in ("tax_id", "email", "phone", "website", "street")
        ),
        indexed.select(row, pl.lit("z"), pl.concat_list(pl.concat_str("postal_code", "house")).alias("value")),
    ]
    exploded = (part.explode("value").filter(pl.col("value") != "") for part in parts)
    listed = pl.concat(
        part.select(row, pl.concat_str("literal", pl.lit(":"), "value").alias("feature")) for part in exploded
    )
    return listed.unique()


def _pieces_of(text: pl.Expr) -> pl.Expr:
    """All pieces of three letters."""
    return pl.concat_list(
        text.str.extract_all(r"...").fill_null([]),
        text.str.slice(1).str.extract_all(r"..."),
        text.str.slice(2).str.extract_all(r"..."),
    )


def _rare(features: pl.DataFrame, records: int) -> pl.DataFrame:
    counted = features.with_columns(pl.len().over("feature").alias("count")).filter(pl.col("count") <= COMMON)
    # How much a shared feature tells: a weight, no money. Pieces of words overlap each other, so each tells less.
    is_piece = pl.col("feature").str.starts_with("g:")
    weight = (pl.lit(float(records) + 1) / pl.col("count")).log() * pl.when(is_piece).then(0.3).otherwise(1.0)
    return counted.with_columns(weight.alias("weight"))


def _frequency(features: pl.DataFrame) -> pl.DataFrame:
    return features.select("feature", "weight").unique("feature")

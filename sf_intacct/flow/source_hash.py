"""What a source document itself says, whatever a mapping makes of it: to tell an amendment from a new rule."""

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.model.intent import content_hash


def source_hashes(
    contract: Contract,
    heads: pl.DataFrame,
    line_contract: Contract | None,
    lines: pl.DataFrame | None,
    written: frozenset[str],
) -> pl.DataFrame:
    """source_id and source_hash of each document. Fields that we write back ourselves do not count."""
    told = heads.select(pl.col(contract.key).alias("source_id"), _json(contract, written).alias("__head"))
    if line_contract is not None and lines is not None:
        line = lines.sort(line_contract.key).group_by(line_contract.document or "", maintain_order=True)
        texts = line.agg(_json(line_contract, frozenset()).str.join(",").alias("__lines"))
        told = told.join(texts, left_on="source_id", right_on=line_contract.document or "", how="left")
    else:
        told = told.with_columns(pl.lit("").alias("__lines"))
    text = pl.concat_str("__head", pl.col("__lines").fill_null(""))
    return told.select("source_id", text.map_elements(content_hash, return_dtype=pl.String).alias("source_hash"))


def _json(contract: Contract, written: frozenset[str]) -> pl.Expr:
    own = [c.name for c in contract.columns if c.name != contract.stamp and c.source not in written]
    return pl.struct(own).struct.json_encode()

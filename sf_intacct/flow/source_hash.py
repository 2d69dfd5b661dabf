"""What a source document itself says, whatever a mapping makes of it: to tell an amendment from a new rule."""

import re

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Contract
from sf_intacct.flow.mapping import Mapping, Mode, Rule
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


_LITERAL = re.compile(r"'(?:[^']|'')*'")
_NAME = re.compile(r"[A-Za-z_][\w.]*")


def own_fields(mapping: Mapping, *, of_lines: bool = False) -> dict[str, list[str]]:
    """Of every field that is fixed when the target is made: what the document itself says of it.

    That is the columns of the document's own record (`document.<column>` on lines) and of its lines, without those of
    neighbours: what an account or a product says later does not reach back.
    """
    lines = mapping.lines
    if of_lines and lines is None:
        return {}
    rules = lines.fields if of_lines and lines else mapping.fields
    identity = lines.identity if of_lines and lines else mapping.identity
    heads = set(CONTRACTS[mapping.source].by_name)
    known = set(CONTRACTS[lines.each].by_name) | {f"document.{name}" for name in heads} if of_lines and lines else heads
    fixed = {name: rule for name, rule in rules.items() if rule.mode is Mode.CREATE_ONLY and name != identity}
    return {name: sorted(_names(rule) & known) for name, rule in fixed.items()}


def _names(rule: Rule) -> set[str]:
    texts = [_LITERAL.sub("''", variant.expression) for variant in rule.variants]
    return {name for text in texts for name in _NAME.findall(text)}


def fixed_hashes(
    mapping: Mapping, heads: pl.DataFrame, lines: pl.DataFrame | None, written: frozenset[str]
) -> pl.DataFrame:
    """source_id and fixed_hash: what each document itself says of all that is fixed when its target is made."""
    contract = CONTRACTS[mapping.source]
    of_lines = {name for fields in own_fields(mapping, of_lines=True).values() for name in fields}
    of_heads = {name for fields in own_fields(mapping).values() for name in fields}
    of_heads |= {name.removeprefix("document.") for name in of_lines if name.startswith("document.")}
    columns = sorted(name for name in of_heads if contract.by_name[name].source not in written)
    told = heads.select(pl.col(contract.key).alias("source_id"), _struct(columns).alias("__head"))
    own = sorted(name for name in of_lines if not name.startswith("document."))
    if mapping.lines and lines is not None and own:
        line = CONTRACTS[mapping.lines.each]
        ordered = lines.sort(line.key).group_by(pl.col(line.document or "").alias("source_id"), maintain_order=True)
        texts = ordered.agg(_struct([line.key, *own]).str.join(",").alias("__lines"))
        told = told.join(texts, on="source_id", how="left", maintain_order="left")
    else:
        told = told.with_columns(pl.lit("").alias("__lines"))
    text = pl.concat_str("__head", pl.col("__lines").fill_null(""))
    return told.select("source_id", text.map_elements(content_hash, return_dtype=pl.String).alias("fixed_hash"))


def _struct(columns: list[str]) -> pl.Expr:
    return pl.struct(columns).struct.json_encode() if columns else pl.lit("{}")

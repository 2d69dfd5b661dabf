"""What a write says, as canonical JSON: fields and lines in the order of the mapping, all values text."""

import json
from typing import Any

import polars as pl

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.mapping import Mapping
from sf_intacct.model.intent import content_hash


def with_payload(mapping: Mapping, evaluated: Evaluated) -> pl.DataFrame:
    """The mapped heads with `payload` (all they say), `wording_hash`, and `content_hash` (what is kept in step).

    Documents have a `posting_day`.
    """
    kept = [name for name, rule in mapping.fields.items() if mapping.keeps(rule)]
    rows = evaluated.heads.with_columns(_json(list(mapping.fields)).alias("__all"), _json(kept).alias("__kept"))
    rows = rows.join(_line_texts(mapping, evaluated), on="source_id", how="left", maintain_order="left")
    lines = pl.col("__lines").fill_null("")
    payload = pl.concat_str(pl.lit('{"fields":'), "__all", pl.lit(',"lines":['), lines, pl.lit("]}"))
    rows = rows.with_columns(
        payload.alias("payload"),
        # The same words in another entity are other words; at the top level they are the words alone.
        _hash(pl.concat_str(payload, pl.col("entity").fill_null(""))).alias("wording_hash"),
        _hash(pl.concat_str("__kept", lines)).alias("content_hash"),
        _posting_day(mapping).alias("posting_day"),
    )
    return rows.drop("__all", "__kept", "__lines")


def _posting_day(mapping: Mapping) -> pl.Expr:
    """The day on which a document counts in the ledger: the one it says, or its own date."""
    said = [pl.col(name) for name in _LEDGER_DAYS if name in mapping.fields and mapping.target_system == "intacct"]
    return pl.coalesce(*said, pl.lit(None, pl.String)).str.to_date("%Y-%m-%d", strict=False)


def _hash(text: pl.Expr) -> pl.Expr:
    return text.map_elements(content_hash, return_dtype=pl.String)


def _json(names: list[str]) -> pl.Expr:
    return pl.struct(names).struct.json_encode() if names else pl.lit("{}")


def _line_texts(mapping: Mapping, evaluated: Evaluated) -> pl.DataFrame:
    """The lines of each document as JSON objects with commas between them."""
    if mapping.lines is None or evaluated.lines is None:
        return pl.DataFrame(schema={"source_id": pl.String, "__lines": pl.String})
    line = _json(list(mapping.lines.fields))
    return evaluated.lines.group_by("source_id", maintain_order=True).agg(line.str.join(",").alias("__lines"))


# What says the day of a document in the ledger, before what only dates it.
_LEDGER_DAYS = ("WHENPOSTED", "WHENCREATED")
# Fields that follow others: what decides the day of an invoice decides its day in the ledger.
_FOLLOWS = {"WHENCREATED": "WHENPOSTED"}


def update_payload(desired: dict[str, Any], changed: list[str], lines: list[dict[str, Any]] | None = None) -> str:
    """The JSON of an update: the fields that differ and nothing else, an empty one as null.

    The record itself is addressed by its id; repeating its name could only rename it. lines: those of a document,
    where one of them differs: all of them, each under the number (LINE_NO) that it has in the target.
    """
    follow = [_FOLLOWS[name] for name in changed if _FOLLOWS.get(name) in desired]
    fields = {name: desired[name] for name in dict.fromkeys([*changed, *follow])}
    return json.dumps({"fields": fields, "lines": lines or []}, ensure_ascii=False, separators=(",", ":"))

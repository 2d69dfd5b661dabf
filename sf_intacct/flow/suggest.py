"""Suggestions: which open records on both sides may be the same, for a person to say yes or no to. Links nothing."""

from dataclasses import dataclass, replace

import polars as pl

from sf_intacct.flow.expression import compiled
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.likeness.scores import RECORD, SCORED, compared, scored
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.recognise import BothSides, Recognised
from sf_intacct.model.intent import content_hash

# Below that, a suggestion costs more time than it saves (docs/matching.md).
AT_LEAST = 30
# So many partners of one record are worth a look.
PARTNERS_MAX = 3
# how: key (links by itself at the next sync), shared key, taken key, or alike.
SUGGESTIONS = pl.Schema(
    {
        "source_id": pl.String,
        "target_id": pl.String,
        "target_key": pl.String,
        "how": pl.String,
        "score": pl.Int64,
        "evidence": pl.String,
        "source_name": pl.String,
        "target_name": pl.String,
        "source_address": pl.String,
        "target_address": pl.String,
        "source_tax_id": pl.String,
        "target_tax_id": pl.String,
        "seen": pl.String,
    }
)


@dataclass(frozen=True)
class Suggested:
    """rows after SUGGESTIONS, the surest first; linked: sources that need none; alone: sources like nothing there."""

    rows: pl.DataFrame
    linked: int
    alone: int


def records(sides: BothSides) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both sides as they are compared, after likeness.scores.RECORD."""
    return _records(sides.mapping, sides.sources, sides.source.key, "source"), _records(
        sides.mapping, sides.targets, sides.target.key, "target"
    )


def suggest(sides: BothSides, at_least: int = AT_LEAST) -> Suggested:
    """What may be the same among the records that are not linked yet."""
    ours, theirs = records(sides)
    keys = _by_key(sides)
    certain = keys.filter(pl.col("how") == "key")
    open_ = ours.filter(pl.col("id").is_in(sides.open_sources[sides.source.key].implode()))
    left = open_.filter(~pl.col("id").is_in(certain["source_id"].implode()))
    free = theirs.filter(
        pl.col("id").is_in(sides.free_targets[sides.target.key].implode())
        & ~pl.col("id").is_in(certain["target_id"].implode())
    )
    alike = _alike(sides, left, free, at_least).join(keys, on=["source_id", "target_id"], how="anti")
    scores = compared(ours, theirs, keys).join(keys, on=["source_id", "target_id"], maintain_order="left")
    with_key = scores.with_columns(pl.format("same {}, {}", "key", "evidence").alias("evidence"))
    found = pl.concat([with_key.select(*SCORED, "how"), alike.with_columns(pl.lit("alike").alias("how"))])
    return Suggested(
        rows=_described(sides, found, ours, theirs),
        linked=ours.height - open_.height,
        alone=open_.filter(~pl.col("id").is_in(found["source_id"].implode())).height,
    )


def asked(sides: BothSides, known: Recognised, ids: pl.Series) -> Recognised:
    """`known`, with a finding for each of `ids` that is new but so much like a free target that a person is asked."""
    ask_from = sides.mapping.match.ask_from if sides.mapping.match else None
    settled = pl.concat([known.keyed["source_id"], known.findings["document_id"]])
    asking = ids.filter(~ids.is_in(settled.implode()))
    asking = asking.filter(asking.is_in(sides.open_sources[sides.source.key].implode()))
    if ask_from is None or asking.is_empty() or sides.free_targets.is_empty():
        return known
    ours, theirs = records(sides)
    free = sides.free_targets.filter(~pl.col(sides.target.key).is_in(known.keyed["target_id"].implode()))
    theirs = theirs.filter(pl.col("id").is_in(free[sides.target.key].implode()))
    found = _alike(sides, ours.filter(pl.col("id").is_in(asking.implode())), theirs, ask_from)
    best = sides.named(found.unique("source_id", keep="first", maintain_order=True))
    subject = pl.format("{} ({})", pl.col("target_key"), pl.col("target_name").fill_null(""))
    told = findings(best, "looks_known", document="source_id", subject=subject, seen=pl.col("evidence"))
    return replace(known, findings=together([known.findings, told]))


def fingerprint(source: dict[str, str | None], target: dict[str, str | None]) -> str:
    """What a person had before their eyes: a short hash that a spreadsheet takes for text."""
    said = [f"{value or ''}" for side in (source, target) for value in side.values()]
    return f"v{content_hash(chr(31).join(said))[:12]}"


def _records(mapping: Mapping, frame: pl.DataFrame, key: str, side: str) -> pl.DataFrame:
    pairs = mapping.match.compare if mapping.match else {}
    said = {feature.value: compiled(getattr(pair, side)).cast(pl.String) for feature, pair in pairs.items()}
    columns = [said.get(name, pl.lit(None, dtype=pl.String)).alias(name) for name in RECORD if name != "id"]
    return frame.select(pl.col(key).alias("id"), *columns)


def _by_key(sides: BothSides) -> pl.DataFrame:
    """Pairs with a key in common, and whether it settles the matter."""
    free = pl.col("owner_id").is_null()
    alone = pl.col("source_id").is_unique() & pl.col("target_id").is_unique()
    how = pl.when(~free).then(pl.lit("taken key")).when(alone).then(pl.lit("key")).otherwise(pl.lit("shared key"))
    return pl.concat(
        [
            part.with_columns(how.alias("how")).select("source_id", "target_id", "key", "how")
            for part in (sides.key_pairs.filter(free), sides.key_pairs.filter(~free))
        ]
    )


def _alike(sides: BothSides, ours: pl.DataFrame, theirs: pl.DataFrame, at_least: int) -> pl.DataFrame:
    if not (sides.mapping.match and sides.mapping.match.compare):
        return pl.DataFrame(schema=SCORED)
    found = scored(ours, theirs, at_least=at_least)
    found = found.join(sides.different, on=["source_id", "target_id"], how="anti", maintain_order="left")
    return found.group_by("source_id", maintain_order=True).head(PARTNERS_MAX).select(*SCORED)


def _described(sides: BothSides, found: pl.DataFrame, ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """With everything that a person needs to decide."""
    rows = sides.named(found)
    for side, frame in (("source", ours), ("target", theirs)):
        address = pl.concat_str(
            "street", "postal_code", "city", "country", separator=", ", ignore_nulls=True
        ).str.replace_all(r"\s*[\r\n]+\s*", ", ")
        said = frame.select(
            pl.col("id").alias(f"{side}_id"),
            address.alias(f"{side}_address"),
            pl.col("tax_id").alias(f"{side}_tax_id"),
            pl.struct(pl.all()).alias(f"__{side}"),
        )
        rows = rows.join(said, on=f"{side}_id", how="left", maintain_order="left")
    both = pl.struct("__source", "__target")
    seen = both.map_elements(lambda row: fingerprint(row["__source"], row["__target"]), return_dtype=pl.String)
    rows = rows.with_columns(seen.alias("seen")).select(*SUGGESTIONS)
    return rows.sort(["score", "source_name", "source_id", "target_id"], descending=[True, False, False, False])

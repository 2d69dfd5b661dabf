"""The law of the merge: what becomes of one field, from what was last agreed and what each side says now.

It is said once, in `verdict`. The plan asks it what to write; the replay of past conflicts asks it what another
owner would have meant.
"""

from enum import StrEnum

import polars as pl

from sf_intacct.flow.mapping import Mapping, Mode, Otherwise, Owner, Rule, WhenChanged
from sf_intacct.flow.match import NOW


class Verdict(StrEnum):
    """What becomes of a field in one crossing."""

    SAME = "same"  # both sides say the same
    WRITE = "write"  # the source's value is written; the target had not changed
    OVERRULE = "overrule"  # the source's value is written over a change of the target's, which is kept and shown
    LEAVE = "leave"  # the target's value stays; the source had not changed
    YIELD = "yield"  # the target's value stays, though the source changed; that change is kept and shown
    CONFLICT = "conflict"  # both changed and nobody owns the field: a person decides, nothing is written


WRITTEN = (Verdict.WRITE, Verdict.OVERRULE)
# The last agreed value stands beside the present ones under this prefix, as a list of one; null: never agreed.
WAS = "was:"
MERGED = pl.Schema(
    {
        "source_id": pl.String(),
        "field": pl.String(),
        "owner": pl.String(),
        "agreed": pl.List(pl.String),  # null: never agreed
        "ours": pl.String(),
        "theirs": pl.String(),
        "verdict": pl.String(),
    }
)
AGREED = pl.Schema({"source_id": pl.String, "says": pl.String})


def verdict(source: pl.Expr, target: pl.Expr) -> pl.Expr:
    """The law, over columns ours, theirs and agreed (a list of one; null: never agreed).

    source, target: whether that side owns the field. Where nothing was ever agreed, an empty side has said nothing
    and any other has changed: nobody can tell who did, so it counts as if both had.
    """
    ours_moved, theirs_moved = _moved("ours"), _moved("theirs")
    return (
        pl.when(pl.col("ours").eq_missing(pl.col("theirs")))
        .then(pl.lit(Verdict.SAME.value))
        .when(source)
        .then(pl.when(theirs_moved).then(pl.lit(Verdict.OVERRULE.value)).otherwise(pl.lit(Verdict.WRITE.value)))
        .when(target)
        .then(pl.when(ours_moved).then(pl.lit(Verdict.YIELD.value)).otherwise(pl.lit(Verdict.LEAVE.value)))
        .when(ours_moved & theirs_moved)
        .then(pl.lit(Verdict.CONFLICT.value))
        .otherwise(pl.when(ours_moved).then(pl.lit(Verdict.WRITE.value)).otherwise(pl.lit(Verdict.LEAVE.value)))
    )


def _moved(side: str) -> pl.Expr:
    since = pl.col("agreed").list.first().ne_missing(pl.col(side))
    return pl.when(pl.col("agreed").is_null()).then(pl.col(side).is_not_null()).otherwise(since)


def recalled(mapping: Mapping, rows: pl.DataFrame, agreed: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `was:<field>` for every merged field, from what the journal keeps of each record (after AGREED)."""
    fields = merged_fields(mapping)
    kept = pl.Struct(dict.fromkeys(fields, pl.List(pl.String)))
    told = agreed.select("source_id", pl.col("says").str.json_decode(kept).alias("__was"))
    told = told.select("source_id", *(pl.col("__was").struct.field(f).alias(f"{WAS}{f}") for f in fields))
    return rows.join(told, on="source_id", how="left", maintain_order="left")


def merged(mapping: Mapping, rows: pl.DataFrame, is_blind: pl.Expr) -> pl.DataFrame:
    """The verdicts (after MERGED) on all fields that the two sides of matched records do not say the same of.

    is_blind: the target was written to and has not been read since. What it holds is then what was agreed.
    A document whose differences are for people is not merged.
    """
    if mapping.when_changed is WhenChanged.HOLD:
        return pl.DataFrame(schema=MERGED)
    there = rows.filter(pl.col("target_id").is_not_null()).with_columns(is_blind.alias("__is_blind"))
    parts = [_field(mapping, name, rule, there) for name, rule in merged_fields(mapping).items()]
    return pl.concat([pl.DataFrame(schema=MERGED), *parts])


def merged_fields(mapping: Mapping) -> dict[str, Rule]:
    """The fields that live on after the record was made."""
    return {name: rule for name, rule in mapping.fields.items() if rule.mode is not Mode.CREATE_ONLY}


def _field(mapping: Mapping, name: str, rule: Rule, there: pl.DataFrame) -> pl.DataFrame:
    was = pl.col(f"{WAS}{name}")
    theirs = pl.when(pl.col("__is_blind") & was.is_not_null()).then(was.list.first()).otherwise(f"{NOW}{name}")
    rows = there.select(
        "source_id",
        pl.lit(name).alias("field"),
        pl.lit(str(rule.owner or source_side(mapping))).alias("owner"),
        was.alias("agreed"),
        pl.col(name).alias("ours"),
        theirs.alias("theirs"),
    )
    rows = rows.filter(pl.col("ours").ne_missing(pl.col("theirs")))
    return rows.with_columns(_in_mode(mapping, rule).alias("verdict")).cast(dict(MERGED))  # type: ignore[arg-type]


def _in_mode(mapping: Mapping, rule: Rule) -> pl.Expr:
    """The law as far as the field's mode lets it come to that."""
    owner = rule.owner or source_side(mapping)
    target = pl.lit(owner == mapping.target_system)
    law = verdict(pl.lit(owner not in (mapping.target_system, Owner.NOBODY)), target)
    if rule.mode is Mode.SYNC_ONCE:
        # Once filled is filled, even if somebody empties it again: that was said on purpose.
        is_due = pl.col("theirs").is_null() & pl.col("agreed").list.first().is_null() & ~target
        law = pl.when(is_due).then(pl.lit(Verdict.WRITE.value)).otherwise(pl.lit(Verdict.LEAVE.value))
    if any(not one.is_alone and one.otherwise is Otherwise.OMIT for one in rule.variants):
        # A link or lookup that was left out has no opinion.
        law = pl.when(pl.col("ours").is_null()).then(pl.lit(Verdict.LEAVE.value)).otherwise(law)
    return law


def source_side(mapping: Mapping) -> Owner:
    """The side a crossing comes from."""
    return Owner.INTACCT if mapping.target_system == Owner.SALESFORCE else Owner.SALESFORCE


def agreements(mapping: Mapping, rows: pl.DataFrame, is_blind: pl.Expr) -> pl.DataFrame:
    """What is newly seen equal on both sides of matched records (after AGREED), null for fields that are not news."""
    fields = list(merged_fields(mapping))
    if not fields or mapping.when_changed is WhenChanged.HOLD:
        return pl.DataFrame(schema=AGREED)
    seen = rows.filter(pl.col("target_version").is_not_null() & ~is_blind)
    news = seen.select(
        "source_id", *(pl.when(_is_news(name)).then(pl.concat_list(name)).alias(name) for name in fields)
    )
    news = news.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in fields))
    return news.select("source_id", pl.struct(fields).struct.json_encode().alias("says"))


def _is_news(name: str) -> pl.Expr:
    was = pl.col(f"{WAS}{name}")
    is_equal = pl.col(name).eq_missing(pl.col(f"{NOW}{name}"))
    return is_equal & (was.is_null() | was.list.first().ne_missing(pl.col(name)))

"""Where a record and its counterpart differ, field by field, lines included."""

import json
from collections.abc import Iterator

import polars as pl

from sf_intacct.flow import taxes
from sf_intacct.flow.mapping import Lines, Mapping, Mode, Otherwise, Rule, WhenChanged
from sf_intacct.flow.match import NOW
from sf_intacct.flow.merge import WRITTEN

DIFFERENCES = pl.Schema({"source_id": pl.String(), "changed": pl.List(pl.String), "changes": pl.String()})


def differences(
    mapping: Mapping,
    rows: pl.DataFrame,
    lines: pl.DataFrame | None,
    target_lines: pl.DataFrame | None,
    merged: pl.DataFrame | None = None,
    *,
    lonely: bool = True,
) -> pl.DataFrame:
    """One row for every matched record that differs: the fields to change, and the change as JSON.

    changes is a list of {field, before, after}. A difference in lines names the source line. merged: the verdicts
    (merge.MERGED) on the fields of the heads; without them, and where a difference is for people, every one counts.
    lonely: lines that only one side has count, too.
    """
    there = rows.filter(pl.col("target_id").is_not_null())
    if merged is None or mapping.when_changed is WhenChanged.HOLD:
        parts = [_compared(there, name, rule, NOW) for name, rule in mapping.fields.items() if mapping.keeps(rule)]
    else:
        parts = [_to_write(merged)]
    if mapping.lines and lines is not None and target_lines is not None:
        found = _line_differences(mapping, mapping.lines, there, lines, target_lines)
        parts += list(found)[0 if lonely else 2 :]
    every = pl.concat([part for part in parts if part.height]) if any(part.height for part in parts) else None
    if every is None:
        return pl.DataFrame(schema=DIFFERENCES)
    change = pl.struct("field", "before", "after").struct.json_encode().str.join(",")
    return every.group_by("source_id", maintain_order=True).agg(
        pl.col("field").filter(~pl.col("is_line")).alias("changed"),
        pl.concat_str(pl.lit("["), change, pl.lit("]")).first().alias("changes"),
    )


def fixed_differences(
    mapping: Mapping,
    rows: pl.DataFrame,
    lines: pl.DataFrame | None,
    target_lines: pl.DataFrame | None,
    fields: tuple[list[str], list[str]],
) -> pl.DataFrame:
    """`differences` of fields that are not kept in step: names of the heads', and of the lines'."""
    heads, of_lines = fields
    again = {"mode": Mode.ALWAYS}
    spec = mapping.lines
    if spec is not None:
        named = {n: rule.model_copy(update=again) for n, rule in spec.fields.items() if n in (*of_lines, spec.identity)}
        # The identity says which line is meant, and is not compared itself.
        spec = spec.model_copy(update={"fields": named})
    named = {name: mapping.fields[name].model_copy(update=again) for name in heads}
    fixed = mapping.model_copy(update={"fields": named, "lines": spec, "when_changed": WhenChanged.HOLD})
    return differences(fixed, rows, lines, target_lines, lonely=False)


def _to_write(merged: pl.DataFrame) -> pl.DataFrame:
    return merged.filter(pl.col("verdict").is_in(list(WRITTEN))).select(
        "source_id",
        "field",
        pl.col("theirs").alias("before"),
        pl.col("ours").alias("after"),
        pl.lit(False).alias("is_line"),
    )


def _compared(rows: pl.DataFrame, name: str, rule: Rule, prefix: str) -> pl.DataFrame:
    """The rows in which one field differs. A link or lookup that was left out has no opinion.

    A field that is filled once differs only while it is empty.
    """
    now = pl.col(f"{prefix}{name}")
    differs = pl.col(name).ne_missing(now)
    if rule.mode is Mode.SYNC_ONCE:
        differs = differs & now.is_null()
    if any(not one.is_alone and one.otherwise is Otherwise.OMIT for one in rule.variants):
        differs = differs & pl.col(name).is_not_null()
    return rows.filter(differs).select(
        "source_id",
        pl.lit(name).alias("field"),
        pl.col(f"{prefix}{name}").alias("before"),
        pl.col(name).alias("after"),
        pl.lit(False).alias("is_line"),
    )


def _line_differences(
    mapping: Mapping, spec: Lines, there: pl.DataFrame, lines: pl.DataFrame, target_lines: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Lines are the same when they carry the same source line id; lines without a twin are differences."""
    owners = there.select("source_id", "target_id")
    ours = lines.join(owners, on="source_id", how="inner")
    theirs = target_lines.join(owners, on="target_id", how="inner")
    theirs = theirs.rename({name: f"{NOW}{name}" for name in spec.fields})
    both = ours.join(
        theirs,
        left_on=["source_id", spec.identity],
        right_on=["source_id", f"{NOW}{spec.identity}"],
        how="full",
    ).with_columns(
        pl.coalesce("source_id", "source_id_right").alias("source_id"),
        pl.coalesce(spec.identity, f"{NOW}{spec.identity}").alias("__line"),
        pl.col("target_id").is_not_null().alias("__ours"),
        pl.col("target_id_right").is_not_null().alias("__theirs"),
    )
    yield _lonely(both.filter(~pl.col("__theirs")), "(no such line)", "(line)")
    yield _lonely(both.filter(~pl.col("__ours")), "(line)", "(no such line)")
    for name, rule in spec.fields.items():
        if name != spec.identity and mapping.keeps(rule):
            pairs = both.filter(pl.col("__ours") & pl.col("__theirs"))
            is_tax = spec.tax is not None and name == spec.tax.amount
            part = _taxed(pairs, name) if is_tax else _compared(pairs, name, rule, NOW)
            yield part.with_columns(pl.lit(f"line {name}").alias("field"), pl.lit(True).alias("is_line"))


def _taxed(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Lines whose tax in the books is not the one that we said, or that its rate gives."""
    return rows.filter(taxes.apart(pl.col(taxes.EXPECTED), pl.col(f"{NOW}{name}"))).select(
        "source_id",
        pl.lit(name).alias("field"),
        pl.col(f"{NOW}{name}").alias("before"),
        pl.col(taxes.EXPECTED).alias("after"),
        pl.lit(False).alias("is_line"),
    )


def _lonely(rows: pl.DataFrame, before: str, after: str) -> pl.DataFrame:
    return rows.select(
        "source_id",
        pl.format("line {}", pl.col("__line").fill_null("without a source")).alias("field"),
        pl.lit(before).alias("before"),
        pl.lit(after).alias("after"),
        pl.lit(True).alias("is_line"),
    )


def told(changes: str) -> list[dict[str, str | None]]:
    """The changes of a plan row as a list."""
    listed: list[dict[str, str | None]] = json.loads(changes or "[]")
    return listed

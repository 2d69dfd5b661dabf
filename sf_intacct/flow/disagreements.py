"""Fields on which one side did not get its way, as people are told of them: both values, the agreed one, the owner."""

import hashlib

import polars as pl

from sf_intacct.flow.contracts import target_contract
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Mapping, Owner
from sf_intacct.flow.merge import Verdict, source_side

# verdict: overrule, yield or conflict. owner: salesforce, intacct or nobody. is_known: something was once agreed.
DISAGREEMENTS = pl.Schema(
    {
        "id": pl.String(),
        "crossing": pl.String(),
        "source_id": pl.String(),
        "target_id": pl.String(),
        "label": pl.String(),
        "target": pl.String(),
        "field": pl.String(),
        "says": pl.String(),
        "owner": pl.String(),
        "verdict": pl.String(),
        "is_known": pl.Boolean(),
        "agreed": pl.String(),
        "salesforce_value": pl.String(),
        "intacct_value": pl.String(),
        "salesforce_version": pl.String(),
        "intacct_version": pl.String(),
    }
)
_TOLD = (Verdict.OVERRULE, Verdict.YIELD, Verdict.CONFLICT)
# Nobody knows what the target holds.
_UNSURE = ("in_flight", "uncertain")


def disagreements(mapping: Mapping, rows: pl.DataFrame, merged: pl.DataFrame) -> pl.DataFrame:
    """The verdicts by which one side's change did not get its way, after DISAGREEMENTS."""
    told = merged.filter(pl.col("verdict").is_in(list(_TOLD)))
    known = rows.filter(~pl.col("state").is_in(_UNSURE).fill_null(False))
    told = told.join(known.select("source_id", *_OF_RECORD), on="source_id", how="inner", maintain_order="left")
    ours, theirs = ("intacct", "salesforce") if source_side(mapping) is Owner.INTACCT else ("salesforce", "intacct")
    contract = target_contract(mapping.target)
    words = {name: column.says for name, column in contract.by_source.items()} if contract else {}
    told = told.with_columns(
        pl.lit(mapping.crossing).alias("crossing"),
        pl.lit(mapping.target).alias("target"),
        pl.col("field").replace_strict(words, default=pl.col("field"), return_dtype=pl.String).alias("says"),
        pl.col("agreed").is_not_null().alias("is_known"),
        pl.col("agreed").list.first().alias("agreed"),
        pl.col("ours").alias(f"{ours}_value"),
        pl.col("theirs").alias(f"{theirs}_value"),
        pl.col("source_version").alias(f"{ours}_version"),
        pl.col("target_version").alias(f"{theirs}_version"),
    )
    return told.with_columns(_id().alias("id")).select(*DISAGREEMENTS).cast(dict(DISAGREEMENTS))  # type: ignore[arg-type]


_OF_RECORD = ("label", "source_version", "target_id", "target_version")


def _id() -> pl.Expr:
    """The same two values are the same disagreement until it ends; every overruled change is one of its own."""
    when = pl.when(pl.col("verdict") == Verdict.OVERRULE).then(pl.col("target_version"))
    parts = [pl.col(name) for name in ("crossing", "source_id", "field", "agreed", "ours", "theirs")]
    text = pl.struct(*parts, when.alias("when")).struct.json_encode()
    return text.map_elements(lambda it: hashlib.sha256(it.encode()).hexdigest()[:12], return_dtype=pl.String)


def as_findings(told: pl.DataFrame) -> pl.DataFrame:
    """The conflicts among disagreements, as findings; `column` carries the id by which a person decides."""
    conflicts = told.filter(pl.col("verdict") == Verdict.CONFLICT)
    seen = pl.format(
        "Salesforce says {}, Intacct says {}, {}",
        _quoted("salesforce_value"),
        _quoted("intacct_value"),
        pl.when("is_known").then(pl.format("last agreed was {}", _quoted("agreed"))).otherwise(pl.lit("never agreed")),
    )
    subject = pl.format("{} ({}) of {}", "says", "field", pl.coalesce("label", "source_id"))
    found = findings(conflicts, "conflict", document="source_id", subject=subject, seen=seen)
    return found.with_columns(conflicts["id"].alias("column"))


def _quoted(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_null()).then(pl.lit("nothing")).otherwise(pl.format("'{}'", column))

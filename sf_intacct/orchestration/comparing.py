"""Two versions of the mapping files over the same records: which documents would say something else, and the money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, target_contract
from sf_intacct.flow.contracts.contract import MONEY
from sf_intacct.flow.evaluate import Evaluated, evaluate, meets
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.model.system import Kind
from sf_intacct.orchestration.around import surroundings
from sf_intacct.store import plan_sources
from sf_intacct.store.warehouse import Session

# One row for every field that would change. part: the source line, or nothing for the head; is_there: the document is
# in the other system already, where a mapping that holds changes leaves it as it is.
CHANGES = pl.Schema(
    {
        "source_id": pl.String(),
        "label": pl.String(),
        "part": pl.String(),
        "field": pl.String(),
        "before": pl.String(),
        "after": pl.String(),
        "amount": MONEY,
        "currency": pl.String(),
        "is_there": pl.Boolean(),
    }
)
# What stands for the document as a whole, and for what keeps it.
DOCUMENT, WAITS = "(document)", "(waits for)"
_TEXTS = pl.Schema({"source_id": pl.String, "part": pl.String, "field": pl.String, "value": pl.String})


@dataclass(frozen=True)
class Effect:
    """What changes in one crossing. documents: how many were looked at in either version; money: the sum of every
    changed amount before and after, by field and currency."""

    crossing: str
    documents: int
    changes: pl.DataFrame
    money: dict[tuple[str, str], tuple[Decimal, Decimal]]

    @property
    def changed(self) -> int:
        """How many documents change."""
        return self.changes["source_id"].n_unique()

    @property
    def amount(self) -> dict[str, Decimal]:
        """The money in the documents that change, by currency."""
        once = self.changes.unique("source_id").filter(pl.col("amount").is_not_null())
        sums = once.group_by(pl.col("currency").fill_null("")).agg(pl.col("amount").sum()).sort("currency")
        return dict(sums.iter_rows())


@dataclass(frozen=True)
class _Version:
    """One version's documents as text, and what is known of each."""

    texts: pl.DataFrame
    known: pl.DataFrame

    @property
    def ids(self) -> pl.Series:
        return self.known["source_id"]


def effects(session: Session, base: Mappings, now: Mappings, since: datetime) -> list[Effect]:
    """The effect of every crossing of either version on what was modified at or after `since`."""
    names = dict.fromkeys([*base.crossings, *now.crossings])
    return [_effect(session, name, base, now, since) for name in names]


def _effect(session: Session, crossing: str, base: Mappings, now: Mappings, since: datetime) -> Effect:
    before, after = (_version(session, mappings, crossing, since) for mappings in (base, now))
    told = pl.concat([_documents(before, after), _fields(before, after)])
    known = pl.concat([after.known, before.known]).unique("source_id", keep="first", maintain_order=True)
    there = session.frame(
        "select distinct source_id, true as is_there from journal.link where crossing = ?", [crossing]
    )
    changes = told.join(known, on="source_id", how="left", maintain_order="left")
    changes = changes.join(there, on="source_id", how="left", maintain_order="left")
    changes = changes.with_columns(pl.col("is_there").fill_null(False)).select(*CHANGES).sort("label", "part", "field")
    mapping = now.crossings.get(crossing) or base.crossings[crossing]
    return Effect(crossing, known.height, changes, _money(mapping, changes))


def _version(session: Session, mappings: Mappings, crossing: str, since: datetime) -> _Version:
    mapping = mappings.crossings.get(crossing)
    if mapping is None:
        return _Version(pl.DataFrame(schema=_TEXTS), _known(None))
    source = CONTRACTS[mapping.source]
    ids = session.frame(
        f"select {source.key} as id from core.{source.name} where not is_deleted and {source.stamp} >= ?", [since]
    )["id"]
    heads, lines = plan_sources.sources(session, mapping, ids)
    around = surroundings(session, mappings, mapping)
    heads = heads.filter(meets(mapping, mappings, heads, around))
    evaluated = evaluate(mapping, mappings, heads, lines, around)
    return _Version(pl.concat(_texts(mapping, evaluated)), _known(evaluated))


def _known(evaluated: Evaluated | None) -> pl.DataFrame:
    columns = ("source_id", "label", "amount", "currency")
    if evaluated is None:
        return pl.DataFrame(schema={name: CHANGES[name] for name in columns})
    return evaluated.heads.select(columns)


def _texts(mapping: Mapping, evaluated: Evaluated) -> Iterable[pl.DataFrame]:
    """Every value of every document, one to a row; what keeps a document is one of them."""
    heads = evaluated.heads.unpivot(list(mapping.fields), index="source_id", variable_name="field")
    yield heads.with_columns(pl.lit("").alias("part")).select(*_TEXTS)
    if mapping.lines and evaluated.lines is not None:
        part = pl.col(mapping.lines.identity).fill_null("").alias("part")
        lines = evaluated.lines.with_columns(part)
        long = lines.unpivot(list(mapping.lines.fields), index=["source_id", "part"], variable_name="field")
        yield long.select(*_TEXTS)
    causes = evaluated.findings.select(pl.col("document_id").alias("source_id"), "cause").unique().sort("cause")
    waits = causes.group_by("source_id").agg(pl.col("cause").str.join(", ").alias("value"))
    yield waits.with_columns(pl.lit("").alias("part"), pl.lit(WAITS).alias("field")).select(*_TEXTS)


def _documents(before: _Version, after: _Version) -> pl.DataFrame:
    """Documents that only one of the two versions makes."""
    new = after.known.filter(~pl.col("source_id").is_in(before.ids.implode()))
    gone = before.known.filter(~pl.col("source_id").is_in(after.ids.implode()))
    return pl.concat([_as_a_whole(new, None, "crosses"), _as_a_whole(gone, "crosses", None)])


def _as_a_whole(rows: pl.DataFrame, before: str | None, after: str | None) -> pl.DataFrame:
    return rows.select(
        "source_id",
        pl.lit("").alias("part"),
        pl.lit(DOCUMENT).alias("field"),
        pl.lit(before, dtype=pl.String).alias("before"),
        pl.lit(after, dtype=pl.String).alias("after"),
    )


def _fields(before: _Version, after: _Version) -> pl.DataFrame:
    """Values that differ, of documents that both versions make."""
    keys = ["source_id", "part", "field"]
    both = before.texts.join(after.texts, on=keys, how="full", coalesce=True, suffix="_after", nulls_equal=True)
    both = both.filter(
        pl.col("source_id").is_in(before.ids.implode()),
        pl.col("source_id").is_in(after.ids.implode()),
        pl.col("value").ne_missing(pl.col("value_after")),
    )
    return both.select(*keys, pl.col("value").alias("before"), pl.col("value_after").alias("after"))


def _money(mapping: Mapping, changes: pl.DataFrame) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Every changed amount, summed by field and currency."""
    target = target_contract(mapping.target)
    contracts = [one for one in (target, CONTRACTS.get((target.lines if target else "") or "")) if one]
    fields = {field for one in contracts for field, column in one.by_source.items() if column.kind is Kind.MONEY}
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for field, currency, before, after in changes.select("field", "currency", "before", "after").iter_rows():
        if field in fields:
            key = (field, currency or "")
            was, becomes = found.get(key, (Decimal(0), Decimal(0)))
            found[key] = was + Decimal(before or 0), becomes + Decimal(after or 0)
    return found

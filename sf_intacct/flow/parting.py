"""Which crossings would bill one sale twice, or credit what nothing was billed for: they have to be kept apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sf_intacct.flow.findings import findings
from sf_intacct.flow.lawful_documents import BILLS
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_base import SoldTwice
from sf_intacct.flow.mapping_text import Mappings

# Whose records are the same sale, and the column by which the first names the second.
_ORDERS, _DEALS, _DEAL_OF = "salesforce_orders", "salesforce_opportunities", "opportunity_id"
# What other crossings hold of records (source_id, natural_key), by crossing.
TAKEN = pl.Schema({"source_id": pl.String(), "natural_key": pl.String()})


@dataclass(frozen=True)
class Rival:
    """A crossing that bills the same sale. of: our column that names its source; by: its source's that names ours."""

    crossing: str
    of: str | None = None
    by: str | None = None


def rivals(mapping: Mapping, mappings: Mappings) -> Iterator[Rival]:
    """The crossings that may bill what this one bills. A mapping that parts them itself has none."""
    if mapping.sold_twice is not SoldTwice.HOLD or not _bills(mapping):
        return
    for other in mappings.crossings.values():
        if mapping.source == _ORDERS and other.source == _DEALS and _bills(other):
            yield Rival(other.crossing, of=_DEAL_OF)
        if mapping.source == _DEALS and other.source == _ORDERS and _bills(other):
            yield Rival(other.crossing, by=_DEAL_OF)


def _bills(mapping: Mapping) -> bool:
    return mapping.target_system == "intacct" and mapping.target_object in BILLS and mapping.creates


def columns(mappings: Mappings) -> frozenset[str]:
    """The columns that tell rivals apart, of records that have any."""
    return frozenset({_DEAL_OF} if any(list(rivals(one, mappings)) for one in mappings.crossings.values()) else ())


def billed_by(mapping: Mapping, mappings: Mappings) -> list[Mapping]:
    """For a crossing that credits: those that bill the same records."""
    if mapping.target != "intacct.ARADJUSTMENT":
        return []
    return [m for m in mappings.crossings.values() if m.source == mapping.source and m.target == "intacct.ARINVOICE"]


def credited_by(mapping: Mapping, mappings: Mappings) -> list[Mapping]:
    """For a crossing that bills: those that credit the same records."""
    return [m for m in mappings.crossings.values() if mapping in billed_by(m, mappings)]


def sold_twice(heads: pl.DataFrame, key: str, label: str, of: str, taken: pl.DataFrame) -> pl.DataFrame:
    """Findings about those of `heads` whose sale another crossing holds. taken: after TAKEN, by what `of` names."""
    held = taken.unique("source_id", keep="first", maintain_order=True).rename({"source_id": "__sale"})
    rows = heads.select(pl.col(key).alias("__source"), pl.col(label), pl.col(of).alias("__sale"))
    rows = rows.join(held, on="__sale", how="inner", maintain_order="left")
    return findings(
        rows, "sold_twice", document="__source", subject=pl.col(label).cast(pl.String), seen=pl.col("natural_key")
    )


def turned_negative(heads: pl.DataFrame, key: str, label: str, taken: pl.DataFrame) -> pl.DataFrame:
    """Findings about those of `heads`, which are not to be billed any more, that were billed."""
    held = taken.unique("source_id", keep="first", maintain_order=True)
    rows = heads.join(held, left_on=key, right_on="source_id", how="inner", maintain_order="left")
    return findings(
        rows, "turned_negative", document=key, subject=pl.col(label).cast(pl.String), seen=pl.col("natural_key")
    )

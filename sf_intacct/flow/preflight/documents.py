"""What the rules judge: documents as they would be sent, with the tables of the books and what is there already."""

from collections.abc import Iterator, Mapping as Dict
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight.closings import Closings

INVOICE, ADJUSTMENT, SALE = "ARINVOICE", "ARADJUSTMENT", "SODOCUMENT"
POSTED, DATED = "WHENPOSTED", "WHENCREATED"
# Field of the head that names the customer, by object.
CUSTOMER = {INVOICE: "CUSTOMERID", ADJUSTMENT: "CUSTOMERID", SALE: "CUSTVENDID"}
# Documents that are there already: the source's id, the document's own date, the day under which it is in the ledger.
THERE = pl.Schema({"source_id": pl.String, "dated_on": pl.Date, "posted_on": pl.Date})


@dataclass(frozen=True)
class Documents:
    """Mapped documents before they are sent. tables: slices of core by name; one that is not at hand tells nothing."""

    mapping: Mapping
    mappings: Mappings
    evaluated: Evaluated
    tables: Dict[str, pl.DataFrame]
    closings: Closings
    today: date
    there: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=THERE))

    @property
    def object(self) -> str:
        return self.mapping.target_object

    @property
    def heads(self) -> pl.DataFrame:
        return self.evaluated.heads

    @property
    def lines(self) -> pl.DataFrame | None:
        return self.evaluated.lines

    def text(self, name: str) -> pl.Expr:
        """A field of the head; nothing where the mapping does not fill it."""
        return pl.col(name) if name in self.heads.columns else pl.lit(None, dtype=pl.String)

    def line_text(self, name: str) -> pl.Expr:
        """A field of the lines; nothing where the mapping does not fill it."""
        is_there = self.lines is not None and name in self.lines.columns
        return pl.col(name) if is_there else pl.lit(None, dtype=pl.String)


def present(mapping: Mapping, targets: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The documents that are in the books already (THERE), known by our mark or by the journal's link.

    targets: after match.TARGET, with the mapped fields as text; history: after decide.HISTORY.
    """
    posted = as_day(*(pl.col(name) for name in (POSTED, DATED) if name in mapping.fields))
    dated = as_day(*(pl.col(name) for name in (DATED,) if name in mapping.fields))
    rows = targets.select("target_id", "target_mark", dated.alias("dated_on"), posted.alias("posted_on"))
    links = history.select("source_id", pl.col("linked_id").alias("target_id")).drop_nulls()
    linked = rows.join(links, on="target_id").select(*THERE)
    marked = rows.with_columns(pl.col("target_mark").alias("source_id")).drop_nulls("source_id").select(*THERE)
    return pl.concat([linked, marked]).unique("source_id", keep="first", maintain_order=True)


def as_day(*said: pl.Expr) -> pl.Expr:
    """The first of some texts that is there, as a day."""
    return pl.coalesce(*said, pl.lit(None, dtype=pl.String)).str.to_date("%Y-%m-%d", strict=False)


def ancestors(rows: pl.DataFrame, key: str) -> dict[str, tuple[str, ...]]:
    """Every id of a tree (columns `key` and parent_id) with itself and all above it; a circle ends where it began."""
    parents: dict[str, str | None] = dict(rows.select(key, "parent_id").iter_rows())

    def above(one: str) -> Iterator[str]:
        seen: set[str] = set()
        at: str | None = one
        while at and at not in seen:
            seen.add(at)
            yield at
            at = parents.get(at)

    return {one: tuple(above(one)) for one in parents}

"""What no mapping may make, whatever it says: an empty document, one below nothing, one of another kind."""

from collections.abc import Iterator

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Mapping

# Objects that ask somebody for money.
BILLS = frozenset({"ARINVOICE", "SODOCUMENT"})


def no_lines(heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """A document of whose lines none crosses says nothing: neither system takes it, and nobody may post it."""
    bare = heads.filter(~pl.col("__source").is_in(lines["__source"].implode()))
    return findings(bare, "no_lines", document="__source", subject=pl.lit(""))


def below_nothing(mapping: Mapping, heads: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Money that goes back is a credit memo, and never an invoice with a minus sign."""
    if mapping.target_system == "intacct" and mapping.target_object in BILLS:
        rows = heads.filter(pl.col("amount") < 0)
        seen = pl.col("amount").cast(pl.String)
        yield findings(rows, "negative_document", document="source_id", subject=pl.col("label"), seen=seen)


def of_another_kind(mapping: Mapping, heads: pl.DataFrame, target: Contract) -> Iterator[pl.DataFrame]:
    """A kind that a rule chose, but the mapping does not list: its documents would not be found again."""
    if mapping.among is None:
        return
    kind = pl.col(mapping.among.field)
    others = heads.filter(kind.is_not_null() & ~kind.is_in(list(mapping.among.values)))
    yield findings(
        others,
        "another_kind",
        document="source_id",
        subject=pl.lit(target.by_source[mapping.among.field].says),
        column=mapping.among.field,
        seen=kind,
    )

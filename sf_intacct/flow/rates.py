"""Exchange rates that documents need: which of them the books do not have."""

from collections.abc import Mapping as Dict

import polars as pl

from sf_intacct.flow.expression import compiled
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping_documents import Rate

RATES, ENTRIES = "intacct_exchange_rates", "intacct_exchange_rate_entries"


def missing_rates(documents: pl.DataFrame, rate: Rate, tables: Dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A finding for every document whose currency, type and day have no rate. `documents` has `__source`."""
    needed = documents.select(
        "__source",
        compiled(rate.type).cast(pl.String).replace("", None).alias("type_name"),
        compiled(rate.source).cast(pl.String).alias("from_currency"),
        compiled(rate.target).cast(pl.String).alias("to_currency"),
        compiled(rate.on).cast(pl.Date).alias("on"),
    ).drop_nulls()
    needed = needed.filter(pl.col("from_currency") != pl.col("to_currency"))
    pair = ["type_name", "from_currency", "to_currency"]
    begins = _begins(tables[RATES], tables[ENTRIES]).group_by(pair).agg(pl.col("begins_on").min())
    lacking = needed.join(begins, on=pair, how="left").filter(
        pl.col("begins_on").is_null() | (pl.col("begins_on") > pl.col("on"))
    )
    subject = pl.format("{} to {}, {}", "from_currency", "to_currency", "type_name")
    return findings(lacking, "missing_rate", document="__source", subject=subject, seen=pl.col("on"))


def _begins(rates: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """From when each pair has a rate: an entry holds until the next one begins."""
    columns = rates.select("rate_key", "type_name", "from_currency", "to_currency")
    return entries.select("rate_key", "begins_on").join(columns, on="rate_key")

"""Deletions: Intacct keeps no deleted records, only the audit trail knows of them."""

from datetime import datetime

import polars as pl

from sf_intacct.intacct.formatting import Formatting
from sf_intacct.intacct.functions import condition, every
from sf_intacct.intacct.rows import columns
from sf_intacct.intacct.xml import Element
from sf_intacct.model.system import Kind, Selection, SourceField

# The audit trail keeps GMT, whatever zone the user has.
GMT = Formatting()
AUDIT = Selection(
    object="AUDITHISTORY",
    fields=(
        SourceField("ID", Kind.TEXT),
        SourceField("OBJECTKEY", Kind.TEXT),
        SourceField("ACCESSTIME", Kind.INSTANT),
    ),
    record_id="ID",
    stamp="ACCESSTIME",
)
AUDITED = ("ID", "OBJECTTYPE", "OBJECTKEY")
# A key reads like 123--REC.
_RECORD = pl.col("OBJECTKEY").str.split("--").list.first()


def deleted_since(selection: Selection, since: datetime) -> list[Element]:
    """The conditions under which the audit trail lists what was deleted of an object."""
    return [
        condition("equalto", "OBJECTTYPE", selection.object.lower()),
        condition("equalto", "ACCESSMODE", "D"),
        condition("greaterthanorequalto", "ACCESSTIME", GMT.spelt(since)),
    ]


def anything_deleted_since(since: datetime) -> Element | None:
    """Of all objects at once: the first page is enough to know that there is something."""
    return every(
        [condition("equalto", "ACCESSMODE", "D"), condition("greaterthanorequalto", "ACCESSTIME", GMT.spelt(since))]
    )


def deleted_records(data: Element | None) -> dict[str, list[str]]:
    """Record ids by the lower-case name of their object."""
    assert data is not None
    rows = columns(data, AUDITED).select("OBJECTTYPE", _RECORD.alias("record_id"))
    return dict(rows.group_by("OBJECTTYPE").agg("record_id").iter_rows())


def tombstones(selection: Selection, page: pl.DataFrame) -> pl.DataFrame:
    """A page of the audit trail as records that are gone."""
    record = _RECORD.alias(selection.record_id)
    others = [f.name for f in selection.fields if f.name not in (selection.record_id, selection.stamp)]
    return page.select(
        record,
        pl.col("ACCESSTIME").alias(selection.stamp),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in others),
        pl.lit(True).alias("is_deleted"),
    ).select(*(field.name for field in selection.fields), "is_deleted")

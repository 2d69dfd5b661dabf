"""Mapped documents as a plan has them before it is decided, of a company in a few words."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import no_findings
from sf_intacct.flow.mapping_text import Mappings, parse
from sf_intacct.flow.preflight.closings import Closings, known
from sf_intacct.flow.preflight.documents import THERE, Documents
from sf_intacct.flow.scope import NEEDS
from sf_intacct.store.mapping_files import read_texts
from sf_intacct_tests.flow.company import TEXTS
from sf_intacct_tests.flow.frames import core

SHIPPED = Path(__file__).resolve().parents[3] / "mappings"
TODAY = date(2026, 11, 25)
_POSTED = """\
  WHENPOSTED: {value: effective_on, mode: create_only}
  DESCRIPTION: {value: order_number, mode: create_only}
"""


def read_shipped(more: str = "") -> Mappings:
    """The example company, with what company.yaml says more."""
    texts = read_texts(SHIPPED)
    return parse({**texts, "company.yaml": texts["company.yaml"] + more})


_CODED = "    LOCATIONID: document.region\n    CLASSID: product.family\n    PROJECTID: document.opportunity_id\n"


def company(more: str = "", fields: str = _POSTED) -> Mappings:
    """The small company with what company.yaml says more, and further fields of its invoices."""
    invoice = TEXTS["order_to_invoice.yaml"].replace("  DOCNUMBER:", f"{fields}  DOCNUMBER:")
    invoice = invoice.replace("    ITEMID:", f"{_CODED}    ITEMID:")
    return parse({**TEXTS, "order_to_invoice.yaml": invoice, "company.yaml": TEXTS["company.yaml"] + more})


def documents(
    *heads: dict[str, Any],
    lines: list[dict[str, Any]] | None = None,
    mappings: Mappings | None = None,
    there: dict[str, str] | None = None,
    closings: Closings | None = None,
    crossing: str = "order_to_invoice",
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
) -> Documents:
    """Documents under the names of their fields; `source_id` counts from o1 where a head does not say."""
    mappings = mappings or company()
    mapping = mappings.crossings[crossing]
    names = ["source_id", "label", "entity", *mapping.fields]
    rows = [{"source_id": f"o{n}", "label": f"order {n}", **head} for n, head in enumerate(heads, 1)]
    frame = pl.DataFrame(
        [{name: row.get(name) for name in names} for row in rows], schema=dict.fromkeys(names, pl.String)
    )
    fields = ["source_id", *(mapping.lines.fields if mapping.lines else ())]
    items = [{name: {"source_id": "o1", **line}.get(name) for name in fields} for line in lines or []]
    line_frame = pl.DataFrame(items, schema=dict.fromkeys(fields, pl.String))
    dated = {row["source_id"]: row.get("WHENCREATED") for row in rows}
    posted = [(source, _day(dated[source]), _day(day)) for source, day in (there or {}).items()]
    return Documents(
        mapping=mapping,
        mappings=mappings,
        evaluated=Evaluated(frame, line_frame, no_findings(), pl.DataFrame(schema=NEEDS)),
        tables={name: core(name, *rows) for name, rows in (tables or {}).items()},
        closings=known(mappings.company.periods, None, None) if closings is None else closings,
        today=TODAY,
        there=pl.DataFrame(posted, schema=THERE, orient="row"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

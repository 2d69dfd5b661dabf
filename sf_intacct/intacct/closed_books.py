"""get_closedbooksdate: the one function that tells through which day the books are closed.

Documented in the schema v2.1 only (an empty element; `closedbooksdate` with year, month and day in the answer). No
recording shows it, so it is asked only where a company says so, and an answer of another form is refused, not guessed.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from sf_intacct.errors import Uncertain
from sf_intacct.intacct.gateway import Gateway
from sf_intacct.intacct.xml import Element, element, fragment

OBJECT = "get_closedbooksdate"
_DOING = "asking Intacct through which day its books are closed (periods.read in company.yaml)"


def pages(gateway: Gateway) -> Iterator[pl.DataFrame]:
    """One row: the company and the last day that is closed, or nothing. Raises Refused where Intacct has no answer."""
    data = gateway.read([fragment(element(OBJECT))], _DOING)[0].data
    day = closed_through(data)
    values = {"company": ["company"], "closedbooksdate": [day.isoformat() if day else None]}
    frame = pl.DataFrame(values, schema={"company": pl.String(), "closedbooksdate": pl.String()})
    yield frame.with_columns(pl.lit(False).alias("is_deleted"))


def closed_through(data: Element | None) -> date | None:
    """The day in an answer; None where the element is empty: nothing is closed. Raises Uncertain for any other form."""
    found = data.find(".//closedbooksdate") if data is not None else None
    if found is None:
        raise Uncertain(_DOING, seen="an answer without closedbooksdate", remedy=_REMEDY)
    parts = [(found.findtext(name) or "").strip() for name in ("year", "month", "day")]
    if not any(parts) and not (found.text or "").strip():
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError as error:
        raise Uncertain(_DOING, seen=f"a day {'-'.join(parts)}", remedy=_REMEDY) from error


_REMEDY = "state the closed periods in company.yaml (periods.closed), and take periods.read out"

"""How this company's web-services user spells dates and times, and how the house does.

The wire follows the user's preferences, so they are read at sign-in; a spelling we do not know stops
the read before it can be misread.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import polars as pl

from sf_intacct.errors import CredentialsError
from sf_intacct.intacct.xml import Element
from sf_intacct.model.system import Kind, SourceField

_DATE, _INSTANT = "%m/%d/%Y", "%m/%d/%Y %H:%M:%S"
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")


@dataclass(frozen=True)
class Formatting:
    """The user's offset from GMT; date form and clock are the only ones we accept."""

    offset: timedelta = timedelta(0)

    def spelt(self, instant: datetime) -> str:
        """An instant as a filter value: in the user's zone, to the second."""
        return instant.astimezone(timezone(self.offset)).strftime(_INSTANT)

    def normalised(self, page: pl.DataFrame, fields: tuple[SourceField, ...]) -> pl.DataFrame:
        """The page in the house's spelling: ISO dates, ISO instants in UTC, nothing for empty."""
        return page.with_columns(self._normalised(field).alias(field.name) for field in fields)

    def _normalised(self, field: SourceField) -> pl.Expr:
        value = pl.col(field.name).replace("", None)
        match field.kind:
            case Kind.DATE:
                day = value.str.to_date(_DATE, strict=False)
                return pl.coalesce(day.dt.strftime("%Y-%m-%d"), value.str.head(10))
            case Kind.INSTANT:
                local = value.str.to_datetime(_INSTANT, strict=False, time_unit="us")
                iso = (local - self.offset).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
                return pl.coalesce(iso, value)  # some readers answer in ISO 8601 and UTC already
            case Kind.FLAG:
                return value.str.to_lowercase().replace({"t": "true", "f": "false"})
            case _:
                return value


def read_formatting(data: Element | None) -> Formatting:
    """The answer of readUserFormatting. Raises CredentialsError for preferences we cannot read safely."""
    if data is None:
        return Formatting()
    values = {node.tag.lower(): (node.text or "").strip() for node in data.iter() if len(node) == 0}
    form, clock = values.get("dateformat", "/mdY"), values.get("clock", "24")
    if form not in ("/mdY", "") or clock not in ("24", ""):
        raise CredentialsError(
            "reading the formatting of the web-services user",
            seen=f"date format {form}, {clock}-hour clock",
            remedy="set the user's preferences to mm/dd/yyyy and a 24-hour clock",
        )
    return Formatting(_offset(values.get("gmtoffset", "")))


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text or "+00:00")
    if not found:
        raise CredentialsError(
            "reading the formatting of the web-services user",
            seen=f"an offset from GMT of {text!r}",
            remedy="set the user's time zone to one with an offset such as +09:30",
        )
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -size if found[1] == "-" else size

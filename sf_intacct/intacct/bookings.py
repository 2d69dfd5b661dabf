"""What the request for a new document says of the books that it touches: the day, and the locations of its lines."""

from dataclasses import dataclass
from datetime import date

from sf_intacct.intacct.xml import Element, parse


@dataclass(frozen=True)
class Booking:
    """The day under which a document was to be in the ledger, and the locations that its lines name."""

    day: date
    locations: frozenset[str]


def booking(request: str) -> Booking | None:
    """From the frozen text of a function; None where it says no day, such as an update of something else."""
    function = parse(request.encode())
    day = _day(function.find("dateposted")) or _day(function.find("datecreated"))
    if day is None:
        return None
    named = {(node.text or "").strip() for node in function.iter("locationid")}
    return Booking(day, frozenset(named - {""}))


def _day(node: Element | None) -> date | None:
    if node is None:
        return None
    try:
        return date(*(int(node.findtext(part) or "") for part in ("year", "month", "day")))
    except ValueError:
        return None

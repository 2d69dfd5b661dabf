"""When an invoice is due under a term."""

import calendar
from datetime import date, timedelta

from sf_intacct.sandbox.intacct.books.store import Row

_MONTHS_LATER = {
    "of the month of invoice/bill date": 0,
    "of next month from invoice/bill date": 1,
    "of 2nd month from invoice/bill date": 2,
    "of 3rd month from invoice/bill date": 3,
    "of 4th month from invoice/bill date": 4,
    "of 5th month from invoice/bill date": 5,
    "of 6th month from invoice/bill date": 6,
}


def due_on(term: Row, invoiced_on: str) -> str:
    """The ISO date an invoice of ISO date `invoiced_on` is due under a row of ARTERM."""
    days, start = int(term["DUEDATE"] or 0), date.fromisoformat(invoiced_on)
    rule = term["DUEFROM"] or "from invoice/bill date"
    if rule in _MONTHS_LATER:
        return _day_of_month(start, _MONTHS_LATER[rule], days).isoformat()
    if rule == "after end of month of invoice/bill date":
        return (_end_of_month(start) + timedelta(days=days)).isoformat()
    due = start + timedelta(days=days)
    if rule == "from invoice/bill date extending to eom":
        due = _end_of_month(due)
    return due.isoformat()


def _day_of_month(start: date, months: int, day: int) -> date:
    """The `day` of the month that lies `months` after `start`, or the last day if the month is shorter."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    return first.replace(day=min(max(day, 1), calendar.monthrange(first.year, first.month)[1]))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

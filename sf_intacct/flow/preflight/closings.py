"""Closed books: who says that they are closed, through which day, and when the next period begins.

Three sources are combined, and the strictest counts: what Finance states in company.yaml, what Intacct tells
where it is asked, and what was refused. The general ledger closes every ledger, and the company every entity.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sf_intacct.flow.mapping_preflight import Ledger, Periods

# The table in which Intacct's own date is kept, where it is asked for.
CLOSED_BOOKS = "intacct_closed_books"
# What refusals taught: one row per refused document whose period was closed (store/closed_periods.py).
_TAUGHT: dict[str, pl.DataType] = {
    "ledger": pl.String(),
    "places": pl.List(pl.String),
    "closed_on": pl.Date(),
    "label": pl.String(),
    "words": pl.String(),
    "learned_on": pl.Date(),
}
TAUGHT = pl.Schema(_TAUGHT)
LEDGER_NAMES = {
    Ledger.GENERAL: "the general ledger",
    Ledger.RECEIVABLES: "accounts receivable",
    Ledger.ORDER_ENTRY: "Order Entry",
}


@dataclass(frozen=True)
class Closing:
    """Books that are closed for documents that touch all of these entities and locations; none: for every document.

    resumes_on: the first day that is taken to be open. source: stated, read or refused. words: who says so.
    learned_on: of a refusal, the last day on which it was seen.
    """

    places: frozenset[str]
    ledger: Ledger
    through: date
    resumes_on: date
    source: str
    words: str
    learned_on: date | None = None


@dataclass(frozen=True)
class Closings:
    """Everything that is known of closed books."""

    all: tuple[Closing, ...] = ()

    def of(self, ledger: Ledger, places: Iterable[str] = ()) -> "Iterator[Closing]":
        """Those that close a ledger for documents of these entities and locations; those of the company always do."""
        touched = set(places)
        yield from (one for one in self.all if one.ledger in (Ledger.GENERAL, ledger) and one.places <= touched)

    def through(self, ledger: Ledger, places: Iterable[str] = ()) -> date | None:
        """The last day that is closed; None where nothing is known to be closed."""
        return max((one.through for one in self.of(ledger, places)), default=None)

    def opens(self, day: date, ledger: Ledger, places: Iterable[str] = ()) -> date:
        """The first day from `day` on that is not known to be closed."""
        return max((one.resumes_on for one in self.of(ledger, places) if day <= one.through), default=day)


def known(
    periods: Periods, read: pl.DataFrame | None, taught: pl.DataFrame | None, today: date | None = None
) -> Closings:
    """What is stated, what was read (rows of CLOSED_BOOKS), and what refusals taught (TAUGHT).

    today: with it, the closing dates count too that have come.
    """
    dated = _dated(periods, today) if today else ()
    return Closings((*_stated(periods), *dated, *_read(read), *_taught(taught)))


def _dated(periods: Periods, today: date) -> Iterator[Closing]:
    """Periods that take no new documents any more by Finance's calendar, whether or not Intacct has closed them."""
    for one in periods.closing:
        if one.held_from <= today:
            what = f"no new documents of {one.period} since {one.held_from}, and closes on {one.closes}"
            words = f"{_books(one.ledger, one.entity)} takes {what}, says company.yaml"
            places, resumes_on = frozenset({one.entity} - {""}), month_after(one.first_day)
            yield Closing(places, one.ledger, one.last_day, resumes_on, "stated", words)


def _stated(periods: Periods) -> Iterator[Closing]:
    for one in periods.closed:
        words = f"{_books(one.ledger, one.entity)} is closed through {one.through}, says company.yaml"
        places = frozenset({one.entity} - {""})
        yield Closing(places, one.ledger, one.through, one.through + timedelta(days=1), "stated", words)


def _read(rows: pl.DataFrame | None) -> Iterator[Closing]:
    for through in rows["last_closed_on"].drop_nulls() if rows is not None else ():
        words = f"{_books(Ledger.GENERAL, '')} is closed through {through}, says Intacct"
        yield Closing(frozenset(), Ledger.GENERAL, through, through + timedelta(days=1), "read", words)


def _taught(rows: pl.DataFrame | None) -> Iterator[Closing]:
    """A refusal proves its own day closed, and with it every day before, for what touches all that it touched.

    The period is taken to be a month.
    """
    for row in rows.iter_rows(named=True) if rows is not None else ():
        words = f"Intacct refused {row['label']} of {row['closed_on']}: {row['words']}"
        day, places = row["closed_on"], frozenset(row["places"])
        learned_on = row["learned_on"]
        yield Closing(places, Ledger(row["ledger"]), day, month_after(day), "refused", words, learned_on)


def month_after(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _books(ledger: Ledger, entity: str) -> str:
    return LEDGER_NAMES[ledger] + (f" of {entity}" if entity else "")

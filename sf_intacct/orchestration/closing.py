"""The close of a period by Finance's calendar: what is still under way before it, and what landed after it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.mapping_closing import ClosingDate, Ledger, month_of
from sf_intacct.flow.preflight.documents import ancestors
from sf_intacct.flow.preflight.periods import LEDGERS
from sf_intacct.orchestration.house import House
from sf_intacct.store import closing as store, plan_sources

UNPROVEN = "unproven"


@dataclass(frozen=True)
class UnderWay:
    """Documents of a period that are not in the books yet, by money. unread: in quarantine, of no known period."""

    rows: list[dict[str, Any]]
    money: dict[str, Decimal]
    unread: int

    @property
    def words(self) -> str:
        amounts = ", ".join(f"{amount:,f} {currency}".strip() for currency, amount in self.money.items())
        return f"{len(self.rows):,} documents under way" + (f", {amounts}" if amounts else "")


def dates(house: House, period: str | None = None) -> list[ClosingDate]:
    """The closing dates that Finance has said, of one period or of all."""
    said = house.mappings.company.periods.closing
    return [one for one in said if period in (None, one.period)]


def near(house: House) -> list[ClosingDate]:
    """The periods that close within days."""
    return [one for one in dates(house) if one.is_near(house.today)]


def under_way(house: House, period: str) -> UnderWay:
    """What of a period is planned, waits, is held, was refused or is on its way, largest first."""
    first, last = month_of(period)
    crossings = [m for m in house.mappings.crossings.values() if f"{m.target_system}.{m.target_object}" in _DOCUMENTS]
    if not crossings:
        return UnderWay([], {}, 0)
    with house.transaction() as session:
        rows = store.under_way(session, [m.crossing for m in crossings], first, last)
        unread = store.unread(session, sorted({mapping.source for mapping in crossings}))
    sums = rows.drop_nulls("amount").group_by(pl.col("currency").fill_null("")).agg(pl.col("amount").abs().sum())
    return UnderWay(rows.to_dicts(), dict(sums.sort("currency").iter_rows()), unread)


_DOCUMENTS = {f"intacct.{name}" for name in LEDGERS}


@dataclass(frozen=True)
class Late:
    """What entered or changed in a period after its close. unproven: what was first read later; nobody can tell."""

    closing: ClosingDate
    rows: list[dict[str, Any]]
    unproven: list[dict[str, Any]]


def late(house: House, period: str | None = None) -> list[Late]:
    """For every period whose closing date is over: what landed in the books since, from Intacct's own documents."""
    return [_late(house, one) for one in dates(house, period) if one.stops_on <= house.today]


def _late(house: House, closing: ClosingDate) -> Late:
    until = datetime.combine(closing.stops_on, time(), UTC)
    with house.transaction() as session:
        rows = store.late(session, closing.first_day, closing.last_day, until)
        locations = plan_sources.table(session, "intacct_locations") if closing.entity else None
    if closing.ledger is Ledger.ORDER_ENTRY:
        rows = rows.filter(pl.col("module") == store.ORDER_ENTRY)
    found = [row for row in rows.to_dicts() if _is_of(closing, row["places"], locations)]
    told = [{name: value for name, value in row.items() if name not in ("places", "module")} for row in found]
    is_proven = [row for row in told if row["what"] != UNPROVEN]
    return Late(closing, is_proven, [row for row in told if row["what"] == UNPROVEN])


def _is_of(closing: ClosingDate, places: list[str], locations: pl.DataFrame | None) -> bool:
    """Whether a document touches the entity that closed: itself, by a line, or by what is below it."""
    if not closing.entity:
        return True
    family = ancestors(locations, CONTRACTS["intacct_locations"].label) if locations is not None else {}
    return any(closing.entity in family.get(place, (place,)) for place in places)

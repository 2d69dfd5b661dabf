"""Exchange rates out of the file of euro reference rates: what a unit of one currency was worth in another on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from benchmarks.trade import read_csv

FILE = "ecb_euro_rates_1999_2024.csv.gz"
BEFORE = timedelta(days=10)  # no stretch without banking days is as long


@dataclass(frozen=True)
class Rates:
    """Units of each currency for one euro, by banking day, oldest first."""

    days: dict[date, dict[str, Decimal]]

    def of(self, source: str, target: str, on: date, places: int = 6) -> Decimal:
        """What one `source` is in `target`: the last rate before or on the day, through the euro, half up."""
        known = self.days[max(day for day in self.days if day <= on)]
        return (known[target] / known[source]).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def read(folder: Path, currencies: Sequence[str], first: date, last: date) -> Rates:
    """The rates of some currencies for every day from `first` to `last`. Raises ValueError where one was not quoted."""
    rows = read_csv(folder / FILE).select("Date", *(one for one in currencies if one != "EUR"))
    days: dict[date, dict[str, Decimal]] = {}
    for row in sorted(rows.iter_rows(named=True), key=lambda row: str(row["Date"])):
        day = date.fromisoformat(row["Date"])
        if first - BEFORE <= day <= last:
            quoted = {code: text for code, text in row.items() if code != "Date"}
            if "N/A" in quoted.values():
                raise ValueError(f"{FILE} has no rate of every one of {', '.join(currencies)} for {day}")
            days[day] = {"EUR": Decimal(1)} | {code: Decimal(text) for code, text in quoted.items()}
    return Rates(days)

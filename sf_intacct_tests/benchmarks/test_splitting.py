"""Sales split over entities and currencies: what the reader makes of them is what the files themselves come to."""

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from benchmarks import rates, retail, splitting, truth
from benchmarks.trade import Trade

MONTHS = ["2011-02"]
ROWS = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
600001,10001,A,3,2011-02-04 08:26:00,2.55,17001,United Kingdom
600002,10001,A,3,2011-02-04 08:26:00,2.55,17002,EIRE
600003,10001,A,3,2011-02-05 08:26:00,2.55,17003,Japan
C600004,10001,A,-1,2011-02-07 08:26:00,2.55,17003,Japan
"""
# Saturday the fifth has no rate of its own; what comes after the month is not looked at.
RATES = "Date,USD,JPY,GBP\n2011-03-01,N/A,1,N/A\n2011-02-07,1.35,111.0,0.84\n2011-02-04,1.36,110.0,0.85\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retail")
    (folder / retail.FORMAT.mark).write_bytes(gzip.compress(ROWS.encode()))
    (folder / rates.FILE).write_bytes(gzip.compress(RATES.encode()))
    return folder


@pytest.fixture(scope="module")
def split(data: Path) -> Trade:
    trade = splitting.into_entities(retail.read(data, MONTHS), 3)
    return splitting.into_currencies(trade, 3, data)


def test_each_region_is_an_entity_and_customers_take_turns_in_currencies(split: Trade) -> None:
    assert split.entities == {"Europe": "E1", "Overseas": "E2", "United Kingdom": "E3"}
    assert dict(split.customers.select("customer", "currency").iter_rows()) == {
        "17001": "GBP",
        "17002": "EUR",
        "17003": "JPY",
    }


def test_prices_are_in_whole_units_of_the_currency_at_the_last_rate_before_the_day(split: Trade) -> None:
    lines = {row["document"]: (row["price"], row["amount"]) for row in split.lines.iter_rows(named=True)}
    assert lines == {
        "600001": (Decimal("2.55"), Decimal("7.65")),
        "600002": (Decimal("3.00"), Decimal("9.00")),  # 2.55 / 0.85
        "600003": (Decimal("330"), Decimal("990")),  # of Friday: 2.55 * 110 / 0.85
        "C600004": (Decimal("337"), Decimal("-337")),  # 2.55 * 111 / 0.84 = 336.96
    }


def test_the_files_come_to_the_same_in_each_currency_and_entity(data: Path, split: Trade) -> None:
    told = truth.documents(data, MONTHS, retail.FORMAT, split)
    sums = split.lines.group_by("document").agg(pl.col("amount").sum())
    assert {number: one.amount for number, one in told.items()} == dict(sums.iter_rows())
    assert {(one.currency, one.entity, one.recorded_as) for one in told.values()} == {
        ("GBP", "E3", "SO-600001"),
        ("EUR", "E1", "SO-600002"),
        ("JPY", "E2", "SO-600003"),
        ("JPY", "E2", "CM-C600004"),
    }
    assert truth.total(told.values()) == Decimal("20.40")


def test_a_currency_without_a_quoted_rate_is_an_error(data: Path) -> None:
    with pytest.raises(ValueError, match="no rate"):
        rates.read(data, ["GBP", "USD"], date(2011, 2, 20), date(2011, 3, 2))

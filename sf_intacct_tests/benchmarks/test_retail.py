"""The reader of the online retailer's folder: what is odd in it becomes what a company would make of it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks import proof, retail, seeding, truth
from benchmarks.trade import Trade
from sf_intacct_tests.shared_data import shared

ROWS = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
600001,85123A,WHITE HEART,6,2011-02-01 08:26:00,2.55,17850,United Kingdom
600001,POST,POSTAGE,1,2011-02-01 08:27:00,18.005,17850,United Kingdom
C600002,85123a, white heart?,-2,2011-02-02 09:00:00,2.55,17850,United Kingdom
600003,85123A,WHITE HEART,1,2011-02-02 10:00:00,5.00,,EIRE
600004,22139,,-50,2011-02-03 10:00:00,0,,United Kingdom
600005,BANK CHARGES,Bank Charges,1,2011-02-03 11:00:00,15,12345,EIRE
600006,85123A,WHITE HEART,1,2011-03-01 08:00:00,2.55,17850,United Kingdom
"""


def read(months: list[str]) -> Trade:
    return retail.trade(pl.read_csv(ROWS.encode(), infer_schema=False), months)


def by(frame: pl.DataFrame, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in frame.iter_rows(named=True)}


@pytest.fixture(scope="module")
def february() -> Trade:
    return read(["2011-02"])


def test_only_the_asked_months_are_read_and_one_that_is_not_there_is_an_error(february: Trade) -> None:
    assert "600006" not in february.lines["document"]
    with pytest.raises(ValueError, match="2012-01"):
        read(["2011-02", "2012-01"])


def test_amounts_are_rounded_half_away_from_zero_and_a_cancellation_takes_back(february: Trade) -> None:
    sums = february.lines.group_by("document").agg(pl.col("amount").sum())
    assert dict(sums.iter_rows())["600001"] == Decimal("33.31")
    assert dict(sums.iter_rows())["C600002"] == Decimal("-5.10")


def test_item_codes_are_one_however_they_are_typed_and_a_text_is_never_missing(february: Trade) -> None:
    products = by(february.products, "item")
    assert set(products) == {"85123A", "POST", "22139", "BANK CHARGES"}
    assert products["85123A"]["name"] == "WHITE HEART"
    assert products["22139"]["name"] == "22139"


def test_a_cash_sale_is_on_the_house_account_of_its_region(february: Trade) -> None:
    line = by(february.lines, "document")["600003"]
    customer = by(february.customers, "customer")[line["customer"]]
    assert (customer["number"], customer["region"], customer["country"]) == ("CASH-EU", "Europe", None)


def test_a_stock_correction_is_on_an_account_that_nobody_can_be_billed_on(february: Trade) -> None:
    line = by(february.lines, "document")["600004"]
    assert by(february.customers, "customer")[line["customer"]]["number"] is None


def test_fees_have_no_revenue_account_and_a_country_has_its_proper_name(february: Trade) -> None:
    assert by(february.products, "item")["BANK CHARGES"]["family"] not in february.accounts
    assert february.accounts[by(february.products, "item")["POST"]["family"]] == "4100"
    assert by(february.customers, "customer")["12345"]["country"] == "Ireland"


def test_a_seed_marks_what_takes_back_and_gives_the_mappings_its_currency(february: Trade, tmp_path: Path) -> None:
    (tmp_path / "mappings" / "crosswalks").mkdir(parents=True)
    (tmp_path / "mappings" / "company.yaml").write_text("constants:\n  currency: USD\n")
    seeding.sow(february, tmp_path / "seed", tmp_path / "mappings")
    orders = by(pl.read_csv(tmp_path / "seed" / "salesforce" / "Order.csv", infer_schema=False), "OrderNumber")
    assert {number for number, row in orders.items() if row["IsReductionOrder"] == "true"} == {"C600002", "600004"}
    assert "currency: GBP" in (tmp_path / "mappings" / "company.yaml").read_text()
    accounts = by(pl.read_csv(tmp_path / "mappings" / "crosswalks" / "revenue_accounts.csv"), "salesforce")
    assert "Fees" not in accounts


@pytest.mark.parametrize(
    ("folder", "month"),
    [("online-retail-uk", "2011-02"), pytest.param("iowa-wholesale", "2022-07", marks=pytest.mark.long)],
)
def test_each_reader_and_the_files_themselves_agree_on_every_document(folder: str, month: str) -> None:
    data = shared(f"data/{folder}")
    form = proof.format_of(data)
    trade = form.read(data, [month])
    sums = trade.lines.group_by("document").agg(pl.col("amount").sum())
    told = truth.documents(data, [month], form, trade)
    assert dict(sums.iter_rows()) == {number: one.amount for number, one in told.items()}

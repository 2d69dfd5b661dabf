"""The wholesale invoices' folder: a month per file, stores and products beside them.

Items that are sold but not in the price list become products named by their number: references that dangle in the
source must not dangle in Salesforce, where a line needs its product. Stores are sold to from the region of their zip.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.trade import AMOUNT, CUSTOMERS, LINES, PRICE, PRODUCTS, Format, Trade, half_up, read_csv

UNCLASSIFIED, REVENUE = "UNCLASSIFIED", "4000"
CENTRAL, WEST, EAST = "Central", "West", "East"


def read(data: Path, months: Sequence[str]) -> Trade:
    """The trade of some months. Raises FileNotFoundError for a month that the folder does not have, ValueError for
    a line whose amount no unit price can give."""
    lines = _lines(pl.concat([read_csv(data / f"invoice_lines_{month}.csv.gz") for month in months]))
    products = _products(read_csv(data / "products.csv.gz"), lines)
    customers = _customers(read_csv(data / "stores.csv.gz"))
    return Trade("USD", customers, products, lines, dict.fromkeys(products["family"], REVENUE))


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """All lines, with the unit price that gives each amount back to the cent."""
    rows = rows.with_columns(
        pl.col("InvoiceNumber").alias("document"),
        pl.col("InvoiceItemNumber").alias("line"),
        pl.col("StoreNumber").alias("customer"),
        pl.col("Date").alias("day"),
        pl.col("ItemNumber").alias("item"),
        pl.col("BottlesSold").cast(pl.Int64).alias("quantity"),
        pl.col("SaleDollars").cast(AMOUNT).alias("amount"),
    )
    quantity = pl.col("quantity").cast(pl.Decimal(18, 0))
    price = half_up(pl.col("amount").cast(pl.Decimal(38, 10)) / quantity, 4).cast(PRICE)
    rows = rows.with_columns(price.alias("price"))
    again = half_up(pl.col("price").cast(pl.Decimal(38, 10)) * quantity, 2).cast(AMOUNT)
    wrong = rows.filter(again != pl.col("amount"))
    if wrong.height:
        raise ValueError(f"no unit price of four decimals gives line {wrong['line'][0]} its amount")
    rows = rows.sort("document", pl.col("LineNumber").cast(pl.Int64))
    return rows.select(LINES.names()).cast(LINES)


def _products(listed: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    known = listed.select(
        pl.col("Item Number").alias("item"),
        pl.col("Item Description").alias("name"),
        pl.col("Category Name").fill_null(UNCLASSIFIED).alias("family"),
        pl.col("UPC").alias("sku"),
    ).unique("item", keep="first", maintain_order=True)
    sold = lines.select("item").unique(maintain_order=True)
    dangling = sold.join(known, on="item", how="anti").with_columns(
        pl.format("Item {} (not in the price list)", "item").alias("name"),
        pl.lit(UNCLASSIFIED).alias("family"),
        pl.lit(None, pl.String).alias("sku"),
    )
    return pl.concat([known, dangling]).sort("item").cast(PRODUCTS)


def _customers(stores: pl.DataFrame) -> pl.DataFrame:
    """Stores: the zips of Iowa begin with 500 to 509 in the middle, 510 to 516 in the west, 520 to 528 in the east."""
    area = pl.col("Zip Code").str.slice(0, 3)
    region = pl.when(area < "510").then(pl.lit(CENTRAL)).when(area < "520").then(pl.lit(WEST)).otherwise(pl.lit(EAST))
    customers = stores.select(
        pl.col("Store").alias("customer"),
        pl.col("Store").alias("number"),
        pl.col("Name").str.strip_chars().alias("name"),
        pl.col("Address").alias("street"),
        pl.col("City").alias("city"),
        pl.col("State").alias("state"),
        pl.col("Zip Code").alias("postal_code"),
        pl.lit("United States").alias("country"),
        region.alias("region"),
    )
    return customers.cast(CUSTOMERS)


FORMAT = Format(
    name="wholesale",
    mark="stores.csv.gz",
    read=read,
    truth="""
        select InvoiceNumber as document, "Date" as day, StoreNumber as customer,
            cast(BottlesSold as bigint) as quantity, null as price, cast(SaleDollars as decimal(18, 2)) as amount
        from read_csv('{folder}/invoice_lines_20*.csv.gz', all_varchar = true)
        where substr("Date", 1, 7) in ({months})
    """,
)

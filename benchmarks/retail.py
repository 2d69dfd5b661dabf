"""The online retailer's folder: one file of invoice lines, as dirty as its business.

What a company would do with what is odd, and this reader does:
* a document without a customer number is a cash sale, on the house account of its region;
* one without a customer and without money is a stock correction: its account has no number, so that nobody is billed;
* item codes are one however they are typed (`85123a`, `85123A`), and named as they are named most often;
* postage, discounts, samples, manual lines and vouchers are families of their own; fees of banks and market places
  have no revenue account, for they are no revenue: Finance decides.
* a customer in several countries is at home where most of its documents are; what is no country is left empty.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from benchmarks.trade import AMOUNT, CUSTOMERS, LINES, PRICE, PRODUCTS, Format, Trade, half_up, read_csv

UNITED_KINGDOM, EUROPE, OVERSEAS = "United Kingdom", "Europe", "Overseas"
HOUSE_ACCOUNTS = {UNITED_KINGDOM: "CASH-UK", EUROPE: "CASH-EU", OVERSEAS: "CASH-OVERSEAS"}
STOCK = "STOCK"
HOME = ["United Kingdom", "Channel Islands"]
# fmt: off
EUROPEAN = [
    "Austria", "Belgium", "Cyprus", "Czech Republic", "Denmark", "EIRE", "European Community", "Finland",
    "France", "Germany", "Greece", "Iceland", "Italy", "Lithuania", "Malta", "Netherlands",
    "Norway", "Poland", "Portugal", "Spain", "Sweden", "Switzerland",
]
# fmt: on
COUNTRIES = {"EIRE": "Ireland", "RSA": "South Africa", "USA": "United States"}
NO_COUNTRY = ["Unspecified", "European Community", "Channel Islands"]
FAMILIES = {
    "POST": "Freight",
    "DOT": "Freight",
    "C2": "Freight",
    "D": "Discount",
    "S": "Samples",
    "M": "Manual",
    "BANK CHARGES": "Fees",
    "AMAZONFEE": "Fees",
    "CRUK": "Fees",
    "B": "Fees",
}
ACCOUNTS = {
    "Goods": "4000",
    "Freight": "4100",
    "Discount": "4200",
    "Samples": "4300",
    "Manual": "4000",
    "Gift vouchers": "4400",
}


def read(data: Path, months: Sequence[str]) -> Trade:
    """The trade of some months, yyyy-mm. Raises ValueError for a month of which the file has nothing."""
    return trade(pl.concat([read_csv(file) for file in sorted(data.glob("invoice_lines_*.csv.gz"))]), months)


def trade(rows: pl.DataFrame, months: Sequence[str]) -> Trade:
    """The trade that rows of the file are: text in the columns that the folder's own README names."""
    rows = rows.with_columns(pl.col("InvoiceDate").str.slice(0, 7).alias("month")).filter(pl.col("month").is_in(months))
    missing = set(months) - set(rows["month"])
    if missing:
        raise ValueError(f"the file has no lines of {', '.join(sorted(missing))}")
    rows = _with_customer(_typed(rows))
    return Trade("GBP", _customers(rows), _products(rows), _lines(rows), ACCOUNTS)


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    quantity, price = pl.col("Quantity").cast(pl.Int64), pl.col("UnitPrice").cast(PRICE)
    rows = rows.with_columns(
        quantity.alias("quantity"),
        price.alias("price"),
        pl.col("StockCode").str.strip_chars().str.to_uppercase().alias("item"),
        pl.col("Country").str.strip_chars(),
    )
    product = pl.col("price").cast(pl.Decimal(38, 10)) * pl.col("quantity").cast(pl.Decimal(18, 0))
    return rows.with_columns(half_up(product, 2).cast(AMOUNT).alias("amount"))


def _with_customer(rows: pl.DataFrame) -> pl.DataFrame:
    """Every document on the account of its customer, or on the one that stands for having none."""
    at_home = pl.when(pl.col("Country").is_in(HOME)).then(pl.lit(UNITED_KINGDOM))
    region = at_home.when(pl.col("Country").is_in(EUROPEAN)).then(pl.lit(EUROPE)).otherwise(pl.lit(OVERSEAS))
    moves_money = (pl.col("amount") != 0).any().over("InvoiceNo")
    named = pl.col("CustomerID").max().over("InvoiceNo")
    rows = rows.with_columns(region.alias("region"), named.alias("CustomerID"))
    house = pl.when(moves_money).then(pl.col("region").replace_strict(HOUSE_ACCOUNTS)).otherwise(pl.lit(STOCK))
    return rows.with_columns(pl.coalesce("CustomerID", house).alias("customer"))


def _customers(rows: pl.DataFrame) -> pl.DataFrame:
    documents = rows.group_by("customer", "CustomerID", "Country", "region").agg(pl.col("InvoiceNo").n_unique())
    homes = documents.sort("InvoiceNo", "Country", descending=[True, False]).unique("customer", keep="first")
    is_known, is_stock = pl.col("CustomerID").is_not_null(), pl.col("customer") == STOCK
    known = pl.when(is_known).then(pl.format("Customer {}", "customer"))
    name = known.when(is_stock).then(pl.lit("Stock corrections")).otherwise(pl.format("Cash sales, {}", "region"))
    country = pl.when(is_known & ~pl.col("Country").is_in(NO_COUNTRY)).then(pl.col("Country").replace(COUNTRIES))
    return _shaped(
        homes.with_columns(
            pl.when(~is_stock).then(pl.col("customer")).alias("number"),
            name.alias("name"),
            country.alias("country"),
            *(pl.lit(None, pl.String).alias(unknown) for unknown in ("street", "city", "state", "postal_code")),
        ).sort("customer"),
        CUSTOMERS,
    )


def _products(rows: pl.DataFrame) -> pl.DataFrame:
    """One product per code, under its most frequent text; a code that never had one is its own name."""
    text = pl.col("Description").str.strip_chars()
    texts = rows.select("item", text.alias("text")).filter(pl.col("text") != "")
    often = texts.group_by("item", "text").len().sort("len", "text", descending=[True, False])
    names = often.unique("item", keep="first", maintain_order=True).select("item", pl.col("text").alias("name"))
    voucher = pl.when(pl.col("item").str.starts_with("GIFT_")).then(pl.lit("Gift vouchers"))
    family = voucher.otherwise(pl.col("item").replace_strict(FAMILIES, default="Goods"))
    found = rows.select("item").unique().join(names, on="item", how="left").sort("item")
    sku = pl.lit(None, pl.String).alias("sku")
    return _shaped(found.with_columns(pl.col("name").fill_null(pl.col("item")), family.alias("family"), sku), PRODUCTS)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines in the order of the file. A document that was keyed over two minutes has the day of its first line."""
    place = pl.int_range(pl.len()).over("InvoiceNo") + 1
    return _shaped(
        rows.with_columns(
            pl.col("InvoiceNo").alias("document"),
            pl.format("{}-{}", "InvoiceNo", place.cast(pl.String).str.zfill(4)).alias("line"),
            pl.col("InvoiceDate").str.slice(0, 10).min().over("InvoiceNo").alias("day"),
        ).sort("document", "line"),
        LINES,
    )


def _shaped(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return frame.select(schema.names()).cast(schema)


FORMAT = Format(
    name="online retail",
    mark="invoice_lines_2010-12_2011-06.csv.gz",
    read=read,
    truth="""
        select InvoiceNo as document, min(substr(InvoiceDate, 1, 10)) over same as day,
            case when max(CustomerID) over same is not null then max(CustomerID) over same
            when bool_or(amount <> 0) over same then 'CASH' else 'STOCK' end as customer, quantity, price, amount
        from (
            select InvoiceNo, InvoiceDate, CustomerID, cast(Quantity as bigint) as quantity,
                cast(UnitPrice as decimal(18, 4)) as price,
                round(cast(Quantity as bigint) * cast(UnitPrice as decimal(18, 4)), 2) as amount
            from read_csv('{folder}/invoice_lines_*.csv.gz', all_varchar = true)
            where substr(InvoiceDate, 1, 7) in ({months})
        )
        window same as (partition by InvoiceNo)
    """,
)

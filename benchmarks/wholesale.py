"""The wholesale invoices' folder format as a seed: stores are accounts, items products, invoices orders.

Reads `invoice_lines_<yyyy-mm>.csv.gz`, `stores.csv.gz` and `products.csv.gz` (columns in the folder's
own README). Items that are sold but not in the price list become products named by their number:
references that dangle in the source must not dangle in Salesforce, where a line needs its product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

CREATED = "2019-09-30T12:00:00Z"
TERMS, DEPARTMENT, REGION = "Net 30", "Wholesale", "Iowa"
UNCLASSIFIED = "UNCLASSIFIED"
_PRICE = pl.Decimal(18, 4)


@dataclass(frozen=True)
class Converted:
    """What a seed holds: control totals straight from the source, to compare everything else with."""

    orders: int
    lines: int
    amount: str


def convert(data: Path, months: Sequence[str], seed: Path, mappings: Path) -> Converted:
    """Writes the seed folder, and the crosswalks that this company needs into a folder of mapping files.

    Raises FileNotFoundError for a month that the folder does not have, ValueError for a line whose
    amount no unit price can give.
    """
    lines = _lines(data, months)
    stores = _read(data / "stores.csv.gz")
    products = _products(_read(data / "products.csv.gz"), lines)
    for folder in ("salesforce", "intacct"):
        (seed / folder).mkdir(parents=True, exist_ok=True)
    _salesforce(seed / "salesforce", stores, products, lines)
    families = products["Family"].unique().sort().to_list()
    _intacct(seed / "intacct", families)
    _crosswalks(mappings / "crosswalks", families)
    total = lines["Amount"].sum()
    return Converted(orders=lines["InvoiceNumber"].n_unique(), lines=lines.height, amount=str(total))


def _read(file: Path) -> pl.DataFrame:
    return pl.read_csv(file, infer_schema=False)


def _lines(data: Path, months: Sequence[str]) -> pl.DataFrame:
    """All lines of the months, with the unit price that gives each amount back to the cent."""
    lines = pl.concat([_read(data / f"invoice_lines_{month}.csv.gz") for month in months])
    lines = lines.with_columns(
        pl.col("BottlesSold").cast(pl.Int64).alias("Quantity"),
        pl.col("SaleDollars").cast(pl.Decimal(18, 2)).alias("Amount"),
    )
    quantity = pl.col("Quantity").cast(pl.Decimal(18, 0))
    price = (pl.col("Amount").cast(pl.Decimal(38, 10)) / quantity).round(4, mode="half_away_from_zero").cast(_PRICE)
    lines = lines.with_columns(price.alias("UnitPrice"))
    again = (pl.col("UnitPrice").cast(pl.Decimal(38, 10)) * quantity).round(2, mode="half_away_from_zero")
    wrong = lines.filter(again.cast(pl.Decimal(18, 2)) != pl.col("Amount"))
    if wrong.height:
        raise ValueError(f"no unit price of four decimals gives line {wrong['InvoiceItemNumber'][0]} its amount")
    return lines.sort("InvoiceNumber", pl.col("LineNumber").cast(pl.Int64))


def _products(listed: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    known = listed.select(
        pl.col("Item Number").alias("key"),
        pl.col("Item Description").alias("Name"),
        pl.col("Category Name").fill_null(UNCLASSIFIED).alias("Family"),
        pl.col("UPC").alias("StockKeepingUnit"),
    ).unique("key", keep="first", maintain_order=True)
    sold = lines.select(pl.col("ItemNumber").alias("key")).unique(maintain_order=True)
    dangling = sold.join(known, on="key", how="anti").with_columns(
        pl.format("Item {} (not in the price list)", "key").alias("Name"),
        pl.lit(UNCLASSIFIED).alias("Family"),
        pl.lit(None, pl.String).alias("StockKeepingUnit"),
    )
    return pl.concat([known, dangling]).sort("key")


def _salesforce(folder: Path, stores: pl.DataFrame, products: pl.DataFrame, lines: pl.DataFrame) -> None:
    created = pl.lit(CREATED).alias("CreatedDate")
    stores.select(
        pl.col("Store").alias("key"),
        pl.col("Name").str.strip_chars(),
        pl.col("Store").alias("AccountNumber"),
        pl.col("Address").alias("BillingStreet"),
        pl.col("City").alias("BillingCity"),
        pl.col("State").alias("BillingState"),
        pl.col("Zip Code").alias("BillingPostalCode"),
        pl.lit("United States").alias("BillingCountry"),
        pl.lit(TERMS).alias("Payment_Terms__c"),
        created,
    ).write_csv(folder / "Account.csv")
    products.with_columns(pl.col("key").alias("ProductCode"), pl.lit("true").alias("IsActive"), created).write_csv(
        folder / "Product2.csv"
    )
    book = {"key": ["STD"], "Name": ["Standard Price Book"], "IsActive": ["true"], "IsStandard": ["true"]}
    pl.DataFrame(book).with_columns(created).write_csv(folder / "Pricebook2.csv")
    prices = lines.group_by("ItemNumber").agg(pl.col("UnitPrice").last())
    products.join(prices, left_on="key", right_on="ItemNumber", how="left").select(
        pl.format("E{}", "key").alias("key"),
        pl.lit("STD").alias("Pricebook2Id"),
        pl.col("key").alias("Product2Id"),
        pl.col("UnitPrice").fill_null(0).cast(pl.Decimal(18, 2)).abs(),
        pl.lit("true").alias("IsActive"),
        created,
    ).write_csv(folder / "PricebookEntry.csv")
    _orders(folder, lines)


def _orders(folder: Path, lines: pl.DataFrame) -> None:
    orders = lines.group_by("InvoiceNumber", maintain_order=True).agg(
        pl.col("StoreNumber").first().alias("AccountId"),
        pl.col("Date").first().alias("EffectiveDate"),
        (pl.col("Quantity") < 0).any().alias("returns"),
    )
    orders.select(
        pl.col("InvoiceNumber").alias("key"),
        pl.col("InvoiceNumber").alias("OrderNumber"),
        "AccountId",
        "EffectiveDate",
        pl.lit("Activated").alias("Status"),
        pl.lit("STD").alias("Pricebook2Id"),
        pl.when("returns").then(pl.lit("true")).otherwise(pl.lit("false")).alias("IsReductionOrder"),
        pl.lit(DEPARTMENT).alias("Department__c"),
        pl.lit(REGION).alias("Region__c"),
        pl.format("{}T12:00:00Z", "EffectiveDate").alias("CreatedDate"),
    ).write_csv(folder / "Order.csv")
    lines.select(
        pl.col("InvoiceItemNumber").alias("key"),
        pl.col("InvoiceNumber").alias("OrderId"),
        pl.col("InvoiceItemNumber").alias("OrderItemNumber"),
        pl.format("E{}", "ItemNumber").alias("PricebookEntryId"),
        pl.col("ItemNumber").alias("Product2Id"),
        "Quantity",
        "UnitPrice",
        pl.format("{}T12:00:00Z", "Date").alias("CreatedDate"),
    ).write_csv(folder / "OrderItem.csv")


def _intacct(folder: Path, families: list[str]) -> None:
    active = pl.lit("active").alias("STATUS")
    pl.DataFrame({"setting": ["base_currency"], "value": ["USD"]}).write_csv(folder / "COMPANY.csv")
    pl.DataFrame({"NAME": [TERMS], "DUEDATE": ["30"]}).with_columns(active).write_csv(folder / "ARTERM.csv")
    pl.DataFrame({"DEPARTMENTID": ["100"], "TITLE": [DEPARTMENT]}).with_columns(active).write_csv(
        folder / "DEPARTMENT.csv"
    )
    pl.DataFrame({"LOCATIONID": ["IA"], "NAME": [REGION]}).with_columns(active).write_csv(folder / "LOCATION.csv")
    classes = pl.DataFrame({"CLASSID": _class_ids(families), "NAME": families})
    classes.with_columns(active).write_csv(folder / "CLASS.csv")
    accounts = {
        "ACCOUNTNO": ["4000", "1200"],
        "TITLE": ["Wholesale Revenue", "Accounts Receivable"],
        "NORMALBALANCE": ["credit", "debit"],
        "ACCOUNTTYPE": ["incomestatement", "balancesheet"],
        "CLOSINGTYPE": ["closing account", "non-closing account"],
        "REQUIREDEPT": ["true", "false"],
        "REQUIRELOC": ["true", "false"],
        "REQUIRECLASS": ["true", "false"],
        "ALTERNATIVEACCOUNT": ["None", "Receivables account"],
    }
    pl.DataFrame(accounts).with_columns(active).write_csv(folder / "GLACCOUNT.csv")


def _class_ids(families: list[str]) -> list[str]:
    return [f"F{place:03d}" for place, _ in enumerate(families, 1)]


def _crosswalks(folder: Path, families: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    walks = {
        "terms": ([TERMS], [TERMS]),
        "departments": ([DEPARTMENT], ["100"]),
        "locations": ([REGION], ["IA"]),
        "classes": (families, _class_ids(families)),
        "revenue_accounts": (families, ["4000"] * len(families)),
    }
    for name, (ours, theirs) in walks.items():
        pl.DataFrame({"salesforce": ours, "intacct": theirs}).write_csv(folder / f"{name}.csv")

"""A Trade as a seed for both sandboxes, and as the edits of the mapping files that such a company would make.

Customers are accounts, items products with a price, documents activated orders; a document that takes goods back is
a reduction order.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from benchmarks import several
from benchmarks.several import edit
from benchmarks.trade import Trade

TERMS, DEPARTMENT = "Net 30", "Wholesale"
ACTIVE = pl.lit("active").alias("STATUS")


def sow(trade: Trade, seed: Path, mappings: Path) -> None:
    """Writes the seed folder, and makes a copy of the shipped mappings those of this company."""
    for folder in ("salesforce", "intacct"):
        (seed / folder).mkdir(parents=True, exist_ok=True)
    created = pl.lit(f"{str(trade.lines['day'].min())[:7]}-01T00:00:00Z").alias("CreatedDate")
    _masters(seed / "salesforce", trade, created)
    _orders(seed / "salesforce", trade)
    families, regions = (sorted(frame.unique()) for frame in (trade.products["family"], trade.customers["region"]))
    _books(seed / "intacct", trade, families, regions)
    _crosswalks(mappings / "crosswalks", trade.accounts, families, regions)
    edit(mappings / "company.yaml", "currency: USD\n", f"currency: {trade.currency}\n")
    # A proof is a deliberate act: nobody is asked how much it may write.
    company = mappings / "company.yaml"
    company.write_text(company.read_text() + "brakes:\n  documents: 1000000\n")
    if trade.entities:
        several.sow_entities(trade, seed / "intacct", mappings, regions)
    if trade.currencies:
        several.sow_currencies(trade, seed, mappings)


def _masters(folder: Path, trade: Trade, created: pl.Expr) -> None:
    trade.customers.select(
        pl.col("customer").alias("key"),
        pl.col("name").alias("Name"),
        pl.col("number").alias("AccountNumber"),
        pl.col("street").alias("BillingStreet"),
        pl.col("city").alias("BillingCity"),
        pl.col("state").alias("BillingState"),
        pl.col("postal_code").alias("BillingPostalCode"),
        pl.col("country").alias("BillingCountry"),
        pl.lit(TERMS).alias("Payment_Terms__c"),
        *_in_currency(trade),
        created,
    ).write_csv(folder / "Account.csv")
    trade.products.select(
        pl.col("item").alias("key"),
        pl.col("name").alias("Name"),
        pl.col("family").alias("Family"),
        pl.col("sku").alias("StockKeepingUnit"),
        pl.col("item").alias("ProductCode"),
        pl.lit("true").alias("IsActive"),
        created,
    ).write_csv(folder / "Product2.csv")
    book = {"key": ["STD"], "Name": ["Standard Price Book"], "IsActive": ["true"], "IsStandard": ["true"]}
    pl.DataFrame(book).with_columns(created).write_csv(folder / "Pricebook2.csv")
    _prices(folder, trade, created)


def _prices(folder: Path, trade: Trade, created: pl.Expr) -> None:
    """What a product cost last, in each currency; one that was never sold in it has no price to speak of."""
    lines = trade.lines.join(_currencies(trade), on="customer", how="left", maintain_order="left")
    prices = lines.group_by("item", "currency").agg(pl.col("price").last())
    known = pl.DataFrame({"currency": list(trade.currencies) or [trade.currency]})
    offered = trade.products.select("item").join(known, how="cross")
    entries = offered.join(prices, on=["item", "currency"], how="left", maintain_order="left")
    entries.select(
        _entry(trade, pl.col("item")).alias("key"),
        pl.lit("STD").alias("Pricebook2Id"),
        pl.col("item").alias("Product2Id"),
        pl.col("price").fill_null(0).cast(pl.Decimal(18, 2)).abs().alias("UnitPrice"),
        pl.lit("true").alias("IsActive"),
        *_in_currency(trade),
        created,
    ).write_csv(folder / "PricebookEntry.csv")


def _entry(trade: Trade, item: pl.Expr) -> pl.Expr:
    return pl.format("E{}-{}", item, "currency") if trade.currencies else pl.format("E{}", item)


def _in_currency(trade: Trade) -> list[pl.Expr]:
    """The column that records have only where there are several currencies."""
    return [pl.col("currency").alias("CurrencyIsoCode")] if trade.currencies else []


def _currencies(trade: Trade) -> pl.DataFrame:
    """The currency of each customer."""
    one = pl.lit(trade.currency).alias("currency")
    return trade.customers.select("customer", "currency" if trade.currencies else one)


def _orders(folder: Path, trade: Trade) -> None:
    orders = trade.lines.group_by("document", maintain_order=True).agg(
        pl.col("customer", "day").first(), (pl.col("quantity") < 0).any().alias("takes_back")
    )
    regions = trade.customers.select("customer", "region").join(_currencies(trade), on="customer")
    orders.join(regions, on="customer", how="left", maintain_order="left").select(
        pl.col("document").alias("key"),
        pl.col("document").alias("OrderNumber"),
        pl.col("customer").alias("AccountId"),
        pl.col("day").alias("EffectiveDate"),
        pl.lit("Activated").alias("Status"),
        pl.lit("STD").alias("Pricebook2Id"),
        pl.when("takes_back").then(pl.lit("true")).otherwise(pl.lit("false")).alias("IsReductionOrder"),
        pl.lit(DEPARTMENT).alias("Department__c"),
        pl.col("region").alias("Region__c"),
        pl.format("{}T12:00:00Z", "day").alias("CreatedDate"),
        *_in_currency(trade),
    ).write_csv(folder / "Order.csv")
    trade.lines.join(_currencies(trade), on="customer", how="left", maintain_order="left").select(
        pl.col("line").alias("key"),
        pl.col("document").alias("OrderId"),
        pl.col("line").alias("OrderItemNumber"),
        _entry(trade, pl.col("item")).alias("PricebookEntryId"),
        pl.col("item").alias("Product2Id"),
        pl.col("quantity").alias("Quantity"),
        pl.col("price").alias("UnitPrice"),
        pl.format("{}T12:00:00Z", "day").alias("CreatedDate"),
    ).write_csv(folder / "OrderItem.csv")


def _books(folder: Path, trade: Trade, families: Sequence[str], regions: Sequence[str]) -> None:
    revenue = sorted(set(trade.accounts.values()))
    accounts = {
        "ACCOUNTNO": ["1200", *revenue],
        "TITLE": ["Accounts Receivable", *(f"Revenue {number}" for number in revenue)],
        "NORMALBALANCE": ["debit", *("credit" for _ in revenue)],
        "ACCOUNTTYPE": ["balancesheet", *("incomestatement" for _ in revenue)],
        "CLOSINGTYPE": ["non-closing account", *("closing account" for _ in revenue)],
        **{name: ["false", *("true" for _ in revenue)] for name in ("REQUIREDEPT", "REQUIRELOC", "REQUIRECLASS")},
        "ALTERNATIVEACCOUNT": ["Receivables account", *("None" for _ in revenue)],
    }
    company = {"setting": ["base_currency"], "value": [trade.currency]}
    pl.DataFrame(company).write_csv(folder / "COMPANY.csv")
    tables: dict[str, dict[str, list[str]]] = {
        "ARTERM": {"NAME": [TERMS], "DUEDATE": ["30"]},
        "DEPARTMENT": {"DEPARTMENTID": ["100"], "TITLE": [DEPARTMENT]},
        "LOCATION": {"LOCATIONID": numbered("L", regions), "NAME": list(regions)},
        "CLASS": {"CLASSID": numbered("F", families), "NAME": list(families)},
        "GLACCOUNT": accounts,
    }
    for name, columns in tables.items():
        pl.DataFrame(columns).with_columns(ACTIVE).write_csv(folder / f"{name}.csv")


def numbered(letter: str, names: Sequence[str]) -> list[str]:
    """An id for each name, by its place."""
    return [f"{letter}{place:03d}" for place, _ in enumerate(names, 1)]


def _crosswalks(folder: Path, accounts: Mapping[str, str], families: Sequence[str], regions: Sequence[str]) -> None:
    walks = {
        "terms": {TERMS: TERMS},
        "departments": {DEPARTMENT: "100"},
        "locations": dict(zip(regions, numbered("L", regions), strict=True)),
        "classes": dict(zip(families, numbered("F", families), strict=True)),
        "revenue_accounts": {family: accounts[family] for family in families if family in accounts},
    }
    for name, walk in walks.items():
        frame = pl.DataFrame({"salesforce": list(walk), "intacct": list(walk.values())})
        frame.write_csv(folder / f"{name}.csv")

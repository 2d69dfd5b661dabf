"""What every folder of real sales is read into: customers, products and document lines, before any system knows them.

Readers (`wholesale`, `retail`) make a Trade out of files; `seeding` makes a Salesforce and an Intacct out of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from benchmarks.rates import Rates

PRICE, AMOUNT = pl.Decimal(18, 4), pl.Decimal(18, 2)
# number: what the company calls the customer; none where nobody can be billed. region: where it is sold from.
CUSTOMERS = pl.Schema(
    {
        "customer": pl.String(),
        "number": pl.String(),
        "name": pl.String(),
        "street": pl.String(),
        "city": pl.String(),
        "state": pl.String(),
        "postal_code": pl.String(),
        "country": pl.String(),
        "region": pl.String(),
    }
)
PRODUCTS = pl.Schema({"item": pl.String(), "name": pl.String(), "family": pl.String(), "sku": pl.String()})
# One row per line: a document takes back when a quantity is negative; amount is quantity times price, to the cent.
LINES = pl.Schema(
    {
        "document": pl.String(),
        "line": pl.String(),
        "customer": pl.String(),
        "day": pl.String(),
        "item": pl.String(),
        "quantity": pl.Int64(),
        "price": PRICE,
        "amount": AMOUNT,
    }
)


@dataclass(frozen=True)
class Trade:
    """Some months of one company. accounts: the revenue account of each product family that has one.

    entities: the entity of each region, where there are several. currencies: those of the customers, the company's
    own first, where there are several; customers then have a column `currency`, and `rates` are those of the days.
    """

    currency: str
    customers: pl.DataFrame
    products: pl.DataFrame
    lines: pl.DataFrame
    accounts: Mapping[str, str]
    entities: Mapping[str, str] = field(default_factory=dict)
    currencies: Sequence[str] = ()
    rates: "Rates | None" = None


@dataclass(frozen=True)
class Format:
    """One way in which a folder of sales is written.

    read: the trade of some months. truth: a query straight on the files, independent of `read`, that gives document,
    day, customer, quantity, price and amount of every line; {folder} and {months} stand for where and which.
    """

    name: str
    mark: str
    read: Callable[[Path, Sequence[str]], Trade]
    truth: str


def read_csv(file: Path) -> pl.DataFrame:
    """Every cell as the text that it is in the file."""
    return pl.read_csv(file, infer_schema=False)


def half_up(value: pl.Expr, places: int) -> pl.Expr:
    """Rounded half away from zero, as money is."""
    return value.cast(pl.Decimal(38, 10)).round(places, mode="half_away_from_zero")

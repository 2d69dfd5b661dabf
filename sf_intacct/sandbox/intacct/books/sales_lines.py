"""The lines of a sales transaction: items, quantities, prices, discounts, dimensions."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import coding, currencies, references
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import unscaled

PRICE_SCALE, PERCENT_SCALE, BASE_PRICE_SCALE = 10, 4, 4


def doubts(clerk: Clerk, definition: Row, header: Row, lines: Sequence[Row], customer: Row | None) -> list[Problem]:
    """Fills prices, values and defaults of `lines`; every problem in line order."""
    items = references.named(clerk.store, "ITEM", (line.get("ITEMID") for line in lines))
    found = [problem for line in lines for problem in _line(definition, line, items, header["CURRENCY"])]
    for line in lines:
        line["CUSTOMERID"] = line.get("CUSTOMERID") or (customer or {}).get("CUSTOMERID")
        line["PROJECTID"] = line.get("PROJECTID") or header.get("PROJECT")
    found += coding.dimension_doubts(clerk, lines)
    return found + coding.project_doubts(clerk, header.get("CUSTVENDID"), lines)


def _line(definition: Row, line: Row, items: dict[str, Row], currency: str) -> Iterator[Problem]:
    if not line.get("ITEMID"):
        yield problems.missing_value("Item ID")
    if line.get("QUANTITY") is None:
        yield problems.missing_value("Quantity")
        return
    if line["QUANTITY"] <= 0 and definition["DOCCLASS"] != "Adjustment":
        yield problems.quantity_not_positive(line["LINE_NO"] + 1)
    if line.get("TRX_PRICE") is None:
        item = items.get(line.get("ITEMID") or "", {})
        line["TRX_PRICE"] = (item.get("BASEPRICE") or 0) * 10 ** (PRICE_SCALE - BASE_PRICE_SCALE)
    line["ITEMDESC"] = line.get("ITEMDESC") or items.get(line.get("ITEMID") or "", {}).get("NAME")
    line["TRX_VALUE"] = currencies.in_units(_extended(line), currency)


def _extended(line: Row) -> Decimal:
    """Quantity times price, less the discount, exactly; the caller rounds once."""
    gross = unscaled(line["QUANTITY"], PRICE_SCALE) * unscaled(line["TRX_PRICE"], PRICE_SCALE)
    return gross * (100 - unscaled(line.get("DISCOUNTPERCENT") or 0, PERCENT_SCALE)) / 100

"""Numbers as the page tells them: money by currency, records, days."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.output import money

if TYPE_CHECKING:
    from sf_intacct.orchestration.discovering import Discovery


def main_currency(found: "Discovery") -> str:
    """The currency of most deals."""
    by_currency: Counter[str] = Counter()
    for row in found.deals:
        by_currency[row["currency"] or ""] += row["records"]
    return by_currency.most_common(1)[0][0] if by_currency else ""


def day_of(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def sums(rows: Iterable[dict[str, Any]]) -> str:
    """Money by currency, in words: 1,200.00 USD and 300.00 EUR."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["currency"] or ""] = totals.get(row["currency"] or "", Decimal(0)) + (row["money"] or Decimal(0))
    listed = [f"{money(total)} {currency}".strip() for currency, total in sorted(totals.items(), key=lambda t: -t[1])]
    return " and ".join(listed) or "nothing"


def deals_of(found: "Discovery", *outcomes: str) -> list[dict[str, Any]]:
    return [row for row in found.deals if not outcomes or row["outcome"] in outcomes]


def number_of(rows: Iterable[dict[str, Any]]) -> int:
    return sum(int(row["records"]) for row in rows)


_CALLED = {"Product2": "product", "CUSTOMER": "customer", "ITEM": "item", "CONTACT": "contact", "PROJECT": "project"}


def called(object_: str) -> str:
    """What people call an object of either system."""
    return _CALLED.get(object_, object_.removesuffix("__c").replace("_", " ").lower())

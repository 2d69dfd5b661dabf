"""One lawful order of two lines as Salesforce sends it, to be broken in one place at a time."""

from typing import Any

import polars as pl

from sf_intacct.flow.check import Judged, check
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct_tests.flow.frames import raw

ORDERS, ITEMS = OBSERVED["salesforce_orders"], OBSERVED["salesforce_order_items"]


def order(number: str = "1", **fields: Any) -> dict[str, Any]:
    """Order `number`, of 30.00."""
    return {
        "Id": f"order {number}",
        "OrderNumber": number,
        "AccountId": "account",
        "StatusCode": "Activated",
        "EffectiveDate": "2026-03-17",
        "TotalAmount": "30.00",
        "SystemModstamp": "2026-03-17T09:30:15.000Z",
        **fields,
    }


def line(number: str = "1", place: str = "1", **fields: Any) -> dict[str, Any]:
    """Line `place` of order `number`: line 1 is 10.00, line 2 is 20.00."""
    return {
        "Id": f"line {number}.{place}",
        "OrderId": f"order {number}",
        "OrderItemNumber": f"{number}.{place}",
        "Product2Id": "product",
        "Quantity": place,
        "UnitPrice": "10.00",
        "TotalPrice": {"1": "10.00", "2": "20.00"}[place],
        "SystemModstamp": "2026-03-17T09:30:15.000Z",
        **fields,
    }


def lines(*numbers: str) -> list[dict[str, Any]]:
    """Both lines of each order."""
    return [line(number, place) for number in numbers for place in ("1", "2")]


def judged(heads: list[dict[str, Any]], items: list[dict[str, Any]]) -> Judged:
    """What the gate says of these orders."""
    return check(ORDERS, raw(ORDERS, *heads), ITEMS, raw(ITEMS, *items))


def ids(frame: pl.DataFrame | None, column: str) -> list[str]:
    """One column, sorted; of no frame, nothing."""
    return [] if frame is None else sorted(frame[column])

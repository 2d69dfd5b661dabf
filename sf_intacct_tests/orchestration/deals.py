"""Opportunities of a town, and the sales documents that come of them."""

from collections.abc import Sequence
from typing import Any

from sf_intacct_tests.town import Row, Town


def deal(key: str, account: str = "acme", stage: str = "Closed Won", **fields: str) -> Row:
    """One opportunity row of a seed."""
    row = {
        "key": key,
        "Name": f"Deal {key}",
        "AccountId": account,
        "StageName": stage,
        "CloseDate": "2026-10-05",
        "Type": "New Customer",
        "Pricebook2Id": "STD",
        "Department__c": "Field Sales",
        "Region__c": "East",
    }
    return {**row, **fields}


def deal_line(number: int, key: str, product: str = "scale", quantity: str = "2", **fields: str) -> Row:
    """One line of an opportunity; 349.00 apiece unless its fields say otherwise."""
    row = {
        "key": f"D{number}",
        "OpportunityId": key,
        "PricebookEntryId": f"price-{product}",
        "Product2Id": product,
        "Quantity": quantity,
    }
    return {**row, **(fields if "TotalPrice" in fields else {"UnitPrice": "349.00", **fields})}


def sell(town: Town, deals: Sequence[Row], lines: Sequence[Row], **more: Any) -> None:
    """A town whose Sales has these opportunities."""
    town.seed(salesforce={"Opportunity": deals, "OpportunityLineItem": lines}, **more)


def opportunity(town: Town, key: str) -> dict[str, Any]:
    return town.one("salesforce", "Opportunity", Name=f"Deal {key}")


def document(town: Town, key: str) -> dict[str, Any]:
    """The one sales document that an opportunity became."""
    return town.one("intacct", "SODOCUMENT", SALESFORCE_ID=opportunity(town, key)["Id"])


def lines_of(town: Town, head: dict[str, Any]) -> list[dict[str, Any]]:
    found = town.rows("intacct", "SODOCUMENTENTRY", DOCHDRNO=head["RECORDNO"])
    return sorted(found, key=lambda row: int(row["LINE_NO"]))

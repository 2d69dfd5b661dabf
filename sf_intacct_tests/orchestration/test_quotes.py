"""Journeys of quotes that become Order Entry documents, in a company that sells by quotes."""

import pytest

from sf_intacct_tests.orchestration.deals import deal, lines_of
from sf_intacct_tests.town import Row, Town, money, queue, settle, walk


def quote(key: str, opportunity: str, **fields: str) -> Row:
    """One quote row of a seed, accepted unless its fields say otherwise."""
    row = {
        "key": key,
        "Name": f"Offer {key}",
        "OpportunityId": opportunity,
        "Pricebook2Id": "STD",
        "Status": "Accepted",
    }
    return {**row, "Accepted_On__c": "2026-10-06", "Department__c": "Field Sales", "Region__c": "East", **fields}


def quote_line(number: int, key: str, product: str = "scale", quantity: str = "2", **fields: str) -> Row:
    entry = {"PricebookEntryId": f"price-{product}", "Product2Id": product, "Quantity": quantity}
    return {"key": f"Q{number}", "QuoteId": key, "UnitPrice": "349.00", **entry, **fields}


@pytest.mark.long
@pytest.mark.proves(5, 7)
def test_the_accepted_quote_that_a_deal_follows_becomes_one_sales_order_and_no_other_does(town: Town) -> None:
    folder = town.folder / "mappings"
    (folder / "alternatives/quote_to_sales_document.yaml").rename(folder / "quote_to_sales_document.yaml")
    (folder / "opportunity_to_sales_document.yaml").unlink()
    quotes = [
        quote("a", "1", Po_Number__c="PO-9"),
        quote("b", "1"),
        quote("c", "2", Status="Presented"),
        quote("d", "3", Accepted_On__c=""),
    ]
    lines = [quote_line(1, "a"), quote_line(2, "a", "visit", "1.5", UnitPrice="310.00", Discount="10")]
    lines += [quote_line(3, "b"), quote_line(4, "c"), quote_line(5, "d")]
    followed = {"1": "a", "2": "c", "3": "d"}
    deals = [deal(key, stage="Negotiation/Review", SyncedQuoteId=name) for key, name in followed.items()]
    town.seed(salesforce={"Opportunity": deals, "Quote": quotes, "QuoteLineItem": lines})
    house = town.house()
    settle(house)

    accepted = town.one("salesforce", "Quote", Name="Offer a")
    head = town.one("intacct", "SODOCUMENT")
    assert (head["DOCNO"], head["SALESFORCE_ID"]) == (f"Q-{accepted['QuoteNumber']}", accepted["Id"])
    assert (head["CUSTVENDID"], head["WHENCREATED"], head["PONUMBER"]) == ("C-1", "2026-10-06", "PO-9")
    assert money(head["TRX_TOTAL"]) == money(accepted["TotalPrice"]) == money("1116.50")
    told = [(one["ITEMID"], money(one["QUANTITY"]), money(one["TRX_VALUE"])) for one in lines_of(town, head)]
    assert told == [("SCALE", money(2), money("698.00")), ("VISIT", money("1.5"), money("418.50"))]
    undated = town.one("salesforce", "Quote", Name="Offer d")["QuoteNumber"]
    assert queue(house) == {"missing_value": [undated]}

    again = walk(house)
    assert (again.new, again.writes) == (0, 0)

"""Quotes: their lines make the totals, and the opportunity says which of them it follows."""

from decimal import Decimal

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.sandbox.salesforce.rules.test_opportunities import opportunity


def quote(org: Org, opportunity_id: str) -> str:
    return org.create("Quote", Name="Offer", OpportunityId=opportunity_id, Pricebook2Id=org.standard_book)


def test_lines_make_the_totals_and_tax_and_shipping_come_on_top(org: Org) -> None:
    made, entry = quote(org, opportunity(org)), org.product("W", "4.00")
    org.create("QuoteLineItem", QuoteId=made, PricebookEntryId=entry, Quantity=3, UnitPrice="2.50")
    org.create("QuoteLineItem", QuoteId=made, PricebookEntryId=entry, Quantity=2, UnitPrice=10, Discount=25)
    org.update("Quote", made, Tax="1.50", ShippingHandling=5)
    found = org.get("Quote", made)
    totals = (found["LineItemCount"], found["Subtotal"], found["TotalPrice"], found["GrandTotal"])
    assert totals == (2, Decimal("27.5"), Decimal("22.5"), Decimal(29))


def test_one_quote_of_a_deal_is_synced_and_says_so(org: Org) -> None:
    deal = opportunity(org)
    first, second = quote(org, deal), quote(org, deal)
    org.update("Opportunity", deal, SyncedQuoteId=first)
    org.update("Opportunity", deal, SyncedQuoteId=second)
    assert [org.get("Quote", made)["IsSyncing"] for made in (first, second)] == [False, True]


def test_a_line_needs_a_quantity_and_a_price_of_the_quotes_own_price_book(org: Org) -> None:
    made, entry = quote(org, opportunity(org)), org.product()
    line = {"QuoteId": made, "PricebookEntryId": entry, "UnitPrice": 1}
    assert org.bad("POST", "sobjects/QuoteLineItem", json={**line, "Quantity": 0})["fields"] == ["Quantity"]
    org.update("Quote", made, Pricebook2Id=org.create("Pricebook2", Name="Other", IsActive=True))
    assert org.bad("POST", "sobjects/QuoteLineItem", json={**line, "Quantity": 1})["fields"] == ["PricebookEntryId"]

"""Opportunities: the stage decides, the lines make the amount."""

from decimal import Decimal
from typing import Any

from sf_intacct_tests.sandbox.salesforce.org import Org


def opportunity(org: Org, **fields: Any) -> str:
    given = {"Name": "Big one", "StageName": "Prospecting", "CloseDate": "2026-05-31", **fields}
    return org.create("Opportunity", Pricebook2Id=org.standard_book, **given)


def test_the_stage_decides_what_follows_from_it(org: Org) -> None:
    found = org.get("Opportunity", opportunity(org, Amount="200"))
    assert (found["IsClosed"], found["IsWon"], found["Probability"]) == (False, False, 10)
    assert (found["ForecastCategory"], found["ExpectedRevenue"]) == ("Pipeline", 20)
    assert (found["FiscalYear"], found["FiscalQuarter"], found["Fiscal"]) == (2026, 2, "2026 2")


def test_a_won_opportunity_is_closed(org: Org) -> None:
    record_id = opportunity(org)
    org.control.advance(60)
    org.update("Opportunity", record_id, StageName="Closed Won")
    found = org.get("Opportunity", record_id)
    assert (found["IsClosed"], found["IsWon"], found["Probability"]) == (True, True, 100)
    assert found["LastStageChangeDate"] == "2026-03-17T09:31:15.000+0000"


def test_lines_make_the_amount_which_then_ignores_what_is_sent(org: Org) -> None:
    record_id, entry = opportunity(org, Amount=1), org.product("W", "4.00")
    line = {"OpportunityId": record_id, "PricebookEntryId": entry}
    org.create("OpportunityLineItem", **line, Quantity=3, UnitPrice="2.50")
    org.create("OpportunityLineItem", **line, Quantity=2, UnitPrice=10, Discount=25)
    found = org.get("Opportunity", record_id)
    assert (found["Amount"], found["HasOpportunityLineItem"]) == (Decimal("22.5"), True)
    org.update("Opportunity", record_id, Amount=999, NextStep="call")
    found = org.get("Opportunity", record_id)
    assert (found["Amount"], found["NextStep"], found["TotalOpportunityQuantity"]) == (Decimal("22.5"), "call", 5)


def test_a_line_may_give_its_total_instead_of_its_price_but_not_both(org: Org) -> None:
    record_id, entry = opportunity(org), org.product()
    line = {"OpportunityId": record_id, "PricebookEntryId": entry, "Quantity": 4}
    made = org.create("OpportunityLineItem", **line, TotalPrice="10")
    assert org.get("OpportunityLineItem", made)["UnitPrice"] == Decimal("2.5")
    error = org.bad("POST", "sobjects/OpportunityLineItem", json={**line, "TotalPrice": 1, "UnitPrice": 1})
    assert error["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_line_without_a_price_takes_the_list_price(org: Org) -> None:
    line = {"OpportunityId": opportunity(org), "PricebookEntryId": org.product("W", "4.00"), "Quantity": 2}
    found = org.get("OpportunityLineItem", org.create("OpportunityLineItem", **line))
    assert (found["UnitPrice"], found["TotalPrice"], found["Name"]) == (4, 8, "Big one The W")


def test_a_line_of_another_price_book_is_refused(org: Org) -> None:
    book = org.create("Pricebook2", Name="Other", IsActive=True)
    record_id = org.create("Opportunity", Name="X", StageName="Prospecting", CloseDate="2026-05-31", Pricebook2Id=book)
    line = {"OpportunityId": record_id, "PricebookEntryId": org.product(), "Quantity": 1}
    assert org.bad("POST", "sobjects/OpportunityLineItem", json=line)["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_deleting_an_opportunity_deletes_its_lines(org: Org) -> None:
    record_id = opportunity(org)
    org.create("OpportunityLineItem", OpportunityId=record_id, PricebookEntryId=org.product(), Quantity=1)
    org.good("DELETE", f"sobjects/Opportunity/{record_id}", 204)
    assert org.query("SELECT Id FROM OpportunityLineItem") == []

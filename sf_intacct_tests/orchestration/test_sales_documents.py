"""Journeys of won deals that become Order Entry documents: one each, of the right kind, to the cent."""

import pytest

from sf_intacct.model.intent import State
from sf_intacct_tests.orchestration.deals import deal, deal_line, document, lines_of, opportunity, sell
from sf_intacct_tests.town import Town, money, queue, settle, walk

CROSSING = "opportunity_to_sales_document"


@pytest.mark.proves(5, 7)
def test_a_won_opportunity_becomes_one_sales_order_line_by_line(town: Town) -> None:
    fields = {"Po_Number__c": "PO-9"}
    sell(town, [deal("1", **fields)], [deal_line(1, "1"), deal_line(2, "1", "visit", "1.5", UnitPrice="310.00")])
    house = town.house()
    settle(house)

    head, won = document(town, "1"), opportunity(town, "1")
    assert head["DOCID"] == f"Sales Order-OPP-{won['Id'][-12:]}"
    assert (head["CUSTVENDID"], head["TERM.NAME"], head["PONUMBER"]) == ("C-1", "Net 30", "PO-9")
    assert (head["STATE"], head["WHENCREATED"], head["PRRECORDKEY"]) == ("Pending", "2026-10-05", None)
    assert money(head["TRX_TOTAL"]) == money(won["Amount"]) == money("1163.00")
    told = [(one["ITEMID"], money(one["QUANTITY"]), money(one["TRX_VALUE"])) for one in lines_of(town, head)]
    assert told == [("SCALE", money(2), money("698.00")), ("VISIT", money("1.5"), money("465.00"))]
    coded = {(one["DEPARTMENTID"], one["LOCATIONID"], one["CUSTOMERID"]) for one in lines_of(town, head)}
    assert coded == {("100", "E01", "C-1")}
    assert [one["CLASSID"] for one in lines_of(town, head)] == ["HW", "SVC"]
    assert queue(house) == {}
    assert [intent.state for intent in house.journal.in_state(CROSSING, *State)] == [State.VERIFIED]

    again = walk(house)
    assert (again.new, again.writes) == (0, 0)
    assert town.invoices() == [], "an order is no invoice yet"

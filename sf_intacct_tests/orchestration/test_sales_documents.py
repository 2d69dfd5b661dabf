"""Journeys of won deals that become Order Entry documents: one each, of the right kind, to the cent."""

import pytest

from sf_intacct.model.intent import State
from sf_intacct_tests.orchestration.deals import deal, deal_line, document, lines_of, opportunity, sell
from sf_intacct_tests.town import REFERENCE, Town, money, queue, settle, walk

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


@pytest.mark.long
@pytest.mark.proves(5)
def test_the_kind_of_deal_chooses_the_definition_and_an_invoice_posts_to_receivables(town: Town) -> None:
    upgrade = {"Type": "Existing Customer - Upgrade"}
    sell(town, [deal("1", **upgrade), deal("2")], [deal_line(1, "1"), deal_line(2, "2", quantity="1")])
    house = town.house()
    settle(house)

    billed = document(town, "1")
    assert [(billed["DOCPARID"], billed["STATE"])] == [("Sales Invoice", "Closed")]
    assert document(town, "2")["DOCPARID"] == "Sales Order"
    invoice = town.one("intacct", "ARINVOICE", RECORDNO=billed["PRRECORDKEY"])
    assert (money(invoice["TRX_TOTALENTERED"]), invoice["MODULEKEY"]) == (money("698.00"), "8.SO")
    assert len(town.invoices()) == 1


@pytest.mark.long
@pytest.mark.proves(5)
@pytest.mark.parametrize("kind", ["drop_reply", "drop_request"])
def test_a_lost_reply_never_makes_a_second_sales_document(town: Town, kind: str) -> None:
    sell(town, [deal("1")], [deal_line(1, "1")])
    house = town.house()
    town.fault(kind, operation="create_sotransaction", times=1)
    for _ in range(4):
        settle(house)
        town.pass_time(hours=1)
    assert document(town, "1")["STATE"] == "Pending"
    assert [intent.state for intent in house.journal.in_state(CROSSING, *State)] == [State.VERIFIED]


@pytest.mark.long
@pytest.mark.proves(5)
def test_a_house_that_lost_its_journal_finds_its_documents_again_and_makes_none(town: Town) -> None:
    sell(town, [deal("1")], [deal_line(1, "1")])
    settle(town.house())
    settle(town.house(home=town.folder / "another"))
    assert document(town, "1")["DOCPARID"] == "Sales Order"


@pytest.mark.long
@pytest.mark.proves(5)
@pytest.mark.answers("E7")
def test_zero_lines_are_left_out_and_a_deal_of_nothing_else_is_told(town: Town) -> None:
    free = deal_line(2, "1", "visit", UnitPrice="0")
    sell(town, [deal("1"), deal("2")], [deal_line(1, "1"), free, deal_line(3, "2", UnitPrice="0")])
    house = town.house()
    settle(house)
    assert [one["ITEMID"] for one in lines_of(town, document(town, "1"))] == ["SCALE"]
    assert queue(house) == {"no_lines": ["Deal 2"]}


@pytest.mark.long
@pytest.mark.proves(5)
def test_a_deal_that_takes_goods_back_never_becomes_a_document(town: Town) -> None:
    sell(town, [deal("1")], [deal_line(1, "1"), deal_line(2, "1", quantity="-1")])
    house = town.house()
    settle(house)
    assert town.rows("intacct", "SODOCUMENT") == []
    assert set(queue(house)) == {"negative_line"}


@pytest.mark.long
@pytest.mark.proves(5, 7)
def test_a_discount_comes_to_the_cent_that_sales_sold_and_a_line_that_does_not_is_told(town: Town) -> None:
    off = deal_line(1, "1", quantity="3", UnitPrice="33.33", Discount="10")
    lump = deal_line(2, "2", quantity="7", TotalPrice="300.00")
    sell(town, [deal("1"), deal("2")], [off, lump])
    house = town.house()
    settle(house)
    assert money(document(town, "1")["TRX_TOTAL"]) == money(opportunity(town, "1")["Amount"]) == money("89.99")
    assert len(town.rows("intacct", "SODOCUMENT")) == 1, "7 for 42.86 is 300.02, and 300.00 was sold"
    assert queue(house) == {"lines_do_not_multiply": ["Deal 2"]}


@pytest.mark.long
@pytest.mark.proves(5)
def test_two_crossings_from_one_deal_to_two_kinds_make_one_document_of_each(town: Town) -> None:
    shipped = (town.folder / "mappings/opportunity_to_sales_document.yaml").read_text()
    quote = shipped.replace(f"crossing: {CROSSING}", "crossing: opportunity_to_sales_quote")
    quote = quote.replace("[Sales Order, Sales Invoice]", "[Sales Quote]")
    quote = quote.replace(
        "{lookup: document_types, of: type, default: Sales Order, mode:", "{constant: Sales Quote, mode:"
    )
    (town.folder / "mappings/opportunity_to_sales_quote.yaml").write_text(quote)
    kinds = [
        *REFERENCE["SODOCUMENTPARAMS"],
        {**REFERENCE["SODOCUMENTPARAMS"][0], "DOCID": "Sales Quote", "DOCCLASS": "Quote"},
    ]
    sell(town, [deal("1")], [deal_line(1, "1")], intacct={"SODOCUMENTPARAMS": kinds})
    house = town.house()
    settle(house)
    assert sorted(row["DOCPARID"] for row in town.rows("intacct", "SODOCUMENT")) == ["Sales Order", "Sales Quote"]
    settle(town.house(home=town.folder / "another"))
    assert len(town.rows("intacct", "SODOCUMENT")) == 2


@pytest.mark.long
@pytest.mark.proves(5)
def test_a_deal_amended_after_its_document_was_made_is_told_and_the_document_is_left_alone(town: Town) -> None:
    sell(town, [deal("1")], [deal_line(1, "1")])
    house = town.house()
    settle(house)
    changed = {"Po_Number__c": "PO-NEW"}
    town.act("salesforce", "edit", object="Opportunity", id=opportunity(town, "1")["Id"], fields=changed)
    settle(house)
    assert queue(house) == {"amended_after_posting": ["Deal 1"]}
    assert document(town, "1")["PONUMBER"] is None

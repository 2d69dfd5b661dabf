"""Journeys of what takes back: returns become credit memos, which name their invoice; never negative invoices."""

import pytest

from sf_intacct.model.intent import State
from sf_intacct_tests.town import Town, alone, line, money, order, queue, settle, tie_out


def _split(town: Town) -> None:
    company = town.folder / "mappings/company.yaml"
    company.write_text(company.read_text().replace("mixed_orders: hold", "mixed_orders: split"))


def _take_back(town: Town, original: str, *lines: tuple[str, str, str], **fields: str) -> str:
    """A reduction order of another order, activated; returns its number."""
    made = town.act(
        "salesforce",
        "create_order",
        account=town.order(original)["AccountId"],
        lines=[{"product": product, "quantity": quantity, "unit_price": price} for product, quantity, price in lines],
        activate=True,
        IsReductionOrder=True,
        OriginalOrderId=town.order(original)["Id"],
        EffectiveDate="2026-10-20",
        Department__c="Field Sales",
        Region__c="East",
        **fields,
    )
    return str(made["OrderNumber"])


@pytest.mark.proves(8)
def test_a_return_becomes_one_credit_memo_that_names_the_invoice_it_corrects(town: Town) -> None:
    town.seed([order("1")], [line(1, "1"), line(2, "1", "visit", "1.5", "310.00")])
    house = town.house()
    settle(house)
    number = _take_back(town, "1", ("SCALE", "-1", "349.00"))
    settle(house)

    memo = town.one("intacct", "ARADJUSTMENT")
    assert (memo["RECORDID"], memo["DOCNUMBER"], memo["CUSTOMERID"]) == (f"CM-{number}", "SO-1", "C-1")
    assert (money(memo["TRX_TOTALENTERED"]), memo["STATE"]) == (money("-349.00"), "Posted")
    item = town.one("intacct", "ARADJUSTMENTITEM", RECORDKEY=memo["RECORDNO"])
    assert (item["ACCOUNTNO"], item["DEPARTMENTID"], item["ITEMID"], item["CLASSID"]) == ("4000", "100", "SCALE", "HW")
    assert item["SALESFORCE_LINE_ID"] in {row["Id"] for row in town.rows("salesforce", "OrderItem")}
    assert [row["RECORDID"] for row in town.invoices()] == ["SO-1"], "never a negative invoice"

    told = town.order(number)
    assert (told["Intacct_Credit_Memo_Number__c"], told["Intacct_Credit_Memo_State__c"]) == (f"CM-{number}", "Posted")
    assert (told["Intacct_Credit_Open__c"], told["Intacct_Sync_Status__c"]) == ("349.00", "Synced")
    assert queue(house) == {}
    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"tied": 2})
    assert alone(result).salesforce == alone(result).intacct == money("814.00")


@pytest.mark.long
@pytest.mark.proves(8)
def test_a_return_waits_for_the_invoice_that_it_corrects(town: Town) -> None:
    town.seed([order("1", Department__c="Moon")], [line(1, "1")])
    house = town.house()
    number = _take_back(town, "1", ("SCALE", "-1", "349.00"))
    settle(house)
    assert queue(house) == {"unmapped_value": ["1", number]}
    assert town.rows("intacct", "ARADJUSTMENT") == []

    with (town.folder / "mappings/crosswalks/departments.csv").open("a") as crosswalk:
        crosswalk.write("Moon,100\n")
    house = town.house()
    settle(house)
    assert town.one("intacct", "ARADJUSTMENT")["DOCNUMBER"] == "SO-1"
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(8)
@pytest.mark.answers("E6")
def test_a_return_without_an_original_becomes_a_credit_memo_without_a_reference(town: Town) -> None:
    town.seed([order("1")], [line(1, "1", quantity="-2")])
    house = town.house()
    settle(house)
    memo = town.one("intacct", "ARADJUSTMENT")
    assert (memo["RECORDID"], memo["DOCNUMBER"], money(memo["TRX_TOTALENTERED"])) == ("CM-1", None, money("-698.00"))
    assert town.invoices() == []
    assert tie_out(house).classes == {"tied": 1}


@pytest.mark.long
@pytest.mark.proves(8)
@pytest.mark.answers("E6")
def test_an_order_that_sells_and_takes_back_waits_for_a_person_or_is_split_by_policy(town: Town) -> None:
    town.seed([order("1")], [line(1, "1"), line(2, "1", quantity="-1")])
    house = town.house()
    settle(house)
    assert queue(house) == {"negative_line": ["1"]}
    assert town.invoices() == town.rows("intacct", "ARADJUSTMENT") == []

    _split(town)
    house = town.house()
    settle(house)
    assert money(town.invoice("SO-1")["TRX_TOTALENTERED"]) == money("698.00")
    assert money(town.one("intacct", "ARADJUSTMENT")["TRX_TOTALENTERED"]) == money("-349.00")
    assert queue(house) == {}
    result = tie_out(house)
    assert (result.holds, result.classes) == (True, {"tied": 1})
    assert alone(result).salesforce == alone(result).intacct == money("349.00")


@pytest.mark.long
@pytest.mark.proves(8)
@pytest.mark.answers("D32")
def test_a_lost_reply_never_makes_a_second_credit_memo(town: Town) -> None:
    town.seed([order("1")], [line(1, "1", quantity="-2")])
    house = town.house()
    town.fault("drop_reply", operation="create_aradjustment", times=1)
    settle(house)
    town.pass_time(hours=1)
    settle(house)
    assert len(town.rows("intacct", "ARADJUSTMENT")) == 1
    assert [i.state for i in house.journal.in_state("return_to_credit", *State)] == [State.VERIFIED]


@pytest.mark.long
@pytest.mark.proves(8)
def test_a_credit_memo_of_our_number_with_another_total_is_not_taken_for_ours(town: Town) -> None:
    town.seed([order("1", status="Draft")], [line(1, "1", quantity="-2")])
    house = town.house()
    settle(house)
    coded = {"account": "4000", "amount": "-5.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}
    town.act("intacct", "create_adjustment", customer="C-1", number="CM-1", date="2026-10-07", lines=[coded])
    town.act("salesforce", "activate_order", order="1")
    settle(house)
    assert queue(house) == {"identity_taken": ["1"]}
    assert [money(row["TRX_TOTALENTERED"]) for row in town.rows("intacct", "ARADJUSTMENT")] == [money("-5.00")]

"""Journeys of deals that are delivered as projects, and of documents coded with them and with what else lines carry."""

import pytest

from sf_intacct.model.intent import State
from sf_intacct_tests.orchestration.deals import deal, deal_line, document, lines_of, opportunity
from sf_intacct_tests.town import PRODUCTS, Town, line, money, order, queue, settle, walk

CROSSING = "opportunity_to_project"


def _bill_both(town: Town) -> None:
    """A company whose deals become sales orders, and whose orders are invoiced for them."""
    for name in ("order_to_invoice", "opportunity_to_sales_document"):
        mapping = town.folder / f"mappings/{name}.yaml"
        mapping.write_text(
            mapping.read_text().replace("when_changed: hold\n", "when_changed: hold\nsold_twice: allow\n")
        )


def _product(town: Town) -> str:
    return str(town.one("salesforce", "Product2", ProductCode="CARE")["Id"])


KIND = {"Type": "Project - Fixed Fee"}


@pytest.mark.proves(6, 7)
def test_a_won_project_deal_becomes_one_project_and_its_documents_are_coded_with_it(town: Town) -> None:
    care = {"key": "care", "Name": "Care", "ProductCode": "CARE", "Family": "Services", "IsActive": "true"}
    care |= {"Revenue_Template__c": "Straight line", "Project_Task__c": "true", "QuantityUnitOfMeasure": "Hour"}
    service = {"ServiceDate": "2026-10-05", "Service_End__c": "2027-10-04", "Description": "First year"}
    deals = [deal("1", Channel__c="Partner", **KIND), deal("2"), deal("3", stage="Prospecting", **KIND)]
    items = [deal_line(1, "1", "care", "1", **service), deal_line(2, "1"), deal_line(3, "2")]
    orders = [order("100", OpportunityId="1"), order("200", OpportunityId="2"), order("300")]
    town.seed(
        orders,
        [line(1, "100"), line(2, "200"), line(3, "300")],
        products=[*PRODUCTS, care],
        salesforce={"Opportunity": deals, "OpportunityLineItem": items},
    )
    _bill_both(town)
    # A dimension of a company's own is named by its record number, which is another one in every company.
    partner = str(town.one("intacct", "CHANNEL", NAME="Partner")["RECORDNO"])
    (town.folder / "mappings/crosswalks/channels.csv").write_text(f"salesforce,intacct\nPartner,{partner}\n")
    house = town.house()
    settle(house)

    won, project = opportunity(town, "1"), town.one("intacct", "PROJECT")
    name = f"P-{won['Id'][-12:]}"
    assert (project["PROJECTID"], project["NAME"], project["SALESFORCE_ID"]) == (name, "Deal 1", won["Id"])
    assert (project["PROJECTCATEGORY"], project["BILLINGTYPE"]) == ("Contract", "Fixed Fee")
    assert (project["CUSTOMERID"], project["BEGINDATE"], project["TERMNAME"]) == ("C-1", "2026-10-05", "Net 30")
    assert money(project["CONTRACTAMOUNT"]) == money(won["Amount"]) == money("1047.00")

    task = town.one("intacct", "TASK")
    assert (task["PROJECTID"], task["NAME"], task["ITEMID"]) == (name, "Care", "CARE")
    assert (task["PBEGINDATE"], task["PENDDATE"], task["DESCRIPTION"]) == ("2026-10-05", "2027-10-04", "First year")
    assert (money(task["BUDGETQTY"]), str(task["BILLABLE"])) == (money("1"), "true")
    assert task["SALESFORCE_ID"] == town.one("salesforce", "OpportunityLineItem", Product2Id=_product(town))["Id"]

    care_line, scale_line = lines_of(town, document(town, "1"))
    assert {care_line["PROJECTID"], scale_line["PROJECTID"]} == {name}
    assert {str(care_line["GLDIMCHANNEL"]), str(scale_line["GLDIMCHANNEL"])} == {partner}
    assert (care_line["MEMO"], scale_line["MEMO"]) == ("First year", "Bench Scale")
    revenue = [(one["REVRECTEMPLATE"], one["REVRECSTARTDATE"], one["REVRECENDDATE"]) for one in (care_line, scale_line)]
    assert revenue == [("Straight line", "2026-10-05", "2027-10-04"), (None, None, None)]
    told = (won["Intacct_Document_Id__c"], won["Intacct_Document_State__c"], won["Intacct_Project_Id__c"])
    assert told == (f"Sales Order-OPP-{won['Id'][-12:]}", "Pending", name)
    assert (won["Intacct_Sync_Status__c"], won["Intacct_Sync_Error__c"]) == ("Synced", None)
    assert opportunity(town, "2")["Intacct_Project_Id__c"] is None
    other = lines_of(town, document(town, "2"))[0]
    assert (other["PROJECTID"], other["GLDIMCHANNEL"]) == (None, None)
    coded = {
        number: town.one("intacct", "ARINVOICEITEM", RECORDKEY=town.invoice(f"SO-{number}")["RECORDNO"])["PROJECTID"]
        for number in ("100", "200", "300")
    }
    assert coded == {"100": name, "200": None, "300": None}
    assert queue(house) == {}
    assert [intent.state for intent in house.journal.in_state(CROSSING, *State)] == [State.VERIFIED]
    assert walk(house).writes == 0


@pytest.mark.long
@pytest.mark.proves(6)
def test_an_order_waits_for_the_project_of_its_deal_and_is_never_posted_without_it(town: Town) -> None:
    town.seed(
        [order("100", OpportunityId="1")],
        [line(1, "100")],
        salesforce={
            "Opportunity": [deal("1", stage="Prospecting", **KIND)],
            "OpportunityLineItem": [deal_line(1, "1")],
        },
    )
    _bill_both(town)
    house = town.house()
    settle(house)
    assert town.invoices() == []
    assert queue(house) == {"missing_project": ["100"]}
    assert opportunity(town, "1")["Intacct_Sync_Status__c"] is None, "it is not won yet"

    won = {"StageName": "Closed Won"}
    town.act("salesforce", "edit", object="Opportunity", id=opportunity(town, "1")["Id"], fields=won)
    settle(house)
    item = town.one("intacct", "ARINVOICEITEM")
    assert item["PROJECTID"] == town.one("intacct", "PROJECT")["PROJECTID"]
    assert queue(house) == {}


@pytest.mark.long
@pytest.mark.proves(6)
def test_a_lost_reply_never_makes_a_second_project_and_another_customer_is_told(town: Town) -> None:
    town.seed(salesforce={"Opportunity": [deal("1", **KIND)], "OpportunityLineItem": [deal_line(1, "1")]})
    house = town.house()
    town.fault("drop_reply", operation="create PROJECT", times=1)
    for _ in range(3):
        settle(house)
        town.pass_time(hours=1)
    made = town.one("intacct", "PROJECT")
    assert [intent.state for intent in house.journal.in_state(CROSSING, *State)] == [State.VERIFIED]
    assert lines_of(town, document(town, "1"))[0]["PROJECTID"] == made["PROJECTID"]

    bolt = town.one("salesforce", "Account", AccountNumber="2")["Id"]
    town.act("salesforce", "edit", object="Opportunity", id=opportunity(town, "1")["Id"], fields={"AccountId": bolt})
    settle(house)
    assert set(queue(house)) == {"amended_after_posting"}
    assert town.one("intacct", "PROJECT")["CUSTOMERID"] == "C-1"


@pytest.mark.long
@pytest.mark.proves(10)
def test_sales_sees_on_a_deal_in_plain_words_why_it_became_nothing_in_intacct(town: Town) -> None:
    back = [deal_line(1, "1"), deal_line(2, "1", quantity="-1")]
    town.seed(salesforce={"Opportunity": [deal("1")], "OpportunityLineItem": back})
    settle(town.house())
    kept = opportunity(town, "1")
    assert (kept["Intacct_Sync_Status__c"], kept["Intacct_Document_Id__c"]) == ("Error", None)
    assert kept["Intacct_Sync_Error__c"]

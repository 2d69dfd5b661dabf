"""Journeys of what customers owe back to their accounts: recomputed, by age, and renewed when the day turns."""

from datetime import timedelta

import pytest

from sf_intacct_tests.town import Town, money, settle, walk

pytestmark = pytest.mark.proves(13)

BUCKETS = ("Current", "1_30", "31_60", "61_90", "Over_90")


def bill(town: Town, due_in_days: int, amount: str) -> None:
    """An invoice of the customer C-2 that is due so many days from now."""
    today = town.now().date()
    town.act(
        "intacct",
        "create_invoice",
        customer="C-2",
        date=(today - timedelta(days=30)).isoformat(),
        lines=[{"account": "4000", "amount": amount, "DEPARTMENTID": "100", "LOCATIONID": "E01"}],
        fields={"WHENDUE": (today + timedelta(days=due_in_days)).isoformat()},
    )


def ages(town: Town, number: str = "2") -> list[str]:
    account = town.one("salesforce", "Account", AccountNumber=number)
    return [account[f"Intacct_Due_{bucket}__c"] for bucket in BUCKETS]


@pytest.mark.long
def test_open_invoices_stand_by_their_age_on_the_account_and_a_day_later_only_what_grew_older_is_written(
    town: Town,
) -> None:
    town.seed(intacct={"COMPANY": [{"setting": "base_currency", "value": "USD"}]})
    house = town.house()
    settle(house)
    for days, amount in ((5, "1.00"), (0, "2.00"), (-1, "4.00"), (-30, "8.00"), (-31, "16.00"), (-90, "32.00")):
        bill(town, days, amount)
    bill(town, -91, "64.00")
    settle(house)
    assert ages(town) == ["3.00", "12.00", "16.00", "32.00", "64.00"]
    assert town.one("salesforce", "Account", AccountNumber="2")["Intacct_Balance__c"] == "127.00"
    assert ages(town, "1") == ["0.00"] * 5

    town.pass_time(days=1)
    later = settle(house)
    assert ages(town) == ["1.00", "6.00", "24.00", "0.00", "96.00"]
    assert sum(one.sent["outcome_to_account"] for one in later) == 1, "the other account did not grow older"

    town.pass_time(hours=1)
    assert walk(house).writes == 0


@pytest.mark.long
def test_a_hold_and_open_money_on_account_come_to_the_account_and_the_balance_is_net_of_them(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    bill(town, 10, "100.00")
    town.act("intacct", "receive_advance", customer="C-2", amount="130.00")
    town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields={"ONHOLD": "true"})
    settle(house)

    account = town.one("salesforce", "Account", AccountNumber="2")
    assert account["Intacct_On_Hold__c"] in (True, "true", 1)
    assert (money(account["Intacct_Balance__c"]), money(account["Intacct_Unapplied__c"])) == (money(-30), money(130))
    assert account["Intacct_Balance_Currency__c"] == "USD"

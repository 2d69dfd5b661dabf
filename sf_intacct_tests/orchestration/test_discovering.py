"""Discovery: a house that never wrote anything is told what it has, what would not cross, and why."""

from decimal import Decimal
from typing import Any

import pytest

from sf_intacct.orchestration.discovering import Discovery, discover
from sf_intacct_tests.town import ACCOUNTS, PRODUCTS, Row, Town, line, look, order, settle

BOLT = ACCOUNTS[1]
KNOWN: Row = {"CUSTOMERID": "BN-77", "NAME": "BOLT and NUT Inc.", "STATUS": "active"}
OLD: Row = {"CUSTOMERID": "OLD", "NAME": "Gone for good", "STATUS": "active"}


def _seed(town: Town) -> None:
    """Three deals: one in order, one whose department nobody knows, one of long ago; and names that are doubled."""
    accounts = [ACCOUNTS[0], BOLT, {**BOLT, "key": "twin", "Name": "Bolt + Nut Ltd.", "AccountNumber": "3"}]
    orders = [order("1"), order("2", "bolt", Department__c="Nowhere"), order("3", EffectiveDate="2025-01-05")]
    lines = [line(1, "1"), line(2, "2", quantity="1"), line(3, "3")]
    products = [*PRODUCTS, {"key": "lost", "Name": "Lost", "ProductCode": "", "Family": "Hardware", "IsActive": "true"}]
    town.seed(orders, lines, accounts, products, intacct={"CUSTOMER": [KNOWN, OLD]})


def _discovered(town: Town, months: int = 6) -> Discovery:
    _seed(town)
    house = town.house()
    look(house)
    return discover(house, months)


def _one(rows: list[dict[str, Any]], **where: Any) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return found


def test_a_house_that_never_synced_is_told_which_deals_would_not_have_crossed_and_why(town: Town) -> None:
    found = _discovered(town)
    assert town.writes() == 0
    deals = {row["outcome"]: (row["records"], row["money"]) for row in found.deals}
    assert deals == {"to make": (1, Decimal("698.00")), "kept": (1, Decimal("349.00"))}
    cause = _one(found.causes, cause="unmapped_value")
    assert cause["words"] == "Department 'Nowhere' has no counterpart in Intacct."
    # Its account waits too, and the deal is told with what keeps the account.
    assert "looks like a customer that Intacct has already" in _one(found.causes, cause="looks_known")["words"]
    assert (cause["records"], cause["money"], cause["currency"], cause["who"]) == (
        1,
        Decimal("349.00"),
        "USD",
        "operations",
    )
    assert cause["remedy"] == "Add it to crosswalks/departments.csv, or choose another value."
    assert [(row["label"], row["amount"]) for row in found.examples] == [("2", Decimal("349.00"))]


@pytest.mark.long
def test_deals_of_long_ago_count_only_when_they_are_asked_for(town: Town) -> None:
    found = _discovered(town, months=36)
    assert sum(row["records"] for row in found.deals) == 3


@pytest.mark.long
def test_it_says_who_is_who_and_what_looks_doubled(town: Town) -> None:
    found = _discovered(town)
    (who,) = found.matching
    assert (who["linked"], who["by_key"], who["alike"], who["alone"], who["targets_alone"]) == (0, 0, 2, 1, 1)
    (double,) = found.doubles
    assert (double["system"], double["records"], double["names"]) == ("salesforce", 2, "Bolt & Nut / Bolt + Nut Ltd.")


@pytest.mark.long
def test_it_says_which_products_have_no_item_and_how_far_the_codes_reach(town: Town) -> None:
    found = _discovered(town)
    products = _one(found.crossings, crossing="product_to_item")
    assert (products["there"], products["to_make"], products["kept"]) == (0, 2, 1)
    assert [row["label"] for row in found.lacking if row["crossing"] == "product_to_item"] == ["Lost"]
    department = _one(found.coverage, field="DEPARTMENTID")
    assert (department["asked"], department["found"]) == (2, 1)
    assert _one(found.coverage, field="LOCATIONID")["found"] == 2


@pytest.mark.long
def test_after_a_sync_what_has_crossed_is_there_and_currencies_show(town: Town) -> None:
    _seed(town)
    house = town.house()
    settle(house)
    before = town.calls()
    found = discover(house, 6)
    assert town.calls() == before
    assert {row["outcome"]: row["records"] for row in found.deals} == {"there": 1, "kept": 1}
    assert _one(found.currencies, object="ARINVOICE")["money"] == Decimal("698.00")  # order 3 lies in a closed period
    (who,) = found.matching
    assert (who["linked"], who["alike"]) == (2, 1)  # the one that looks like BN-77 waits for a yes or no


def test_an_empty_house_has_nothing_to_tell(town: Town) -> None:
    town.seed(accounts=(), contacts=(), products=())
    house = town.house()
    look(house)
    found = discover(house, 6)
    assert (found.deals, found.causes, found.doubles, found.lacking) == ([], [], [], [])

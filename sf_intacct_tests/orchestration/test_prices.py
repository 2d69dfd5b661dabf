"""The journey of prices: what a price list of Intacct says today is what the price book that shows it says.

One world, with several currencies, is walked through a few days and looked at after each; the tests tell what was seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct.store import disagreements
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import MAPPINGS, PRICES, Row, Town, queue, settle

pytestmark = [pytest.mark.long, pytest.mark.proves(4), pytest.mark.xdist_group("prices")]
CODES = ("SCALE", "VISIT", "LAMP", "ROPE", "MAT", "OIL", "TWIN", "SOON", "LAST", "BULK", "SHY", "EURO")
BOOKS: list[Row] = [
    {"key": "STD", "Name": "Standard", "IsActive": "true", "IsStandard": "true", "Intacct_Price_List__c": "Base"},
    {"key": "PRO", "Name": "Partners", "IsActive": "true", "IsStandard": "false", "Intacct_Price_List__c": "Partner"},
    {"key": "OWN", "Name": "Our own", "IsActive": "true", "IsStandard": "false", "Intacct_Price_List__c": ""},
]
LISTS: list[Row] = [{"NAME": name, "STATUS": "active"} for name in ("Base", "Partner", "Unseen")]
ITEMS: list[Row] = [
    {"ITEMID": code, "NAME": code, "ITEMTYPE": "Non-Inventory (Sales only)", "STATUS": "active"}
    for code in (*CODES, "PARTS")
]
CURRENCIES: list[Row] = [
    {"IsoCode": code, "ConversionRate": "1", "DecimalPlaces": "2", "IsActive": is_active, "IsCorporate": is_corporate}
    for code, is_active, is_corporate in (("USD", "true", "true"), ("EUR", "true", "false"), ("CHF", "false", "false"))
]
# By price book and product; in another currency than the dollar with its code.
Shown = dict[tuple[str, str], tuple[Decimal, bool]]


def shown(town: Town) -> Shown:
    """Every price of every price book, and whether it is sold for."""
    names = {row["Id"]: row["Name"] for row in town.rows("salesforce", "Pricebook2")}
    found: Shown = {}
    for row in town.rows("salesforce", "PricebookEntry"):
        foreign = "" if row["CurrencyIsoCode"] in (None, "USD") else f" {row['CurrencyIsoCode']}"
        key = (names[row["Pricebook2Id"]], f"{row['ProductCode']}{foreign}")
        assert key not in found, "two entries for one product in one price book and currency"
        found[key] = (Decimal(row["UnitPrice"]), row["IsActive"])
    return found


@dataclass
class Story:
    """What was seen after each chapter: prices by price book and product, and what waits."""

    town: Town
    house: House
    prices: dict[str, Shown] = field(default_factory=dict)
    queues: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)

    def see(self, chapter: str) -> None:
        settle(self.house)
        self.prices[chapter] = shown(self.town)
        self.queues[chapter] = queue(self.house)

    def enter(
        self, item: str, price: str, price_list: str = "Base", days: tuple[int, int] = (-90, 900), **more: Any
    ) -> None:
        start, end = ((self.town.now() + timedelta(days=days[at])).date().isoformat() for at in (0, 1))
        made = self.town.act(
            "intacct", "enter_price", price_list=price_list, item=item, price=price, start=start, end=end, **more
        )
        self.records[f"{item} {price}"] = made["RECORDNO"]

    def entry(self, book: str, code: str) -> str:
        owner = self.town.one("salesforce", "Pricebook2", Name=book)["Id"]
        named = {"Pricebook2Id": owner, "ProductCode": code, "CurrencyIsoCode": "USD"}
        return str(self.town.one("salesforce", "PricebookEntry", **named)["Id"])

    def sell(self, book: str, code: str, **fields: Any) -> None:
        self.town.act("salesforce", "edit", object="PricebookEntry", id=self.entry(book, code), fields=fields)

    def edit(self, price: str, **fields: str) -> None:
        self.town.act("intacct", "edit", object="SOPRICELISTENTRY", key=self.records[price], fields=fields)


def _products() -> list[Row]:
    plain = {"Family": "Hardware", "IsActive": "true"}
    return [{"key": c.lower(), "Name": c, "ProductCode": c, "Intacct_Item_Id__c": c, **plain} for c in CODES]


def _own_prices() -> list[Row]:
    """What Sales had before: a price of 1 in the standard price book, but for LAMP; and what TWIN follows it with."""
    entry = {"UnitPrice": "1", "IsActive": "true"}
    own: list[Row] = [
        {"key": c.lower(), "Pricebook2Id": "STD", "Product2Id": c.lower(), "UseStandardPrice": "false", **entry}
        for c in CODES
        if c != "LAMP"
    ]
    own.append({"key": "own", "Pricebook2Id": "OWN", "Product2Id": "scale", "UseStandardPrice": "false", **entry})
    twin = {"key": "follows", "Pricebook2Id": "PRO", "Product2Id": "twin", "UseStandardPrice": "true", **entry}
    return [*own, twin]


def _priced(story: Story) -> None:
    """Finance states the prices, good ones and such as cannot cross."""
    story.enter("SCALE", "12.50")
    story.enter("SCALE", "9.75", "Partner")
    story.enter("SCALE", "1.11", "Unseen")
    story.enter("VISIT", "80")
    story.enter("LAMP", "7", "Partner")
    story.enter("ROPE", "3.00")
    story.enter("ROPE", "3.20", days=(-30, 30))
    story.enter("MAT", "10", fields={"VALUETYPE": "Percent discount"})
    story.enter("OIL", "1.255")
    story.enter("TWIN", "6", "Partner")
    story.enter("SOON", "20", days=(1, 900))
    story.enter("LAST", "30", days=(-90, 0))
    story.enter("BULK", "5", fields={"QTYLIMITMAX": "9"})
    story.enter("BULK", "4", fields={"QTYLIMITMIN": "10"})
    story.enter("SHY", "2.50")
    story.enter("EURO", "44", currency="EUR")
    story.enter("EURO", "50", currency="USD")
    story.enter("EURO", "41", "Partner", currency="EUR")
    story.enter("EURO", "47", currency="CHF")
    story.enter("PARTS", "15")


def keep_only(town: Town, prices: str) -> None:
    """A company that crosses nothing but prices, by this file."""
    folder = town.folder / "mappings"
    text = (MAPPINGS / prices).read_text(encoding="utf-8")
    for file in folder.glob("*.yaml"):
        if file.stem != "company":
            file.unlink()
    (folder / PRICES).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with lone_town(tmp_path_factory.mktemp("prices")) as town:
        keep_only(town, f"alternatives/{PRICES}")
        sales = {"CurrencyType": CURRENCIES, "Pricebook2": BOOKS, "PricebookEntry": _own_prices()}
        books = {"SOPRICELIST": LISTS, "ITEM": ITEMS}
        town.seed(products=_products(), accounts=[], contacts=[], salesforce=sales, intacct=books)
        told = Story(town, town.house())
        _priced(told)
        told.see("first")

        told.sell("Standard", "SCALE", UnitPrice="99")
        told.sell("Standard", "SHY", IsActive=False)
        told.sell("Partners", "TWIN", UseStandardPrice=False)
        told.edit("ROPE 3.00", DATETO=(town.now() - timedelta(days=31)).date().isoformat())
        told.edit("OIL 1.255", VALUE="1.26")
        told.enter("LAMP", "8")
        town.pass_time(days=1)
        told.see("next day")

        town.act("intacct", "delete", object="SOPRICELISTENTRY", key=told.records["SCALE 9.75"])
        town.act("intacct", "edit", object="SOPRICELIST", key="Base", fields={"STATUS": "inactive"})
        told.see("withdrawn")

        told.enter("SCALE", "9.90", "Partner")
        town.act("intacct", "edit", object="SOPRICELIST", key="Base", fields={"STATUS": "active"})
        told.see("again")
        yield told


def test_a_price_book_shows_the_price_of_today_and_takes_over_entries_that_were_there(story: Story) -> None:
    seen = story.prices["first"]
    assert seen["Standard", "SCALE"] == (Decimal("12.50"), True)
    assert seen["Standard", "VISIT"] == (Decimal(80), True)
    assert seen["Partners", "SCALE"] == (Decimal("9.75"), True)


def test_a_price_book_that_shows_no_price_list_keeps_its_own_prices(story: Story) -> None:
    assert {seen["Our own", "SCALE"] for seen in story.prices.values()} == {(Decimal(1), True)}


def test_of_prices_by_quantity_that_of_one_unit_is_shown(story: Story) -> None:
    assert story.prices["first"]["Standard", "BULK"] == (Decimal(5), True)


def test_what_is_no_plain_price_of_today_is_told_and_the_price_there_stays(story: Story) -> None:
    seen = story.prices["first"]
    assert story.queues["first"] == {
        "currency_not_active": ["EURO in Base, CHF"],
        "item_without_product": ["PARTS in Base"],
        "no_standard_price": ["LAMP in Partner"],
        "price_by_standard": ["TWIN in Partner"],
        "price_not_plain": ["MAT in Base"],
        "price_too_fine": ["OIL in Base"],
        "prices_overlap": ["ROPE in Base"],
    }
    assert {seen["Standard", code] for code in ("MAT", "OIL", "ROPE", "SOON")} == {(Decimal(1), True)}
    assert ("Partners", "LAMP") not in seen


def test_what_was_mended_goes_by_itself_and_a_standard_price_goes_before_the_other(story: Story) -> None:
    seen = story.prices["next day"]
    assert sorted(story.queues["next day"]) == ["currency_not_active", "item_without_product", "price_not_plain"]
    assert seen["Standard", "ROPE"] == (Decimal("3.20"), True)
    assert seen["Standard", "OIL"] == (Decimal("1.26"), True)
    assert seen["Partners", "TWIN"] == (Decimal(6), True)
    assert (seen["Standard", "LAMP"], seen["Partners", "LAMP"]) == ((Decimal(8), True), (Decimal(7), True))


def test_a_price_begins_and_ends_on_its_day(story: Story) -> None:
    first, after = story.prices["first"], story.prices["next day"]
    assert (first["Standard", "LAST"], after["Standard", "LAST"]) == ((Decimal(30), True), (Decimal(30), False))
    assert (first["Standard", "SOON"], after["Standard", "SOON"]) == ((Decimal(1), True), (Decimal(20), True))


def test_a_price_typed_over_in_salesforce_heals_and_the_lost_value_is_told(story: Story) -> None:
    assert story.prices["next day"]["Standard", "SCALE"] == (Decimal("12.50"), True)
    told = disagreements.listed(story.house.journal, open_only=False)
    lost = [one for one in told if one["label"] == "SCALE in Base" and one["field"] == "UnitPrice"]
    assert {(one["salesforce_value"], one["intacct_value"]) for one in lost} == {
        ("1.0000", "12.5000"),
        ("99.0000", "12.5000"),
    }


def test_sales_may_take_a_product_out_of_a_price_book(story: Story) -> None:
    assert story.prices["first"]["Standard", "SHY"] == (Decimal("2.50"), True)
    assert story.prices["next day"]["Standard", "SHY"] == (Decimal("2.50"), False)


def test_without_a_price_or_with_an_inactive_list_nothing_is_sold_until_it_is_back(story: Story) -> None:
    gone, back = story.prices["withdrawn"], story.prices["again"]
    assert (gone["Partners", "SCALE"], back["Partners", "SCALE"]) == ((Decimal("9.75"), False), (Decimal("9.90"), True))
    assert (gone["Standard", "VISIT"], back["Standard", "VISIT"]) == ((Decimal(80), False), (Decimal(80), True))
    assert gone["Partners", "LAMP"] == (Decimal(7), True)


def test_each_currency_has_a_price_of_its_own(story: Story) -> None:
    seen = story.prices["first"]
    prices = [seen["Standard", "EURO"], seen["Standard", "EURO EUR"], seen["Partners", "EURO EUR"]]
    assert prices == [(Decimal(50), True), (Decimal(44), True), (Decimal(41), True)]
    assert ("Standard", "EURO CHF") not in seen
    assert ("Partners", "EURO") not in seen


def test_in_an_organisation_with_one_currency_prices_of_others_are_nobodys(town: Town) -> None:
    keep_only(town, PRICES)
    sales = {"Pricebook2": BOOKS, "PricebookEntry": _own_prices()}
    books = {"SOPRICELIST": LISTS, "ITEM": ITEMS}
    town.seed(products=_products(), accounts=[], contacts=[], salesforce=sales, intacct=books)
    told = Story(town, town.house())
    told.enter("SCALE", "12.50", currency="USD")
    told.enter("SCALE", "11.00", currency="EUR")
    told.enter("VISIT", "80", "Partner")
    told.see("first")
    seen = told.prices["first"]
    assert (seen["Standard", "SCALE"], seen["Partners", "VISIT"]) == ((Decimal("12.50"), True), (Decimal(80), True))
    assert told.queues["first"] == {}

"""The journey of taxes: what Sales sells is taxed by a tax solution of Intacct, and the tax comes home.

One world is walked once, with an answer lost on the way, and looked at; the tests tell what was seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import ACCOUNTS, PRODUCTS, REFERENCE, Row, Town, line, money, order, queue, settle, tie_out

pytestmark = [pytest.mark.long, pytest.mark.proves(5, 10, 14), pytest.mark.xdist_group("taxes")]
VAT = "UK VAT"
RATES = {"Standard": "20", "Reduced": "5", "Zero": "0", "Exempt": "0"}


def _detail(name: str, percent: str, **fields: str) -> Row:
    fixed = {"DETAILID": name, "VALUE": percent, "TAXTYPE": "Sale", "TAXSOLUTIONID": VAT, "STATUS": "active"}
    return {**fixed, "GLACCOUNT": "2200", **fields}


DETAILS = [_detail(f"UK Sale Goods {name} Rate", percent) for name, percent in RATES.items()]
TAX_ACCOUNT: Row = {**REFERENCE["GLACCOUNT"][0], "ACCOUNTNO": "2200", "TITLE": "VAT", "REQUIREDEPT": "false"}
BOOKS = {
    "COMPANY": [*REFERENCE["COMPANY"], {"setting": "tax_solutions", "value": VAT}],
    "GLACCOUNT": [*REFERENCE["GLACCOUNT"], TAX_ACCOUNT],
    "TAXDETAIL": [
        *DETAILS,
        _detail("UK Bought", "20", TAXTYPE="Purchase"),
        _detail("Old Rate", "17.5", STATUS="inactive"),
        _detail("AU Sale", "10", TAXSOLUTIONID="AU GST"),
    ],
}
CROSSWALK = "salesforce,intacct\n" + "".join(f"{name},UK Sale Goods {name} Rate\n" for name in RATES)
CROSSWALK += "Bought,UK Bought\nOld,Old Rate\nForeign,AU Sale\n"
# What has nothing to do with taxes is not walked.
UNUSED = (
    "payment_to_mirror", "application_to_mirror", "credit_memo_to_mirror", "credit_application_to_mirror",
    "opportunity_to_sales_document", "outcome_to_opportunity", "outcome_to_account", "outcome_to_product",
    "price_to_price_book",
)  # fmt: skip
KINDS = {"scale": "Standard", "visit": "Reduced"}


def _orders() -> list[Row]:
    plain = [order(number) for number in ("1", "5", "6", "7", "8", "9", "10")]
    return [
        *plain,
        order("2", Prices_Include_Tax__c="true"),
        order("3", "free"),
        order("4"),
        order("11", "free"),
    ]


def _lines() -> list[Row]:
    odd = {"5": "Old", "6": "Bought", "7": "Foreign", "8": "Luxury", "11": "Standard"}
    return [
        line(1, "1", quantity="1", price="10.01"),
        {**line(2, "1", "visit", "1", "3.33"), "Tax_Code__c": ""},
        {**line(3, "1", quantity="1", price="5"), "Tax_Code__c": "Zero"},
        line(4, "2", quantity="1", price="100"),
        line(5, "2", "visit", "1", "9.99"),
        line(6, "3", quantity="1", price="50"),
        line(7, "4", quantity="-1", price="10.01"),
        {**line(9, "9", quantity="1", price="8.33"), "Tax_Amount__c": "1.66"},
        {**line(10, "10", quantity="1", price="100"), "Tax_Amount__c": "21"},
        *({**line(20 + int(n), n, quantity="1", price="7"), "Tax_Code__c": code} for n, code in odd.items()),
    ]


@dataclass
class Story:
    """The town after everything that can cross has crossed."""

    town: Town
    house: House
    queue: dict[str, list[str]]

    def total(self, number: str) -> Decimal:
        return money(self.town.invoice(number)["TRX_TOTALENTERED"])


def _reckon(town: Town) -> House:
    mappings = town.folder / "mappings"
    (mappings / "crosswalks" / "tax_details.csv").write_text(CROSSWALK)
    free: Row = {"key": "free", "Name": "Free & Co", "AccountNumber": "3", "Payment_Terms__c": "Net 30"}
    town.seed(
        orders=_orders(),
        lines=_lines(),
        accounts=[*ACCOUNTS, {**free, "Tax_Exempt__c": "true"}],
        products=[{**one, "Item_Tax_Group__c": KINDS[one["key"]]} for one in PRODUCTS],
        intacct=BOOKS,
    )
    return town.house(overrides="value_added_tax")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with lone_town(tmp_path_factory.mktemp("taxes")) as town:
        for crossing in UNUSED:
            (town.folder / "mappings" / f"{crossing}.yaml").unlink()
        house = _reckon(town)
        town.fault("drop_reply", operation="create_invoice", times=1)
        settle(house)
        yield Story(town, house, queue(house))


def test_intacct_computes_the_tax_of_each_line_and_the_order_shows_it(story: Story) -> None:
    # 10.01 at 20 % is 2.00, 3.33 at 5 % is 0.17, 5 at 0 % is nothing.
    assert story.total("SO-1") == Decimal("20.51")
    shown = story.town.order("1")
    assert (money(shown["Intacct_Invoice_Total__c"]), money(shown["Intacct_Tax__c"])) == (
        Decimal("20.51"),
        Decimal("2.17"),
    )
    mirror = story.town.one("salesforce", "Intacct_Invoice__c", Name="SO-1")
    assert (money(mirror["Amount__c"]), money(mirror["Tax__c"])) == (Decimal("20.51"), Decimal("2.17"))
    lines = story.town.rows("salesforce", "Intacct_Invoice_Line__c", Invoice__c=mirror["Id"])
    assert sorted((money(one["Amount__c"]), money(one["Tax__c"])) for one in lines) == [
        (Decimal("3.33"), Decimal("0.17")),
        (Decimal(5), Decimal(0)),
        (Decimal("10.01"), Decimal(2)),
    ]


def test_prices_that_include_tax_are_billed_to_the_cent(story: Story) -> None:
    assert story.total("SO-2") == Decimal("109.99")
    assert money(story.town.order("2")["Intacct_Tax__c"]) == Decimal("17.15")


def test_an_exempt_customer_is_billed_without_tax(story: Story) -> None:
    assert story.total("SO-3") == Decimal(50)


def test_a_credit_memo_takes_back_the_tax_too(story: Story) -> None:
    assert money(story.town.one("intacct", "ARADJUSTMENT", RECORDID="CM-4")["TRX_TOTALENTERED"]) == Decimal("-12.01")


def test_a_tax_that_salesforce_worked_out_is_given_to_intacct(story: Story) -> None:
    assert story.total("SO-9") == Decimal("9.99")


def test_what_cannot_be_taxed_waits_with_its_cause_before_anything_is_posted(story: Story) -> None:
    assert story.queue == {
        "inactive_in_books": ["5"],
        "tax_not_of_sales": ["6"],
        "tax_of_another_solution": ["7"],
        "unmapped_value": ["8"],
        "tax_off_rate": ["10"],
    }
    posted = {row["RECORDID"] for row in story.town.invoices()}
    assert posted == {"SO-1", "SO-2", "SO-3", "SO-9", "SO-11"}


def test_the_tie_out_tells_the_tax_apart_and_leaves_no_difference(story: Story) -> None:
    tied = tie_out(story.house)
    assert tied.classes["tied"] == 6
    assert tied.unexplained == 0
    with story.house.transaction() as session:
        rows = session.frame(
            "select order_number, intacct_amount, tax_amount, difference from finance.ar_tie_out where class = 'tied'"
        )
    told = {row[0]: row[1:] for row in rows.iter_rows()}
    assert told["1"] == (Decimal("20.51"), Decimal("2.17"), Decimal(0))
    assert told["2"] == (Decimal("109.99"), Decimal(0), Decimal(0))
    assert told["4"] == (Decimal("-12.01"), Decimal(-2), Decimal(0))


def test_everything_is_read_back_as_it_was_meant(story: Story) -> None:
    states = story.house.journal.counts()
    assert states["order_to_invoice", "verified"] == 5
    assert states["return_to_credit", "verified"] == 1


def test_invoices_whose_answer_was_lost_are_known_again_by_their_money_and_made_once(story: Story) -> None:
    with story.house.journal.engine.begin() as connection:
        found = connection.exec_driver_sql("select intent_key from receipt where result = 'found'").fetchall()
    assert len({key for (key,) in found}) >= 5
    assert len(story.town.invoices()) == 5

"""Journeys of documents in other currencies than the company's: amounts in both, rates, minor units."""

from pathlib import Path

import pytest
import yaml

from sf_intacct_tests.town import REFERENCE, Row, Town, line, money, order, queue, settle, tie_out

CURRENCIES: list[Row] = [
    {"key": code, "IsoCode": code, "ConversionRate": "1", "DecimalPlaces": places, "IsCorporate": corporate}
    for code, places, corporate in (
        ("USD", "2", "true"),
        ("EUR", "2", "false"),
        ("JPY", "0", "false"),
        ("KWD", "3", "false"),
    )
]
SEVERAL: Row = {"setting": "multi_currency", "value": "true"}


def rate(currency: str, on: str, value: str) -> Row:
    return {
        "TYPENAME": "Corporate",
        "FROM_CURRENCY": currency,
        "TO_CURRENCY": "USD",
        "EFFECTIVE_START_DATE": on,
        "EXCHANGE_RATE": value,
    }


RATES = [rate("EUR", "2026-10-01", "1.1"), rate("JPY", "2026-10-01", "0.0067"), rate("KWD", "2026-10-01", "3.25")]


@pytest.fixture
def several(town: Town) -> Town:
    """A town whose mappings know that Intacct has foreign currencies, with a rate type of the company's own."""
    constants(town.folder, intacct_currencies="several", rate_type="Corporate")
    file = town.folder / "mappings" / "order_to_invoice.yaml"
    file.write_text(file.read_text().replace("# rate:", "rate:"))
    return town


def constants(folder: Path, **values: str) -> None:
    file = folder / "mappings" / "company.yaml"
    company = yaml.safe_load(file.read_text())
    company["constants"].update(values)
    file.write_text(yaml.safe_dump(company))


def seed(town: Town, *orders: tuple[str, str, str, str], rates: list[Row] = RATES, **settings: str) -> None:
    """Orders as (number, currency, quantity, price), in an organisation and a company with several currencies."""
    made = [order(number, CurrencyIsoCode=currency) for number, currency, _, _ in orders]
    lines = [line(place, o[0], quantity=o[2], price=o[3]) for place, o in enumerate(orders, 1)]
    company = [*REFERENCE["COMPANY"], SEVERAL, *({"setting": k, "value": v} for k, v in settings.items())]
    town.seed(made, lines, intacct={"COMPANY": company, "EXCHANGERATE": rates}, salesforce={"CurrencyType": CURRENCIES})


@pytest.mark.long
def test_an_order_in_another_currency_is_posted_in_it_with_base_amounts_at_the_days_rate(several: Town) -> None:
    seed(several, ("1", "EUR", "2", "349.00"))
    house = several.house()
    settle(house)

    invoice = several.invoice("SO-1")
    assert (invoice["CURRENCY"], invoice["BASECURR"]) == ("EUR", "USD")
    assert (invoice["TRX_TOTALENTERED"], invoice["TOTALENTERED"]) == ("698.00", "767.80")
    assert several.order("1")["Intacct_Amount_Due__c"] == "698.00"
    mirror = several.one("salesforce", "Intacct_Invoice__c")
    assert (mirror["Currency__c"], mirror["Amount__c"]) == ("EUR", "698.00")
    # What the customer owes is in the currency of the books.
    assert several.one("salesforce", "Account", AccountNumber="1")["Intacct_Balance__c"] == "767.80"
    assert tie_out(house).classes == {"tied": 1}


@pytest.mark.long
@pytest.mark.answers("E5")
def test_a_dinar_keeps_its_fils_and_a_yen_has_no_parts(several: Town) -> None:
    seed(several, ("1", "KWD", "3", "0.333"), ("2", "JPY", "3", "333.3333"))
    house = several.house()
    settle(house)

    assert several.invoice("SO-1")["TRX_TOTALENTERED"] == "0.999"
    assert several.order("1")["Intacct_Amount_Due__c"] == "0.999"
    assert several.invoice("SO-2")["TRX_TOTALENTERED"] == "1000.00"
    assert {row["Amount__c"] for row in several.rows("salesforce", "Intacct_Invoice__c")} == {"0.999", "1000.00"}
    assert tie_out(house).classes == {"tied": 2}

    several.act("intacct", "pay_invoice", invoice="SO-1", amount="0.111")
    settle(house)
    assert several.order("1")["Intacct_Amount_Due__c"] == "0.888"
    assert several.one("salesforce", "Intacct_Payment__c")["Amount__c"] == "0.111"
    assert several.one("salesforce", "Intacct_Payment_Application__c")["Amount__c"] == "0.111"


@pytest.mark.long
@pytest.mark.answers("D38")
def test_a_document_without_a_rate_for_its_day_waits_until_somebody_enters_one(several: Town) -> None:
    seed(several, ("1", "EUR", "1", "10.00"), ("2", "USD", "1", "5.00"), rates=[rate("EUR", "2026-10-06", "1.2")])
    house = several.house()
    settle(house)

    assert queue(house) == {"missing_rate": ["1"]}
    assert "no exchange rate from EUR to USD" in several.order("1")["Intacct_Sync_Error__c"]
    assert [invoice["RECORDID"] for invoice in several.invoices()] == ["SO-2"]

    several.act(
        "intacct", "enter_rate", rate_type="Corporate", currency="EUR", base="USD", date="2026-10-01", rate="1.15"
    )
    settle(house)
    assert several.invoice("SO-1")["TOTALENTERED"] == "11.50"
    assert queue(house) == {}


@pytest.mark.long
def test_intacct_says_itself_when_its_daily_rates_lack_a_day(several: Town) -> None:
    constants(several.folder, rate_type="daily")
    seed(several, ("1", "EUR", "1", "10.00"), ("2", "JPY", "1", "10"), daily_rates="EUR>USD@2026-01-01=1.25")
    house = several.house()
    settle(house)

    assert several.invoice("SO-1")["TOTALENTERED"] == "12.50"
    assert queue(house) == {"missing_rate": ["2"]}


@pytest.mark.long
@pytest.mark.answers("D38")
def test_an_explicit_rate_of_the_order_is_the_documents_rate(several: Town) -> None:
    file = several.folder / "mappings" / "order_to_invoice.yaml"
    said = file.read_text()
    of_type = """EXCH_RATE_TYPE_ID:
    value: case when company.intacct_currencies = 'several' then nullif(company.rate_type, 'daily') end
"""
    assert of_type in said
    file.write_text(said.replace(of_type, "EXCHANGE_RATE:\n    value: po_number\n"))
    constants(several.folder, rate_type="daily")
    seed(several, ("1", "EUR", "1", "10.00"))
    several.act("salesforce", "edit", object="Order", id=several.order("1")["Id"], fields={"PoNumber": "1.2345"})
    settle(several.house())

    invoice = several.invoice("SO-1")
    assert (money(invoice["EXCHANGE_RATE"]), invoice["TOTALENTERED"]) == (money("1.2345"), "12.35")


@pytest.mark.long
def test_an_organisation_with_one_currency_posts_to_a_company_with_several(several: Town) -> None:
    company = [*REFERENCE["COMPANY"], SEVERAL]
    several.seed([order("1")], [line(1, "1")], intacct={"COMPANY": company})
    house = several.house()
    settle(house)

    assert (several.invoice("SO-1")["CURRENCY"], several.invoice("SO-1")["TRX_TOTALENTERED"]) == ("USD", "698.00")
    assert tie_out(house).classes == {"tied": 1}


@pytest.mark.long
def test_a_company_with_one_currency_takes_its_own_and_refuses_every_other(town: Town) -> None:
    town.seed(
        [order("1", CurrencyIsoCode="USD"), order("2", CurrencyIsoCode="EUR")],
        [line(1, "1"), line(2, "2")],
        salesforce={"CurrencyType": CURRENCIES},
    )
    house = town.house()
    settle(house)

    assert [invoice["RECORDID"] for invoice in town.invoices()] == ["SO-1"]
    assert queue(house) == {"currencies_off": ["2"]}

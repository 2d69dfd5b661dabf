"""Values as sent, kept and shown: exact numbers, honest refusals."""

import json
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.schema import Field, company_schema
from sf_intacct.sandbox.salesforce.values import json_writer, number_text, parse_instant, shown, stamp_text, stored

ACCOUNT = company_schema()["Account"]
MONEY = company_schema()["Order"].by_name["TotalAmount"]
PRICE = company_schema()["OrderItem"].by_name["UnitPrice"]
amounts = st.decimals(min_value=-(10**14), max_value=10**14, places=2)


def field(name: str) -> Field:
    return ACCOUNT.by_name[name]


@given(amounts)
def test_money_comes_back_to_the_cent(amount: Decimal) -> None:
    text = json_writer(MONEY)(stored(MONEY, amount))
    assert json.loads(text, parse_float=Decimal) == amount
    assert Decimal(shown(MONEY, stored(MONEY, str(amount)))) == amount


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_numbers_are_rounded_half_away_from_zero(number: Decimal) -> None:
    wanted = number.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert Decimal(stored(PRICE, number)).scaleb(-4) == wanted


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4))
def test_a_number_is_written_exactly_with_a_point_and_an_exponent_from_ten_million(number: Decimal) -> None:
    text = number_text(number)
    assert Decimal(text) == number
    assert "." in text
    assert ("E" in text) == (abs(number) >= 10_000_000)


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [("0", "0.0"), ("-0.5", "-0.5"), ("100", "100.0"), ("9999999.99", "9999999.99"), ("12345678.9", "1.23456789E7")],
)
def test_money_looks_like_a_java_double(text: str, shown_as: str) -> None:
    assert json_writer(MONEY)(stored(MONEY, text)) == shown_as


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_blank_is_null(value: Any) -> None:
    assert stored(field("Name"), value) is None
    assert stored(field("AnnualRevenue"), value) is None


def test_blanks_around_a_text_are_lost() -> None:
    assert stored(field("BillingCity"), "  Köln ") == "Köln"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("AccountNumber", "x" * 41, "STRING_TOO_LONG"),
        ("Billing_Email__c", "not an address", "INVALID_EMAIL_ADDRESS"),
        ("Intacct_Sync_Status__c", "Maybe", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("AnnualRevenue", "1e18", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("NumberOfEmployees", 2**31, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("AnnualRevenue", "lots", "JSON_PARSER_ERROR"),
        ("AnnualRevenue", True, "JSON_PARSER_ERROR"),
        ("IsPartner", "perhaps", "JSON_PARSER_ERROR"),
        ("ParentId", "12345", "MALFORMED_ID"),
        ("Name", {"a": 1}, "JSON_PARSER_ERROR"),
        ("LastActivityDate", "2026-02-30", "JSON_PARSER_ERROR"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: Any, code: str) -> None:
    with pytest.raises(SalesforceError) as refused:
        stored(field(name), value)
    assert refused.value.code == code


def test_an_unrestricted_picklist_takes_any_text() -> None:
    assert stored(field("Industry"), "Alchemy") == "Alchemy"


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", "2026-01-02T03:04:05.000+0000"])
def test_an_instant_may_be_written_in_several_ways(text: str) -> None:
    assert parse_instant(text) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_stamp_has_whole_seconds_and_no_colon_in_its_offset() -> None:
    assert stamp_text(datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=UTC)) == "2026-01-02T03:04:05.000+0000"

"""Shape: text as it was seen becomes typed columns, and what cannot be read is a finding, never a silent null."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from sf_intacct.errors import ContractError
from sf_intacct.flow.contracts.contract import Contract, day, flag, instant, money, number, text, whole
from sf_intacct.flow.shape import shape
from sf_intacct_tests.flow.frames import finding, raw

SAMPLES = Contract(
    name="samples",
    system="salesforce",
    object="Sample__c",
    says="One column of each kind.",
    key="sample_id",
    label="sample_id",
    stamp="modified_at",
    columns=(
        text("sample_id", "Id", "Id", required=True, unique=True),
        text("text", "Text__c", "Text"),
        money("money", "Money__c", "Money"),
        number("number", "Number__c", "Number"),
        whole("whole", "Whole__c", "Whole"),
        day("day", "Day__c", "Day"),
        flag("flag", "Flag__c", "Flag"),
        instant("modified_at", "SystemModstamp", "Stamp"),
        money("computed", None, "Computed by the house"),
    ),
)
SOURCES = {
    "text": "Text__c",
    "money": "Money__c",
    "number": "Number__c",
    "whole": "Whole__c",
    "day": "Day__c",
    "flag": "Flag__c",
    "modified_at": "SystemModstamp",
}


def _read(column: str, value: str | None) -> tuple[Any, list[dict[str, Any]]]:
    typed, found = shape(SAMPLES, raw(SAMPLES, {"Id": "1", SOURCES[column]: value}))
    return typed[column][0], found.to_dicts()


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("text", "Łódź & <Söhne> 😀", "Łódź & <Söhne> 😀"),
        ("text", " 00123 ", " 00123 "),
        ("money", "12.50", Decimal("12.50")),
        ("money", "12.5", Decimal("12.50")),
        ("money", "12.500000", Decimal("12.50")),
        ("money", "-0.01", Decimal("-0.01")),
        ("money", "0", Decimal("0.00")),
        ("money", "1E+3", Decimal("1000.00")),  # JSON may spell a large number so
        ("money", "0.125", Decimal("0.125")),  # dinars have three places
        ("money", "999999999999999.999", Decimal("999999999999999.999")),
        ("number", "0.3333", Decimal("0.3333")),
        ("number", "-2.5", Decimal("-2.5000")),
        ("whole", "7", 7),
        ("whole", "-7", -7),
        ("day", "2028-02-29", date(2028, 2, 29)),
        ("flag", "true", True),
        ("flag", "false", False),
        ("modified_at", "2026-03-17T09:30:15Z", datetime(2026, 3, 17, 9, 30, 15, tzinfo=UTC)),
        ("modified_at", "2026-03-17T09:30:15.123Z", datetime(2026, 3, 17, 9, 30, 15, 123000, tzinfo=UTC)),
        ("modified_at", "2026-03-17T09:30:15.123456Z", datetime(2026, 3, 17, 9, 30, 15, 123456, tzinfo=UTC)),
    ],
)
def test_a_value_of_its_kind_is_read_as_it_stands(column: str, value: str, read: object) -> None:
    assert _read(column, value) == (read, [])


@pytest.mark.parametrize("column", SOURCES)
def test_an_empty_value_is_nothing_and_no_finding(column: str) -> None:
    assert _read(column, None) == (None, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("money", "12.5055"),  # more decimals than money has: rounding would be ours, not theirs
        ("money", "0.0001"),
        ("money", "10.0000000000001"),
        ("money", "1e-13"),
        ("money", "1000000000000000.00"),  # more digits than the column holds
        ("money", "123456789012345678901234567890123456789012"),
        ("money", "1,000.00"),
        ("money", "12,50"),
        ("money", "12.50 USD"),
        ("money", " 12.50"),
        ("money", "NaN"),
        ("money", "inf"),
        ("money", "-"),
        ("number", "0.33333"),
        ("number", "2026-03-17"),
        ("whole", "1.5"),
        ("whole", "9223372036854775808"),
        ("whole", "seven"),
        ("day", "2026-02-29"),
        ("day", "03/17/2026"),
        ("day", "17.03.2026"),
        ("day", "2026-03-17T09:30:15Z"),
        ("day", "today"),
        ("flag", "True"),
        ("flag", "yes"),
        ("flag", "1"),
        ("modified_at", "2026-03-17T09:30:15"),  # no offset: which instant?
        ("modified_at", "2026-03-17 09:30:15Z"),
        ("modified_at", "2026-03-17T09:30:15+02:00"),
        ("modified_at", "2026-03-17"),
    ],
)
@pytest.mark.answers("A25", "C13", "E8", "J4")
def test_what_is_not_of_its_kind_is_a_finding_with_the_value_as_it_was_seen(column: str, value: str) -> None:
    label = SAMPLES.by_name[column].says
    told = finding("1", "unreadable_value", f"{label} (Sample__c.{SOURCES[column]})", column, value)
    assert _read(column, value) == (None, [told])


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13, places=2))
@pytest.mark.answers("E1")
def test_every_amount_of_cents_is_read_exactly(amount: Decimal) -> None:
    assert _read("money", format(amount, "f")) == (amount, [])


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=15))
def test_an_amount_is_read_exactly_or_not_at_all(amount: Decimal) -> None:
    read, found = _read("money", format(amount, "f"))
    assert read == amount if read is not None else found[0]["seen"] == format(amount, "f")


@given(st.sampled_from(sorted(SOURCES)), st.text(max_size=30))
def test_any_text_is_read_or_is_a_finding(column: str, value: str) -> None:
    typed, found = shape(SAMPLES, raw(SAMPLES, {"Id": "1", SOURCES[column]: value}))
    assert typed[column].is_null()[0] == (found.height == 1)


def test_every_unreadable_value_is_told_not_only_the_first() -> None:
    rows = raw(SAMPLES, {"Id": "1", "Money__c": "x", "Day__c": "x"}, {"Id": "2"}, {"Id": "3", "Flag__c": "x"})
    _, found = shape(SAMPLES, rows)
    told = found.select("document_id", "column").sort("document_id", "column").rows()
    assert told == [("1", "day"), ("1", "money"), ("3", "flag")]


def test_a_line_is_told_under_its_document() -> None:
    order_id = text("order_id", "OrderId", "Order", required=True)
    lines = replace(SAMPLES, columns=(*SAMPLES.columns, order_id), document="order_id")
    _, found = shape(lines, raw(lines, {"Id": "line 1", "OrderId": "order 1", "Money__c": "x"}))
    assert found["document_id"].to_list() == ["order 1"]


def test_rows_keep_their_order_and_their_tombstones() -> None:
    rows = raw(SAMPLES, {"Id": "2"}, {"Id": "1", "is_deleted": True}, {"Id": "3"})
    typed, _ = shape(SAMPLES, rows)
    assert typed.select("sample_id", "is_deleted").rows() == [("2", False), ("1", True), ("3", False)]


def test_columns_are_those_of_the_contract_in_its_order() -> None:
    rows = raw(SAMPLES, {"Id": "1"}).with_columns(surprise=pl.lit("x"))
    typed, _ = shape(SAMPLES, rows.select(reversed(rows.columns)))
    assert typed.columns == [*(c.name for c in SAMPLES.columns if c.source), "is_deleted"]
    assert [typed[name].dtype for name in SOURCES] == [SAMPLES.dtypes[name] for name in SOURCES]


def test_nothing_read_is_nothing_shaped() -> None:
    typed, found = shape(SAMPLES, raw(SAMPLES))
    assert (typed.height, found.height) == (0, 0)
    assert typed.schema["money"] == pl.Decimal(18, 3)


def test_a_missing_column_stops_the_whole_table() -> None:
    with pytest.raises(ContractError) as refused:
        shape(SAMPLES, raw(SAMPLES, {"Id": "1"}).drop("Money__c", "Day__c"))
    assert refused.value.seen == "no column Money__c, Day__c in what was read of Sample__c"
    assert "integration user" in refused.value.remedy

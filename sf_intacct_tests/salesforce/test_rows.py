"""Records of a JSON page as columns of text."""

from typing import Any

import pytest

from sf_intacct.model.system import Kind, SourceField
from sf_intacct.salesforce.rows import columns, plain_number

NAME = SourceField("Name", Kind.TEXT)
STAMP = SourceField("SystemModstamp", Kind.INSTANT)


def test_every_value_is_the_text_that_was_sent() -> None:
    fields = [
        NAME,
        *(SourceField(name, Kind.MONEY) for name in ("Amount__c", "Quantity")),
        SourceField("N", Kind.WHOLE),
    ]
    page = columns([{"Name": " Å 1 ", "Amount__c": "1234.50", "Quantity": "0.10", "N": 12345678901234567890}], fields)
    assert page.rows() == [(" Å 1 ", "1234.50", "0.10", "12345678901234567890")]


def test_a_flag_is_true_or_false() -> None:
    page = columns([{"IsActive": True}, {"IsActive": False}, {"IsActive": None}], [SourceField("IsActive", Kind.FLAG)])
    assert page["IsActive"].to_list() == ["true", "false", None]


def test_what_is_empty_or_not_there_is_nothing() -> None:
    assert columns([{"Name": ""}, {"Name": None}, {}], [NAME]).rows() == [(None,), (None,), (None,)]


def test_an_instant_is_spelt_as_the_house_does() -> None:
    page = columns([{"SystemModstamp": "2026-03-05T12:00:00.123+0000"}, {"SystemModstamp": None}], [STAMP])
    assert page["SystemModstamp"].to_list() == ["2026-03-05T12:00:00.123Z", None]


def test_only_instants_are_respelt() -> None:
    assert columns([{"Name": "PO 12+0000"}], [NAME])["Name"].to_list() == ["PO 12+0000"]


def test_a_dot_walks_to_a_parent_which_may_not_be_there() -> None:
    field = SourceField("Payment__r.Account__r.Name", Kind.TEXT)
    records: list[dict[str, Any]] = [
        {"Payment__r": {"Account__r": {"Name": "Acme"}}},
        {"Payment__r": {"Account__r": None}},
        {"Payment__r": None},
    ]
    assert columns(records, [field]).rows() == [("Acme",), (None,), (None,)]


def test_a_page_without_records_has_its_columns() -> None:
    page = columns([], [NAME, STAMP])
    assert (page.height, page.columns) == (0, ["Name", "SystemModstamp"])


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("1234.50", "1234.50"),
        ("1.0E7", "10000000"),
        ("1.23456789E8", "123456789"),
        ("-1.005e3", "-1005"),
        ("5E-3", "0.005"),
    ],
)
@pytest.mark.answers("E8")
def test_a_number_has_no_exponent(sent: str, plain: str) -> None:
    """Salesforce writes numbers as Java writes a double: from ten million on with an exponent."""
    assert plain_number(sent) == plain

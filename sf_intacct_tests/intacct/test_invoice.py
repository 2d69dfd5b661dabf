"""create_invoice has elements and an order of its own; the vendor's document type is the judge."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from sf_intacct.intacct.invoice import create_invoice
from sf_intacct.intacct.xml import parse
from sf_intacct.sandbox.intacct.wire import grammar
from sf_intacct_tests.intacct import samples

HEAD = {
    "SALESFORCE_ID": "801A",
    "RECORDID": "SO-1",
    "DESCRIPTION": "Salesforce order 1",
    "DOCNUMBER": "PO 7",
    "TERMNAME": "Net 30",
    "WHENPOSTED": "2026-03-06",
    "WHENDUE": "2026-04-04",
    "WHENCREATED": "2026-03-05",
    "CUSTOMERID": "C-1",
    "BILLTOPAYTOCONTACTNAME": "Acme (bills)",
    "SHIPTORETURNTOCONTACTNAME": "Acme (goods)",
}
LINE = {
    "SALESFORCE_LINE_ID": "802A",
    "ITEMID": "WIDGET",
    "CLASSID": "NEW",
    "CUSTOMERID": "C-1",
    "PROJECTID": "P-1",
    "REVRECENDDATE": "2027-03-04",
    "REVRECSTARTDATE": "2026-03-05",
    "REVRECTEMPLATE": "12 months",
    "DEPARTMENTID": "SALES",
    "LOCATIONID": "US-W",
    "ENTRYDESCRIPTION": "Widgets & more",
    "TRX_AMOUNT": "1234.50",
    "ACCOUNTNO": "4000",
}


def made(head: dict[str, Any] = HEAD, *lines: dict[str, Any]) -> etree._Element:
    return parse(create_invoice({"fields": head, "lines": list(lines or (LINE,))}).encode())


def complaints(invoice: etree._Element) -> list[str]:
    """What the vendor's document type and the sandbox's grammar have against it."""
    dtd = samples.legacy_grammar()
    dtd.validate(invoice)
    return [*(entry.message for entry in dtd.error_log), *grammar.complaints(invoice)]  # type: ignore[attr-defined]


def test_a_full_invoice_is_lawful_to_the_vendors_document_type() -> None:
    assert complaints(made(HEAD, LINE, LINE)) == []


def test_the_least_invoice_is_lawful_too() -> None:
    assert (
        complaints(made({"CUSTOMERID": "C-1", "WHENCREATED": "2026-03-05"}, {"ACCOUNTNO": "4000", "TRX_AMOUNT": "1"}))
        == []
    )


def test_the_document_type_would_notice_another_order() -> None:
    invoice = made()
    invoice.append(invoice[0])
    assert complaints(invoice)


@pytest.mark.parametrize("missing", sorted(set(HEAD) - {"CUSTOMERID", "WHENCREATED"}))
def test_every_optional_field_may_be_left_out(missing: str) -> None:
    invoice = made({**HEAD, missing: None})
    assert complaints(invoice) == []
    assert HEAD[missing] not in {one.text for one in invoice.iter()}


def test_every_value_stands_under_its_element() -> None:
    invoice = made()
    assert {
        path: invoice.findtext(path)
        for path in (
            "customerid",
            "termname",
            "invoiceno",
            "ponumber",
            "description",
            "billto/contactname",
            "shipto/contactname",
        )
    } == {
        "customerid": "C-1",
        "termname": "Net 30",
        "invoiceno": "SO-1",
        "ponumber": "PO 7",
        "description": "Salesforce order 1",
        "billto/contactname": "Acme (bills)",
        "shipto/contactname": "Acme (goods)",
    }
    line = invoice.find("invoiceitems/lineitem")
    assert line is not None
    assert {
        tag: line.findtext(tag)
        for tag in (
            "glaccountno",
            "amount",
            "memo",
            "locationid",
            "departmentid",
            "projectid",
            "customerid",
            "itemid",
            "classid",
        )
    } == {
        "glaccountno": "4000",
        "amount": "1234.50",
        "memo": "Widgets & more",
        "locationid": "US-W",
        "departmentid": "SALES",
        "projectid": "P-1",
        "customerid": "C-1",
        "itemid": "WIDGET",
        "classid": "NEW",
    }


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("datecreated", ["2026", "03", "05"]),
        ("dateposted", ["2026", "03", "06"]),
        ("datedue", ["2026", "04", "04"]),
        ("invoiceitems/lineitem/revrecstartdate", ["2026", "03", "05"]),
        ("invoiceitems/lineitem/revrecenddate", ["2027", "03", "04"]),
    ],
)
def test_a_date_is_year_month_and_day(path: str, parts: list[str]) -> None:
    date = made().find(path)
    assert date is not None
    assert [(str(one.tag), one.text) for one in date] == list(zip(("year", "month", "day"), parts, strict=True))


def test_a_day_that_there_is_not_is_not_sent() -> None:
    with pytest.raises(ValueError, match="day"):
        made({**HEAD, "WHENCREATED": "2026-02-30"})


def test_fields_of_the_companys_own_travel_as_custom_fields() -> None:
    invoice = made({**HEAD, "REGION_CODE": "W"})
    heads = invoice.findall("customfields/customfield")
    assert [(one.findtext("customfieldname"), one.findtext("customfieldvalue")) for one in heads] == [
        ("SALESFORCE_ID", "801A"),
        ("REGION_CODE", "W"),
    ]
    assert invoice.findtext("invoiceitems/lineitem/customfields/customfield/customfieldvalue") == "802A"
    assert complaints(invoice) == []


def test_without_fields_of_its_own_there_is_no_empty_block() -> None:
    invoice = made({**HEAD, "SALESFORCE_ID": None}, {"ACCOUNTNO": "4000", "TRX_AMOUNT": "1"})
    assert list(invoice.iter("customfields")) == []


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=5))
def test_amounts_and_lines_are_neither_changed_nor_reordered(amounts: list[Any]) -> None:
    lines = [{"ACCOUNTNO": "4000", "TRX_AMOUNT": str(amount)} for amount in amounts]
    assert [one.text for one in made(HEAD, *lines).iter("amount")] == [str(amount) for amount in amounts]


@given(st.permutations(sorted(HEAD.items())), st.permutations(sorted(LINE.items())))
def test_the_order_of_the_mapping_has_no_say(head: list[tuple[str, str]], line: list[tuple[str, str]]) -> None:
    ours = [str(one.tag) for one in made(dict(head), dict(line)).iter()]
    assert ours == [str(one.tag) for one in made().iter()]


def test_the_same_invoice_is_the_same_text() -> None:
    texts = [create_invoice({"fields": HEAD, "lines": [LINE]}) for _ in range(3)]
    assert all(one == other for one, other in pairwise(texts))


@pytest.mark.parametrize(
    ("currency", "elements"),
    [
        ({"CURRENCY": "EUR"}, ["currency", "exchratetype"]),
        (
            {"BASECURR": "USD", "CURRENCY": "EUR", "EXCH_RATE_TYPE_ID": "Corporate", "EXCH_RATE_DATE": "2026-03-05"},
            ["basecurr", "currency", "exchratedate", "exchratetype"],
        ),
        ({"CURRENCY": "EUR", "EXCHANGE_RATE": "1.25", "EXCH_RATE_TYPE_ID": "x"}, ["currency", "exchrate"]),
        ({"EXCHANGE_RATE": "1.25"}, []),
    ],
)
def test_a_currency_comes_with_a_rate_or_a_rate_type_in_the_schemas_order(
    currency: dict[str, str], elements: list[str]
) -> None:
    invoice = made({**HEAD, **currency})
    assert complaints(invoice) == []
    assert [node.tag for node in invoice if node.tag.startswith(("basecurr", "curr", "exch"))] == elements

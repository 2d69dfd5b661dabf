"""Reference values that the books have renamed, put away or lost are found before anything is sent."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.evaluate import Evaluated, evaluate
from sf_intacct.flow.mapping_text import Mappings, parse
from sf_intacct.flow.references import blocked, referred, troubles
from sf_intacct.flow.scope import LINKS, Surroundings
from sf_intacct.flow.usage import tables
from sf_intacct_tests.flow.company import TEXTS, company, edited
from sf_intacct_tests.flow.frames import core

STAMP = datetime(2026, 3, 17, tzinfo=UTC)
DEFAULT = edited("order_to_invoice.yaml", "DEPARTMENTID: document.department", "DEPARTMENTID: {constant: '100'}")


def _value(value_id: str, table: str = "intacct_terms", thing: str = "ARTERM", **columns: Any) -> dict[str, Any]:
    key = {"reference_key": f"{thing}|{value_id}", "record_number": value_id, "status": "active"}
    return {**key, "table_name": table, "object": thing, "value_id": value_id, "modified_at": STAMP, **columns}


def _around(*values: dict[str, Any], **living: pl.DataFrame) -> Surroundings:
    at_hand = {
        "salesforce_accounts": core("salesforce_accounts", {"account_id": "a1", "payment_terms": "Net 30"}),
        "salesforce_products": core("salesforce_products", {"product_id": "p1", "family": "Hardware"}),
        "intacct_terms": core("intacct_terms", {"name": "N30", "status": "active"}),
        "intacct_gl_accounts": core("intacct_gl_accounts", {"account_number": "4000", "status": "active"}),
        "intacct_departments": core("intacct_departments", {"department_id": "100", "status": "active"}),
        "reference_values": core("reference_values", *values),
        **living,
    }
    links = [("account_to_customer", "a1", "Acme", "C-1", True), ("product_to_item", "p1", "Drill", "DRL", True)]
    return Surroundings(at_hand, pl.DataFrame(links, schema=LINKS, orient="row"))


def _invoice(around: Surroundings, texts: dict[str, str] = TEXTS) -> tuple[Mappings, Evaluated]:
    mappings = parse(texts)
    order = {"order_id": "o1", "order_number": "1", "account_id": "a1", "status_code": "Activated"}
    more = {"effective_on": "2026-03-17", "department": "100", "total_amount": "30.00", "modified_at": STAMP}
    lines = [
        {"order_item_id": f"l{n}", "order_id": "o1", "order_item_number": str(n), "product_id": "p1"}
        | {"quantity": "1", "total_price": price}
        for n, price in ((1, "10.00"), (2, "20.00"))
    ]
    heads = core("salesforce_orders", {**order, **more})
    mapping = mappings.crossings["order_to_invoice"]
    return mappings, evaluate(mapping, mappings, heads, core("salesforce_order_items", *lines), around)


def _told(around: Surroundings, texts: dict[str, str] = TEXTS) -> list[tuple[str, str, str, str]]:
    found = _invoice(around, texts)[1].findings
    return found.select("cause", "subject", "column", "seen").unique().sort("subject").rows()


@pytest.mark.proves(14)
def test_a_value_that_the_books_renamed_is_told_with_its_new_name_and_the_file_that_names_the_old_one() -> None:
    renamed = core("intacct_terms", {"name": "Net 30 days", "status": "active"})
    around = _around(_value("Net 30 days", former_ids="N30\nNet30"), intacct_terms=renamed)
    assert _told(around) == [("renamed_in_books", "ARTERM N30", "crosswalks/terms.csv", "Net 30 days")]


def test_a_value_that_is_gone_from_the_books_is_told_even_where_no_table_is_named() -> None:
    gone = _value("100", "intacct_departments", "DEPARTMENT", status="gone")
    empty = core("intacct_departments")
    assert _told(_around(gone, intacct_departments=empty)) == [("unknown_in_books", "DEPARTMENT 100", "", "")]


def test_a_value_that_the_books_were_never_seen_to_have_passes_where_no_table_is_named() -> None:
    assert _told(_around(intacct_departments=core("intacct_departments"))) == []


@pytest.mark.proves(14)
@pytest.mark.parametrize("status", ["inactive", "active non-posting"])
@pytest.mark.parametrize("texts", [TEXTS, DEFAULT], ids=["from the record", "a constant"])
def test_a_department_that_takes_no_postings_holds_the_document_back(status: str, texts: dict[str, str]) -> None:
    idle = core("intacct_departments", {"department_id": "100", "status": status})
    assert _told(_around(intacct_departments=idle), texts) == [("inactive_in_books", "DEPARTMENT 100", "", "")]


def test_a_name_that_another_record_has_taken_is_a_living_one() -> None:
    around = _around(_value("N30"), _value("N60", former_ids="N30"), _value("N30", status="gone"))
    assert _told(around) == []


@pytest.mark.proves(14)
def test_the_blocked_lines_are_listed_with_their_money_and_the_head_with_the_documents() -> None:
    idle = {"status": "inactive"}
    around = _around(
        intacct_terms=core("intacct_terms", {"name": "N30", **idle}),
        intacct_departments=core("intacct_departments", {"department_id": "100", **idle}),
    )
    mappings, evaluated = _invoice(around)
    found = blocked(mappings.crossings["order_to_invoice"], mappings, evaluated.heads, evaluated.lines, around.tables)
    assert found.sort("line_id").rows() == [
        ("o1", None, "TERMNAME", "ARTERM N30", Decimal("30.00")),
        ("o1", "l1", "DEPARTMENTID", "DEPARTMENT 100", Decimal("10.00")),
        ("o1", "l2", "DEPARTMENTID", "DEPARTMENT 100", Decimal("20.00")),
    ]


@pytest.mark.proves(14)
def test_what_a_file_names_is_told_before_any_document_does() -> None:
    values = core(
        "reference_values", _value("N30", status="inactive"), _value("N61", former_ids="N60"), _value("other")
    )
    rows = troubles(company(), values).select("value_id", "place", "said", "standing", "became").rows()
    assert rows == [
        ("N30", "crosswalks/terms.csv", "Net 30", "inactive", None),
        ("N60", "crosswalks/terms.csv", "Net 60", "renamed", "N61"),
    ]


def test_a_constant_is_among_what_the_files_name() -> None:
    gone = _value("100", "intacct_departments", "DEPARTMENT", status="gone")
    told = troubles(parse(DEFAULT), core("reference_values", gone))
    assert told.select("value_id", "place", "standing").rows() == [
        ("100", "order_to_invoice.yaml, DEPARTMENTID", "gone")
    ]


def test_a_reference_table_is_read_where_a_value_of_a_mapping_is_one_of_its_ids_or_the_company_asks() -> None:
    assert referred(company().crossings["order_to_invoice"]) == {"intacct_departments"}
    without = edited("order_to_invoice.yaml", "    DEPARTMENTID: document.department\n", "")
    assert "intacct_departments" in tables(company())
    assert "intacct_departments" not in tables(parse(without))
    asked = {**without, "company.yaml": without["company.yaml"] + "reference: [intacct_departments]\n"}
    assert "intacct_departments" in tables(parse(asked))

"""Rules about sales documents, and about the addresses of customers and contacts."""

import pytest

from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import parties, periods
from sf_intacct_tests.flow.frames import causes
from sf_intacct_tests.flow.preflight.books import company, documents, read_shipped

DEFINITIONS = [
    {"name": "Sales Invoice", "class": "Invoice", "creation": "Convert only"},
    {"name": "Sales Order", "class": "Order", "creation": "New document or convert"},
    {"name": "Sales Return", "class": "Adjustment", "creation": "New document or convert"},
]
SALES = "opportunity_to_sales_document"
TABLES = {"intacct_transaction_definitions": DEFINITIONS}


@pytest.fixture(scope="module")
def shipped() -> Mappings:
    return read_shipped()


def test_a_definition_that_only_converts_is_found(shipped: Mappings) -> None:
    heads = [{"DOCPARID": "Sales Invoice"}, {"DOCPARID": "Sales Order"}, {"DOCPARID": "Unknown"}]
    found = parties.not_made_so(documents(*heads, mappings=shipped, crossing=SALES, tables=TABLES))
    assert causes(found) == {("o1", "definition_forbids")}


@pytest.mark.parametrize(
    ("quantity", "kind", "is_held"), [("0", "Order", True), ("-1", "Return", False), ("0.5", "Order", False)]
)
def test_a_quantity_is_above_nothing_except_in_an_adjustment(
    quantity: str, kind: str, is_held: bool, shipped: Mappings
) -> None:
    head = {"DOCPARID": f"Sales {kind}"}
    asked = documents(head, lines=[{"QUANTITY": quantity}], mappings=shipped, crossing=SALES, tables=TABLES)
    assert bool(parties.not_positive(asked).height) is is_held


def test_only_sales_documents_that_are_posted_are_judged_by_periods() -> None:
    heads = [
        {"DOCPARID": "Sales Invoice"},
        {"DOCPARID": "Sales Order"},
        {"DOCPARID": "Sales Invoice", "STATE": "Draft"},
    ]
    august = read_shipped("periods:\n  closed:\n    - {through: 2026-08-31}\n")
    dated = [{"WHENCREATED": "2026-07-15", **head} for head in heads]
    found = periods.closed(documents(*dated, mappings=august, crossing=SALES, tables=TABLES))
    assert causes(found) == {("o1", "period_closed")}


@pytest.mark.parametrize(("address", "is_held"), [("a@b.se", False), ("a@b", True), ("a b@c.se", True), (None, False)])
def test_an_address_without_its_parts_is_found(address: str | None, is_held: bool, shipped: Mappings) -> None:
    asked = documents({"EMAIL1": address}, mappings=shipped, crossing="contact_to_contact")
    assert bool(parties.bad_emails(asked).height) is is_held


def test_an_ignored_rule_is_not_tried() -> None:
    assert company("preflight: {email: ignore}\n").company.preflight.email == "ignore"

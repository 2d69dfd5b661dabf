"""Rules about sales documents, and about the addresses of customers and contacts."""

from dataclasses import replace

import polars as pl
import pytest

from sf_intacct.flow.findings import FINDINGS
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import parties, periods, rules
from sf_intacct_tests.flow.frames import causes, finding
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


def test_what_is_not_there_for_a_reason_that_is_told_is_not_told_twice() -> None:
    """A department without a counterpart is no missing department as well."""
    accounts = [{"account_number": "4000", "requires_department": True}]
    asked = documents({}, lines=[{"ACCOUNTNO": "4000", "TRX_AMOUNT": "1"}], tables={"intacct_gl_accounts": accounts})
    assert rules.checked(asked).findings["cause"].to_list() == ["missing_dimension"]
    told = pl.DataFrame([finding("o1", "unmapped_value", "Department 'Nowhere'")], schema=FINDINGS)
    known = replace(asked, evaluated=replace(asked.evaluated, findings=told))
    assert rules.checked(known).findings["cause"].to_list() == ["unmapped_value"]

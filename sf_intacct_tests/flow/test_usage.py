"""What no mapping uses is not asked for; what one uses has to be there."""

from dataclasses import replace

import pytest

from sf_intacct.flow import usage
from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.flow.contracts.contract import text
from sf_intacct.flow.mapping_text import Mappings, parse
from sf_intacct.flow.usage import in_use
from sf_intacct_tests.flow.company import company, edited

ACCOUNTS = OBSERVED["salesforce_accounts"]
INDUSTRY = text("sector", "Sector__c", "Line of business", optional=True)


def _with(*columns: object) -> Contract:
    return replace(ACCOUNTS, columns=(*ACCOUNTS.columns, *columns))  # type: ignore[arg-type]


def _saying(old: str, new: str, file: str = "account_to_customer.yaml") -> Mappings:
    return parse(edited(file, old, new))


def test_a_column_that_is_not_optional_is_always_read() -> None:
    assert in_use(OBSERVED["intacct_terms"], company()) == OBSERVED["intacct_terms"]


def test_an_optional_column_is_read_only_where_a_mapping_names_it() -> None:
    unused = in_use(_with(INDUSTRY), company())
    used = in_use(_with(INDUSTRY), _saying("NAME: name", "NAME: coalesce(sector, name)"))
    assert unused is not None
    assert used is not None
    assert "sector" not in unused.by_name
    assert "Sector__c" in {field.name for field in used.selection.fields}


def test_an_optional_column_is_read_where_a_mapping_looks_at_it_beside_another_record() -> None:
    used = in_use(
        _with(INDUSTRY), _saying("DOCNUMBER: po_number", "DOCNUMBER: account.sector", "order_to_invoice.yaml")
    )
    assert used is not None
    assert "sector" in used.by_name


def test_an_optional_column_is_read_back_where_a_mapping_writes_it() -> None:
    items = OBSERVED["intacct_items"]
    written = in_use(items, _saying("NAME: name", "NAME: name\n  GLGROUP: family", "product_to_item.yaml"))
    assert written is not None
    assert "gl_group" in written.by_name


@pytest.mark.parametrize(
    ("table", "is_used"),
    [
        ("salesforce_accounts", True),
        ("salesforce_products", True),
        ("salesforce_order_items", True),
        ("intacct_invoice_items", True),
        ("intacct_terms", True),
        ("intacct_payments", False),
    ],
)
def test_an_optional_table_is_read_only_where_the_mappings_name_it(table: str, is_used: bool) -> None:
    contract = replace(OBSERVED[table], optional=True)
    assert (in_use(contract, company()) is not None) == is_used


def test_the_lines_of_a_table_are_used_with_their_heads() -> None:
    named = usage.tables(company())
    assert {"salesforce_orders", "salesforce_order_items", "intacct_invoices", "intacct_invoice_items"} <= named


def test_what_a_table_of_the_house_is_made_of_is_read_where_that_table_is_used() -> None:
    prices = OBSERVED["intacct_prices"]
    shown = _saying("from: intacct_invoices", "from: item_prices", "invoice_to_mirror.yaml")
    assert in_use(prices, shown) is prices
    assert in_use(prices, company()) is None

"""A crossing in the words of the systems: where a value comes from, by way of what, and when."""

import pytest

from sf_intacct.flow.mapping_table import FieldRow, field_rows
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.mapping_words import by_way_of, comes_from, happens, otherwise, written
from sf_intacct_tests.flow.company import company

COMPANY = company()


def _row(crossing: str, field: str, known: Mappings = COMPANY) -> FieldRow:
    return next(row for row in field_rows(known.crossings[crossing]) if row.field == field)


@pytest.mark.parametrize(
    ("crossing", "field", "says"),
    [
        ("order_to_invoice", "CUSTOMERID", "Order.AccountId: Account that ordered"),
        ("order_to_invoice", "TERMNAME", "Account.Payment_Terms__c: Payment terms as Sales names them"),
        ("order_to_invoice", "ACCOUNTNO", "Product2.Family: Product family; decides revenue account and class"),
        ("order_to_invoice", "DEPARTMENTID", "Order.Department__c: Selling department as Sales names it"),
        ("order_to_invoice", "TRX_AMOUNT", "OrderItem.TotalPrice: Quantity times unit price"),
        ("order_to_invoice", "RECORDID", "'SO-' || order_number"),
    ],
)
def test_one_column_is_said_as_its_system_calls_it_and_anything_else_as_it_stands(
    crossing: str, field: str, says: str
) -> None:
    assert comes_from(_row(crossing, field), COMPANY.crossings[crossing]) == says


@pytest.mark.parametrize(
    ("crossing", "field", "says"),
    [
        ("order_to_invoice", "CUSTOMERID", "its CUSTOMER"),
        ("invoice_to_mirror", "Account__c", "its Account"),
        ("order_to_invoice", "TERMNAME", "list terms (2)"),
        ("order_to_invoice", "DOCNUMBER", ""),
    ],
)
def test_a_link_names_the_record_and_a_lookup_its_list(crossing: str, field: str, says: str) -> None:
    assert by_way_of(_row(crossing, field), COMPANY.crossings[crossing], COMPANY) == says


def test_when_a_field_is_written_and_what_if_nothing_is_found_are_plain_words() -> None:
    row = _row("order_to_invoice", "TERMNAME")
    assert (otherwise(row), written(row)) == ("waits", "when made")
    assert otherwise(_row("account_to_customer", "TERMNAME")) == "stays empty"


def test_what_must_be_active_in_the_books_is_told() -> None:
    told = list(happens(COMPANY.crossings["order_to_invoice"], COMPANY))
    assert ("must be active", "Payment terms, in intacct_terms") in told
    assert ("money at stake", "total_amount, in company.currency") in told

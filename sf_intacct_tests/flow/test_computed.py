"""Columns that the house computes: what of a payment is not yet applied."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings, strategies as st

from sf_intacct.flow.computed import computed
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct_tests.flow.frames import core

PAYMENTS = OBSERVED["intacct_payments"]
cents = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=2)


def _unapplied(payments: list[dict[str, Any]], applications: list[dict[str, Any]]) -> dict[str, Decimal]:
    heads = core("intacct_payments", *payments)
    filled = computed(PAYMENTS, heads, core("intacct_payment_applications", *applications))
    assert filled.schema == heads.schema
    return dict(filled.select("payment_key", "unapplied_amount").iter_rows())


def test_what_is_not_applied_is_what_is_left() -> None:
    payments = [{"payment_key": key, "amount": "100.00"} for key in ("1", "2", "3")]
    applied = [{"payment_key": "1", "amount": "60.00"}, {"payment_key": "1", "amount": "39.99"}]
    applied += [{"payment_key": "3", "amount": "100.00"}, {"payment_key": "4", "amount": "7.00"}]
    assert _unapplied(payments, applied) == {
        "1": Decimal("0.01"),
        "2": Decimal("100.00"),
        "3": Decimal("0.00"),
    }


@settings(max_examples=40)
@given(cents, st.lists(cents, max_size=6))
def test_applied_and_unapplied_make_the_payment_to_the_cent(amount: Decimal, applied: list[Decimal]) -> None:
    rows = [{"payment_key": "1", "amount": part} for part in applied]
    assert _unapplied([{"payment_key": "1", "amount": amount}], rows)["1"] + sum(applied) == amount


def test_what_is_left_where_nothing_tells_the_currency_is_not_told() -> None:
    heads = [
        {"payment_key": k, "amount": "9.00", "currency": c, "base_currency": "USD"}
        for k, c in (("1", "CHF"), ("2", "USD"))
    ]
    parts = [{"payment_key": k, "amount": "5.00", "base_amount": "6.00", "currency": "EUR"} for k in ("1", "2")]
    assert _unapplied(heads, parts) == {"1": None, "2": Decimal("3.00")}


def test_payments_keep_their_order() -> None:
    keys = ["3", "1", "2"]
    heads = core("intacct_payments", *({"payment_key": key, "amount": "1.00"} for key in keys))
    lines = core("intacct_payment_applications", *({"payment_key": key, "amount": "1.00"} for key in sorted(keys)))
    assert computed(PAYMENTS, heads, lines)["payment_key"].to_list() == keys


def test_other_documents_are_left_as_they_are() -> None:
    heads = core("intacct_invoices", {"invoice_key": "1"})
    assert computed(OBSERVED["intacct_invoices"], heads, core("intacct_invoice_items")).equals(heads)


def test_an_order_says_what_it_charges_and_what_it_takes_back() -> None:
    heads = core("salesforce_orders", *({"order_id": key} for key in ("sale", "return", "both", "empty")))
    prices = {"sale": ["2.00", "0.00"], "return": ["-3.00"], "both": ["5.00", "-1.00", "-1.50"]}
    lines = [{"order_id": key, "total_price": price} for key, listed in prices.items() for price in listed]
    told = computed(OBSERVED["salesforce_orders"], heads, core("salesforce_order_items", *lines))
    assert told.select("order_id", "charged_amount", "credited_amount").rows() == [
        ("sale", Decimal("2.00"), Decimal("0.00")),
        ("return", Decimal("0.00"), Decimal("-3.00")),
        ("both", Decimal("5.00"), Decimal("-2.50")),
        ("empty", Decimal("0.00"), Decimal("0.00")),
    ]

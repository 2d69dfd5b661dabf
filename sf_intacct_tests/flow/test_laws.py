"""Laws between rows: what each lets pass and what each tells, for any sums."""

from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow.laws import (
    LAWS,
    applications_stay_within_the_payment,
    invoice_lines_sum_to_the_total,
    order_lines_sum_to_the_total,
)
from sf_intacct_tests.flow.frames import core, finding

cents = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=2)
parts = st.lists(cents, max_size=6)


def _orders(*totals: object) -> list[dict[str, object]]:
    return [
        {"order_id": f"order {n}", "order_number": f"N{n}", "total_amount": total} for n, total in enumerate(totals)
    ]


def _items(order: int, *prices: object) -> list[dict[str, object]]:
    return [{"order_id": f"order {order}", "total_price": price} for price in prices]


@settings(max_examples=40)
@given(parts, cents)
def test_an_order_is_lawful_exactly_when_its_lines_make_its_total(prices: list[Decimal], off: Decimal) -> None:
    heads = core("salesforce_orders", *_orders(sum(prices, off)))
    found = order_lines_sum_to_the_total(heads, core("salesforce_order_items", *_items(0, *prices)))
    assert found.is_empty() == (off == 0)


@settings(max_examples=40)
@given(parts, cents)
def test_an_invoice_is_lawful_exactly_when_its_lines_make_its_total(amounts: list[Decimal], off: Decimal) -> None:
    heads = core("intacct_invoices", {"invoice_key": "1", "invoice_number": "SO-1", "total": sum(amounts, off)})
    rows = [{"invoice_key": "1", "amount": amount} for amount in amounts]
    found = invoice_lines_sum_to_the_total(heads, core("intacct_invoice_items", *rows))
    assert found.is_empty() == (off == 0)


@settings(max_examples=40)
@given(cents, parts)
def test_a_payment_is_lawful_exactly_when_no_more_is_applied_than_it_brought(
    amount: Decimal, applied: list[Decimal]
) -> None:
    heads = core("intacct_payments", {"payment_key": "1", "amount": amount})
    rows = [{"payment_key": "1", "amount": part} for part in applied]
    found = applications_stay_within_the_payment(heads, core("intacct_payment_applications", *rows))
    assert found.is_empty() == (abs(sum(applied, Decimal(0))) <= abs(amount))


@settings(max_examples=40)
@given(parts, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(prices: list[Decimal], chance: object) -> None:
    shuffled = list(prices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    heads = core("salesforce_orders", *_orders("1.00"))
    one = order_lines_sum_to_the_total(heads, core("salesforce_order_items", *_items(0, *prices)))
    other = order_lines_sum_to_the_total(heads, core("salesforce_order_items", *_items(0, *shuffled)))
    assert one.equals(other)


def test_one_cent_is_told_with_both_numbers() -> None:
    heads = core("salesforce_orders", *_orders("30.01"))
    found = order_lines_sum_to_the_total(heads, core("salesforce_order_items", *_items(0, "10.00", "20.00")))
    told = finding("order 0", "lines_do_not_sum", "N0", "total_amount", "lines 30.00 against total 30.01")
    assert found.to_dicts() == [told]


def test_only_the_order_that_is_wrong_is_told() -> None:
    heads = core("salesforce_orders", *_orders("10.00", "99.00", "5.00"))
    lines = core("salesforce_order_items", *_items(0, "10.00"), *_items(1, "10.00"), *_items(2, "2.50", "2.50"))
    assert order_lines_sum_to_the_total(heads, lines)["document_id"].to_list() == ["order 1"]


@pytest.mark.parametrize(("total", "lawful"), [("0.00", True), ("0.01", False), ("-0.01", False)])
def test_an_order_without_lines_is_worth_nothing(total: str, lawful: bool) -> None:
    heads = core("salesforce_orders", *_orders(total))
    assert order_lines_sum_to_the_total(heads, core("salesforce_order_items")).is_empty() == lawful


def test_a_total_that_could_not_be_read_is_told_elsewhere_and_not_again() -> None:
    heads = core("salesforce_orders", *_orders(None))
    assert order_lines_sum_to_the_total(heads, core("salesforce_order_items", *_items(0, "1.00"))).is_empty()


@pytest.mark.parametrize(
    ("amount", "applied", "lawful"),
    [
        ("100.00", ["60.00", "40.00"], True),
        ("100.00", ["60.00", "40.01"], False),
        ("100.00", [], True),
        ("100.00", ["150.00", "-50.00"], True),  # moved from one invoice to another
        ("-100.00", ["-100.00"], True),  # a reversal
        ("-100.00", ["-100.01"], False),
        ("0.00", ["0.01"], False),
    ],
)
def test_a_payment_cannot_pay_more_than_was_received(amount: str, applied: list[str], lawful: bool) -> None:
    heads = core("intacct_payments", {"payment_key": "1", "amount": amount})
    rows = [{"payment_key": "1", "amount": part} for part in applied]
    found = applications_stay_within_the_payment(heads, core("intacct_payment_applications", *rows))
    assert found.is_empty() == lawful
    if not lawful:
        total = sum(map(Decimal, applied))
        seen = f"{total} applied of {amount}"
        assert found.to_dicts() == [finding("1", "applied_beyond_payment", "1", "amount", seen)]


@pytest.mark.parametrize(
    ("currency", "base_amount", "lawful"),
    [("JPY", "60.00", True), ("JPY", "60.01", False), ("USD", "60.00", False)],
)
def test_what_was_paid_of_an_invoice_in_another_currency_is_counted_in_that_of_the_books(
    currency: str, base_amount: str, lawful: bool
) -> None:
    heads = core("intacct_payments", {"payment_key": "1", "amount": "60.00", "currency": "USD", "base_currency": "USD"})
    part = {"payment_key": "1", "amount": "9000.00", "base_amount": base_amount, "currency": currency}
    found = applications_stay_within_the_payment(heads, core("intacct_payment_applications", part))
    assert found.is_empty() == lawful


def test_every_law_has_a_name_that_states_it() -> None:
    for law in [law for laws in LAWS.values() for law in laws]:
        assert law.__doc__
        assert len(law.__name__.split("_")) >= 4

"""Arithmetic on scaled integers."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, strategies as st

from sf_intacct.sandbox.salesforce.rules.rule import rescale, scaled_product

quantities = st.integers(-(10**8), 10**8)
prices = st.integers(-(10**12), 10**12)


@given(quantities, prices)
def test_a_line_total_is_the_exact_product_rounded_half_away_from_zero(quantity: int, price: int) -> None:
    exact = Decimal(quantity).scaleb(-2) * Decimal(price).scaleb(-4)
    assert Decimal(scaled_product(quantity, 2, price, 4, 2)).scaleb(-2) == exact.quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


@given(prices)
def test_a_wider_scale_loses_nothing(number: int) -> None:
    assert rescale(rescale(number, 2, 6), 6, 2) == number

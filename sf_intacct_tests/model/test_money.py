"""Money: exact, in one currency, and rounded by one rule only."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given, strategies as st

from sf_intacct.model.money import Money, minor_units, rounded, split

amounts = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=6)
cents = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=2)
currencies = st.sampled_from(["USD", "EUR", "JPY", "KWD", "GBP", "TND", "KRW"])


@pytest.mark.parametrize(
    ("amount", "usd", "jpy", "kwd"),
    [
        ("2.675", "2.68", "3", "2.675"),
        ("2.665", "2.67", "3", "2.665"),  # half to even would say 2.66
        ("-2.665", "-2.67", "-3", "-2.665"),
        ("0.005", "0.01", "0", "0.005"),
        ("-0.005", "-0.01", "0", "-0.005"),
        ("0.5", "0.50", "1", "0.500"),
        ("1.0005", "1.00", "1", "1.001"),
        ("12", "12.00", "12", "12.000"),
    ],
)
@pytest.mark.answers("E3")
def test_half_a_unit_goes_away_from_zero(amount: str, usd: str, jpy: str, kwd: str) -> None:
    said = [format(rounded(Decimal(amount), currency), "f") for currency in ("USD", "JPY", "KWD")]
    assert [text.replace("-0", "0") if Decimal(text) == 0 else text for text in said] == [usd, jpy, kwd]


@given(amounts, currencies)
@pytest.mark.answers("E3")
def test_rounding_is_quantize_with_one_rule(amount: Decimal, currency: str) -> None:
    unit = Decimal(1).scaleb(-minor_units(currency))
    assert rounded(amount, currency) == amount.quantize(unit, rounding=ROUND_HALF_UP)
    assert abs(rounded(amount, currency) - amount) <= unit / 2


@given(amounts, currencies)
def test_rounding_is_done_once(amount: Decimal, currency: str) -> None:
    assert rounded(rounded(amount, currency), currency) == rounded(amount, currency)


@given(amounts, currencies)
def test_rounding_has_no_favourite_sign(amount: Decimal, currency: str) -> None:
    assert rounded(-amount, currency) == -rounded(amount, currency)


@given(amounts)
def test_rounding_ignores_what_the_thread_prefers(amount: Decimal) -> None:
    with localcontext(rounding="ROUND_DOWN"):
        assert rounded(amount, "USD") == amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("currency", "places"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("CLP", 0), ("KWD", 3), ("BHD", 3)]
)
@pytest.mark.answers("E5")
def test_a_currency_has_its_own_minor_unit(currency: str, places: int) -> None:
    assert minor_units(currency) == places


@given(st.lists(cents, max_size=20))
def test_cents_add_up_whatever_their_order(parts: list[Decimal]) -> None:
    total = sum((Money(part, "USD") for part in parts), Money(Decimal(0), "USD"))
    backwards = sum((Money(part, "USD") for part in reversed(parts)), Money(Decimal(0), "USD"))
    assert total == backwards == Money(sum(parts, Decimal(0)), "USD")
    assert total.rounded() == total


@given(cents, cents)
def test_taking_away_undoes_adding(one: Decimal, other: Decimal) -> None:
    assert Money(one, "USD") + Money(other, "USD") - Money(other, "USD") == Money(one, "USD")
    assert Money(one, "USD") - Money(other, "USD") == Money(one, "USD") + -Money(other, "USD")


@pytest.mark.parametrize("amount", [12.5, 12, "12.50", None, Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN")])
def test_money_is_a_finite_decimal_and_nothing_else(amount: object) -> None:
    with pytest.raises(TypeError, match="finite Decimal"):
        Money(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["", "US", "usd", "Usd", "USDX", "$"])
def test_money_names_its_currency(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(Decimal("1.00"), currency)


def test_currencies_are_never_mixed() -> None:
    dollars, euros = Money(Decimal("1.00"), "USD"), Money(Decimal("1.00"), "EUR")
    with pytest.raises(ValueError, match="convert first"):
        dollars + euros
    with pytest.raises(ValueError, match="convert first"):
        dollars - euros
    assert dollars != euros


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234567.895", "USD", "1,234,567.90 USD"),
        ("-1000", "JPY", "-1,000 JPY"),
        ("1E+6", "EUR", "1,000,000.00 EUR"),
        ("0.0005", "KWD", "0.001 KWD"),
    ],
)
def test_money_reads_as_people_write_it(amount: str, currency: str, text: str) -> None:
    assert str(Money(Decimal(amount), currency)) == text


@given(st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=6), max_size=12), currencies)
@pytest.mark.answers("E4")
def test_a_split_sums_to_the_rounded_sum_and_moves_no_part_by_more_than_a_unit(
    parts: list[Decimal], currency: str
) -> None:
    unit = Decimal(1).scaleb(-minor_units(currency))
    shares = split(parts, currency)
    assert sum(shares, Decimal(0)) == rounded(sum(parts, Decimal(0)), currency)
    assert all(abs(share - part) < 2 * unit for share, part in zip(shares, parts, strict=True))
    exact = [rounded(part, currency) for part in parts]
    assert split(exact, currency) == exact

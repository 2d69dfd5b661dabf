"""Amounts of money: a decimal with its currency, and the house's one rounding rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units that are not two. A currency that is not listed has two.
_MINOR_UNITS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_units(currency: str) -> int:
    """Decimal places of the currency, after ISO 4217."""
    return _MINOR_UNITS.get(currency, 2)


def currencies_of(places: int) -> tuple[str, ...]:
    """The currencies that have this many decimal places, other than the two that most have."""
    return tuple(code for code, few in _MINOR_UNITS.items() if few == places)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The house's one rounding rule: half away from zero, to the currency's minor unit.

    It is what both systems do on save; Python's default (half to even) would differ by a cent.
    """
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def spelt(amount: Decimal, separator: str = "") -> str:
    """An amount as the house writes it: two places, and further ones only where there is something in them."""
    text = f"{amount:{separator}f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0'):0<2}"


def split(amounts: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Amounts rounded so that they sum to their rounded sum; what rounding lost goes where it lost most.

    No amount moves by more than one minor unit from its own rounding, and exact amounts stay as they are.
    """
    unit = Decimal(1).scaleb(-minor_units(currency))
    parts = [rounded(amount, currency) for amount in amounts]
    missing = int((rounded(sum(amounts, Decimal(0)), currency) - sum(parts, Decimal(0))) / unit)
    step = unit if missing > 0 else -unit
    lost = sorted(range(len(parts)), key=lambda place: (parts[place] - amounts[place]) * step)
    for place in lost[: abs(missing)]:
        parts[place] += step
    return parts


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency. Never a float; never added across currencies."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise TypeError(f"money needs a finite Decimal, got {self.amount!r}")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"money needs an ISO 4217 currency code, got {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        return f"{rounded(self.amount, self.currency):,f} {self.currency}"

    def rounded(self) -> "Money":
        return Money(rounded(self.amount, self.currency), self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {self.currency} and {other.currency}: convert first, with a named rate")

"""Columns of money: exact ones untouched, finer ones rounded so that a document sums."""

from decimal import Decimal

import polars as pl
import pytest

from sf_intacct.flow.amounts import settled, spelt


def column(*values: str | None) -> pl.Series:
    return pl.Series(values, dtype=pl.String).cast(pl.Decimal(38, 12))


def of(currency: str | None, values: pl.Series, document: list[str] | None = None) -> list[Decimal | None]:
    currencies = pl.Series([currency] * values.len(), dtype=pl.String)
    return settled(values, currencies, pl.Series(document or ["one"] * values.len(), dtype=pl.String)).to_list()


@pytest.mark.parametrize(
    ("currency", "values", "expected"),
    [
        ("USD", ["0.333333", "0.333333", "0.333334"], ["0.33", "0.33", "0.34"]),
        ("JPY", ["333.4", "333.4", "333.2"], ["334", "333", "333"]),
        ("KWD", ["0.3335", "0.3335"], ["0.333", "0.334"]),
        (None, ["1.005"], ["1.01"]),
        ("USD", ["-0.005", "0.01"], ["0.00", "0.01"]),
    ],
)
@pytest.mark.answers("E4")
def test_lines_of_a_document_sum_to_its_rounded_sum(
    currency: str | None, values: list[str], expected: list[str]
) -> None:
    found = of(currency, column(*values))
    assert sorted(map(str, found)) == sorted(str(Decimal(e).quantize(Decimal("0.001"))) for e in expected)


def test_every_document_is_rounded_by_itself() -> None:
    assert of("USD", column("0.005", "0.005"), ["a", "b"]) == [Decimal("0.01"), Decimal("0.01")]


def test_exact_and_empty_amounts_stay_as_they_are() -> None:
    assert of("KWD", column("0.001", None)) == [Decimal("0.001"), None]
    assert of("USD", column("0.014", None, "0.01")) == [Decimal("0.01"), None, Decimal("0.01")]


def test_money_has_two_places_and_a_third_only_where_there_is_something_in_it() -> None:
    assert spelt(column("5", "0.120", "0.125", "-10.100", None)).to_list() == ["5.00", "0.12", "0.125", "-10.10", None]

"""Taxes of lines: what a rate makes of an amount, the tax inside of a price, and what Intacct computed below a line.

All in minor units of the currency, rounded half up and away from nothing, so that a credit memo takes back exactly
what an invoice charged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from sf_intacct.flow.amounts import MONEY
from sf_intacct.flow.expression import compiled
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.mapping_documents import Tax
from sf_intacct.model.money import minor_units, rounded, spelt

TAX_RATES = "intacct_tax_details"
# The tax that a line should have, whoever works it out; on evaluated lines, never sent.
EXPECTED = "__tax_expected"


def tolerance(currency: str) -> Decimal:
    """How far a tax may be from its rate: one rounding of the net amount, and one of the tax."""
    return Decimal(1).scaleb(-minor_units(currency))


def computed(net: Decimal, percent: Decimal, currency: str = "") -> Decimal:
    """The tax on a net amount."""
    return rounded(net * percent / 100, currency)


def taken_out(gross: Decimal, percent: Decimal, currency: str = "") -> tuple[Decimal, Decimal]:
    """The net amount and the tax that an amount with tax is made of; they sum to it exactly."""
    net = rounded(gross * 100 / (100 + percent), currency)
    return net, gross - net


@dataclass(frozen=True)
class Levied:
    """Lines with their taxes, and why some cannot be taxed as they are."""

    lines: pl.DataFrame
    findings: pl.DataFrame


def levied(tax: Tax, rows: pl.DataFrame, lines: pl.DataFrame, rates: pl.DataFrame, solutions: pl.DataFrame) -> Levied:
    """The mapped `lines` (text columns, in the order of `rows`, from which they were mapped) with their taxes.

    Where the amount includes the tax, it is taken out by the rate. Where the mapping says no tax, it stays
    empty: Intacct then works it out. solutions: source_id and the tax solution of its document, where that is mapped.
    """
    known = rates.select(pl.col("detail_id").alias("__detail"), "percent", "tax_type", "tax_solution")
    currency = pl.col("__currency").fill_null("").alias("__currency")
    about = rows.select(_flag(tax.included, "__included"), _flag(tax.exempt, "__exempt"), currency)
    frame = lines.with_columns(about.get_columns()).with_columns(pl.col(tax.detail).alias("__detail"))
    frame = frame.join(known, on="__detail", how="left", maintain_order="left")
    frame = frame.join(solutions, on="source_id", how="left", maintain_order="left")
    frame = _with_tax(tax, frame)
    kept = frame.select([*lines.columns, EXPECTED])
    return Levied(kept, together(_doubts(tax, frame)))


def _flag(sql: str, name: str) -> pl.Expr:
    return compiled(sql).cast(pl.Boolean).fill_null(False).alias(name)


def _with_tax(tax: Tax, frame: pl.DataFrame) -> pl.DataFrame:
    worked_out = [
        _line(Decimal(amount or 0), Decimal(given) if given else None, percent, included, currency)
        for amount, given, percent, included, currency in frame.select(
            tax.net, tax.amount, "percent", "__included", "__currency"
        ).iter_rows()
    ]
    columns = (tax.net, tax.amount, EXPECTED)
    made = pl.DataFrame(worked_out, schema=dict.fromkeys(columns, pl.String), orient="row")
    # An amount that is missing stays missing: that is a finding of its own.
    net = pl.when(frame[tax.net].is_not_null()).then(made[tax.net]).alias(tax.net)
    return frame.with_columns(net, made[tax.amount], made[EXPECTED])


def _line(
    amount: Decimal, given: Decimal | None, percent: Decimal | None, included: bool, currency: str
) -> tuple[str | None, str | None, str | None]:
    """Net amount, tax to be said, and tax to be expected, as text."""
    if percent is None:
        return _text(amount), _text(given), _text(given)
    if included and given is not None:
        return _text(amount - given), _text(given), _text(given)
    if included:
        net, inside = taken_out(amount, percent, currency)
        return _text(net), _text(inside), _text(inside)
    return _text(amount), _text(given), _text(given if given is not None else computed(amount, percent, currency))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else spelt(value)


def _doubts(tax: Tax, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Why lines cannot be taxed so. What is no detail at all has been said by whoever looked it up."""
    about = {"document": "source_id", "subject": pl.col("__detail").fill_null(""), "column": tax.detail}
    foreign = pl.col("tax_type").is_not_null() & pl.col("tax_solution").ne_missing(pl.col("__solution"))
    solutions = pl.format("{}, not {}", pl.col("tax_solution").fill_null("none"), "__solution")
    bare = frame.filter(pl.col("__detail").is_null() & ~pl.col("__exempt"))
    yield findings(bare, "tax_detail_missing", **about)  # type: ignore[arg-type]
    yield findings(frame.filter(pl.col("tax_type") == "Purchase"), "tax_not_of_sales", **about)  # type: ignore[arg-type]
    others = frame.filter(foreign & pl.col("__solution").is_not_null())
    yield findings(others, "tax_of_another_solution", seen=solutions, **about)  # type: ignore[arg-type]
    rated = frame.filter(pl.col("__exempt") & (pl.col("percent") != 0))
    percent = pl.format("{} %", pl.col("percent").cast(pl.String))
    yield findings(rated, "taxed_though_exempt", seen=percent, **about)  # type: ignore[arg-type]
    yield findings(_off_rate(tax, frame), "tax_off_rate", seen=pl.col("__seen"), **about)  # type: ignore[arg-type]


def _off_rate(tax: Tax, frame: pl.DataFrame) -> pl.DataFrame:
    """Lines whose tax was said by somebody, and is not what the rate gives."""
    said = frame.filter(
        pl.col(tax.amount).is_not_null() & pl.col("percent").is_not_null() & pl.col(tax.net).is_not_null()
    )
    seen = []
    for net, amount, percent, currency in said.select(tax.net, tax.amount, "percent", "__currency").iter_rows():
        right = computed(Decimal(net), percent, currency)
        is_off = abs(Decimal(amount) - right) > tolerance(currency)
        seen.append(f"{amount} on {net}, where {percent:f} % give {right}" if is_off else None)
    return said.with_columns(pl.Series("__seen", seen, dtype=pl.String)).filter(pl.col("__seen").is_not_null())


# What was read back


def folded(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines without the tax lines that Intacct put below them; each with what they come to, where they were shown."""
    if "parent_line" not in lines.columns:
        return lines
    below = pl.col("parent_line").is_not_null()
    taxes = (
        lines.filter(below)
        .group_by("parent_line")
        .agg(pl.col("amount").sum().cast(MONEY).alias("__tax"), pl.col("tax_detail_key").first().alias("__key"))
    )
    joined = lines.filter(~below).join(
        taxes, left_on="line_key", right_on="parent_line", how="left", maintain_order="left"
    )
    told = [pl.col("__tax").alias("tax_amount"), pl.coalesce("__key", "tax_detail_key").alias("tax_detail_key")]
    return joined.with_columns(told).drop("__tax", "__key")


def apart(expected: pl.Expr, there: pl.Expr) -> pl.Expr:
    """Whether a tax that is there, as text, is another than the expected one. What is not shown is no difference."""
    told, meant = there.cast(MONEY), expected.cast(MONEY)
    # The currency is not at hand: thousandths tell one that has them, and every other has cents, or nothing.
    has_thousandths = (told.round(2) != told) | (meant.round(2) != meant)
    unit = pl.when(has_thousandths).then(pl.lit(tolerance("KWD"))).otherwise(pl.lit(tolerance(""))).cast(MONEY)
    return ((told - meant).abs() > unit).fill_null(False)

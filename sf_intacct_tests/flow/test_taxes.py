"""Taxes of lines: rates, prices that include tax, what waits, and what Intacct put below a line."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow import taxes
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.laws import invoice_lines_sum_to_the_total
from sf_intacct.flow.mapping_documents import Tax
from sf_intacct.flow.usage import in_use
from sf_intacct.model.money import rounded
from sf_intacct_tests.flow.company import company
from sf_intacct_tests.flow.frames import core

cents = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=2)
percents = st.decimals(min_value=0, max_value=100, allow_nan=False, allow_infinity=False, places=4)
TAX = Tax(detail="detail", amount="tax", net="net", included="included", exempt="exempt")
RATES: list[dict[str, Any]] = [
    {"detail_id": "A", "percent": "20.0000", "tax_type": "Sale", "tax_solution": "VAT"},
    {"detail_id": "O", "percent": "0.0000", "tax_type": "Sale", "tax_solution": "VAT"},
    {"detail_id": "P", "percent": "20.0000", "tax_type": "Purchase", "tax_solution": "VAT"},
    {"detail_id": "G", "percent": "10.0000", "tax_type": "Sale", "tax_solution": "GST"},
]


def levied(
    net: str | None,
    detail: str | None = "A",
    tax: str | None = None,
    *,
    included: bool = False,
    exempt: bool = False,
    solution: str | None = "VAT",
    currency: str | None = None,
) -> taxes.Levied:
    rows = pl.DataFrame(
        {"included": [included], "exempt": [exempt], "__currency": pl.Series([currency], dtype=pl.String)}
    )
    texts = {"source_id": ["1"], "net": [net], "detail": [detail], "tax": [tax]}
    lines = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String))
    chosen = pl.DataFrame({"source_id": ["1"], "__solution": [solution]}, schema_overrides={"__solution": pl.String})
    return taxes.levied(TAX, rows, lines, core("intacct_tax_details", *RATES), chosen)


@settings(max_examples=60)
@given(cents, percents, st.sampled_from(["USD", "JPY", "KWD"]))
def test_net_and_tax_make_the_price_that_includes_both_and_fit_the_rate(
    gross: Decimal, percent: Decimal, currency: str
) -> None:
    gross = rounded(gross, currency)
    net, tax = taxes.taken_out(gross, percent, currency)
    assert net + tax == gross
    assert abs(tax - taxes.computed(net, percent, currency)) <= taxes.tolerance(currency)
    assert taxes.taken_out(-gross, percent, currency) == (-net, -tax)


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"net": "10.01"}, ("10.01", None, "2.00")),
        ({"net": "-10.01"}, ("-10.01", None, "-2.00")),
        ({"net": "12.01", "included": True}, ("10.01", "2.00", "2.00")),
        ({"net": "9.99", "tax": "1.66", "included": True}, ("8.33", "1.66", "1.66")),
        ({"net": "8.33", "tax": "1.66"}, ("8.33", "1.66", "1.66")),
        ({"net": "10.00", "detail": "O"}, ("10.00", None, "0.00")),
        ({"net": "10.00", "detail": None}, ("10.00", None, None)),
        ({"net": None}, (None, None, "0.00")),
        ({"net": "0.999", "currency": "KWD"}, ("0.999", None, "0.20")),
        ({"net": "0.999", "included": True, "currency": "KWD"}, ("0.833", "0.166", "0.166")),
        ({"net": "1001", "currency": "JPY"}, ("1001.00", None, "200.00")),
        ({"net": "1001", "included": True, "currency": "JPY"}, ("834.00", "167.00", "167.00")),
    ],
)
def test_a_line_says_its_net_amount_and_a_tax_only_where_it_is_known(given_: dict[str, Any], says: tuple[str]) -> None:
    made = levied(**given_)
    assert made.lines.select("net", "tax", taxes.EXPECTED).row(0) == says


@pytest.mark.parametrize(
    ("given_", "causes"),
    [
        ({}, []),
        ({"detail": "O", "exempt": True}, []),
        ({"detail": None, "exempt": True}, []),
        ({"detail": None}, ["tax_detail_missing"]),
        ({"detail": "P"}, ["tax_not_of_sales"]),
        ({"detail": "G"}, ["tax_of_another_solution"]),
        ({"detail": "G", "solution": None}, []),
        ({"exempt": True}, ["taxed_though_exempt"]),
        ({"tax": "2.01"}, []),
        ({"tax": "2.02"}, ["tax_off_rate"]),
        ({"tax": "2.00", "included": True}, ["tax_off_rate"]),
    ],
)
def test_what_cannot_be_taxed_so_is_told(given_: dict[str, Any], causes: list[str]) -> None:
    assert levied("10.00", **given_).findings["cause"].to_list() == causes


def _lines(*amounts: tuple[str, str | None]) -> pl.DataFrame:
    rows = [
        {
            "line_key": str(n),
            "invoice_key": "1",
            "amount": amount,
            "parent_line": parent,
            "tax_detail_key": parent and "9",
        }
        for n, (amount, parent) in enumerate(amounts)
    ]
    return core("intacct_invoice_items", *rows)


def test_the_tax_lines_below_a_line_become_its_tax() -> None:
    made = taxes.folded(_lines(("10.00", None), ("2.00", "0"), ("5.00", None), ("0.50", "0")))
    assert made.select("line_key", "amount", "tax_amount", "tax_detail_key").rows() == [
        ("0", Decimal("10.00"), Decimal("2.50"), "9"),
        ("2", Decimal("5.00"), None, None),
    ]


@pytest.mark.parametrize(
    ("total", "solution", "lines", "is_lawful"),
    [
        ("12.00", "VAT", [("10.00", None), ("2.00", "0")], True),
        ("12.00", "VAT", [("10.00", None)], True),
        ("12.00", None, [("10.00", None)], False),
        ("8.00", "VAT", [("10.00", None)], False),
        ("30.00", "VAT", [("10.00", None)], False),
        ("13.00", "VAT", [("10.00", None), ("2.00", "0")], False),
    ],
)
def test_the_rest_of_a_total_is_tax_only_where_a_tax_solution_hides_it(
    total: str, solution: str | None, lines: list[tuple[str, str | None]], is_lawful: bool
) -> None:
    heads = core("intacct_invoices", {"invoice_key": "1", "total": total, "tax_solution": solution})
    assert invoice_lines_sum_to_the_total(heads, _lines(*lines)).is_empty() == is_lawful


def test_a_tax_that_is_not_shown_is_no_difference_and_a_wrong_one_is() -> None:
    frame = pl.DataFrame({"ours": ["2.00"] * 4, "theirs": ["2.00", "2.01", "2.02", None]})
    assert frame.select(taxes.apart(pl.col("ours"), pl.col("theirs"))).to_series().to_list() == [
        False,
        False,
        True,
        False,
    ]


def test_who_has_no_taxes_reads_nothing_of_them() -> None:
    assert in_use(OBSERVED["intacct_tax_details"], company()) is None
    for name in ("intacct_invoices", "intacct_invoice_items"):
        used = in_use(OBSERVED[name], company())
        assert used is not None
        assert not {"TAXSOLUTIONID", "PARENTENTRY", "DETAILKEY", "TAXENTRIES.TRX_TAX"} & {
            field.name for field in used.selection.fields
        }

"""Findings in bulk: always the same columns, always text, one per document and reason."""

from decimal import Decimal

import polars as pl

from sf_intacct.flow.findings import FINDINGS, findings, no_findings, together

ROWS = pl.DataFrame({"id": ["1", "2"], "price": [Decimal("1.50"), None]})


def test_a_finding_per_row_with_what_was_seen_as_text() -> None:
    found = findings(ROWS, "too_long", document="id", subject=pl.col("price"), column="price", seen=pl.col("price"))
    assert dict(found.schema) == dict(FINDINGS)
    assert found.rows() == [("1", "too_long", "1.50", "price", "1.50"), ("2", "too_long", "", "price", "(nothing)")]


def test_a_finding_may_have_nothing_to_show() -> None:
    found = findings(ROWS.head(1), "gone_in_books", document="id", subject=pl.lit("x"))
    assert found.rows() == [("1", "gone_in_books", "x", "", "")]


def test_no_rows_are_no_findings_of_the_same_columns() -> None:
    found = findings(ROWS.clear(), "x", document="id", subject=pl.lit("x"))
    assert dict(found.schema) == dict(no_findings().schema) == dict(FINDINGS)
    assert together([]).equals(no_findings())


def test_findings_are_put_together_in_their_order() -> None:
    parts = [findings(ROWS, cause, document="id", subject=pl.lit("x")) for cause in ("b", "a")]
    assert together(iter(parts))["cause"].to_list() == ["b", "b", "a", "a"]

"""Causes with what they block: each document counts once, each line once, and files count before any document does."""

from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.flow.blocking import causes

_TROUBLES: dict[str, Any] = {
    "table_name": str,
    "value_id": str,
    "place": str,
    "said": str,
    "standing": str,
    "became": str,
}
_KEPT: dict[str, Any] = {"crossing": str, "source_id": str, "label": str, "line_id": str, "field": str, "subject": str}
_MORE: dict[str, Any] = {
    "cause": str,
    "seen": str,
    "line_amount": pl.Decimal(18, 2),
    "amount": pl.Decimal(18, 2),
    "currency": str,
}


def _troubles(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_TROUBLES, orient="row")


def _kept(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**_KEPT, **_MORE}, orient="row")


def _line(source_id: str, line_id: str | None, amount: str, currency: str = "USD") -> tuple[object, ...]:
    of_line, whole = Decimal("1.50"), Decimal(amount)
    cause = ("DEPARTMENT 100", "inactive_in_books", "")
    return ("order_to_invoice", source_id, source_id, line_id, "DEPARTMENTID", *cause, of_line, whole, currency)


def test_a_document_with_several_blocked_lines_counts_its_money_once_and_currencies_are_not_added() -> None:
    kept = _kept(_line("1", "a", "30"), _line("1", "b", "30"), _line("2", "c", "5"), _line("3", None, "7", "EUR"))
    (one,) = causes(_troubles(), kept)
    assert (one["subject"], one["standing"], one["orders"], one["lines"]) == ("DEPARTMENT 100", "inactive", 3, 3)
    assert one["money"] == {"USD": Decimal(35), "EUR": Decimal(7)}


def test_files_and_documents_that_name_the_same_record_are_one_cause_and_what_blocks_most_comes_first() -> None:
    troubles = _troubles(
        ("intacct_classes", "HW", "crosswalks/classes.csv", "Hardware", "renamed", "HARD"),
        ("intacct_departments", "100", "crosswalks/departments.csv", "Field Sales", "inactive", None),
    )
    first, second = causes(troubles, _kept(_line("1", "a", "30")))
    assert (first["subject"], first["named_in"]) == ("DEPARTMENT 100", ["crosswalks/departments.csv: Field Sales"])
    assert [row["line_id"] for row in first["blocked"]] == ["a"]
    assert (second["subject"], second["became"], second["orders"], second["money"]) == ("CLASS HW", "HARD", 0, {})

"""How results are told: tables for people, exact text for programs."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sf_intacct.cli.output import answer, counted, money, table, tell


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_program_gets_money_as_text_and_time_as_iso_8601(capsys: pytest.CaptureFixture[str]) -> None:
    told = {"money": Decimal("0.10"), "day": date(2026, 3, 17), "at": datetime(2026, 3, 17, 9, tzinfo=UTC), "who": "Å"}
    tell(told, True, lambda: None)
    printed = _printed(capsys)
    assert json.loads(printed) == {
        "money": "0.10",
        "day": "2026-03-17",
        "at": "2026-03-17T09:00:00+00:00",
        "who": "Å",
    }
    assert "Å" in printed


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_no_cent_is_lost_on_a_table(amount: Decimal) -> None:
    assert Decimal(money(amount).replace(",", "")) == amount


def test_a_table_shows_amounts_with_cents_and_counts_with_thousands(capsys: pytest.CaptureFixture[str]) -> None:
    table("Sums", ("what", "n", "amount", "so"), [("a", 12345, Decimal(1000), True), ("b", 1, None, False)], ["amount"])
    rows = [row.split() for row in _printed(capsys).splitlines() if row.strip()]
    assert rows == [
        ["Sums"],
        ["what", "n", "amount", "so"],
        ["a", "12,345", "1,000.00", "True"],
        ["b", "1", "False"],
    ]


def test_what_comes_from_records_is_never_read_as_a_style(capsys: pytest.CaptureFixture[str]) -> None:
    table("Names", ("name",), [("[bold]Ltd[/bold]",), ("[/]",)])
    printed = _printed(capsys)
    assert "[bold]Ltd[/bold]" in printed
    assert "[/]" in printed


def test_an_answer_that_fits_is_one_table_and_one_that_does_not_is_shown_row_by_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(("a", "b"), [("x", "y"), ("z", None)])
    assert [row.split() for row in _printed(capsys).splitlines()] == [["a", "b"], ["x", "y"], ["z"]]
    answer(("a", "b"), [("x" * 100, "y" * 100), ("z", "w")])
    rows = [row.split() for row in _printed(capsys).splitlines() if row.strip()]
    assert rows == [["a", "x" * 100], ["b", "y" * 100], ["a", "z"], ["b", "w"]]


@pytest.mark.parametrize(
    ("number", "thing", "said"),
    [(0, "record", "0 records"), (1, "record", "1 record"), (1200, "record", "1,200 records"), (2, "pass", "2 passes")],
)
def test_one_is_not_many(number: int, thing: str, said: str) -> None:
    assert counted(number, thing) == said


@pytest.mark.parametrize("thing", [("record", "records"), ("pass", "passes"), ("day", "days"), ("entity", "entities")])
def test_one_thing_and_several_are_said_as_people_say_them(thing: tuple[str, str]) -> None:
    assert (counted(1, thing[0]), counted(2_000, thing[0])) == (f"1 {thing[0]}", f"2,000 {thing[1]}")

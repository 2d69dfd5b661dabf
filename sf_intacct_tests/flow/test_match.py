"""Matching: by link, else by our mark, else by the record's own claim; a name alone is never a match."""

from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.match import NOW, TARGET, matched
from sf_intacct.flow.recognise import Recognised

Row = dict[str, str | None]


def _rows(*rows: Row) -> pl.DataFrame:
    empty: Row = {"source_id": "a1", "natural_key": "C-1", "claim": None, "linked_id": None}
    return pl.DataFrame([{**empty, **row} for row in rows], schema=dict.fromkeys(empty, pl.String))


def _heads(*heads: dict[str, Any]) -> pl.DataFrame:
    empty = {"target_version": "v1", "target_key": None, "target_mark": None, "target_is_void": False, "NAME": "Acme"}
    return pl.DataFrame([{**empty, **head} for head in heads], schema={**TARGET, "NAME": pl.String})


def _match(rows: Row | list[Row], *heads: dict[str, Any]) -> list[dict[str, Any]]:
    given = rows if isinstance(rows, list) else [rows]
    return matched(_rows(*given), _heads(*heads), ["NAME"]).to_dicts()


@pytest.mark.parametrize(
    ("row", "heads", "target"),
    [
        ({}, [], None),
        ({"linked_id": "7"}, [{"target_id": "7"}], "7"),
        ({}, [{"target_id": "7", "target_mark": "a1"}], "7"),
        ({"claim": "C-7"}, [{"target_id": "7", "target_key": "C-7"}], "7"),
        # the stronger evidence wins
        ({"linked_id": "7"}, [{"target_id": "7"}, {"target_id": "8", "target_mark": "a1"}], "7"),
        (
            {"claim": "C-8"},
            [{"target_id": "7", "target_mark": "a1"}, {"target_id": "8", "target_key": "C-8"}],
            "7",
        ),
        (
            {"linked_id": "7", "claim": "C-8"},
            [{"target_id": "7"}, {"target_id": "8", "target_key": "C-8"}],
            "7",
        ),
        # a link to something that was not observed leaves the others to speak
        ({"linked_id": "9"}, [{"target_id": "7", "target_mark": "a1"}], "7"),
        ({"linked_id": "9"}, [], None),
        # a mark or a claim of somebody else is none
        ({}, [{"target_id": "7", "target_mark": "a2"}], None),
        ({"claim": "C-7"}, [{"target_id": "7", "target_key": "C-8"}], None),
        ({"claim": None}, [{"target_id": "7", "target_key": None}], None),
    ],
)
def test_the_counterpart_is_found_by_link_then_mark_then_claim(
    row: Row, heads: list[dict[str, Any]], target: str | None
) -> None:
    (found,) = _match(row, *heads)
    assert found["target_id"] == target
    assert found["target_version"] == ("v1" if target else None)
    assert found[f"{NOW}NAME"] == ("Acme" if target else None)


@pytest.mark.answers("K8")
def test_a_record_of_the_same_name_is_not_the_same_record() -> None:
    (found,) = _match({}, {"target_id": "7", "target_key": "C-1"})
    assert found["target_id"] is None
    assert found["named_by"] == "7"


@pytest.mark.parametrize(
    ("row", "heads", "named_by"),
    [
        ({"linked_id": "7"}, [{"target_id": "7", "target_key": "C-1"}], None),  # it is we who have the name
        ({"linked_id": "7"}, [{"target_id": "7", "target_key": "C-2"}], None),
        ({"linked_id": "7"}, [{"target_id": "7"}, {"target_id": "8", "target_key": "C-1"}], "8"),
        ({"natural_key": None}, [{"target_id": "7", "target_key": None}], None),
    ],
)
def test_a_name_that_another_record_has_is_told(row: Row, heads: list[dict[str, Any]], named_by: str | None) -> None:
    (found,) = _match(row, *heads)
    assert found["named_by"] == named_by


def test_what_is_there_keeps_its_name_and_only_what_we_make_gets_ours() -> None:
    (found,) = _match({"linked_id": "7"}, {"target_id": "7", "target_key": "Old name"})
    assert found["natural_key"] == "Old name"
    (found,) = _match({"linked_id": "7"}, {"target_id": "7", "target_key": None})
    assert found["natural_key"] == "C-1"
    (found,) = _match({})
    assert found["natural_key"] == "C-1"


def test_two_records_with_our_mark_are_one_match_and_never_two_rows() -> None:
    found = _match({}, {"target_id": "7", "target_mark": "a1"}, {"target_id": "8", "target_mark": "a1"})
    assert [row["target_id"] for row in found] == ["7"]


def test_every_record_keeps_its_own_counterpart_and_its_place() -> None:
    rows: list[Row] = [{"source_id": "b", "natural_key": "C-B"}, {"source_id": "a", "natural_key": "C-A"}]
    found = _match(rows, {"target_id": "1", "target_mark": "a"}, {"target_id": "2", "target_mark": "b", "NAME": "Beta"})
    assert [(row["source_id"], row["target_id"], row[f"{NOW}NAME"]) for row in found] == [
        ("b", "2", "Beta"),
        ("a", "1", "Acme"),
    ]


def test_whether_it_was_taken_back_comes_with_the_counterpart() -> None:
    (found,) = _match({"linked_id": "7"}, {"target_id": "7", "target_is_void": True})
    assert found["target_is_void"] is True
    (found,) = _match({})
    assert found["target_is_void"] is None


def test_nothing_on_the_other_side_leaves_every_record_as_it_is() -> None:
    rows = _rows({}, {"source_id": "a2"})
    assert matched(rows, _heads(), ["NAME"]).select(rows.columns).equals(rows)


def test_a_second_key_counts_when_nothing_else_does_and_only_for_what_is_there() -> None:
    pairs = pl.DataFrame({"source_id": ["a1"], "target_id": ["7"]})
    heads = _heads({"target_id": "7"}, {"target_id": "8", "target_mark": "a1"})
    keyed = Recognised(keyed=pairs)
    assert matched(_rows({}), heads, ["NAME"], keyed)["target_id"].to_list() == ["8"]
    assert matched(_rows({}), heads[:1], ["NAME"], keyed)["target_id"].to_list() == ["7"]
    assert matched(_rows({}), _heads({"target_id": "8"}), ["NAME"], keyed)["target_id"].to_list() == [None]


def test_what_a_person_called_different_is_matched_neither_by_mark_nor_by_claim() -> None:
    different = Recognised(different=pl.DataFrame({"source_id": ["a1"], "target_id": ["7"]}))
    heads = _heads({"target_id": "7", "target_mark": "a1", "target_key": "C-7"})
    rows: list[Row] = [{}, {"claim": "C-7"}]
    for row in rows:
        assert matched(_rows(row), heads, ["NAME"], different)["target_id"].to_list() == [None]
    assert matched(_rows({"source_id": "a2", "claim": "C-7"}), heads, ["NAME"], different)["target_id"].to_list() == [
        "7"
    ]

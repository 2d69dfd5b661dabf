"""Differences: field by field, nothing is a value too, and lines are told apart by the source line they carry."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow import taxes
from sf_intacct.flow.differences import DIFFERENCES, differences, told
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.match import NOW

Texts = dict[str, str | None]
FIELDS = {
    "RECORDID": {"value": "a", "mode": "create_only"},
    "NAME": {"value": "b"},
    "TERMNAME": {"lookup": "terms", "of": "c", "otherwise": "omit"},
    "CUSTOMERID": {"link": "account_to_customer", "of": "d"},
    "TAXID": {"value": "e", "owner": "intacct"},
    "URL": {"value": "f", "mode": "sync_once"},
}
LINES = {
    "each": "salesforce_order_items",
    "order_by": "order_item_number",
    "identity": "LINE_ID",
    "fields": {
        "LINE_ID": {"value": "a"},
        "AMOUNT": {"value": "b"},
        "ACCOUNTNO": {"value": "c", "mode": "create_only"},
        "CLASSID": {"lookup": "classes", "of": "d", "otherwise": "omit"},
    },
}
MAPPING = Mapping.model_validate(
    {
        "crossing": "order_to_invoice",
        "says": "An order becomes an invoice.",
        "from": "salesforce_orders",
        "to": "intacct.ARINVOICE",
        "identity": "RECORDID",
        "fields": FIELDS,
        "lines": LINES,
    }
)
SAME: Texts = {
    "RECORDID": "SO-1",
    "NAME": "Acme",
    "TERMNAME": "N30",
    "CUSTOMERID": "C-1",
    "TAXID": "T1",
    "URL": "u",
}
LINE = {"LINE_ID": "l1", "AMOUNT": "10.00", "ACCOUNTNO": "4000", "CLASSID": "HW"}


def _row(ours: Texts, theirs: Texts, source: str = "o1", target: str | None = "7") -> Texts:
    return {
        "source_id": source,
        "target_id": target,
        **SAME,
        **ours,
        **{f"{NOW}{k}": v for k, v in {**SAME, **theirs}.items()},
    }


def _frame(owner: str, lines: list[tuple[str, Texts]]) -> pl.DataFrame:
    schema = dict.fromkeys([owner, *LINE], pl.String)
    return pl.DataFrame([{owner: key, **LINE, **line} for key, line in lines], schema=schema)


def _differences(
    *rows: Texts, ours: list[tuple[str, Texts]] | None = None, theirs: list[tuple[str, Texts]] | None = None
) -> pl.DataFrame:
    heads = pl.DataFrame(list(rows), schema=dict.fromkeys(_row({}, {}), pl.String))
    return differences(
        MAPPING,
        heads,
        _frame("source_id", [("o1", {})] if ours is None else ours),
        _frame("target_id", [("7", {})] if theirs is None else theirs),
    )


def _changes(found: pl.DataFrame) -> list[tuple[str | None, ...]]:
    assert found.height <= 1
    return [tuple(change.values()) for row in found.to_dicts() for change in told(row["changes"])]


# Fields


@pytest.mark.parametrize(
    ("ours", "theirs", "changes"),
    [
        ({}, {}, []),
        ({"NAME": "Beta"}, {}, [("NAME", "Acme", "Beta")]),
        ({"NAME": None}, {}, [("NAME", "Acme", None)]),  # nothing means: clear it
        ({}, {"NAME": None}, [("NAME", None, "Acme")]),
        ({"NAME": None}, {"NAME": None}, []),
        ({"NAME": "acme"}, {}, [("NAME", "Acme", "acme")]),
        ({"NAME": " Acme"}, {}, [("NAME", "Acme", " Acme")]),
        ({"RECORDID": "SO-2"}, {}, []),  # create_only: the other side owns it
        ({"TERMNAME": None}, {}, []),  # a lookup that was left out has no opinion
        ({"TERMNAME": "N60"}, {}, [("TERMNAME", "N30", "N60")]),
        ({}, {"TERMNAME": None}, [("TERMNAME", None, "N30")]),
        ({"CUSTOMERID": None}, {}, [("CUSTOMERID", "C-1", None)]),  # a required link has
        ({"TAXID": "T2"}, {}, []),  # the books' own: whatever we would say
        ({"URL": "w"}, {}, []),  # said once, and there
        ({}, {"URL": None}, [("URL", None, "u")]),  # not there yet
        ({"URL": None}, {"URL": None}, []),
        ({"NAME": "B", "CUSTOMERID": "C-2"}, {}, [("NAME", "Acme", "B"), ("CUSTOMERID", "C-1", "C-2")]),
    ],
)
def test_a_field_differs_or_does_not(ours: Texts, theirs: Texts, changes: list[tuple[str | None, ...]]) -> None:
    found = _differences(_row(ours, theirs))
    assert _changes(found) == changes
    assert found["changed"].to_list() == ([[change[0] for change in changes]] if changes else [])
    assert dict(found.schema) == dict(DIFFERENCES)


def test_what_is_not_there_yet_does_not_differ() -> None:
    assert _differences(_row({"NAME": "Beta"}, {}, target=None)).is_empty()


def test_only_records_that_differ_are_told() -> None:
    rows = [_row({}, {}, "o1", "7"), _row({"NAME": "B"}, {}, "o2", "8"), _row({"NAME": "C"}, {}, "o3", "9")]
    found = _differences(*rows, ours=[("o1", {}), ("o2", {}), ("o3", {})], theirs=[("7", {}), ("8", {}), ("9", {})])
    assert found["source_id"].to_list() == ["o2", "o3"]
    assert [told(changes) for changes in found["changes"]] == [
        [{"field": "NAME", "before": "Acme", "after": "B"}],
        [{"field": "NAME", "before": "Acme", "after": "C"}],
    ]


@settings(max_examples=60)
@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_is_told_as_it_stands(before: str, after: str) -> None:
    found = _changes(_differences(_row({"NAME": after}, {"NAME": before})))
    assert found == ([("NAME", before, after)] if before != after else [])


# Lines


@pytest.mark.parametrize(
    ("ours", "theirs", "changes"),
    [
        ([{}], [{}], []),
        ([{"AMOUNT": "10.01"}], [{}], [("line AMOUNT", "10.00", "10.01")]),
        ([{"AMOUNT": None}], [{}], [("line AMOUNT", "10.00", None)]),
        ([{"ACCOUNTNO": "4100"}], [{}], []),  # create_only
        ([{"CLASSID": None}], [{}], []),  # left out
        ([{"CLASSID": "SW"}], [{}], [("line CLASSID", "HW", "SW")]),
        ([{}, {"LINE_ID": "l2"}], [{}], [("line l2", "(no such line)", "(line)")]),
        ([{}], [{}, {"LINE_ID": "l2"}], [("line l2", "(line)", "(no such line)")]),
        ([{}], [{}, {"LINE_ID": None}], [("line without a source", "(line)", "(no such line)")]),
        ([], [{}], [("line l1", "(line)", "(no such line)")]),
        ([{}], [], [("line l1", "(no such line)", "(line)")]),
        ([], [], []),
    ],
)
def test_lines_are_the_same_when_they_carry_the_same_source_line(
    ours: list[Texts], theirs: list[Texts], changes: list[tuple[str | None, ...]]
) -> None:
    found = _differences(_row({}, {}), ours=[("o1", line) for line in ours], theirs=[("7", line) for line in theirs])
    assert _changes(found) == changes
    assert found["changed"].to_list() == ([[]] if changes else [])  # no field of the head is to be written


def test_lines_in_another_order_are_the_same_lines() -> None:
    three: list[Texts] = [{"LINE_ID": name, "AMOUNT": amount} for name, amount in [("x", "1"), ("y", "2"), ("z", "3")]]
    found = _differences(
        _row({}, {}), ours=[("o1", line) for line in three], theirs=[("7", line) for line in three[::-1]]
    )
    assert found.is_empty()


def test_lines_of_other_documents_are_nobodys_business() -> None:
    rows = [_row({}, {}, "o1", "7"), _row({}, {}, "o2", "8")]
    found = _differences(
        *rows,
        ours=[("o1", {}), ("o2", {"AMOUNT": "9"}), ("o3", {})],
        theirs=[("7", {}), ("8", {}), ("9", {})],
    )
    assert found["source_id"].to_list() == ["o2"]


def test_head_and_lines_are_told_together() -> None:
    found = _differences(_row({"NAME": "B"}, {}), ours=[("o1", {"AMOUNT": "9"})], theirs=[("7", {})])
    assert found["changed"].to_list() == [["NAME"]]
    assert _changes(found) == [("NAME", "Acme", "B"), ("line AMOUNT", "10.00", "9")]


def test_lines_we_have_not_seen_say_nothing() -> None:
    heads = pl.DataFrame([_row({}, {})], schema=dict.fromkeys(_row({}, {}), pl.String))
    assert differences(MAPPING, heads, _frame("source_id", [("o1", {})]), None).is_empty()
    assert differences(MAPPING, heads, None, _frame("target_id", [])).is_empty()


@pytest.mark.parametrize("changes", ["", "[]"])
def test_no_changes_are_an_empty_list(changes: Any) -> None:
    assert told(changes) == []


@pytest.mark.parametrize(
    ("says", "expected", "there", "told_"),
    [
        (None, "2.00", "2.00", None),
        (None, "2.00", "2.50", ("2.50", "2.00")),
        ("2.00", "2.00", "1.00", ("1.00", "2.00")),
        (None, "2.00", None, None),
        (None, None, "2.00", None),
    ],
)
def test_a_tax_differs_from_what_was_said_or_else_from_its_rate(
    says: str | None, expected: str | None, there: str | None, told_: tuple[str, str] | None
) -> None:
    tax = {"detail": "CLASSID", "amount": "TAX", "net": "AMOUNT"}
    fields = {**LINES["fields"], "TAX": {"value": "e"}}  # type: ignore[dict-item]
    taxed = MAPPING.model_copy(
        update={
            "lines": Mapping.model_validate(
                {
                    **MAPPING.model_dump(by_alias=True, exclude={"lines"}),
                    "lines": {**LINES, "fields": fields, "tax": tax},
                }
            ).lines
        }
    )
    rows = pl.DataFrame([_row({}, {})], schema_overrides=dict.fromkeys(FIELDS, pl.String))
    ours = pl.DataFrame([{"source_id": "o1", **LINE, "TAX": says, taxes.EXPECTED: expected}])
    theirs = pl.DataFrame([{"target_id": "7", **LINE, "TAX": there}])
    text = dict.fromkeys(("TAX", taxes.EXPECTED), pl.String)
    found = differences(
        taxed, rows, ours.cast({k: v for k, v in text.items() if k in ours.columns}), theirs.cast({"TAX": pl.String})
    )
    changes = [(one["before"], one["after"]) for row in found["changes"] for one in told(row)]
    assert changes == ([told_] if told_ else [])

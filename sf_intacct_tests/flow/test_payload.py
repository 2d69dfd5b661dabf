"""Payloads: canonical text of what a write says, and a hash of the part that is kept in step."""

import json
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import no_findings
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.payload import update_payload, with_payload
from sf_intacct.flow.scope import NEEDS

MAPPING = Mapping.model_validate(
    {
        "crossing": "order_to_invoice",
        "says": "An order becomes an invoice.",
        "from": "salesforce_orders",
        "to": "intacct.ARINVOICE",
        "identity": "RECORDID",
        "fields": {
            "RECORDID": {"value": "a", "mode": "create_only"},
            "CUSTOMERID": "b",
            "DISPLAYCONTACT.MAILADDRESS.CITY": "c",
        },
        "lines": {
            "each": "salesforce_order_items",
            "order_by": "order_item_number",
            "identity": "SALESFORCE_LINE_ID",
            "fields": {"TRX_AMOUNT": "a", "SALESFORCE_LINE_ID": "b"},
        },
    }
)
FIELDS = list(MAPPING.fields)
texts = st.none() | st.text(max_size=12)


def _evaluated(head: tuple[str | None, ...], *lines: tuple[str | None, str | None]) -> Evaluated:
    columns = dict.fromkeys(["source_id", "entity", *FIELDS], pl.String)
    heads = pl.DataFrame([("o1", None, *head)], schema=columns, orient="row")
    items = pl.DataFrame(
        [("o1", *line) for line in lines],
        schema=dict.fromkeys(["source_id", "TRX_AMOUNT", "SALESFORCE_LINE_ID"], pl.String),
        orient="row",
    )
    return Evaluated(heads, items, no_findings(), pl.DataFrame(schema=NEEDS))


def _said(head: tuple[str | None, ...], *lines: tuple[str | None, str | None]) -> dict[str, Any]:
    (row,) = with_payload(MAPPING, _evaluated(head, *lines)).to_dicts()
    return row


def test_a_payload_is_compact_json_in_the_order_of_the_mapping() -> None:
    said = _said(("SO-1", "C-1", "Łódź"), ("10.00", "l1"), ("0.50", "l2"))
    assert said["payload"] == (
        '{"fields":{"RECORDID":"SO-1","CUSTOMERID":"C-1","DISPLAYCONTACT.MAILADDRESS.CITY":"Łódź"},'
        '"lines":[{"TRX_AMOUNT":"10.00","SALESFORCE_LINE_ID":"l1"},{"TRX_AMOUNT":"0.50","SALESFORCE_LINE_ID":"l2"}]}'
    )


def test_the_same_document_in_another_entity_is_said_otherwise() -> None:
    evaluated = _evaluated(("SO-1", "C-1", "x"))
    there = replace(evaluated, heads=evaluated.heads.with_columns(entity=pl.lit("UK")))
    one, other = with_payload(MAPPING, evaluated).to_dicts()[0], with_payload(MAPPING, there).to_dicts()[0]
    assert one["wording_hash"] != other["wording_hash"]
    assert (one["payload"], one["content_hash"]) == (other["payload"], other["content_hash"])


@settings(max_examples=60)
@given(st.tuples(texts, texts, texts), st.lists(st.tuples(texts, texts), max_size=3))
def test_a_payload_says_exactly_what_was_mapped_whatever_the_characters(
    head: tuple[str | None, ...], lines: list[tuple[str | None, str | None]]
) -> None:
    assert json.loads(_said(head, *lines)["payload"]) == {
        "fields": dict(zip(FIELDS, head, strict=True)),
        "lines": [dict(zip(["TRX_AMOUNT", "SALESFORCE_LINE_ID"], line, strict=True)) for line in lines],
    }


def test_an_order_without_lines_says_so() -> None:
    assert json.loads(_said(("SO-1", "C-1", None))["payload"])["lines"] == []


def test_equal_documents_have_equal_texts_and_equal_hashes() -> None:
    one, other = _said(("SO-1", "C-1", "x"), ("1.00", "l1")), _said(("SO-1", "C-1", "x"), ("1.00", "l1"))
    assert (one["payload"], one["content_hash"]) == (other["payload"], other["content_hash"])


@pytest.mark.parametrize(
    ("head", "lines", "moves"),
    [
        (("SO-2", "C-1", "x"), [("1.00", "l1")], False),  # create_only: the target owns it afterwards
        (("SO-1", "C-2", "x"), [("1.00", "l1")], True),
        (("SO-1", "C-1", None), [("1.00", "l1")], True),
        (("SO-1", "C-1", "x"), [("1.01", "l1")], True),
        (("SO-1", "C-1", "x"), [("1.00", "l2")], True),
        (("SO-1", "C-1", "x"), [], True),
        (("SO-1", "C-1", "x"), [("1.00", "l1"), ("1.00", "l1")], True),
    ],
)
def test_the_content_hash_moves_with_what_is_kept_in_step(
    head: tuple[str | None, ...], lines: list[tuple[str | None, str | None]], moves: bool
) -> None:
    before = _said(("SO-1", "C-1", "x"), ("1.00", "l1"))
    after = _said(head, *lines)
    assert (after["content_hash"] != before["content_hash"]) is moves
    assert after["payload"] != before["payload"]


@pytest.mark.answers("E17")
def test_nothing_is_not_the_text_null() -> None:
    assert _said(("SO-1", "C-1", None))["content_hash"] != _said(("SO-1", "C-1", "null"))["content_hash"]


def test_a_mapping_that_keeps_nothing_in_step_still_has_a_hash() -> None:
    fields = {"ITEMID": {"value": "a", "mode": "create_only"}}
    source = {"crossing": "c", "says": "s", "from": "f", "to": "intacct.ITEM", "identity": "ITEMID", "fields": fields}
    heads = pl.DataFrame({"source_id": ["p1", "p2"], "entity": [None, None], "ITEMID": ["A", "B"]})
    evaluated = Evaluated(heads, None, no_findings(), pl.DataFrame(schema=NEEDS))
    rows = with_payload(Mapping.model_validate(source), evaluated)
    assert rows["payload"].to_list() == ['{"fields":{"ITEMID":"A"},"lines":[]}', '{"fields":{"ITEMID":"B"},"lines":[]}']
    assert rows["content_hash"].null_count() == 0


def test_records_keep_their_order_and_their_own_lines() -> None:
    heads = pl.DataFrame(
        [("o2", None, "2", "b", None), ("o1", None, "1", "a", None)],
        schema=dict.fromkeys(["source_id", "entity", *FIELDS], pl.String),
        orient="row",
    )
    lines = pl.DataFrame({"source_id": ["o1", "o2"], "TRX_AMOUNT": ["1.00", "2.00"], "SALESFORCE_LINE_ID": ["x", "y"]})
    rows = with_payload(MAPPING, Evaluated(heads, lines, no_findings(), pl.DataFrame(schema=NEEDS)))
    said = [json.loads(payload) for payload in rows["payload"]]
    assert [(one["fields"]["RECORDID"], one["lines"][0]["TRX_AMOUNT"]) for one in said] == [
        ("2", "2.00"),
        ("1", "1.00"),
    ]


# Updates


def test_an_update_says_what_changes_and_nothing_else() -> None:
    """The record is addressed by its id: repeating its name could only rename it."""
    desired = {"RECORDID": "SO-1", "CUSTOMERID": "C-2", FIELDS[2]: None}
    said = '{"fields":{"DISPLAYCONTACT.MAILADDRESS.CITY":null,"CUSTOMERID":"C-2"},"lines":[]}'
    assert update_payload(desired, [FIELDS[2], "CUSTOMERID"]) == said


@given(texts)
def test_an_update_carries_any_text(value: str | None) -> None:
    said = json.loads(update_payload({"RECORDID": "SO-1", "CUSTOMERID": value}, ["CUSTOMERID"]))
    assert said == {"fields": {"CUSTOMERID": value}, "lines": []}

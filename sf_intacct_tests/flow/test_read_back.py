"""What a document holds when it is read back for the first time: all that we said, or a person is told what is not."""

import json
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.decide import HISTORY, OtherSide, Planned, Step, decide
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import FINDINGS
from sf_intacct.flow.judging import with_kept_hash
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.match import TARGET
from sf_intacct.flow.payload import with_payload
from sf_intacct.flow.scope import NEEDS

MAPPING = Mapping.model_validate(
    {
        "crossing": "order_to_invoice",
        "says": "An order becomes an invoice.",
        "from": "salesforce_orders",
        "to": "intacct.ARINVOICE",
        "identity": "RECORDID",
        "when_changed": "hold",
        "fields": {
            "RECORDID": {"value": "order_number", "mode": "create_only"},
            "DOCNUMBER": "po_number",
            "TERMNAME": {"value": "terms", "mode": "create_only"},
        },
        "lines": {
            "each": "salesforce_order_items",
            "identity": "SALESFORCE_LINE_ID",
            "order_by": "order_item_number",
            "fields": {
                "SALESFORCE_LINE_ID": {"value": "order_item_id", "mode": "create_only"},
                "AMOUNT": "total_price",
                "ACCOUNTNO": {"value": "account", "mode": "create_only"},
                "CLASSID": {"value": "class", "mode": "create_only"},
            },
        },
    }
)
HEAD: dict[str, str | None] = {"RECORDID": "SO-1", "DOCNUMBER": "PO-1", "TERMNAME": "Net 30"}
LINE: dict[str, str | None] = {
    "SALESFORCE_LINE_ID": "L1", "AMOUNT": "10.00", "ACCOUNTNO": "4000", "CLASSID": None
}  # fmt: skip


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, pl.String())


def planned(head: dict[str, str | None], line: dict[str, str | None], **known: Any) -> Planned:
    """The plan after Intacct has stored this head and this line of what we said."""
    ours = {
        "source_id": "o1", "label": "1", "source_version": "v1", "natural_key": "SO-1", "claim": None, "currency": None,
        "entity": None, "source_hash": "s", "fixed_hash": "f", **HEAD,
    }  # fmt: skip
    heads = pl.DataFrame([ours], schema=_texts(*ours)).with_columns(amount=pl.lit(None, pl.Decimal(18, 3)))
    lines = pl.DataFrame([{"source_id": "o1", **LINE}], schema=_texts("source_id", *LINE))
    evaluated = Evaluated(heads, lines, pl.DataFrame(schema=FINDINGS), pl.DataFrame(schema=NEEDS))
    said = with_kept_hash(MAPPING, with_payload(MAPPING, evaluated), lines).row(0, named=True)
    history = {
        "source_id": "o1", "linked_id": "7", "known_hash": said["content_hash"], "known_wording": said["wording_hash"],
        "said_hash": said["kept_hash"], "known_version": None, "known_source_hash": "s", "known_fixed_hash": "f",
        "is_same_mapping": True, "is_verified": False, "is_gone": False, **known,
    }  # fmt: skip
    there = {"target_id": "7", "target_version": "v2", "target_key": "SO-1", "target_is_void": False, **head}
    other = OtherSide(
        heads=pl.DataFrame([there], schema={**TARGET, **_texts(*HEAD)}),
        lines=pl.DataFrame([{"target_id": "7", **line}], schema=_texts("target_id", *LINE)),
        history=pl.DataFrame([history], schema=HISTORY),
    )
    return decide(MAPPING, evaluated, other)


def told(plan: Planned) -> list[tuple[str, str | None, str | None]]:
    """Field, stored, said; of what a person is told was not stored."""
    (row,) = plan.rows.to_dicts()
    assert (row["step"], row["cause"]) == (Step.HELD.value, "not_stored")
    assert plan.verified == []
    (finding,) = plan.findings.to_dicts()
    return [(one["field"], one["before"], one["after"]) for one in json.loads(finding["seen"])]


def test_what_holds_all_that_we_said_is_verified() -> None:
    plan = planned(HEAD, LINE)
    assert plan.verified == ["o1"]
    assert plan.rows["step"].to_list() == [Step.UNCHANGED.value]


@pytest.mark.parametrize("stored", [None, "Net 60"])
def test_a_value_of_the_head_that_was_dropped_or_changed_is_told(stored: str | None) -> None:
    assert told(planned({**HEAD, "TERMNAME": stored}, LINE)) == [("TERMNAME", stored, "Net 30")]
    assert told(planned({**HEAD, "DOCNUMBER": stored}, LINE)) == [("DOCNUMBER", stored, "PO-1")]


@pytest.mark.parametrize("stored", [None, "4999"])
def test_the_coding_of_a_line_that_was_dropped_or_changed_is_told(stored: str | None) -> None:
    """A wrong coding is as bad as a wrong amount, though it is fixed when the document is made."""
    assert told(planned(HEAD, {**LINE, "ACCOUNTNO": stored})) == [("line ACCOUNTNO", stored, "4000")]


def test_what_we_did_not_say_is_the_other_sides_to_choose() -> None:
    assert planned(HEAD, {**LINE, "CLASSID": "HW"}).verified == ["o1"]


def test_it_is_asked_once_and_later_changes_by_hand_of_what_is_fixed_are_left_alone() -> None:
    recoded = {**LINE, "ACCOUNTNO": "4999"}
    assert planned(HEAD, recoded, is_verified=True).rows["step"].to_list() == [Step.UNCHANGED.value]
    assert planned(HEAD, recoded, known_version="v1").verified == ["o1"], "an update says nothing of what is fixed"


def test_a_document_that_another_wording_made_is_not_held_against_todays() -> None:
    assert planned(HEAD, {**LINE, "ACCOUNTNO": "4999"}, known_wording="another").verified == ["o1"]

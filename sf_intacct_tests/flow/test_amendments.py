"""The table of amendments: every row of it through the very decision that the plan makes, and the laws it keeps."""

from itertools import product
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.amendments import CHANGES, ENDS, STAGES, Change, Outcome, Policy, Ruling, Stage, ruling, weightiest
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.decide import HISTORY, OtherSide, Planned, Step, decide
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import no_findings
from sf_intacct.flow.judging import ended, with_kept_hash
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.match import TARGET
from sf_intacct.flow.payload import with_payload
from sf_intacct.flow.scope import NEEDS

CELLS = list(product(Policy, Change, Stage))
HEAD = ("RECORDID", "CUSTOMERID", "CURRENCY", "DOCNUMBER", "BILLTOPAYTOCONTACTNAME")
LINE = ("TRX_AMOUNT", "DEPARTMENTID", "SALESFORCE_LINE_ID")
WAS = {"RECORDID": "SO-1", "CUSTOMERID": "C-1", "CURRENCY": "USD", "DOCNUMBER": "PO 1", "BILLTOPAYTOCONTACTNAME": "Ada"}
LINES = [{"TRX_AMOUNT": "10.00", "DEPARTMENTID": "100", "SALESFORCE_LINE_ID": "l1"}]
# What each change makes of the document: fields of the head, and lines.
SAYS: dict[Change, tuple[dict[str, str | None], list[dict[str, str]]]] = {
    Change.NOTHING: ({}, LINES),
    Change.RULE: ({"DOCNUMBER": "PO 2"}, LINES),
    Change.HEADER: ({"DOCNUMBER": "PO 2"}, LINES),
    Change.CODING: ({}, [{**LINES[0], "DEPARTMENTID": "200"}]),
    Change.AMOUNT: ({}, [{**LINES[0], "TRX_AMOUNT": "9.00"}]),
    Change.LINES: ({}, [*LINES, {**LINES[0], "SALESFORCE_LINE_ID": "l2"}]),
    Change.FIXED: ({"BILLTOPAYTOCONTACTNAME": "Bo"}, LINES),
    Change.EMPTIED: ({"DOCNUMBER": None}, LINES),
    Change.PARTY: ({"CUSTOMERID": "C-2"}, LINES),
    Change.CURRENCY: ({"CURRENCY": "EUR"}, LINES),
}


def _mapping(policy: Policy) -> Mapping:
    return Mapping.model_validate(
        {
            "crossing": "order_to_invoice",
            "says": "An order becomes an invoice.",
            "from": "salesforce_orders",
            "to": "intacct.ARINVOICE",
            "identity": "RECORDID",
            "when_changed": "hold",
            "amendments": policy.value,
            "fields": {
                "RECORDID": {"value": "order_number", "mode": "create_only"},
                "CUSTOMERID": "account_id",
                "CURRENCY": "po_number",
                "DOCNUMBER": "po_number",
                "BILLTOPAYTOCONTACTNAME": {"value": "bill_to_contact_id", "mode": "create_only"},
            },
            "lines": {
                "each": "salesforce_order_items",
                "order_by": "order_item_number",
                "identity": "SALESFORCE_LINE_ID",
                "fields": {
                    "TRX_AMOUNT": "total_price",
                    "DEPARTMENTID": "description",
                    "SALESFORCE_LINE_ID": "order_id",
                },
            },
        }
    )


def _evaluated(head: dict[str, str | None], lines: list[dict[str, str]], source: str, fixed: str) -> Evaluated:
    known = {"source_id": "o1", "label": "1", "source_version": "2026-11-25T08:00:00.000000Z", "natural_key": "SO-1"}
    row = {
        **known,
        "claim": None,
        "currency": "USD",
        "entity": None,
        "source_hash": source,
        "fixed_hash": fixed,
        **WAS,
        **head,
    }
    heads = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)).with_columns(
        amount=pl.lit(None, pl.Decimal(18, 2))
    )
    items = pl.DataFrame(
        [{"source_id": "o1", **one} for one in lines], schema=dict.fromkeys(("source_id", *LINE), pl.String)
    )
    return Evaluated(heads, items, no_findings(), pl.DataFrame(schema=NEEDS))


def _history(mapping: Mapping, change: Change, stage: Stage, now: dict[str, Any]) -> dict[str, Any]:
    """What the journal knows of a document that said WAS and LINES."""
    was = _evaluated({}, LINES, "was", "was")
    said = with_kept_hash(mapping, with_payload(mapping, was), was.lines).row(0, named=True)
    known = {
        "source_id": "o1",
        "linked_id": "7",
        "known_hash": said["content_hash"],
        "known_wording": said["wording_hash"],
        "known_source_hash": "was",
        "known_fixed_hash": "was",
        "said_hash": said["kept_hash"],
        "is_same_mapping": change is not Change.RULE,
        "is_verified": True,
        "may_retry": False,
        "is_gone": stage is Stage.GONE,
    }
    match stage:
        case Stage.ABSENT:
            return {"source_id": "o1"}
        case Stage.UNCERTAIN:
            return {**known, "state": "uncertain"}
        case Stage.UNREAD:
            return {**known, "is_verified": False}
        case Stage.NOT_STORED:
            return {**known, "is_verified": False, "known_hash": now["content_hash"]}
        case Stage.CLOSED:
            refused = {"refusal_code": "BL03000130", "refusal": "Periods are closed in AR (09/30/2026)"}
            return {**known, "state": "refused", "known_wording": now["wording_hash"], **refused}
    return known


def _books(stage: Stage, change: Change) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if stage in (Stage.ABSENT, Stage.GONE):
        return [], []
    if stage is Stage.UNREAD and change in (Change.NOTHING, Change.FIXED):
        return [], []
    words = {Stage.DRAFT: "draft", Stage.PARTLY_PAID: "partly_paid", Stage.PAID: "paid"}
    head: dict[str, Any] = {
        **WAS,
        "target_id": "7",
        "target_version": None if stage is Stage.UNREAD else "v2",
        "target_key": "SO-1",
    }
    head |= {"target_is_void": stage is Stage.VOID, "target_stage": words.get(stage, "open")}
    if stage is Stage.EDITED or (stage is Stage.NOT_STORED):
        head["CURRENCY"] = "by hand"
    return [head], [{**one, "target_id": "7"} for one in LINES]


def _planned(policy: Policy, change: Change, stage: Stage) -> Planned:
    mapping = _mapping(policy)
    head, lines = SAYS[change]
    moved = change not in (Change.NOTHING, Change.RULE)
    evaluated = _evaluated(head, lines, "now" if moved else "was", "now" if change is Change.FIXED else "was")
    now = with_kept_hash(mapping, with_payload(mapping, evaluated), evaluated.lines).row(0, named=True)
    heads, items = _books(stage, change)
    other = OtherSide(
        heads=pl.DataFrame(heads, schema={**TARGET, **dict.fromkeys(HEAD, pl.String)}),
        lines=pl.DataFrame(items, schema={"target_id": pl.String, **dict.fromkeys(LINE, pl.String)}),
        history=pl.DataFrame([_history(mapping, change, stage, now)], schema=HISTORY),
    )
    return decide(mapping, evaluated, other)


STEPS = {
    Outcome.NOTHING: (Step.UNCHANGED, None),
    Outcome.CREATE: (Step.SEND, "create"),
    Outcome.UPDATE: (Step.SEND, "update"),
    Outcome.WAIT: (Step.UNDER_WAY, None),
    Outcome.HOLD: (Step.HELD, None),
}


def _is_reached(change: Change, stage: Stage) -> bool:
    """What cannot be: a document that differs from its unchanged source was edited; a new rule hides that."""
    if change is Change.NOTHING:
        return stage not in (Stage.EDITED, Stage.NOT_STORED, Stage.CLOSED)
    if change is Change.RULE:
        return stage not in (Stage.EDITED, Stage.NOT_STORED)
    # What is fixed is not kept in step, so that it can be neither misstored nor edited.
    return change is not Change.FIXED or stage not in (Stage.EDITED, Stage.NOT_STORED, Stage.CLOSED)


ROWS = [(p, c, s) for p, c, s in CELLS if c not in ENDS and _is_reached(c, s)]


@pytest.mark.proves(9)
@pytest.mark.parametrize(("policy", "change", "stage"), ROWS, ids=lambda one: str(one))
def test_the_plan_does_what_the_table_says(policy: Policy, change: Change, stage: Stage) -> None:
    ruled = ruling(policy, change, stage)
    (row,) = _planned(policy, change, stage).rows.to_dicts()
    step, action = STEPS[ruled.outcome]
    if stage is Stage.CLOSED and ruled.cause == "period_closed":
        step = Step.REFUSED  # the refusal itself is what a person sees
    assert (row["step"], row["action"]) == (step.value, action)
    assert row["cause"] == (ruled.cause if step is Step.HELD else None)


# Where nothing was made nothing is judged. Of the last write of a source that ended the plan asks nothing.
_NOT_ASKED = (Stage.ABSENT, Stage.UNCERTAIN, Stage.UNREAD, Stage.NOT_STORED, Stage.CLOSED, Stage.EDITED)
ENDED = [(p, c, s) for p, c, s in CELLS if c in ENDS and s not in _NOT_ASKED]


@pytest.mark.proves(9)
@pytest.mark.parametrize(("policy", "change", "stage"), ENDED, ids=str)
@pytest.mark.answers("A20")
def test_a_source_that_ended_is_judged_by_the_table(policy: Policy, change: Change, stage: Stage) -> None:
    row = {
        "source_id": "o1",
        "target_stage": stage.value if stage in (Stage.DRAFT, Stage.OPEN, Stage.PARTLY_PAID, Stage.PAID) else None,
        "is_void": stage is Stage.VOID,
        "is_gone": stage is Stage.GONE,
        "is_deleted": change is Change.DELETED,
        "is_turned": change is Change.TURNED,
    }
    ruled = ruling(policy, change, stage)
    told = ended(_mapping(policy), pl.DataFrame([row], schema_overrides={"target_stage": pl.String}))
    assert told.select("outcome", "ruled").row(0) == (ruled.outcome.value, ruled.cause)


# Laws


def test_every_change_and_every_stage_has_words_and_every_cause_is_in_the_catalogue() -> None:
    assert (set(CHANGES), set(STAGES)) == (set(Change), set(Stage))
    assert {ruling(*cell).cause for cell in CELLS} - {None} <= set(CAUSES)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_only_a_hold_has_a_cause(cell: tuple[Policy, Change, Stage]) -> None:
    ruled = ruling(*cell)
    assert (ruled.cause is not None) == (ruled.outcome is Outcome.HOLD)


def test_nothing_is_sent_while_it_is_not_known_what_became_of_the_last_write() -> None:
    assert {ruling(p, c, Stage.UNCERTAIN) for p in Policy for c in Change} == {Ruling(Outcome.WAIT)}


def test_what_people_changed_in_the_books_is_never_written_over() -> None:
    assert {ruling(p, c, Stage.EDITED).outcome for p in Policy for c in Change} <= {Outcome.HOLD, Outcome.NOTHING}


def test_the_policy_hold_sends_nothing_after_the_document_was_made() -> None:
    made = [stage for stage in Stage if stage is not Stage.ABSENT]
    sent = {Outcome.CREATE, Outcome.UPDATE}
    assert not {ruling(Policy.HOLD, c, s).outcome for c in Change for s in made} & sent


def test_no_paid_document_is_updated() -> None:
    paid = (Stage.PARTLY_PAID, Stage.PAID, Stage.CLOSED, Stage.VOID, Stage.GONE)
    assert Outcome.UPDATE not in {ruling(p, c, s).outcome for p in Policy for c in Change for s in paid}


def _difference(field: str, before: str | None = "a", after: str | None = "b") -> dict[str, str | None]:
    return {"field": field, "before": before, "after": after}


@pytest.mark.parametrize(
    ("differences", "fixed", "change"),
    [
        ([], False, Change.NOTHING),
        ([_difference("DOCNUMBER")], False, Change.HEADER),
        ([_difference("line DEPARTMENTID"), _difference("DOCNUMBER")], False, Change.CODING),
        ([_difference("line QUANTITY"), _difference("line CLASSID")], False, Change.AMOUNT),
        ([_difference("line 8021", "(no such line)", "(line)"), _difference("line TRX_AMOUNT")], False, Change.LINES),
        ([_difference("line 8021", "(line)", "(no such line)")], False, Change.LINES),
        ([_difference("DOCNUMBER", "a", None), _difference("line TRX_AMOUNT")], False, Change.EMPTIED),
        ([_difference("line TRX_AMOUNT")], True, Change.FIXED),
        ([_difference("CUSTOMERID")], True, Change.PARTY),
        ([_difference("CURRENCY"), _difference("CUSTVENDID")], False, Change.CURRENCY),
    ],
)
def test_the_weightiest_change_counts(differences: list[dict[str, str | None]], fixed: bool, change: Change) -> None:
    assert weightiest(differences, fixed=fixed) is change

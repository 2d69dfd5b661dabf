"""Decisions: one step per record, a table of every case, and the laws that hold whatever the case."""

import json
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.decide import DECISIONS, HISTORY, PLAN, OtherSide, Planned, Step, decide
from sf_intacct.flow.decided import DECIDED
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import FINDINGS, findings
from sf_intacct.flow.judging import with_kept_hash
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.match import TARGET
from sf_intacct.flow.payload import with_payload
from sf_intacct.flow.scope import NEEDS
from sf_intacct.model.intent import State
from sf_intacct_tests.flow.frames import causes, finding

SAME = "what the newest intent said"  # stands for the content hash of the record as it is now
NOW = "source"  # what the source record itself says now


def _mapping(when_changed: str, creates: bool) -> Mapping:
    return Mapping.model_validate(
        {
            "crossing": "account_to_customer",
            "says": "An account becomes a customer.",
            "from": "salesforce_accounts",
            "to": "intacct.CUSTOMER",
            "identity": "CUSTOMERID",
            "entity": "region",
            "creates": creates,
            "when_changed": when_changed,
            "fields": {
                "CUSTOMERID": {"value": "account_number", "mode": "create_only"},
                "NAME": "name",
            },
        }
    )


# What we would say, what is there, and what the journal knows.
OURS = {
    "source_id": "a1",
    "label": "Acme",
    "source_version": "v9",
    "natural_key": "C-1",
    "claim": None,
    "currency": None,
    "entity": None,
    "source_hash": NOW,
    "fixed_hash": NOW,
    "CUSTOMERID": "C-1",
    "NAME": "Acme",
}
THERE: dict[str, Any] = {
    "target_id": "7",
    "target_version": "v2",
    "target_key": "C-1",
    "target_mark": "a1",
    "target_is_void": False,
    "CUSTOMERID": "C-1",
    "NAME": "Acme",
}
DIFFERS = {**THERE, "NAME": "Acme Ltd"}
TAKEN = {**THERE, "target_id": "8", "target_mark": "somebody else"}
ELSEWHERE = {**THERE, "target_entity": "UK"}
VOID = {**THERE, "target_is_void": True}

KNOWN: dict[str, Any] = {
    "source_id": "a1",
    "state": None,
    "linked_id": None,
    "known_hash": SAME,
    "known_wording": SAME,
    "known_version": None,
    "known_source_hash": NOW,
    "known_fixed_hash": NOW,
    "said_hash": SAME,
    "is_same_mapping": True,
    "is_verified": None,
    "may_retry": False,
    "is_gone": False,
}
ACCEPTED = {**KNOWN, "linked_id": "7", "is_verified": False, "known_version": "v1"}
VERIFIED = {**ACCEPTED, "is_verified": True}
AMENDED = {**VERIFIED, "known_source_hash": "x"}
REMAPPED = {**AMENDED, "is_same_mapping": False}


def _open(state: State, **other: Any) -> dict[str, Any]:
    return {**KNOWN, "state": state.value, **other}


@dataclass(frozen=True)
class Case:
    """One record's circumstances, and what the plan should say of it."""

    name: str
    step: Step
    there: dict[str, Any] | None = None
    history: dict[str, Any] | None = None
    finding: str = ""
    ignored: bool = False
    cause: str | None = None
    action: str | None = None
    creates: bool = True
    decided: str = ""
    said_then: str | None = None


UPDATED = (
    # Nothing in the way
    Case("new", Step.SEND, action="create"),
    Case("both agree", Step.UNCHANGED, THERE),
    Case("they differ", Step.SEND, DIFFERS, action="update"),
    Case("both agree and we know it", Step.UNCHANGED, THERE, VERIFIED),
    Case("changed on the other side since", Step.SEND, DIFFERS, VERIFIED, action="update"),
    Case("only updates are meant, nothing is there", Step.ABSENT, creates=False),
    Case("only updates are meant, they differ", Step.SEND, DIFFERS, creates=False, action="update"),
    # On its way
    Case("pending", Step.SEND, history=_open(State.PENDING), action="create"),
    Case("in flight", Step.UNDER_WAY, history=_open(State.IN_FLIGHT)),
    Case("uncertain", Step.UNDER_WAY, history=_open(State.UNCERTAIN)),
    Case("uncertain, though it is there", Step.UNDER_WAY, THERE, _open(State.UNCERTAIN)),
    Case("in flight, something is missing", Step.UNDER_WAY, None, _open(State.IN_FLIGHT), "no_value", cause="no_value"),
    Case("accepted, not read back yet", Step.UNDER_WAY, None, ACCEPTED),
    Case("verified once, not to be seen now", Step.UNDER_WAY, None, VERIFIED),
    Case("an update accepted, its target not read since", Step.UNDER_WAY, DIFFERS, {**ACCEPTED, "known_version": "v2"}),
    # Read back
    Case("accepted and stored as meant", Step.UNCHANGED, THERE, ACCEPTED),
    Case("accepted and not stored as meant", Step.HELD, DIFFERS, ACCEPTED, cause="not_stored"),
    Case("accepted, we mean something else now", Step.SEND, DIFFERS, {**ACCEPTED, "known_hash": "x"}, action="update"),
    # Refused, held, cancelled
    Case("refused, nothing moved", Step.REFUSED, history=_open(State.REFUSED)),
    Case("refused, we say something else", Step.SEND, None, _open(State.REFUSED, known_wording="x"), action="create"),
    Case("refused, we say the same of another source", Step.REFUSED, None, _open(State.REFUSED, known_source_hash="x")),
    Case("refused, what it hung on moved", Step.SEND, None, _open(State.REFUSED, may_retry=True), action="create"),
    Case("an update refused, nothing moved", Step.REFUSED, DIFFERS, _open(State.REFUSED)),
    Case("an update refused, they agree by now", Step.UNCHANGED, THERE, _open(State.REFUSED)),
    Case("held by a person's turn", Step.HELD, history=_open(State.HELD)),
    Case("held, though it is there", Step.HELD, THERE, _open(State.HELD)),
    Case("cancelled, and asked for again", Step.SEND, history=_open(State.CANCELLED), action="create"),
    # Something is missing: goes by itself
    Case("something is missing", Step.WAITING, finding="missing_value", cause="missing_value"),
    Case("something is missing for an update", Step.WAITING, DIFFERS, None, "too_long", cause="too_long"),
    Case("something is missing, but both agree", Step.UNCHANGED, THERE, None, "too_long", cause="too_long"),
    Case("refused, and something is missing", Step.WAITING, None, _open(State.REFUSED), "no_value", cause="no_value"),
    # A person decides
    Case("the mapping says hold", Step.HELD, finding="negative_line", cause="negative_line"),
    Case("its key is that of several", Step.HELD, finding="key_shared", cause="key_shared"),
    Case("its key is that of another's", Step.HELD, finding="key_taken", cause="key_taken"),
    Case("it looks like one that is there", Step.HELD, finding="looks_known", cause="looks_known"),
    Case("what it is not still has its mark", Step.HELD, finding="mark_remains", cause="mark_remains"),
    Case("sold twice", Step.HELD, finding="sold_twice", cause="sold_twice"),
    Case("billed once, and only taking back now", Step.HELD, finding="turned_negative", cause="turned_negative"),
    Case("below nothing", Step.HELD, finding="negative_document", cause="negative_document"),
    Case("the name is taken", Step.HELD, TAKEN, cause="identity_taken"),
    Case("deleted on the other side", Step.HELD, None, {**VERIFIED, "is_gone": True}, cause="gone_in_books"),
    Case("taken back on the other side", Step.HELD, VOID, VERIFIED, cause="reversed_in_books"),
    Case("a decision comes before what is missing", Step.HELD, TAKEN, None, "no_value", cause="identity_taken"),
    # Left alone
    Case("ignored", Step.HELD, ignored=True, cause="ignored"),
    Case("ignored, and something is missing", Step.HELD, finding="no_value", ignored=True, cause="ignored"),
    Case("ignored, they differ", Step.HELD, DIFFERS, ignored=True, cause="ignored"),
    Case("ignored, but both agree", Step.UNCHANGED, THERE, ignored=True),
    Case("held by somebody", Step.HELD, decided="hold", cause="held_by_person"),
    Case("held by somebody, they differ", Step.HELD, DIFFERS, decided="hold", cause="held_by_person"),
    Case("held, but under way", Step.UNDER_WAY, None, _open(State.IN_FLIGHT), decided="hold", cause="held_by_person"),
    Case("held once, and to be tried again", Step.SEND, decided="retry", action="create"),
    Case("held once, and that was undone", Step.SEND, decided="undo", action="create"),
)  # fmt: skip

# After the first write, differences are for people.
HELD = (
    Case("new", Step.SEND, action="create"),
    Case("both agree", Step.UNCHANGED, THERE, VERIFIED),
    Case("accepted, not read back yet", Step.UNDER_WAY, None, ACCEPTED),
    Case("accepted, an old reading differs", Step.UNDER_WAY, DIFFERS, {**ACCEPTED, "known_version": "v2"}),
    Case("accepted and not stored as meant", Step.HELD, DIFFERS, ACCEPTED, cause="not_stored"),
    Case("the source was amended", Step.HELD, DIFFERS, AMENDED, cause="amended_after_posting"),
    Case("the source was amended, but nothing follows from it", Step.UNCHANGED, THERE, AMENDED),
    Case("the other side was changed", Step.HELD, DIFFERS, VERIFIED, cause="changed_in_books"),
    Case("only the mapping was changed", Step.UNCHANGED, DIFFERS, {**VERIFIED, "is_same_mapping": False}),
    Case("amended under a new mapping", Step.HELD, DIFFERS, REMAPPED, cause="amended_after_posting"),
    Case("somebody else made it, and it differs", Step.HELD, DIFFERS, cause="changed_in_books"),
    Case("taken back", Step.HELD, VOID, VERIFIED, cause="reversed_in_books"),
    Case("deleted", Step.HELD, None, {**VERIFIED, "is_gone": True}, cause="gone_in_books"),
    Case("of another entity by now", Step.HELD, ELSEWHERE, AMENDED, cause="another_entity"),
    Case("somebody made it in another entity", Step.HELD, ELSEWHERE, cause="another_entity"),
    Case("made before the mapping chose entities", Step.UNCHANGED, ELSEWHERE, {**VERIFIED, "is_same_mapping": False}),
    Case("uncertain, and it differs", Step.UNDER_WAY, DIFFERS, _open(State.UNCERTAIN)),
    Case("something is missing now, but it is done", Step.UNCHANGED, THERE, VERIFIED, "no_value", cause="no_value"),
    Case("differs, and ignored", Step.HELD, DIFFERS, VERIFIED, ignored=True, cause="ignored"),
    # Found in the books by a person
    Case("found by hand, and it differs", Step.UNCHANGED, DIFFERS, decided="resolve"),
    Case("found by hand, whatever is missing", Step.UNCHANGED, DIFFERS, None, "no_value", decided="resolve"),
    Case("found by hand in another entity", Step.UNCHANGED, ELSEWHERE, decided="resolve"),
    Case("found by hand, amended", Step.HELD, DIFFERS, decided="resolve", said_then="x", cause="changed_in_books"),
    Case("found by hand, and taken back", Step.HELD, VOID, decided="resolve", cause="reversed_in_books"),
    Case("found by hand, and not to be seen", Step.UNDER_WAY, None, ACCEPTED, decided="resolve"),
)  # fmt: skip


def _plan(case: Case, when_changed: str = "update", ours: tuple[dict[str, Any], ...] = (OURS,)) -> Planned:
    mapping = _mapping(when_changed, case.creates)
    evaluated = _evaluated(ours, case.finding)
    said = with_kept_hash(mapping, with_payload(mapping, evaluated), None).row(0, named=True)
    history = [_known(case.history, said)] if case.history else []
    other = OtherSide(
        heads=pl.DataFrame([case.there] if case.there else [], schema={**TARGET, **_texts("CUSTOMERID", "NAME")}),
        lines=None,
        history=pl.DataFrame(history, schema=HISTORY),
        ignored=["a1"] if case.ignored else [],
        decided=_decided(case),
    )
    return decide(mapping, evaluated, other)


def _decided(case: Case) -> pl.DataFrame:
    said = {"source_id": "a1", "decision": case.decided, "reason": "because", "decided_by": "ada"}
    return pl.DataFrame([{**said, "source_hash": case.said_then}] if case.decided else [], schema=DECIDED)


def _known(history: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The history of somebody who said the same before, where it says so."""
    now = {"known_hash": said["content_hash"], "known_wording": said["wording_hash"], "said_hash": said["kept_hash"]}
    return {**history, **{name: value for name, value in now.items() if history[name] == SAME}}


def _texts(*names: str) -> dict[str, pl.DataType]:
    return dict.fromkeys(names, pl.String())


def _evaluated(ours: tuple[dict[str, Any], ...], cause: str) -> Evaluated:
    heads = pl.DataFrame(list(ours), schema=_texts(*OURS)).with_columns(amount=pl.lit(None, pl.Decimal(18, 3)))
    found = findings(heads.head(1 if cause else 0), cause, document="source_id", subject=pl.lit("something"))
    return Evaluated(heads, None, found, pl.DataFrame(schema=NEEDS))


def _check(case: Case, when_changed: str) -> None:
    planned = _plan(case, when_changed)
    (row,) = planned.rows.to_dicts()
    assert (row["step"], row["cause"], row["action"]) == (case.step.value, case.cause, case.action)
    is_told = case.step in (Step.WAITING, Step.HELD) and not case.ignored
    assert set(planned.findings["cause"]) == ({case.cause, case.finding} - {None, ""} if is_told else set())
    assert dict(planned.rows.schema) == dict(PLAN)
    assert dict(planned.findings.schema) == dict(FINDINGS)


@pytest.mark.parametrize("case", UPDATED, ids=lambda case: case.name)
def test_a_record_that_is_kept_in_step(case: Case) -> None:
    _check(case, "update")


@pytest.mark.parametrize("case", HELD, ids=lambda case: case.name)
def test_a_document_that_is_only_posted(case: Case) -> None:
    _check(case, "hold")


def test_the_tables_above_have_every_step_and_every_decision() -> None:
    assert {case.step for case in UPDATED} == set(Step)
    # What is fixed needs a field that is: see test_amendments.
    assert {case.cause for case in (*UPDATED, *HELD)} >= DECISIONS - {"amended_what_is_fixed"}


def test_every_decision_has_words() -> None:
    assert DECISIONS - set(CAUSES) == set()


# What is planned


def test_a_create_says_everything() -> None:
    (row,) = _plan(Case("new", Step.SEND)).rows.to_dicts()
    assert json.loads(row["payload"]) == {"fields": {"CUSTOMERID": "C-1", "NAME": "Acme"}, "lines": []}
    assert (row["target_id"], row["natural_key"], row["source_version"]) == (None, "C-1", "v9")


def test_an_update_says_only_what_differs_and_about_which_version() -> None:
    (row,) = _plan(Case("differs", Step.SEND, DIFFERS)).rows.to_dicts()
    assert json.loads(row["payload"]) == {"fields": {"NAME": "Acme"}, "lines": []}
    assert json.loads(row["changes"]) == [{"field": "NAME", "before": "Acme Ltd", "after": "Acme"}]
    assert (row["target_id"], row["target_version"]) == ("7", "v2")


@pytest.mark.parametrize("case", [case for case in UPDATED if case.step is not Step.SEND], ids=lambda case: case.name)
def test_what_is_not_sent_has_no_payload(case: Case) -> None:
    assert _plan(case).rows["payload"].to_list() == [None]


@pytest.mark.parametrize(
    ("cause", "there", "history", "told"),
    [
        ("identity_taken", TAKEN, None, finding("a1", "identity_taken", "C-1", "", "8")),
        ("gone_in_books", None, {**VERIFIED, "is_gone": True}, finding("a1", "gone_in_books", "C-1")),
        ("reversed_in_books", VOID, VERIFIED, finding("a1", "reversed_in_books", "C-1")),
        (
            "not_stored",
            DIFFERS,
            ACCEPTED,
            finding("a1", "not_stored", "Acme", "", '[{"field":"NAME","before":"Acme Ltd","after":"Acme"}]'),
        ),
    ],
)
def test_a_decision_is_told_with_what_it_is_about(
    cause: str, there: dict[str, Any] | None, history: dict[str, Any] | None, told: dict[str, str]
) -> None:
    found = _plan(Case("x", Step.HELD, there, history)).findings
    assert [row for row in found.to_dicts() if row["cause"] == cause] == [told]


def test_a_taken_name_that_nobody_would_give_is_no_problem() -> None:
    """The customer is there under its old number, and a number is given once: another may have the new one."""
    linked = {**THERE, "target_key": "C-OLD", "CUSTOMERID": "C-OLD"}
    heads = pl.DataFrame([linked, TAKEN], schema={**TARGET, **_texts("CUSTOMERID", "NAME")})
    evaluated = _evaluated((OURS,), "")
    planned = decide(_mapping("update", True), evaluated, OtherSide(heads, None, pl.DataFrame(schema=HISTORY)))
    assert planned.rows.select("step", "natural_key", "cause").rows() == [("unchanged", "C-OLD", None)]


def test_two_records_that_would_get_one_name_both_wait() -> None:
    planned = _plan(Case("new", Step.SEND), ours=(OURS, {**OURS, "source_id": "a2"}))
    assert planned.rows.select("source_id", "step", "cause").rows() == [
        ("a1", "waiting", "identity_doubled"),
        ("a2", "waiting", "identity_doubled"),
    ]
    assert causes(planned.findings) == {("a1", "identity_doubled"), ("a2", "identity_doubled")}


def test_two_records_without_a_name_are_not_doubles() -> None:
    nameless = {**OURS, "natural_key": None, "CUSTOMERID": None}
    planned = _plan(Case("new", Step.SEND), ours=(nameless, {**nameless, "source_id": "a2"}))
    assert set(planned.rows["cause"]) == {None}


def test_all_that_is_wrong_is_told_though_one_cause_leads() -> None:
    planned = _plan(Case("x", Step.HELD, TAKEN, finding="no_value"))
    assert causes(planned.findings) == {("a1", "identity_taken"), ("a1", "no_value")}


def test_records_are_planned_in_the_order_they_came() -> None:
    rows = tuple({**OURS, "source_id": key, "natural_key": key} for key in ("c", "a", "b"))
    assert _plan(Case("new", Step.SEND), ours=rows).rows["source_id"].to_list() == ["c", "a", "b"]


# Verified


@pytest.mark.parametrize(
    ("there", "history", "proven"),
    [
        (THERE, ACCEPTED, True),
        (THERE, {**ACCEPTED, "known_hash": "x"}, True),  # whatever was said: both sides agree now
        (THERE, VERIFIED, False),  # known already
        (THERE, None, False),  # nothing of ours
        (DIFFERS, ACCEPTED, False),
        (DIFFERS, {**ACCEPTED, "known_version": "v2"}, False),
        (None, ACCEPTED, False),
        (VOID, ACCEPTED, False),
        (THERE, _open(State.UNCERTAIN), False),
    ],
)
@pytest.mark.parametrize("when_changed", ["update", "hold"])
def test_a_write_is_verified_only_when_everything_agrees(
    there: dict[str, Any] | None, history: dict[str, Any] | None, proven: bool, when_changed: str
) -> None:
    assert _plan(Case("x", Step.UNCHANGED, there, history), when_changed).verified == (["a1"] if proven else [])


# Documents with lines


@pytest.mark.parametrize(
    ("amount", "step", "cause"), [("10.00", "unchanged", None), ("9.99", "held", "changed_in_books")]
)
def test_a_line_that_was_changed_in_the_books_holds_its_document(amount: str, step: str, cause: str | None) -> None:
    declared = _mapping("hold", creates=True).model_dump(by_alias=True)
    fields = {"LINE_ID": "a", "AMOUNT": "b"}
    lines = {"each": "salesforce_order_items", "order_by": "order_item_number", "identity": "LINE_ID", "fields": fields}
    ours = pl.DataFrame({"source_id": ["a1"], "LINE_ID": ["l1"], "AMOUNT": ["10.00"]})
    theirs = pl.DataFrame({"target_id": ["7"], "LINE_ID": ["l1"], "AMOUNT": [amount]})
    evaluated = replace(_evaluated((OURS,), ""), lines=ours)
    heads = pl.DataFrame([THERE], schema={**TARGET, **_texts("CUSTOMERID", "NAME")})
    other = OtherSide(heads, theirs, pl.DataFrame([VERIFIED], schema=HISTORY))
    planned = decide(Mapping.model_validate({**declared, "lines": lines}), evaluated, other)
    assert planned.rows.select("step", "cause").rows() == [(step, cause)]
    assert planned.findings["cause"].to_list() == ([cause] if cause else [])


# Laws


histories = st.none() | st.fixed_dictionaries(
    {
        "source_id": st.just("a1"),
        "state": st.none()
        | st.sampled_from([state.value for state in State if state.value not in ("accepted", "verified")]),
        "linked_id": st.sampled_from([None, "7", "9"]),
        "known_hash": st.sampled_from([SAME, "x"]),
        "known_wording": st.sampled_from([SAME, "x"]),
        "known_version": st.sampled_from([None, "v1", "v2"]),
        "known_source_hash": st.sampled_from([NOW, "x"]),
        "known_fixed_hash": st.sampled_from([NOW, "x"]),
        "said_hash": st.sampled_from([SAME, "x"]),
        "is_same_mapping": st.booleans(),
        "is_verified": st.sampled_from([None, True, False]),
        "may_retry": st.booleans(),
        "is_gone": st.booleans(),
    }
)
cases = st.builds(
    Case,
    st.just("any"),
    st.just(Step.SEND),
    st.sampled_from([None, THERE, DIFFERS, TAKEN, VOID]),
    histories,
    st.sampled_from(["", "missing_value", "negative_line"]),
    st.booleans(),
    creates=st.booleans(),
)


@settings(max_examples=300)
@given(cases, st.sampled_from(["update", "hold"]))
def test_whatever_the_circumstances(case: Case, when_changed: str) -> None:
    planned = _plan(case, when_changed)
    (row,) = planned.rows.to_dicts()
    history, step = case.history or KNOWN, Step(row["step"])
    sends = step is Step.SEND

    # Nothing is sent while nobody knows what came of it, while a person decides, or while somebody left it alone.
    if history["state"] in ("in_flight", "uncertain", "held") or case.ignored:
        assert not sends
    # What was accepted once is never made a second time, seen or not.
    if history["linked_id"] is not None:
        assert row["action"] != "create"
    # What was found is not made, and what was not found is not changed.
    assert row["action"] == (("update" if row["target_id"] else "create") if sends else None)
    # A posted document is never changed, and what only follows is never made.
    if when_changed == "hold":
        assert row["action"] != "update"
    if not case.creates:
        assert row["action"] != "create"
    # Nothing goes with a finding.
    assert not (sends and row["cause"])
    assert (row["payload"] is not None) is sends
    # What does not go for a reason is told, unless somebody knows already.
    assert (planned.findings.height > 0) <= (step in (Step.WAITING, Step.HELD) and not case.ignored)
    if step is Step.WAITING:
        assert row["cause"] in set(planned.findings["cause"])
    # Proof is proof.
    if planned.verified:
        assert step is Step.UNCHANGED
        assert history["is_verified"] is False
        assert row["changes"] is None

"""A plan's hash is a function of its content alone; an approval covers exactly what was approved."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sf_intacct.flow import approval
from sf_intacct.flow.approval import SAYS, Event, Waiting, fingerprint, plan_hash, ruled

AT = datetime(2026, 11, 25, tzinfo=UTC)
ROW: dict[str, Any] = {
    "crossing": "order_to_invoice",
    "source_id": "801A",
    "action": "create",
    "natural_key": "SO-1",
    "target_id": None,
    "amount": Decimal("698.000"),
    "currency": "USD",
    "entity": "E01",
    "payload": '{"fields":{"RECORDID":"SO-1"},"lines":[{"ACCOUNTNO":"4000","TRX_AMOUNT":"698.00"}]}',
    "changes": None,
    "mapping_revision": "0123456789abcdef",
}
OTHERWISE: dict[str, Any] = {
    "crossing": "return_to_credit",
    "source_id": "801B",
    "action": "update",
    "natural_key": "SO-2",
    "target_id": "17",
    "amount": Decimal("698.001"),
    "currency": "EUR",
    "entity": "E02",
    "payload": ROW["payload"].replace("4000", "4300"),
    "changes": '[{"field":"DOCNUMBER"}]',
    "mapping_revision": "fedcba9876543210",
}
keys = st.text("ABCDEF0123456789", min_size=1, max_size=4)
plans = st.dictionaries(keys, st.sampled_from(["c1", "c2", "u1", "u2"]), max_size=8)


@pytest.mark.parametrize("name", SAYS)
def test_any_change_of_money_document_or_coding_changes_the_fingerprint_of_a_write(name: str) -> None:
    assert fingerprint({**ROW, name: OTHERWISE[name]}) != fingerprint(ROW)


def test_stamps_and_runs_and_how_an_amount_is_written_do_not_change_it() -> None:
    again = {**ROW, "amount": Decimal("698"), "source_version": "later", "tick": 99, "label": "renamed"}
    assert fingerprint(again) == fingerprint(ROW)


def test_a_value_that_moves_to_the_field_beside_it_is_another_fingerprint() -> None:
    assert fingerprint({**ROW, "natural_key": "", "target_id": "SO-1"}) != fingerprint(ROW)


@given(plans, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_change_the_hash_of_a_plan(rows: dict[str, str], chance: random.Random) -> None:
    shuffled = list(rows.items())
    chance.shuffle(shuffled)
    assert plan_hash(dict(shuffled)) == plan_hash(rows)


@given(plans, plans)
def test_two_plans_have_the_same_hash_only_if_they_are_the_same(one: dict[str, str], other: dict[str, str]) -> None:
    assert (plan_hash(one) == plan_hash(other)) == (one == other)


@pytest.mark.parametrize("typed", ["3F9A72C1", " 3f9a-72c1 ", "3f9a 72c1"])
def test_a_hash_may_be_typed_with_blanks_hyphens_and_capitals(typed: str) -> None:
    assert approval.meant(typed) == "3f9a72c1"


def _waiting(rows: dict[str, str], people: int = 1, approved_by: str = "", is_begun: bool = False) -> Waiting:
    approvals = {name: AT for name in approved_by.split(",") if name}
    plan = Waiting(1, "x", plan_hash(rows), rows, len(rows), {}, ("too many",), people, "", "r1", AT)
    return replace(plan, approved_by=approvals, is_begun=is_begun)


def _ruled(rows: dict[str, str], *plans: Waiting, moved: str = "", most: int = 1) -> approval.Ruling:
    return ruled(rows, rows, set(moved), list(plans), lambda keys: len(keys) > most)


def test_a_plan_within_its_limits_goes_and_one_over_them_waits_whole() -> None:
    assert _ruled({"A": "c1"}) == approval.Ruling({"A"}, set())
    over = _ruled({"A": "c1", "B": "c1"})
    assert (over.goes, over.waits, over.is_new) == (set(), {"A", "B"}, True)


def test_what_comes_while_a_plan_waits_waits_behind_it_and_the_plan_keeps_its_hash() -> None:
    ruling = _ruled({"A": "c1", "B": "c1", "C": "c1"}, _waiting({"A": "c1", "B": "c1"}))
    assert (ruling.waits, ruling.is_new, ruling.events) == ({"A", "B", "C"}, False, [])


def test_an_approved_plan_goes_as_it_was_approved_and_what_came_since_is_judged_by_itself() -> None:
    approved = _waiting({"A": "c1", "B": "c1"}, approved_by="Ann")
    one_more = _ruled({"A": "c1", "B": "c1", "C": "c1"}, approved)
    assert (one_more.goes, one_more.waits) == ({"A", "B", "C"}, set())
    assert [event for _, event, _ in one_more.events] == [Event.BEGUN]

    two_more = _ruled({"A": "c1", "B": "c1", "C": "c1", "D": "c1"}, approved)
    assert (two_more.goes, two_more.waits, two_more.is_new) == ({"A", "B"}, {"C", "D"}, True)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"A": "c1", "B": "c2"}, "1 unchanged, 1 changed"),
        ({"A": "c1", "C": "c1"}, "1 unchanged, 1 not planned any more, 1 new"),
        ({"A": "c2", "B": "c2"}, "0 unchanged, 2 changed"),
    ],
)
def test_an_approved_plan_that_moved_is_refused_and_planned_again_and_what_is_unchanged_is_said(
    now: dict[str, str], words: str
) -> None:
    ruling = _ruled(now, _waiting({"A": "c1", "B": "c1"}, approved_by="Ann"))
    assert (ruling.goes, ruling.waits, ruling.is_new) == (set(), set(now), True)
    assert ruling.events == [(1, Event.REFUSED, words)]
    assert ruling.before.endswith(f"approved by Ann: {words}")


def test_a_record_that_changed_since_it_was_planned_keeps_an_approved_plan_until_it_is_planned_again() -> None:
    approved = _waiting({"A": "c1", "B": "c1"}, approved_by="Ann")
    assert _ruled({"A": "c1", "B": "c1"}, approved, moved="A") == approval.Ruling(set(), {"A", "B"})


def test_half_a_plan_that_was_interrupted_goes_on_without_another_approval() -> None:
    begun = _waiting({"A": "c1", "B": "c1", "C": "c1"}, approved_by="Ann", is_begun=True)
    rest = _ruled({"B": "c1", "C": "c1"}, begun)
    assert (rest.goes, rest.waits, rest.events) == ({"B", "C"}, set(), [])


def test_what_moves_while_a_plan_is_carried_out_takes_the_rest_of_it_back_to_people() -> None:
    begun = _waiting({"A": "c1", "B": "c1", "C": "c1"}, approved_by="Ann", is_begun=True)
    ruling = _ruled({"B": "c1", "C": "c2"}, begun)
    assert (ruling.goes, ruling.waits) == (set(), {"B", "C"})
    assert [event for _, event, _ in ruling.events] == [Event.REFUSED]
    # An update of what the plan has already made is no row of the plan.
    assert _ruled({"A": "u1", "B": "c1", "C": "c1"}, begun).goes == {"A", "B", "C"}


def test_a_plan_of_which_nothing_is_left_is_finished_and_one_that_nobody_needs_is_withdrawn() -> None:
    begun = _waiting({"A": "c1"}, approved_by="Ann", is_begun=True)
    assert _ruled({"B": "c1"}, begun).events == [(1, Event.FINISHED, "")]
    assert _ruled({"B": "c1"}, _waiting({"A": "c1", "B": "c1"})).events == [(1, Event.WITHDRAWN, "")]


@pytest.mark.parametrize(
    ("approved_by", "is_enough"), [("Ann", False), ("Ann, ann ,  ANN", False), ("Ann,Bo", True), ("", False)]
)
def test_two_people_are_two_names_however_they_are_written(approved_by: str, is_enough: bool) -> None:
    assert _waiting({"A": "c1"}, people=2, approved_by=approved_by).is_approved == is_enough


@given(plans, plans, st.sampled_from(["", "Ann", "Ann,Bo"]), st.booleans(), st.integers(0, 4))
def test_nothing_is_lost_and_nothing_over_a_limit_goes_that_nobody_approved(
    before: dict[str, str], now: dict[str, str], approved_by: str, is_begun: bool, most: int
) -> None:
    plan = _waiting(before, people=2, approved_by=approved_by, is_begun=is_begun and approved_by == "Ann,Bo")
    ruling = _ruled(now, plan, most=most)
    assert ruling.goes | ruling.waits == now.keys()
    assert not ruling.goes & ruling.waits
    approved = {key for key in now if plan.is_approved and before.get(key) == now[key]}
    assert len(ruling.goes - approved) <= most, "what people have not approved goes only within the limits"
    if not ruling.waits:
        assert not ruling.is_new

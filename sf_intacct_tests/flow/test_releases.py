"""Refused writes that come free: when what they are about has moved, when another one proved it, or to find out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sf_intacct.flow.releases import Proof, Refusal, Watch, released, watched

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
HOLD, RULE = "Customer 'C-1' is on hold.", "Ask Sales first"
C1 = Watch("intacct_customers", "C-1")


def refusal(source_id: str, message: str = HOLD, code: str = "BL01001973", **other: Any) -> Refusal:
    said: dict[str, Any] = {"key": f"k{source_id}", "tick": 10, "refusals": 1, "refused_at": NOON}
    return Refusal(source_id=source_id, code=code, message=message, **{**said, **other})


def rule(source_id: str, **other: Any) -> Refusal:
    return refusal(source_id, RULE, "FIELD_CUSTOM_VALIDATION_EXCEPTION", **other)


def free(
    *refused: Refusal,
    moved: dict[Watch, int] | None = None,
    proofs: tuple[Proof, ...] = (),
    after: timedelta = QUARTER * 0,
) -> set[str]:
    return released(refused, (moved or {}).items(), proofs, NOON + after, QUARTER)


@pytest.mark.parametrize(
    ("cause", "subject", "watch"),
    [
        ("customer_on_hold", "C-1", C1),
        ("invalid_in_books", "Customer 'C-1'", C1),
        ("invalid_in_books", "item 'SKU.9'", Watch("intacct_items", "SKU.9")),
        ("invalid_in_books", "term name 'Net 30'", Watch("intacct_terms", "Net 30")),
        ("invalid_in_books", "Account 4000", Watch("intacct_gl_accounts", "4000")),
        ("invalid_in_books", "Department 100", Watch("intacct_departments", "100")),
        ("invalid_in_books", "Contact 'Ann B. (x1)'", Watch("intacct_contacts", "Ann B. (x1)")),
        ("project_closed", "P-7", Watch("intacct_projects", "P-7")),
        ("invalid_in_books", "employee '1005'", None),
        ("too_long", "Name", None),
    ],
)
def test_a_refusal_is_watched_by_the_very_record_that_it_is_about(
    cause: str, subject: str, watch: Watch | None
) -> None:
    assert watched(cause, subject) == watch


def test_a_refusal_comes_free_when_the_record_that_it_is_about_has_changed_since() -> None:
    assert free(refusal("a"), moved={C1: 11}) == {"a"}
    assert free(refusal("a"), moved={C1: 10}) == set()
    assert free(refusal("a"), moved={Watch("intacct_customers", "C-2"): 99}) == set()


def test_what_can_be_watched_is_not_tried_for_the_sake_of_trying() -> None:
    assert free(refusal("a"), after=100 * DAY) == set()


def test_words_that_nobody_has_recognised_are_not_tried_again_by_themselves() -> None:
    assert free(refusal("a", "The moon is full", "BL9"), after=100 * DAY) == set()


def test_of_what_cannot_be_watched_one_record_finds_out_after_its_pause() -> None:
    many = [rule(one) for one in "abc"]
    assert free(*many) == set()
    assert len(free(*many, after=QUARTER)) == 1


def test_a_scout_that_is_refused_again_waits_longer_each_time_and_at_most_a_day() -> None:
    tired = rule("a", refusals=20)
    assert free(tired, after=QUARTER) == set()
    assert free(tired, after=DAY) == {"a"}


def test_another_cause_has_a_scout_of_its_own() -> None:
    other = refusal("b", "Another rule", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert free(rule("a"), other, after=QUARTER) == {"a", "b"}


def test_once_the_scout_got_through_the_others_follow() -> None:
    proof = Proof("FIELD_CUSTOM_VALIDATION_EXCEPTION", RULE, NOON + QUARTER)
    assert free(rule("a"), rule("b"), proofs=(proof,), after=QUARTER / 3) == {"a", "b"}


def test_a_proof_from_before_the_refusal_proves_nothing() -> None:
    proof = Proof("FIELD_CUSTOM_VALIDATION_EXCEPTION", RULE, NOON - QUARTER)
    assert free(rule("a"), proofs=(proof,)) == set()

"""Past disagreements under another policy: the same law, another owner."""

from typing import Any

import pytest

from sf_intacct.flow.replay import PERSON, replay

OLD, NEW = "2026-10-05T10:00:00.000000Z", "2026-10-05T11:00:00.000000Z"
BOTH = {
    "verdict": "overrule",
    "winner": "salesforce",
    "is_known": True,
    "agreed": "a",
    "salesforce_value": "b",
    "intacct_value": "c",
    "salesforce_version": OLD,
    "intacct_version": NEW,
}
HEALED = {**BOTH, "salesforce_value": "a"}  # only Intacct had changed
OPEN = {**BOTH, "verdict": "conflict", "winner": None}
FIRST_SIGHT = {**BOTH, "is_known": False, "agreed": None}
CLEARED = {**BOTH, "agreed": None}  # both sides were empty, and knew it


@pytest.mark.parametrize(
    ("row", "policy", "was", "would_be"),
    [
        (BOTH, "salesforce", "salesforce", "salesforce"),
        (BOTH, "intacct", "salesforce", "intacct"),
        (BOTH, "nobody", "salesforce", PERSON),
        (BOTH, "newest", "salesforce", "intacct"),
        ({**BOTH, "salesforce_version": NEW, "intacct_version": OLD}, "newest", "salesforce", "salesforce"),
        ({**BOTH, "salesforce_version": NEW}, "newest", "salesforce", PERSON),
        ({**BOTH, "salesforce_version": None}, "newest", "salesforce", PERSON),
        (HEALED, "nobody", "salesforce", "intacct"),
        (HEALED, "salesforce", "salesforce", "salesforce"),
        (OPEN, "nobody", PERSON, PERSON),
        (OPEN, "intacct", PERSON, "intacct"),
        ({**OPEN, "winner": "intacct"}, "nobody", PERSON, PERSON),
        (FIRST_SIGHT, "nobody", "salesforce", PERSON),
        (CLEARED, "nobody", "salesforce", PERSON),
    ],
)
def test_what_another_owner_would_have_meant(row: dict[str, Any], policy: str, was: str, would_be: str) -> None:
    (replayed,) = replay([row], policy)
    assert (replayed["was"], replayed["would_be"]) == (was, would_be)


def test_nothing_is_replayed_from_an_empty_ledger() -> None:
    assert replay([], "newest") == []

"""Errors: grouped by what the caller does next, and each says what, which, what was seen and what to do."""

import re
from datetime import UTC, datetime

import pytest

from sf_intacct import errors
from sf_intacct.errors import Busy, FixNeeded, Refused, SyncError, Throttled, TryLater, Uncertain


def _drawn(tree: str) -> dict[str, str]:
    """Class to parent class, as the module's docstring draws them."""
    parents, ancestors = {}, ["SyncError"]
    for branches, name in re.findall(r"^((?:│   |    )*[├└]── )(\w+)", tree, re.MULTILINE):
        depth = len(branches) // 4
        ancestors = [*ancestors[:depth], name]
        parents[name] = ancestors[depth - 1]
    return parents


def test_the_tree_drawn_at_the_top_of_the_module_is_the_tree_of_the_classes() -> None:
    classes = {name: one for name, one in vars(errors).items() if isinstance(one, type) and one is not SyncError}
    declared = {name: one.__bases__[0].__name__ for name, one in classes.items() if issubclass(one, SyncError)}
    assert _drawn(errors.__doc__ or "") == declared


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SyncError("x"), 1),
        (Refused("x", code="1", message="no"), 1),
        (FixNeeded("x"), 3),
        (errors.SettingsError("x"), 3),
        (errors.CredentialsError("x"), 3),
        (errors.MappingError("x"), 3),
        (errors.ContractError("x"), 3),
        (TryLater("x"), 4),
        (Throttled("x"), 4),
        (Uncertain("x"), 5),
        (Busy("x", holder="pid 7", until=datetime(2026, 3, 17, tzinfo=UTC)), 6),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one),
)
def test_the_command_line_ends_with_a_code_by_what_to_do_next(error: SyncError, code: int) -> None:
    assert error.exit_code == code


def test_what_is_uncertain_is_never_caught_as_something_to_repeat() -> None:
    for other in (TryLater, FixNeeded, Refused):
        assert not issubclass(Uncertain, other)
        assert not issubclass(other, Uncertain)


def test_a_message_says_what_which_what_was_seen_and_what_to_do() -> None:
    error = SyncError("sending an order", record="Order 00000100", seen="a closed period", remedy="open it")
    assert str(error) == "sending an order; record: Order 00000100; seen: a closed period; what to do: open it"
    assert (error.doing, error.record, error.seen, error.remedy) == (
        "sending an order",
        "Order 00000100",
        "a closed period",
        "open it",
    )


def test_a_message_leaves_out_what_is_not_known() -> None:
    assert str(SyncError("reading orders")) == "reading orders"


def test_a_refusal_keeps_the_other_sides_own_words() -> None:
    error = Refused("sending an order", code="BL03002185", message="already exists", record="SO-1")
    assert (error.code, error.message) == ("BL03002185", "already exists")
    assert str(error) == "sending an order; record: SO-1; seen: BL03002185: already exists"
    assert str(Refused("sending", code="", message="no")) == "sending; seen: no"


@pytest.mark.parametrize("retry_after", [None, 0.0, 30.0])
def test_a_throttle_remembers_how_long_to_wait(retry_after: float | None) -> None:
    error = Throttled("reading", seen="429", retry_after=retry_after)
    assert error.retry_after == retry_after
    assert "wait, then repeat" in str(error)


def test_a_busy_error_names_the_holder_and_until_when() -> None:
    error = Busy("sending", holder="host/pid 7", until=datetime(2026, 3, 17, 9, 30, 15, 999, tzinfo=UTC))
    assert str(error) == "sending; seen: held by host/pid 7 until 2026-03-17T09:30:15+00:00"

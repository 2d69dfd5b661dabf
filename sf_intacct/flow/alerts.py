"""What is worth telling somebody: that something opened, grew beyond what was told, or is over; no more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sf_intacct.model.money import spelt


class Turn(StrEnum):
    """What became of a fact since it was last told."""

    OPENED = "opened"
    GREW = "grew"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Fact:
    """Something that is not in order now. key: what it is, for ever; kind: exception, tie_out, brake.

    title and remedy are sentences; who can mend it; records: how many it keeps; money: at risk, by currency.
    """

    key: str
    kind: str
    title: str
    remedy: str = ""
    who: str = ""
    records: int = 0
    money: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A turn of one fact. A resolved one stands as it was last told."""

    turn: Turn
    fact: Fact


def changes(now: Iterable[Fact], told: Mapping[str, Fact], growth_percent: int) -> list[Change]:
    """What has turned since it was told. told: what is open for those who were told, by key."""
    present = {fact.key: fact for fact in now}
    opened = [Change(Turn.OPENED, fact) for key, fact in present.items() if key not in told]
    grew = [
        Change(Turn.GREW, fact)
        for key, fact in present.items()
        if key in told and _has_grown(told[key], fact, growth_percent)
    ]
    return [*opened, *grew, *(Change(Turn.RESOLVED, fact) for key, fact in told.items() if key not in present)]


def _has_grown(before: Fact, after: Fact, percent: int) -> bool:
    sizes = [(Decimal(before.records), Decimal(after.records))]
    sizes += [(before.money.get(currency, Decimal(0)), amount) for currency, amount in after.money.items()]
    return any(abs(new) > abs(old) and abs(new) * 100 >= abs(old) * (100 + percent) for old, new in sizes)


def digest(turned: Sequence[Change], now: Sequence[Fact], environment: str, at: str) -> dict[str, Any]:
    """One message about one run: what turned, and what is open altogether. Money is text."""
    return {
        "event": "sf_intacct.alert",
        "version": 1,
        "environment": environment,
        "at": at,
        "changes": [{"change": change.turn.value, **_told(change.fact)} for change in turned],
        "open": [_told(fact) for fact in now],
    }


def _told(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "kind": fact.kind,
        "title": fact.title,
        "remedy": fact.remedy,
        "who": fact.who,
        "records": fact.records,
        "money": {currency: spelt(amount) for currency, amount in sorted(fact.money.items())},
    }


def headline(told: Mapping[str, Any]) -> str:
    """One line without anything of the data: it becomes a header of a mail."""
    turns = [change["change"] for change in told["changes"]]
    counts = ", ".join(f"{turns.count(turn)} {turn.value}" for turn in Turn if turn in turns)
    return f"[sf_intacct {told['environment']}] {counts or 'a test'}; {len(told['open'])} open"


def as_text(told: Mapping[str, Any]) -> str:
    """A digest as people read it."""
    lines = [f"{told['environment']}, {told['at']}", ""]
    for change in told["changes"]:
        lines.append(f"{change['change'].upper()}  {change['title']}{_sizes(change)}")
        if change["remedy"] and change["change"] != Turn.RESOLVED:
            lines.append(f"    What to do ({change['who']}): {change['remedy']}")
    lines += ["", f"Open now: {len(told['open'])}"]
    lines += [f"    {fact['title']}{_sizes(fact)}" for fact in told["open"]]
    return "\n".join(lines) + "\n"


def _sizes(fact: Mapping[str, Any]) -> str:
    sizes = [f"{fact['records']} records"] if fact["records"] else []
    sizes += [f"{amount} {currency}".strip() for currency, amount in fact["money"].items()]
    return f"  ({', '.join(sizes)})" if sizes else ""

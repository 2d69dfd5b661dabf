"""Faults as named values: what goes wrong, on which call, how often. Ordered, exact, countable.

A fault never patches code; the wire layer asks `Faults.next_for(call)` once per request and obeys.
"""

from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sf_intacct.sandbox.wire import Call

# Kind -> what it does. The wire layer (and, for the last three, each system) carries it out.
KINDS = {
    "drop_reply": "carry the call out, then close the connection without an answer",
    "drop_request": "close the connection without carrying the call out",
    "truncate": "carry the call out, then send only the first part of the answer",
    "delay": "wait before answering (settings: seconds)",
    "server_error": "answer with a 5xx page; settings: status, committed (carry the call out first)",
    "throttle": "answer 429 in the system's own words; settings: retry_after",
    "expire_session": "forget the caller's session before looking at the call",
    "refuse": "refuse the matching operation with a given error; settings: code, message",
}


@dataclass
class Fault:
    """One rule. It looks at calls that match, and fires on the `nth` of them or on `every` so many.

    system: "salesforce", "intacct" or "*". operation: a glob over operation names, such as
    "create_invoice" or "PATCH *". writes_only: look at writing calls only. nth: fire from this
    matching call on (1 is the first). every: fire on each n-th matching call instead. times: how
    often at most; None is without end.
    """

    kind: str
    system: str = "*"
    operation: str = "*"
    writes_only: bool = False
    nth: int = 1
    every: int | None = None
    times: int | None = 1
    settings: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault kind {self.kind!r}; known: {', '.join(sorted(KINDS))}")

    def looks_at(self, call: Call) -> bool:
        if self.system not in ("*", call.system) or (self.writes_only and not call.is_write):
            return False
        return any(fnmatchcase(operation, self.operation) for operation in call.operations)

    def strikes(self) -> bool:
        """Counts one more matching call and says whether the fault fires on it."""
        self.seen += 1
        if self.times is not None and self.fired >= self.times:
            return False
        due = self.seen % self.every == 0 if self.every else self.seen >= self.nth
        self.fired += due
        return due


class Faults:
    """The faults now set, in order. The first that fires on a call is the one that happens."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replaces all rules; raises ValueError or TypeError, changing nothing, if one is not a fault."""
        self.rules = [Fault(**rule) for rule in rules]

    def next_for(self, call: Call) -> Fault | None:
        """The fault that happens to this call. Every matching rule counts the call, fired or not."""
        struck = [rule for rule in self.rules if rule.looks_at(call) and rule.strikes()]
        for spare in struck[1:]:
            spare.fired -= 1
        return struck[0] if struck else None

    def report(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules]

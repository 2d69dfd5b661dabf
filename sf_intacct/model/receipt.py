"""What came of one attempt at one intent. Receipts are only ever added."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The code of DIFFERENT when what bears our name is somebody else's: ours may be there or not.
NAME_TAKEN = "name_taken"


class Result(StrEnum):
    """What an attempt, or a look, has proven."""

    ACCEPTED = "accepted"  # carried out; the target's record id is known
    REFUSED = "refused"  # understood, not carried out
    NOT_EXECUTED = "not_executed"  # provably never reached the point of being carried out
    UNCERTAIN = "uncertain"  # proven neither way
    DOUBTFUL = "doubtful"  # an answer that smells of a repeat: look up at once
    FOUND = "found"  # the look-up saw it, equal to what was meant
    ABSENT = "absent"  # the look-up saw nothing
    DIFFERENT = "different"  # the look-up saw something else under our name
    VERIFIED = "verified"  # read back as meant
    DECIDED = "decided"  # a person said so


@dataclass(frozen=True, slots=True)
class Outcome:
    """The proof one reply gives about one intent. code and message are the other side's own words.

    passes: a refusal for something that passes by itself, so that the same may be said again, later.
    answer: of a refusal, all that was answered, as it came: what code and message leave out may say why.
    """

    result: Result
    target_id: str | None = None
    code: str = ""
    message: str = ""
    passes: bool = False
    answer: str = ""


def sealed(before: str, number: int, content: Sequence[str | int | None]) -> str:
    """The hash of a receipt in the chain of all: over the hash before it, its number, and what it says.

    content: key of the write, attempt, instant (ISO 8601), result, target id, code, message, run.
    """
    told = json.dumps(["sf_intacct/receipt/1", before, number, *content], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """An outcome, written down: for which intent, at which attempt, when (UTC), in whose run."""

    intent_key: str
    attempt: int
    at: datetime
    outcome: Outcome
    run: str

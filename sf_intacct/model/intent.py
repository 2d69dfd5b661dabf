"""One write we mean to make: its key, its frozen request, and the states it may pass through."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sf_intacct.model.record import RecordReference


class Action(StrEnum):
    """What the write does to the target record."""

    CREATE = "create"
    UPDATE = "update"


class State(StrEnum):
    """Where an intent stands. Nobody types a state: each follows from a receipt or a named decision."""

    PENDING = "pending"  # written down, not sent
    IN_FLIGHT = "in_flight"  # being sent, or the sender died sending
    ACCEPTED = "accepted"  # the target gave it a record id, in a complete reply or by look-up
    VERIFIED = "verified"  # read back, and it says what we meant
    REFUSED = "refused"  # provably not carried out; waits until something moves
    UNCERTAIN = "uncertain"  # no proof either way; look before anything else
    HELD = "held"  # a person decides
    CANCELLED = "cancelled"  # given up: a person decided so, or nothing asks for it any more


TRANSITIONS: dict[State, frozenset[State]] = {
    # Accepted unsent: it was found, as the work of a sender whose journal is lost.
    State.PENDING: frozenset({State.IN_FLIGHT, State.ACCEPTED, State.HELD, State.CANCELLED}),
    State.IN_FLIGHT: frozenset({State.ACCEPTED, State.REFUSED, State.UNCERTAIN, State.PENDING}),
    State.UNCERTAIN: frozenset({State.ACCEPTED, State.REFUSED, State.PENDING, State.HELD}),
    State.REFUSED: frozenset({State.PENDING, State.CANCELLED}),
    State.HELD: frozenset({State.PENDING, State.ACCEPTED, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.VERIFIED}),
    State.VERIFIED: frozenset(),
    State.CANCELLED: frozenset({State.PENDING}),
}

UNSETTLED = frozenset({State.PENDING, State.IN_FLIGHT, State.UNCERTAIN})
DONE = frozenset({State.ACCEPTED, State.VERIFIED})


class IllegalTransition(Exception):
    """A step that the state machine does not have."""


def checked(before: State, after: State) -> State:
    """`after`, if an intent may go there from `before`; raises IllegalTransition otherwise."""
    if after not in TRANSITIONS[before]:
        raise IllegalTransition(f"an intent cannot go from {before} to {after}")
    return after


def content_hash(payload: str) -> str:
    """The hash of what a write says."""
    return hashlib.sha256(payload.encode()).hexdigest()


def create_key(environment: str, crossing: str, source: RecordReference, company: str) -> str:
    """The key of a create: what it makes, from the source record alone.

    Never from attempt, clock, run, payload or mapping, so that even a lost journal finds the same key
    again. `environment` is a salt that keeps a restored backup from replaying another system's keys.
    """
    return _key("create", environment, company, crossing, source.system, source.object, source.record_id)


def update_key(
    environment: str,
    crossing: str,
    source: RecordReference,
    company: str,
    versions: tuple[str, str],
    says: str,
) -> str:
    """The key of an update: what it says, on top of which observed versions of source and target."""
    record = (source.system, source.object, source.record_id)
    return _key("update", environment, company, crossing, *record, *versions, says)


def _key(*parts: str) -> str:
    digest = hashlib.sha256(json.dumps(["sf_intacct/1", *parts], ensure_ascii=False).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:32]


@dataclass(frozen=True, slots=True)
class Intent:
    """One write, written down before it is sent.

    source_version, target_version: the stamps of what the plan was made from (None: nothing was there).
    source_hash: what the source record itself said, whatever the mapping made of it.
    content_hash: what is to be kept in step on the other side.
    kept_hash: the same of a document, line by line, so that what the books hold can be held against it.
    fixed_hash: what the source record itself said of all that is fixed when the target is made.
    wording_hash: all that the mapped record said, with what is fixed when the target is made.
    request: the frozen wire text of the one function or record, re-sent byte for byte.
    amount, currency: what is at stake; None when no money moves.
    entity: where in the target it is written; None is the top level. Part of what is frozen, never of the key.
    refusals: wire identities used up so far. A definite refusal uses one up, and so does a new wording of
    what was sent and proven absent: one identity never carries two wordings, and never changes after
    anything ambiguous.
    attempt: sends under the present wire identity; is_doubtful: the last answer smelled of a repeat.
    sent_at, due_at, looked_at: last sent, next to be worked on, last looked up and not found; UTC.
    """

    key: str
    crossing: str
    action: Action
    source: RecordReference
    source_version: str
    source_hash: str
    target_system: str
    target_object: str
    target_id: str | None
    target_version: str | None
    natural_key: str
    label: str
    content_hash: str
    wording_hash: str
    mapping_revision: str
    request: str
    amount: Decimal | None = None
    currency: str | None = None
    kept_hash: str | None = None
    fixed_hash: str | None = None
    entity: str | None = None
    state: State = State.PENDING
    attempt: int = 0
    refusals: int = 0
    sent_at: datetime | None = None
    due_at: datetime | None = None
    looked_at: datetime | None = None
    is_doubtful: bool = False
    cause: str | None = None
    message: str | None = None

    @property
    def wire_identity(self) -> str:
        """The identity the other system compares: unchanged over every ambiguous attempt."""
        return f"{self.key}-{self.refusals}"

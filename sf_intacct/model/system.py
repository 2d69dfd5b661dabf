"""What the house asks of a system it keeps in step. Both adapters speak exactly this."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from sf_intacct.model.intent import Intent
from sf_intacct.model.receipt import Outcome

if TYPE_CHECKING:
    from sf_intacct.model.described import DescribedObject


class Kind(StrEnum):
    """What a value is. Adapters spell each kind one way, whatever the wire does.

    TEXT as it stands; MONEY and NUMBER plain decimals; WHOLE digits; DATE ISO 8601; INSTANT ISO 8601
    in UTC; FLAG true or false. An empty value is None.
    """

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    INSTANT = "instant"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class SourceField:
    """One field as its own system names it; a dot walks to a related record. A detected one may not exist."""

    name: str
    kind: Kind
    detected: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read of one object. record_id and stamp name the fields that identify a version; no stamp: an empty name.

    parent is the field that holds the id of the owning document, when the object is its lines: such
    an object has no stamp to trust and is read again whenever its document changed.
    """

    object: str
    fields: tuple[SourceField, ...]
    record_id: str
    stamp: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Peek:
    """A look at one object without reading it: how many records are at or after an instant, and the newest stamp.

    deleted: ids of records deleted since a time of its own, where the system tells of deletions elsewhere only.
    """

    count: int
    newest: str | None
    deleted: tuple[str, ...] = ()


# Raises TryLater when nothing may be sent any more: the right to send has run out, or somebody pulled the brake.
MaySend = Callable[[], None]


def at_any_time() -> None:
    """For whoever sends without a lease, as tests do."""


# What a page of records is (a frame) is the business of the floor above.
PageT_co = TypeVar("PageT_co", covariant=True)


class System(Protocol[PageT_co]):
    """The verbs of one system: changes, read, apply, find.

    Pages are text columns named after the selection's fields, plus `is_deleted`. Errors are those of
    `sf_intacct.errors`, by what the caller does next.
    """

    name: str
    modifier: SourceField  # names whoever changed a record last

    def changes(self, selection: Selection, since: datetime | None) -> Iterator[PageT_co]:
        """Every record whose stamp is at or after `since` (None: all), tombstones included, once each."""
        ...

    def peek(
        self, asked: Sequence[tuple[Selection, datetime | None]], deleted_since: datetime | None = None
    ) -> list[Peek]:
        """How many records each object has since an instant (None: at all), for as few calls as possible."""
        ...

    def read(self, selection: Selection, ids: Sequence[str]) -> Iterator[PageT_co]:
        """The present state of records by id; by parent id, for an object with a parent."""
        ...

    def describe(self, name: str, definitions: Sequence[str] = ()) -> "DescribedObject | None":
        """What the system says of an object; None for one that it has not. definitions: kinds of document asked for."""
        ...

    def request_text(self, action: str, target: str, target_id: str | None, payload: str) -> str:
        """The frozen wire text of one write, made from the JSON of what it says."""
        ...

    def said(self, intent: Intent) -> dict[str, str | None]:
        """What a frozen write says, field by field, as the house spells it."""
        ...

    def apply(self, intents: Sequence[Intent], may_send: MaySend = at_any_time) -> list[Outcome]:
        """Sends one batch; exactly one outcome per intent, in order. Never repeats anything by itself.

        may_send: called right before the bytes leave, after signing in; if it raises, nothing is sent.
        """
        ...

    def find(self, intents: Sequence[Intent]) -> list[Outcome]:
        """Looks every intent up by its natural key: FOUND, ABSENT or DIFFERENT, in order."""
        ...

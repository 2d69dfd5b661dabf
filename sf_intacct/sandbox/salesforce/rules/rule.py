"""What an object may demand beyond its schema: the questions that the writer asks, with harmless answers."""

from dataclasses import dataclass

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.store import Look, Record, Store


@dataclass
class Change:
    """One record on its way into the books. `old` is None for a new one; `given` are the fields sent."""

    kind: ObjectType
    old: Record | None
    new: Record
    given: frozenset[str]

    def changed(self, name: str) -> bool:
        return self.old is None or self.old[name] != self.new[name]


class Rule:
    """An object's own rules. The writer asks in this order; a seed is only derived, never checked."""

    def derive(self, change: Change, look: Look) -> None:
        """Fills in what follows from other fields and from other records."""

    def check(self, change: Change, store: Store) -> None:
        """Raises SalesforceError if the change is not allowed."""

    def check_delete(self, record: Record, store: Store) -> None:
        """Raises SalesforceError if the record may not go."""

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        """What other records become by this write or deletion: (object, id, fields) to be stamped too."""
        return []


def integrity(field: str, reason: str) -> RecordError:
    return RecordError("FIELD_INTEGRITY_EXCEPTION", f"field integrity exception: {field} ({reason})", field)


def scaled_product(one: int, one_scale: int, other: int, other_scale: int, scale: int) -> int:
    """The product of two scaled integers, rounded half away from zero to `scale` digits."""
    return rescale(one * other, one_scale + other_scale, scale)


def rescale(number: int, scale: int, wanted: int) -> int:
    """A scaled integer with another scale, rounded half away from zero."""
    if wanted >= scale:
        return number * int(10 ** (wanted - scale))
    unit = int(10 ** (scale - wanted))
    rounded = (abs(number) * 2 + unit) // (2 * unit)
    return -rounded if number < 0 else rounded

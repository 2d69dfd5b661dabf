"""Validation rules: conditions that an administrator forbids, with the message people are to read."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.soql import predicate_of
from sf_intacct.sandbox.salesforce.store import Store


class ValidationRules:
    """The rules now in force. A condition is written like a WHERE clause over the record's own fields."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rules: dict[str, list[tuple[str, str]]] = {}

    def add(self, kind: ObjectType, condition: str, message: str) -> None:
        """Forbids records of `kind` that meet `condition`; raises SalesforceError if it cannot be read."""
        self._predicate(kind, condition)
        self.rules.setdefault(kind.name, []).append((condition, message))

    def remove_all(self) -> None:
        self.rules.clear()

    def check(self, kind: ObjectType, record_id: str) -> None:
        """Raises if the record, as it now stands in the books, meets a forbidden condition."""
        for condition, message in self.rules.get(kind.name, ()):
            statement, parameters = self._predicate(kind, condition)
            if self.store.books.execute(statement, (*parameters, record_id)).fetchone():
                raise RecordError("FIELD_CUSTOM_VALIDATION_EXCEPTION", message)

    def _predicate(self, kind: ObjectType, condition: str) -> tuple[str, tuple[object, ...]]:
        return predicate_of(self.store.schema, kind, condition, self.store.world.clock.now().date())

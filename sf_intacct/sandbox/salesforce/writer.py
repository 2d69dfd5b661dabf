"""Records into the books: the one road on which a create, update or upsert is read, checked and settled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sf_intacct.sandbox.salesforce.acceptance import accept
from sf_intacct.sandbox.salesforce.checks import check_references, check_required, check_unique
from sf_intacct.sandbox.salesforce.errors import NotFound, RecordError, SeveralFound
from sf_intacct.sandbox.salesforce.ids import mint
from sf_intacct.sandbox.salesforce.rules import NO_RULE, RULES, Change, Rule
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.store import Finder, Record, Store
from sf_intacct.sandbox.salesforce.validation import ValidationRules


@dataclass(frozen=True)
class Author:
    """Who writes, and the stamp of the writing (second granularity)."""

    user_id: str
    stamp: str


@dataclass
class Writer:
    """Writes on behalf of one author. Each record is all or nothing; a refusal is a SalesforceError."""

    store: Store
    validation: ValidationRules
    author: Author

    def create(self, kind: ObjectType, fields: Mapping[str, Any]) -> str:
        """A new record; returns its id. `kind` may be the object as the author sees it, fields hidden."""
        if not kind.createable:
            raise _not_allowed(kind)
        with self.store.world.transaction():
            accepted = accept(self.store, kind, fields, new=True)
            kind = self.store.schema[kind.name]
            record = {**kind.defaults, **accepted, **self._birth(kind)}
            if "OwnerId" in record and record["OwnerId"] is None:
                record["OwnerId"] = self.author.user_id
            change = Change(kind, None, record, frozenset(accepted))
            self._checked(change)
            self.store.insert(kind, [record])
            self._settle(change)
        return str(record["Id"])

    def update(self, kind: ObjectType, record_id: str, fields: Mapping[str, Any]) -> None:
        """Changes a live record; moves its stamps even if every value stays."""
        old = self.live(kind, record_id)
        if not kind.updateable:
            raise _not_allowed(kind)
        with self.store.world.transaction():
            accepted = accept(self.store, kind, fields, new=False)
            kind = self.store.schema[kind.name]
            change = Change(kind, old, {**old, **accepted, **self._touch()}, frozenset(accepted))
            self._checked(change)
            moved = {name: value for name, value in change.new.items() if value != old[name]}
            self.store.change(kind, record_id, moved or self._touch())
            self._settle(change)

    def upsert(
        self,
        kind: ObjectType,
        key: str,
        value: Any,
        fields: Mapping[str, Any],
        *,
        update_only: bool = False,
    ) -> tuple[str, bool]:
        """Creates or updates by external id; returns the id and whether the record is new."""
        if key == "Id" and value is not None:
            self.update(kind, value, fields)
            return str(value), False
        found = self.store.find(kind, key, value) if value is not None else []
        if len(found) > 1:
            raise SeveralFound(kind.name, key, str(value), [record["Id"] for record in found])
        if found:
            self.update(kind, found[0]["Id"], fields)
            return str(found[0]["Id"]), False
        if update_only:
            raise NotFound()
        given = dict(fields) if key == "Id" else {**fields, key: value}
        return self.create(kind, given), True

    def live(self, kind: ObjectType, record_id: str) -> Record:
        """The record if it is there and not deleted."""
        record = self.store.get(kind, record_id)
        if record is None:
            raise RecordError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        if record["IsDeleted"]:
            raise RecordError("ENTITY_IS_DELETED", "entity is deleted")
        return record

    def touch(self, kind: ObjectType, record_id: str, changes: Record) -> None:
        """What the system itself changes: no rule is asked, the stamps move."""
        self.store.change(kind, record_id, {**changes, **self._touch()})

    def rule(self, kind: ObjectType) -> Rule:
        return RULES.get(kind.name, NO_RULE)

    def settle(self, kind: ObjectType, record: Record) -> None:
        """Carries roll-ups to the records above."""
        for object_name, record_id, changes in self.rule(kind).settle(record, self.store):
            self.touch(self.store.schema[object_name], record_id, changes)

    def _checked(self, change: Change) -> None:
        look = Finder(self.store)
        rule = self.rule(change.kind)
        rule.derive(change, look)
        check_required(change)
        check_references(change, self.store)
        check_unique(change, self.store)
        rule.check(change, self.store)

    def _settle(self, change: Change) -> None:
        self.settle(change.kind, change.new)
        self.validation.check(change.kind, change.new["Id"])

    def _birth(self, kind: ObjectType) -> Record:
        author = self.author
        number = self.store.world.serial(f"salesforce {kind.key_prefix}")
        return {
            "Id": mint(kind.key_prefix, number),
            "CreatedDate": author.stamp,
            "CreatedById": author.user_id,
            **self._touch(),
            **dict(self._auto_numbers(kind)),
        }

    def _auto_numbers(self, kind: ObjectType) -> Iterator[tuple[str, str]]:
        for name, pattern in kind.auto_numbers:
            yield name, auto_number(pattern, self.store.world.serial(serial_of(kind, name)))

    def _touch(self) -> Record:
        stamp = self.author.stamp
        return {
            "LastModifiedDate": stamp,
            "LastModifiedById": self.author.user_id,
            "SystemModstamp": stamp,
        }


def serial_of(kind: ObjectType, field_name: str) -> str:
    return f"salesforce {kind.name}.{field_name}"


def auto_number(pattern: str, number: int) -> str:
    """`INV-{0000}` with 7 is INV-0007."""
    before, _, rest = pattern.partition("{")
    digits, _, after = rest.partition("}")
    return f"{before}{number:0{len(digits)}d}{after}"


def _not_allowed(kind: ObjectType) -> RecordError:
    return RecordError("INSUFFICIENT_ACCESS_OR_READONLY", f"entity type {kind.name} cannot be written")

"""One object (a table, in Salesforce's words an sObject) with its fields and relationships."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sf_intacct.sandbox.salesforce.schema.field import Field, Kind


@dataclass(frozen=True)
class ObjectType:
    """An object of the company. Names are looked up without regard to case, as Salesforce does."""

    name: str
    label: str
    label_plural: str
    key_prefix: str
    fields: tuple[Field, ...]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    mergeable: bool = False

    def without(self, names: set[str]) -> "ObjectType":
        """The object as somebody sees it who may not see these fields."""
        return replace(self, fields=tuple(field for field in self.fields if field.name not in names))

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def _by_folded_name(self) -> dict[str, Field]:
        return {field.name.casefold(): field for field in self.fields}

    def field(self, name: str) -> Field | None:
        return self.by_name.get(name) or self._by_folded_name.get(name.casefold())

    @cached_property
    def _by_relationship(self) -> dict[str, Field]:
        return {field.relationship_name.casefold(): field for field in self.fields if field.relationship_name}

    def parent(self, relationship: str) -> Field | None:
        """The reference field behind a relationship name such as `Account` or `Order__r`."""
        return self._by_relationship.get(relationship.casefold())

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The fields that the books keep, in the order of the table; compounds live in their parts."""
        return tuple(field.name for field in self.fields if field.kind is not Kind.COMPOUND)

    @cached_property
    def references(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_reference)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """A blank record: every column with the value it has when nobody gives one."""
        return {name: _default(self.by_name[name]) for name in self.columns}

    @cached_property
    def unique_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.unique)

    @cached_property
    def auto_numbers(self) -> tuple[tuple[str, str], ...]:
        """Name and pattern of the fields that number themselves."""
        return tuple((field.name, field.auto_number) for field in self.fields if field.auto_number)

    @cached_property
    def required_fields(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.required and field.createable and field.name != "Id")

    @property
    def name_field(self) -> str:
        return next((field.name for field in self.fields if field.name_field), "Id")


def _default(field: Field) -> Any:
    if field.kind is Kind.BOOLEAN:
        return int(bool(field.default))
    return field.default

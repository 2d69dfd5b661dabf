"""Laws that the schema states for every object: required, unique, and pointing to something that is there."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.rules import Change
from sf_intacct.sandbox.salesforce.schema import Field
from sf_intacct.sandbox.salesforce.store import Store


def check_required(change: Change) -> None:
    missing = [name for name in change.kind.required_fields if change.new[name] is None]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise RecordError("REQUIRED_FIELD_MISSING", message, *missing)


def check_references(change: Change, store: Store) -> None:
    """Only references that moved: a parent may have been deleted since."""
    for field in change.kind.references:
        value = change.new[field.name]
        if value is not None and field.name in change.given and change.changed(field.name):
            _check_reference(field, value, store)


def _check_reference(field: Field, value: str, store: Store) -> None:
    parent = store.schema[str(field.reference_to)]
    if value[:3] != parent.key_prefix:
        message = f"{field.label}: id value of incorrect type: {value}"
        raise RecordError("MALFORMED_ID", message, field.name)
    record = store.get(parent, value)
    if record is None:
        raise RecordError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name)
    if record["IsDeleted"]:
        raise RecordError("ENTITY_IS_DELETED", "entity is deleted", field.name)


def check_unique(change: Change, store: Store) -> None:
    for field in change.kind.unique_fields:
        value = change.new[field.name]
        if value is None or not change.changed(field.name):
            continue
        others = [each for each in store.find(change.kind, field.name, value) if each["Id"] != change.new["Id"]]
        if others:
            # Salesforce names the other record by its 15-character id here.
            message = f"duplicate value found: {field.name} duplicates value on record with id: {others[0]['Id'][:15]}"
            raise RecordError("DUPLICATE_VALUE", message)

"""What a client sent for one record, as stored values by field name: unknown, forbidden and foreign keys."""

from collections.abc import Mapping
from typing import Any

from sf_intacct.sandbox.salesforce.errors import RecordError, SalesforceError
from sf_intacct.sandbox.salesforce.schema import Field, ObjectType
from sf_intacct.sandbox.salesforce.store import Record, Store
from sf_intacct.sandbox.salesforce.values import stored

ADVICE = "Please check the security settings of this field and verify that it is read/write for your profile or permission set."  # fmt: skip  # noqa: E501


def accept(store: Store, kind: ObjectType, fields: Mapping[str, Any], *, new: bool) -> Record:
    """The stored form of every field given; raises SalesforceError for one that may not be written."""
    accepted: Record = {}
    forbidden: list[str] = []
    for name, value in fields.items():
        if name == "attributes":
            continue
        field = _field(kind, name, value)
        if not (field.createable if new else field.updateable):
            forbidden.append(field.name)
        elif isinstance(value, Mapping) and field.is_reference:
            accepted[field.name] = _by_external_id(store, field, value)
        else:
            accepted[field.name] = stored(field, value)
    if forbidden:
        raise _not_writable(forbidden, new=new)
    return accepted


def _field(kind: ObjectType, name: str, value: Any) -> Field:
    """The field meant: by its own name, or by its relationship's if an object came as the value."""
    field = kind.parent(name) if isinstance(value, Mapping) else kind.field(name)
    if field is None:
        raise SalesforceError("INVALID_FIELD", f"No such column '{name}' on sobject of type {kind.name}")
    return field


def _not_writable(names: list[str], *, new: bool) -> RecordError:
    if new and names == ["Id"]:
        message = "cannot specify Id in an insert call"
    else:
        message = f"Unable to create/update fields: {', '.join(names)}. {ADVICE}"
    return RecordError("INVALID_FIELD_FOR_INSERT_UPDATE", message, *names)


def _by_external_id(store: Store, field: Field, reference: Mapping[str, Any]) -> str:
    """`{"Account": {"Intacct_Customer_Id__c": "C-1"}}` as the id of that account."""
    parent = store.schema[str(field.reference_to)]
    given = [(name, value) for name, value in reference.items() if name != "attributes"]
    key = parent.field(given[0][0]) if len(given) == 1 else None
    if key is None or not key.can_find_records:
        raise SalesforceError(
            "INVALID_FIELD", f"{field.relationship_name}: one external id field of {parent.name} is needed"
        )
    found = store.find(parent, key.name, stored(key, given[0][1]))
    if len(found) != 1:
        raise RecordError(
            "INVALID_FIELD",
            f"Foreign key external ID: {str(given[0][1]).lower()} not found for field {key.name} "
            f"in entity {parent.name}",
        )
    return str(found[0]["Id"])

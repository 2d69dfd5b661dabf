"""The company's schema, read from the JSON files beside this module and merged with the package's.

`*.json` are the standard objects, `package/*.json` what our own package adds: fields to a standard
object, or a whole object. System fields and address sets are spelled out here, once.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sf_intacct.sandbox.salesforce.schema.field import Field
from sf_intacct.sandbox.salesforce.schema.object_type import ObjectType

FOLDER = Path(__file__).parent
PLAIN_TEXT = "plaintextarea"
ADDRESS_TEXTS = (
    ("Street", "Street", "textarea", 255, PLAIN_TEXT),
    ("City", "City", "string", 40, None),
    ("State", "State/Province", "string", 80, None),
    ("PostalCode", "Zip/Postal Code", "string", 20, None),
    ("Country", "Country", "string", 80, None),
)
ADDRESS_PARTS = (*(text[0] for text in ADDRESS_TEXTS), "Latitude", "Longitude", "GeocodeAccuracy")
ACCURACIES = (
    "Address",
    "NearAddress",
    "Block",
    "Street",
    "ExtendedZip",
    "Zip",
    "Neighborhood",
    "City",
    "County",
    "State",
    "Unknown",
)
SYSTEM: dict[str, Any] = {
    "createable": False,
    "updateable": False,
    "nillable": False,
    "defaulted_on_create": True,
}
_KNOWN = frozenset(each.name for each in dataclasses.fields(Field))


class Schema:
    """All objects of the company, looked up without regard to case."""

    def __init__(self, objects: list[ObjectType]) -> None:
        self.objects = {each.name: each for each in objects}
        self._by_folded_name = {each.name.casefold(): each for each in objects}
        self._by_prefix = {each.key_prefix: each for each in objects}
        self._children = {each.name: list(self._children_of(each)) for each in objects}

    def __iter__(self) -> Iterator[ObjectType]:
        return iter(self.objects.values())

    def find(self, name: str) -> ObjectType | None:
        return self.objects.get(name) or self._by_folded_name.get(name.casefold())

    def __getitem__(self, name: str) -> ObjectType:
        return self.objects[name]

    def of_id(self, record_id: str) -> ObjectType | None:
        """The object whose records begin with the first three characters of `record_id`."""
        return self._by_prefix.get(record_id[:3])

    def children(self, parent: ObjectType) -> list[tuple[ObjectType, Field]]:
        """Every (object, reference field) that points to `parent`."""
        return self._children[parent.name]

    def child(self, parent: ObjectType, relationship: str) -> tuple[ObjectType, Field] | None:
        """The object and field behind a child relationship name such as `OrderItems`."""
        wanted = relationship.casefold()
        for child, field in self._children[parent.name]:
            if field.child_relationship_name and field.child_relationship_name.casefold() == wanted:
                return child, field
        return None

    def _children_of(self, parent: ObjectType) -> Iterator[tuple[ObjectType, Field]]:
        for child in self:
            for field in child.references:
                if field.reference_to == parent.name:
                    yield child, field


@cache
def company_schema(folder: Path = FOLDER) -> Schema:
    """The schema of `folder`; raises ValueError naming the file and the key if a declaration is wrong."""
    declared: dict[str, dict[str, Any]] = {}
    for path in [*sorted(folder.glob("*.json")), *sorted((folder / "package").glob("*.json"))]:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = declared.setdefault(content["name"], {"fields": []})
        fields = known["fields"] + [_field(declaration, path) for declaration in content.pop("fields")]
        known.update(content, fields=fields)
    return Schema([_object(declaration) for declaration in declared.values()])


def _object(declared: dict[str, Any]) -> ObjectType:
    deletable = declared.get("deletable", True)
    fields = [*_identity(declared["label"], declared["name"], deletable), *declared["fields"], *_audit()]
    for prefix in declared.get("addresses", []):
        fields.extend(_address(prefix))
    return ObjectType(
        name=declared["name"],
        label=declared["label"],
        label_plural=declared["labelPlural"],
        key_prefix=declared["keyPrefix"],
        fields=tuple(fields),
        createable=declared.get("createable", True),
        updateable=declared.get("updateable", True),
        deletable=deletable,
        mergeable=declared.get("mergeable", False),
    )


def _field(declared: dict[str, Any], path: Path) -> Field:
    given = dict(declared)
    picklist = tuple(_picklist_entry(entry) for entry in given.pop("picklistValues", ()))
    targets = given.pop("referenceTo", None)
    plain = {_snake_case(key): value for key, value in given.items()}
    unknown = set(plain) - _KNOWN
    if unknown:
        raise ValueError(f"{path.name}: field {declared['name']!r} has unknown keys {sorted(unknown)}")
    if targets:
        plain["length"] = 18
    if given["type"] == "textarea":
        plain.setdefault("extra_type_info", PLAIN_TEXT)
    return Field(**plain, picklist=picklist, reference_to=targets[0] if targets else None)


def _snake_case(key: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower()


def _picklist_entry(entry: str | dict[str, Any]) -> dict[str, Any]:
    return {"value": entry} if isinstance(entry, str) else entry


def _identity(label: str, name: str, deletable: bool) -> list[Field]:
    id_label = "Record ID" if name.endswith("__c") else f"{label} ID"
    fields = [Field("Id", id_label, "id", length=18, id_lookup=True, **SYSTEM)]
    if deletable:
        fields.append(Field("IsDeleted", "Deleted", "boolean", default=False, **SYSTEM))
    return fields


def _audit() -> list[Field]:
    return [
        Field("CreatedDate", "Created Date", "datetime", **SYSTEM),
        _user("CreatedBy", "Created By ID"),
        Field("LastModifiedDate", "Last Modified Date", "datetime", **SYSTEM),
        _user("LastModifiedBy", "Last Modified By ID"),
        Field("SystemModstamp", "System Modstamp", "datetime", **SYSTEM),
    ]


def _user(relationship: str, label: str) -> Field:
    return Field(
        f"{relationship}Id",
        label,
        "reference",
        length=18,
        reference_to="User",
        relationship_name=relationship,
        **SYSTEM,
    )


def _address(prefix: str) -> Iterator[Field]:
    """The eight parts of an address, and the compound that shows them as one."""
    compound = f"{prefix}Address"
    for part, label, type_, length, extra in ADDRESS_TEXTS:
        yield Field(
            f"{prefix}{part}",
            f"{prefix} {label}",
            type_,
            length=length,
            extra_type_info=extra,
            compound_field_name=compound,
        )
    for part in ("Latitude", "Longitude"):
        name, label = f"{prefix}{part}", f"{prefix} {part}"
        yield Field(name, label, "double", precision=18, scale=15, compound_field_name=compound)
    yield Field(
        f"{prefix}GeocodeAccuracy",
        f"{prefix} Geocode Accuracy",
        "picklist",
        length=40,
        picklist=tuple({"value": accuracy} for accuracy in ACCURACIES),
        restricted_picklist=True,
        compound_field_name=compound,
    )
    parts = tuple(sorted((part[0].lower() + part[1:], f"{prefix}{part}") for part in ADDRESS_PARTS))
    yield Field(compound, f"{prefix} Address", "address", createable=False, updateable=False, parts=parts)

"""One field of an object: what describe says about it, and how the books keep its values."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

LONG_TEXT_FROM = 256  # a text area longer than a column of an index cannot be filtered, sorted or grouped


class Kind(Enum):
    """How the books keep a value; each field type has exactly one kind."""

    TEXT = "text"
    ID = "id"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    COMPOUND = "compound"


KINDS = {
    "string": Kind.TEXT,
    "textarea": Kind.TEXT,
    "picklist": Kind.TEXT,
    "multipicklist": Kind.TEXT,
    "phone": Kind.TEXT,
    "url": Kind.TEXT,
    "email": Kind.TEXT,
    "id": Kind.ID,
    "reference": Kind.ID,
    "boolean": Kind.BOOLEAN,
    "int": Kind.INTEGER,
    "double": Kind.DECIMAL,
    "currency": Kind.DECIMAL,
    "percent": Kind.DECIMAL,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
    "address": Kind.COMPOUND,
}


@dataclass(frozen=True)
class Field:
    """A field as its JSON file declares it. `parts` are the columns of a compound, by their JSON key."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted_on_create: bool = False
    default: Any = None
    external_id: bool = False
    unique: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    filterable: bool = True
    name_field: bool = False
    auto_number: str | None = None
    extra_type_info: str | None = None
    compound_field_name: str | None = None
    parts: tuple[tuple[str, str], ...] = ()
    picklist: tuple[dict[str, Any], ...] = ()
    restricted_picklist: bool = False
    reference_to: str | None = None
    relationship_name: str | None = None
    child_relationship_name: str | None = None
    cascade_delete: bool = False
    restricted_delete: bool = False
    locked_when_activated: bool = False

    @cached_property
    def kind(self) -> Kind:
        return KINDS[self.type]

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def sortable(self) -> bool:
        return self.filterable and self.kind is not Kind.COMPOUND

    @property
    def groupable(self) -> bool:
        return self.sortable and self.kind not in (Kind.DECIMAL, Kind.DATETIME)

    @property
    def is_reference(self) -> bool:
        return self.reference_to is not None

    @cached_property
    def picklist_values(self) -> frozenset[str]:
        return frozenset(entry["value"] for entry in self.picklist)

    @property
    def can_find_records(self) -> bool:
        """Whether a record may be addressed by this field in a URL or an upsert."""
        return self.external_id or self.id_lookup or self.name == "Id"

    @property
    def required(self) -> bool:
        return not self.nillable and self.kind is not Kind.BOOLEAN

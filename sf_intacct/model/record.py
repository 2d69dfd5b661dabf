"""Which record in which system, and one version of it as it was observed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class RecordReference:
    """One record: system ("salesforce" or "intacct"), object (the system's own name), record id."""

    system: str
    object: str
    record_id: str

    def __str__(self) -> str:
        return f"{self.system} {self.object} {self.record_id}"


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a record, values as the system spells them. modified_at is the system's stamp, UTC."""

    reference: RecordReference
    modified_at: datetime | None
    fields: Mapping[str, str | None] = field(default_factory=dict)

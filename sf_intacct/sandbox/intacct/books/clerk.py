"""The hand that writes in the books: stamps every row, and leaves a line in the audit history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sf_intacct.sandbox.intacct.books.store import Row, Store
from sf_intacct.sandbox.intacct.settings import Settings
from sf_intacct.sandbox.intacct.values import Stored, stamp


@dataclass(frozen=True)
class Clerk:
    """Someone who writes: user (record number and login), entity (empty at the top level), source."""

    store: Store
    settings: Settings
    user: int = 0
    login: str = "system"
    entity: str = ""
    source: str = "api"

    @property
    def now(self) -> str:
        """The stamp of this moment: UTC, whole seconds."""
        return stamp(self.store.world.clock.now())

    @property
    def today(self) -> str:
        return self.now[:10]

    def add(self, object_name: str, rows: Sequence[Row]) -> list[int]:
        """Writes new rows of one object; returns their record numbers."""
        if not rows:
            return []
        definition, now = self.store.schema[object_name], self.now
        stamps: Row = {"WHENMODIFIED": now, "CREATEDBY": self.user, "MODIFIEDBY": self.user}
        if definition.stamp_of_creation:
            stamps[definition.stamp_of_creation] = now
        if "MEGAENTITYID" in definition.by_id and self.entity:
            stamps["MEGAENTITYID"] = self.entity
        known = {name: value for name, value in stamps.items() if name in definition.by_id}
        only = {column: values[0] for column, values in definition.only.items()}
        numbers = self.store.insert(object_name, [{**only, **known, **row} for row in rows])
        self._audit(object_name, numbers, "C", now)
        return numbers

    def change(self, object_name: str, number: int, changes: Mapping[str, Stored]) -> None:
        self.change_many(object_name, {number: dict(changes)})

    def change_many(self, object_name: str, changes: Mapping[int, Row], *, stamped: bool = True) -> None:
        """Changes rows of one object, all in the same columns. Unstamped changes are derived figures."""
        if not changes:
            return
        definition, now = self.store.schema[object_name], self.now
        stamps = {"WHENMODIFIED": now, "MODIFIEDBY": self.user} if stamped else {}
        known = {name: value for name, value in stamps.items() if name in definition.by_id}
        self.store.update(object_name, {number: {**row, **known} for number, row in changes.items()})
        if stamped:
            self._audit(object_name, list(changes), "M", now)

    def remove(self, object_name: str, numbers: Sequence[int]) -> None:
        now = self.now
        self.store.mark_deleted(object_name, numbers, now)
        self._audit(object_name, numbers, "D", now)

    def _audit(self, object_name: str, numbers: Sequence[int], mode: str, at: str) -> None:
        """Lines of documents are not objects of their own in the audit history, only their headers are."""
        if not self.store.schema[object_name].audited:
            return
        line = {"ACCESSTIME": at, "ACCESSMODE": mode, "USERID": self.login, "SOURCE": self.source}
        self.store.insert(
            "AUDITHISTORY",
            [{"OBJECTTYPE": object_name.lower(), "OBJECTKEY": f"{one}--REC", **line} for one in numbers],
        )

"""Into the recycle bin and out of it: delete with what hangs on a record, undelete, merge."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.limits import Limits
from sf_intacct.sandbox.salesforce.schema import Field, ObjectType
from sf_intacct.sandbox.salesforce.store import DELETION, Record
from sf_intacct.sandbox.salesforce.writer import Writer


class RecycleBin:
    """Deletes and restores on behalf of one writer."""

    def __init__(self, writer: Writer, limits: Limits) -> None:
        self.writer, self.limits, self.store = writer, limits, writer.store

    def delete(self, kind: ObjectType, record_id: str) -> list[str]:
        """Deletes a record and its dependents; returns every id that went. All of them or none."""
        with self.store.world.transaction():
            record = self.writer.live(kind, record_id)
            if not kind.deletable:
                raise RecordError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
            gone: list[str] = []
            self._take(kind, record, self.store.world.serial("salesforce deletion"), gone)
            self.writer.settle(kind, record)
        return gone

    def undelete(self, kind: ObjectType, record_id: str) -> list[str]:
        """Brings a record back with all that went in the same deletion; returns the ids.

        Lookups that the deletion cleared stay cleared.
        """
        record = self.store.get(kind, record_id)
        if record is None or not record["IsDeleted"] or record.get("MasterRecordId"):
            raise RecordError("UNDELETE_FAILED", "entity is not in the recycle bin")
        back: list[str] = []
        with self.store.world.transaction():
            for each in self.store.schema:
                for gone in self.store.deleted_in(each, record[DELETION]):
                    self.writer.touch(each, gone["Id"], {"IsDeleted": 0, DELETION: None})
                    back.append(gone["Id"])
            self.writer.settle(kind, record)
        return back

    def empty(self) -> list[str]:
        """Removes everything in the bin for good; returns the ids. Nothing tells of them afterwards."""
        return [record_id for kind in self.store.schema if kind.deletable for record_id in self.store.purge(kind)]

    def merge(self, kind: ObjectType, winner_id: str, loser_id: str) -> list[str]:
        """Folds the loser into the winner: its dependents change hands, itself it goes, pointing there.

        Returns the ids of everything that changed. The winner keeps its own field values.
        """
        self.writer.live(kind, winner_id)
        loser = self.writer.live(kind, loser_id)
        changed = [winner_id, loser_id]
        with self.store.world.transaction():
            for child, field in self.store.schema.children(kind):
                if field.name == "MasterRecordId":
                    continue
                for record in self.store.find(child, field.name, loser_id):
                    self.writer.touch(child, record["Id"], {field.name: winner_id})
                    changed.append(record["Id"])
            self.writer.touch(kind, loser["Id"], {"IsDeleted": 1, "MasterRecordId": winner_id})
            self.writer.touch(kind, winner_id, {})
        return changed

    def _take(self, kind: ObjectType, record: Record, deletion: int, gone: list[str]) -> None:
        self.writer.rule(kind).check_delete(record, self.store)
        dependents = [
            (child, field, each)
            for child, field in self.store.schema.children(kind)
            for each in self.store.find(child, field.name, record["Id"])
            if each["Id"] not in gone
        ]
        self._refuse_restricted(kind, record, dependents)
        self.writer.touch(kind, record["Id"], {"IsDeleted": 1, DELETION: deletion})
        gone.append(record["Id"])
        for child, field, each in dependents:
            if field.cascade_delete:
                if each["Id"] not in gone:
                    self._take(child, each, deletion, gone)
            else:
                self._clear(child, field, each)

    def _refuse_restricted(
        self, kind: ObjectType, record: Record, dependents: list[tuple[ObjectType, Field, Record]]
    ) -> None:
        for child, field, each in dependents:
            if field.restricted_delete and not field.cascade_delete:
                raise RecordError(
                    "DELETE_FAILED",
                    f"Your attempt to delete {record.get(kind.name_field)} could not be completed because it "
                    f"is associated with the following {child.label_plural.lower()}: "
                    f"{each.get(child.name_field)}",
                )

    def _clear(self, child: ObjectType, field: Field, record: Record) -> None:
        if self.limits.cleared_lookup_moves_stamp:
            self.writer.touch(child, record["Id"], {field.name: None})
        else:
            self.store.change(child, record["Id"], {field.name: None})

"""Intacct as one of the two systems: changes, read, apply, find."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import polars as pl

from sf_intacct.errors import Refused, SyncError, TryLater, Uncertain
from sf_intacct.intacct import closed_books, describe, functions, order_entry, outcomes, taxes
from sf_intacct.intacct.bookings import Booking, booking
from sf_intacct.intacct.deletions import (
    AUDIT,
    AUDITED,
    GMT,
    anything_deleted_since,
    deleted_records,
    deleted_since,
    tombstones,
)
from sf_intacct.intacct.envelope import Function
from sf_intacct.intacct.formatting import Formatting, read_formatting
from sf_intacct.intacct.gateway import Gateway
from sf_intacct.intacct.objects import TARGETS, Target
from sf_intacct.intacct.rows import columns, counts
from sf_intacct.intacct.sales_documents import definition_of
from sf_intacct.intacct.sightings import add_marked, sighting
from sf_intacct.intacct.spelling import spelt, unspelt
from sf_intacct.intacct.xml import Element
from sf_intacct.model.described import DescribedObject
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.system import Kind, MaySend, Peek, Selection, SourceField, at_any_time


class IntacctSystem:
    """One Intacct company, at the level its login has. Speaks model.System."""

    name = "intacct"
    modifier = SourceField("MODIFIEDBY", Kind.TEXT)  # the record number of a user

    def __init__(self, gateway: Gateway, page_size: int, *, reads_audit_history: bool = True) -> None:
        self.gateway = gateway
        self._page_size = page_size
        self._reads_audit_history = reads_audit_history
        self._formatting_: Formatting | None = None

    @property
    def calls(self) -> int:
        return self.gateway.calls

    @property
    def call_timeout(self) -> timedelta:
        return self.gateway.account.timeout

    @property
    def company(self) -> str:
        return self.gateway.account.login.company_id

    def changes(self, selection: Selection, since: datetime | None) -> Iterator[pl.DataFrame]:
        """Pages by record number: rows that change while we page move to a later stamp, never out of the window."""
        if selection.object == closed_books.OBJECT:
            yield from closed_books.pages(self.gateway)
            return
        if since is None:
            yield from self._everything(selection, [])
            return
        # A record that was never modified may have no stamp at all.
        start = self._formatting.spelt(since)
        moved = functions.some(
            [
                functions.condition("greaterthanorequalto", selection.stamp, start),
                functions.condition("isnull", selection.stamp),
            ]
        )
        assert moved is not None
        yield from self._everything(selection, [moved])
        if self._reads_audit_history:
            for page in self._pages(AUDIT, deleted_since(selection, since), GMT):
                yield tombstones(selection, page)

    def read(self, selection: Selection, ids: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Records by id, or the lines of documents by their parents' ids."""
        key = selection.parent or selection.record_id
        for start in range(0, len(ids), functions.VALUES_MAX):
            chunk = ids[start : start + functions.VALUES_MAX]
            yield from self._everything(selection, [functions.condition("in", key, *chunk)], chunk)

    def _everything(
        self, selection: Selection, conditions: list[Element], ids: Sequence[str] = ()
    ) -> Iterator[pl.DataFrame]:
        """Pages of an object; of one whose fields depend on a transaction definition, definition by definition."""
        if selection.object not in order_entry.BY_DEFINITION:
            yield from self._pages(selection, conditions)
            return
        for definition, where in list(order_entry.by_definition(self._pages, selection, conditions, ids)):
            yield from self._pages(selection, where, definition=definition)

    def peek(
        self, asked: Sequence[tuple[Selection, datetime | None]], deleted_since: datetime | None = None
    ) -> list[Peek]:
        """All objects in one request, and in the same one what the audit history tells of deletions."""
        calls = []
        for selection, since in asked:
            start = self._formatting.spelt(since) if since else None
            where = functions.condition("greaterthanorequalto", selection.stamp, start) if start else None
            calls.append(functions.peek(selection.object, selection.record_id, selection.stamp, where))
        asks_audit = deleted_since is not None and self._reads_audit_history
        if asks_audit and deleted_since is not None:
            calls.append(
                functions.query(AUDIT.object, AUDITED, anything_deleted_since(deleted_since), "ID", self._page_size)
            )
        results = self.gateway.read(calls, "asking Intacct what is new")
        deleted = deleted_records(results.pop().data) if asks_audit else {}
        return [
            self._peeked(selection, result.data, deleted.get(selection.object.lower(), ()))
            for (selection, _), result in zip(asked, results, strict=True)
        ]

    def _peeked(self, selection: Selection, data: Element | None, deleted: Sequence[str] = ()) -> Peek:
        """Aggregates come back as COUNT.RECORDNO in most samples and as the bare field in one: both are read."""
        cells = (
            {node.tag.rpartition(".")[2]: node.text for node in data.iter() if not len(node)}
            if data is not None
            else {}
        )
        stamp = SourceField(selection.stamp, Kind.INSTANT)
        page = pl.DataFrame({selection.stamp: [cells.get(selection.stamp)]}, schema={selection.stamp: pl.String()})
        newest = self._formatting.normalised(page, (stamp,))[selection.stamp][0]
        return Peek(int(cells.get(selection.record_id) or 0), newest, tuple(deleted))

    def describe(self, name: str, definitions: Sequence[str] = ()) -> DescribedObject | None:
        """What Intacct says of an object, with what only some transaction definitions show; None for one it has not."""
        asked = definitions if name in order_entry.BY_DEFINITION else ()
        calls = [describe.inspect(name), *(describe.lookup(name, one) for one in asked or ("",))]
        try:
            inspected, *looked_up = self.gateway.read(calls, f"asking Intacct what {name} is made of")
        except Refused:
            return None
        found = [describe.described(name, answer.data, inspected.data) for answer in looked_up]
        fields = {field.name: field for one in found for field in one.fields.values()}
        return DescribedObject(name, fields, found[0].ways)

    def request_text(self, action: str, target: str, target_id: str | None, payload: str) -> str:
        """The function text of one write. Raises ValueError for characters that XML cannot carry."""
        content = json.loads(payload)
        if target not in functions.LEGACY:
            content["fields"] = spelt(target, content["fields"])
        if action == Action.UPDATE:
            assert target_id is not None, "an update needs the record it updates"
            return functions.update(target, target_id, content)
        return functions.create(target, content)

    def apply(self, intents: Sequence[Intent], may_send: MaySend = at_any_time) -> list[Outcome]:
        """Sends one batch, of one entity, in one request and says what the reply proves. Sends nothing twice."""
        doing = f"writing {len(intents)} {intents[0].target_object}"
        calls = [Function(intent.wire_identity, intent.request) for intent in intents]
        try:
            reply = self.gateway.write(calls, doing, intents[0].entity, may_send)
        except Refused as error:  # not let into the entity: nothing was sent
            return [Outcome(Result.REFUSED, code=error.code, message=error.message) for _ in intents]
        except TryLater as error:
            return outcomes.not_executed(intents, error)
        except Uncertain as error:
            return outcomes.uncertain(intents, error.seen)
        return self._numbered(intents, outcomes.proven(intents, reply))

    def _numbered(self, intents: Sequence[Intent], proven: list[Outcome]) -> list[Outcome]:
        """Record numbers for what was answered with a name; what cannot be read back yet is looked up later."""
        target = TARGETS.get(intents[0].target_object)
        if target is None or target.named is None or intents[0].action is not Action.CREATE:
            return proven
        names = [outcome.target_id or "" for outcome in proven if outcome.result is Result.ACCEPTED]
        try:
            rows = self._rows(intents[0].target_object, (), target.named, names)
        except SyncError as error:
            rows, seen = {}, str(error)
        else:
            seen = "accepted, but not to be read yet"
        numbers = {name: found[0]["RECORDNO"] for name, found in rows.items() if len(found) == 1}
        return [outcomes.numbered(outcome, numbers, seen) for outcome in proven]

    def booking(self, request: str) -> Booking | None:
        """The day and the locations of a new document, from its frozen request; None where it says no day."""
        return booking(request)

    def said(self, intent: Intent) -> dict[str, str | None]:
        """What a generic function says, field by field, as the house spells it."""
        return unspelt(intent.target_object, functions.said(intent.request))

    def find(self, intents: Sequence[Intent]) -> list[Outcome]:
        """Looks records up by the names we gave them, in all entities, and compares what identifies them."""
        created = [intent for intent in intents if intent.action is Action.CREATE]
        updated = [intent for intent in intents if intent.action is Action.UPDATE]
        found = {**self._find_created(created), **self._find_updated(updated)}
        # What is absent counts only after the quiet time, and that is measured by our clock.
        self.gateway.check_clock("looking for what may have been written")
        return [found[intent.key] for intent in intents]

    def _find_created(self, intents: Sequence[Intent]) -> dict[str, Outcome]:
        if not intents:
            return {}
        target = TARGETS[intents[0].target_object]
        fields = [*filter(None, (target.natural_key, target.mark, target.total, target.currency))]
        keys = [intent.natural_key for intent in intents]
        if target.named:
            return self._find_documents(intents, target)
        named = self._rows(intents[0].target_object, fields, target.natural_key, keys)
        if target.mark and target.total:
            ids = [intent.source.record_id for intent in intents]
            add_marked(named, self._rows(intents[0].target_object, fields, target.mark, ids), intents)
        meant = taxes.meant(intents)
        taxes.take_out(self._rows, target, named, [i.natural_key for i in intents if meant[i.key].before_tax])
        return {i.key: sighting(i, target, named.get(i.natural_key, []), meant[i.key].total) for i in intents}

    def _find_documents(self, intents: Sequence[Intent], target: Target) -> dict[str, Outcome]:
        """Order Entry documents, under the definition they were sent to: by their number, and by our mark on them.

        A definition may have given another number than ours: the mark still finds it.
        """
        found: dict[str, Outcome] = {}
        for definition, group in groupby(sorted(intents, key=_definition), key=_definition):
            members = list(group)
            rows = order_entry.candidates(self._pages, target, definition, members)
            for one in members:
                seen = [row for row in rows if order_entry.may_be(row, target, one)]
                found[one.key] = sighting(one, target, seen, one.amount)
        return found

    def _find_updated(self, intents: Sequence[Intent]) -> dict[str, Outcome]:
        """An update is found when the record says what the update said; of a document the next reading does."""
        if not intents or intents[0].target_object in functions.LEGACY:
            return {intent.key: Outcome(Result.ABSENT) for intent in intents}
        said = {intent.key: functions.said(intent.request) for intent in intents}
        fields = sorted({field for update in said.values() for field in update})
        ids = [intent.target_id or "" for intent in intents]
        rows = self._rows(intents[0].target_object, fields, "RECORDNO", ids)
        return {
            i.key: Outcome(Result.FOUND, target_id=i.target_id)
            if any(said[i.key].items() <= row.items() for row in rows.get(i.target_id or "", []))
            else Outcome(Result.ABSENT)
            for i in intents
        }

    def _rows(
        self, name: str, fields: Iterable[str], key: str, values: Sequence[str]
    ) -> dict[str, list[dict[str, str | None]]]:
        """Records of an object by the values of one field, as the wire spells them."""
        selected = tuple(SourceField(field, Kind.TEXT) for field in dict.fromkeys(("RECORDNO", key, *fields)))
        selection = Selection(object=name, fields=selected, record_id="RECORDNO", stamp="WHENMODIFIED")
        found: dict[str, list[dict[str, str | None]]] = {}
        for start in range(0, len(values), functions.VALUES_MAX):
            where = functions.condition("in", key, *values[start : start + functions.VALUES_MAX])
            for page in self._pages(selection, [where]):
                for row in page.iter_rows(named=True):
                    found.setdefault(str(row[key]), []).append(row)
        return found

    @property
    def _formatting(self) -> Formatting:
        """Read once per sign-in, before the first date is believed."""
        if self._formatting_ is None:
            call = functions.read_user_formatting(self.gateway.account.login.user_id)
            result = self.gateway.read([call], "reading the formatting of the web-services user")[0]
            self._formatting_ = read_formatting(result.data)
        return self._formatting_

    def _pages(
        self,
        selection: Selection,
        conditions: list[Element],
        formatting: Formatting | None = None,
        definition: str = "",
    ) -> Iterator[pl.DataFrame]:
        last: str | None = None
        names = [field.name for field in selection.fields]
        while True:
            after = [functions.condition("greaterthan", selection.record_id, last)] if last else []
            where = functions.every([*conditions, *after])
            call = functions.query(selection.object, names, where, selection.record_id, self._page_size, definition)
            data = self.gateway.read([call], f"reading {selection.object}")[0].data
            assert data is not None
            page = columns(data, names)
            count, remaining = counts(data)
            if page.height != count:
                # A short page looks like success to every parser: the count is the independent total.
                raise Uncertain(
                    f"reading {selection.object}", seen=f"{page.height} records in a page that claims {count}"
                )
            if page.height:
                last = page[selection.record_id][-1]
                normalised = (formatting or self._formatting).normalised(page, selection.fields)
                yield normalised.with_columns(pl.lit(False).alias("is_deleted"))
            if remaining == 0:
                return


def _definition(intent: Intent) -> str:
    return definition_of(intent.request)

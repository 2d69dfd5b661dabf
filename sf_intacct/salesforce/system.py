"""Salesforce as one of the two systems: changes, read, apply, find."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import polars as pl

from sf_intacct.errors import ContractError, Refused, Throttled, TryLater, Uncertain
from sf_intacct.flow.refusals import passes
from sf_intacct.model.described import DescribedObject
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.system import Kind, MaySend, Peek, Selection, SourceField, at_any_time
from sf_intacct.salesforce import soql
from sf_intacct.salesforce.describe import described
from sf_intacct.salesforce.records import EXTERNAL_IDS, collection, lone, record_text
from sf_intacct.salesforce.rest import MODIFIED, Rest
from sf_intacct.salesforce.rows import columns
from sf_intacct.salesforce.transport import READ_TIMEOUT_SECONDS

COLLECTION_MAX = 200
_VALUES_MAX = 200  # keeps a query's address well below the 16 kB that servers take
_QUERIES_PER_COMPOSITE = 5
# Worth another try by itself; every other refusal of a record waits for its cause to move.
_PASSING = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED", "PROCESSING_HALTED")
_DELETED = SourceField("IsDeleted", Kind.FLAG)


class SalesforceSystem:
    """One Salesforce organisation. Speaks model.System."""

    name = "salesforce"
    modifier = SourceField("LastModifiedBy.Name", Kind.TEXT)

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self._described: dict[str, set[str]] = {}

    @property
    def calls(self) -> int:
        return self.rest.calls

    @property
    def call_timeout(self) -> timedelta:
        return timedelta(seconds=READ_TIMEOUT_SECONDS)

    @property
    def company(self) -> str:
        return self.rest.account.login_url

    def changes(self, selection: Selection, since: datetime | None) -> Iterator[pl.DataFrame]:
        """Pages in the order of (stamp, id), deleted records included. A lost cursor is taken up where it broke."""
        position: tuple[datetime, str] | None = None
        while True:
            try:
                for page in self._query_all(selection, since, position):
                    if page.height:
                        position = _position(selection, page) or position
                    yield page
                return
            except Refused as refused:
                if refused.code != "INVALID_QUERY_LOCATOR" or position is None:
                    raise

    def read(self, selection: Selection, ids: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Records by id."""
        fields = [*(field.name for field in self._there(selection).fields), "IsDeleted"]
        for start in range(0, len(ids), _VALUES_MAX):
            statement = soql.by_value(fields, selection.object, selection.record_id, ids[start : start + _VALUES_MAX])
            yield from self._pages(statement, selection)

    def peek(
        self, asked: Sequence[tuple[Selection, datetime | None]], deleted_since: datetime | None = None
    ) -> list[Peek]:
        """Five objects to a call: a composite takes no more queries. Deleted records are counted with the others."""
        found: list[Peek] = []
        for start in range(0, len(asked), _QUERIES_PER_COMPOSITE):
            chunk = asked[start : start + _QUERIES_PER_COMPOSITE]
            body = {"compositeRequest": [self._peeking(place, *one) for place, one in enumerate(chunk)]}
            answer = self.rest.call("POST", "composite", "asking Salesforce what is new", json=body)
            found += [
                _peeked(selection, part)
                for (selection, _), part in zip(chunk, answer["compositeResponse"], strict=True)
            ]
        return found

    def _peeking(self, place: int, selection: Selection, since: datetime | None) -> dict[str, str]:
        statement = quote(soql.peek(selection.object, selection.stamp, since))
        url = f"/services/data/v{self.rest.account.api_version}/queryAll?q={statement}"
        return {"method": "GET", "url": url, "referenceId": f"n{place}"}

    def describe(self, name: str, definitions: Sequence[str] = ()) -> DescribedObject | None:
        """What Salesforce says of an object; None for one that is not there, or that our user may not see."""
        try:
            return described(self.rest.read(f"sobjects/{name}/describe", f"asking Salesforce what {name} is made of"))
        except Refused as refused:
            if refused.code != "NOT_FOUND":
                raise
            return None

    def request_text(self, action: str, target: str, target_id: str | None, payload: str) -> str:
        """The record text of one write."""
        return record_text(target, json.loads(payload)["fields"], target_id)

    def apply(self, intents: Sequence[Intent], may_send: MaySend = at_any_time) -> list[Outcome]:
        """Sends one batch (one object, one action) in one call and says what the answer proves."""
        sobject, doing = intents[0].target_object, f"writing {len(intents)} {intents[0].target_object}"
        path = "composite/sobjects"
        if intents[0].action is Action.CREATE:
            path += f"/{sobject}/{EXTERNAL_IDS[sobject]}"
        body = collection([intent.request for intent in intents])
        try:
            if len(intents) == 1 and intents[0].action is Action.UPDATE and intents[0].target_version:
                return [self._conditional(intents[0], may_send)]
            headers = {"Content-Type": "application/json"}
            answer = self.rest.call("PATCH", path, doing, may_send=may_send, data=body, headers=headers)
        except TryLater as error:
            code = "throttled" if isinstance(error, Throttled) else "not_sent"
            return [Outcome(Result.NOT_EXECUTED, code=code, message=error.seen) for _ in intents]
        except Uncertain as error:
            return [Outcome(Result.UNCERTAIN, code="no_answer", message=error.seen) for _ in intents]
        except Refused as error:
            return _whole_request_refused(intents, error)
        if not isinstance(answer, list) or len(answer) != len(intents):
            return [Outcome(Result.UNCERTAIN, code="no_result", message="not one result per record") for _ in intents]
        return [_outcome(intent, result) for intent, result in zip(intents, answer, strict=True)]

    def _conditional(self, intent: Intent, may_send: MaySend) -> Outcome:
        """A lone update, which Salesforce carries out only if nobody has touched the record since it was planned.

        Compared by the second. Collections and composites do not promise to honour the condition.
        """
        seen = datetime.fromisoformat(intent.target_version or "")
        headers = {"Content-Type": "application/json", "If-Unmodified-Since": format_datetime(seen, usegmt=True)}
        path = f"sobjects/{intent.target_object}/{intent.target_id}"
        doing = f"writing {intent.target_object} {intent.target_id}"
        try:
            body = lone(intent.request, intent.target_object, intent.target_id or "")
            self.rest.call("PATCH", path, doing, may_send=may_send, data=body, headers=headers)
        except ContractError as error:
            return Outcome(Result.REFUSED, code="INVALID_FIELD", message=error.seen)
        except Refused as error:
            if error.code == MODIFIED:
                return Outcome(Result.NOT_EXECUTED, code="target_moved", message=error.message)
            passing = error.code in _PASSING or passes(error.code, error.message)
            return Outcome(Result.NOT_EXECUTED if passing else Result.REFUSED, code=error.code, message=error.message)
        return Outcome(Result.ACCEPTED, target_id=intent.target_id)

    def said(self, intent: Intent) -> dict[str, str | None]:
        """What a frozen record says, field by field, as the house spells it."""
        return _said(intent)

    def find(self, intents: Sequence[Intent]) -> list[Outcome]:
        """Whether records say what our writes said: then they were carried out. All our writes are absolute."""
        creates = intents[0].action is Action.CREATE
        sobject = intents[0].target_object
        key = EXTERNAL_IDS[sobject] if creates else "Id"
        said = [_said(intent) for intent in intents]
        fields = tuple(
            SourceField(name, Kind.TEXT) for name in dict.fromkeys(["Id", key, *(f for s in said for f in s)])
        )
        selection = Selection(object=sobject, fields=fields, record_id=key, stamp="SystemModstamp")
        keys = [intent.natural_key if creates else intent.target_id or "" for intent in intents]
        # A record in the bin is not there, though a query that asks for everything shows it.
        living = (
            row for page in self.read(selection, keys) for row in page.iter_rows(named=True) if not row["is_deleted"]
        )
        rows = {row[key]: row for row in living}
        return [
            Outcome(Result.FOUND, target_id=rows[k]["Id"])
            if k in rows and _says(rows[k], s)
            else Outcome(Result.ABSENT)
            for k, s in zip(keys, said, strict=True)
        ]

    def _query_all(
        self, selection: Selection, since: datetime | None, after: tuple[datetime, str] | None
    ) -> Iterator[pl.DataFrame]:
        fields = [*(field.name for field in self._there(selection).fields), "IsDeleted"]
        statement = soql.changed(fields, selection.object, selection.stamp, since, after)
        yield from self._pages(statement, selection)

    def _there(self, selection: Selection) -> Selection:
        """The selection without what this organisation lacks, as it says itself: asked once, and only if need be."""
        if not any(field.detected for field in selection.fields):
            return selection
        if selection.object not in self._described:
            path, doing = f"sobjects/{selection.object}/describe", f"asking what {selection.object} has"
            self._described[selection.object] = {field["name"] for field in self.rest.read(path, doing)["fields"]}
        known = self._described[selection.object]
        return replace(selection, fields=tuple(f for f in selection.fields if not f.detected or f.name in known))

    def _pages(self, statement: str, selection: Selection) -> Iterator[pl.DataFrame]:
        doing = f"reading {selection.object}"
        fields = [*selection.fields, *([] if any(f.name == "IsDeleted" for f in selection.fields) else [_DELETED])]
        answer = _Answer.of(self.rest.read("queryAll", doing, params={"q": statement}), doing)
        total, read = answer.total, 0
        while True:
            read += len(answer.records)
            page = columns(answer.records, fields)
            yield page.with_columns((pl.col("IsDeleted") == "true").alias("is_deleted")).drop("IsDeleted")
            if answer.next is None:
                break
            answer = _Answer.of(self.rest.read(answer.next, doing), doing)
        if read != total:
            # Cut short, or answered twice: the announced total is the only independent witness.
            raise Uncertain(doing, seen=f"{read} records where {total} were announced", remedy="read again")


@dataclass(frozen=True)
class _Answer:
    """One page of a query: how many records there are in all, those of this page, and where it goes on."""

    total: int
    records: list[dict[str, Any]]
    next: str | None

    @staticmethod
    def of(answer: Any, doing: str) -> "_Answer":
        """Raises Uncertain for an answer of any other shape: a read is repeated then."""
        try:
            records = answer["records"]
            if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
                raise TypeError("records that are none")
            next_ = None if answer["done"] else _cursor(answer["nextRecordsUrl"])
            return _Answer(int(answer["totalSize"]), records, next_)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise Uncertain(doing, seen=f"an answer of another shape: {error!r}", remedy="read again") from error


def _peeked(selection: Selection, part: dict[str, Any]) -> Peek:
    if part["httpStatusCode"] != 200:
        raise Refused(f"reading {selection.object}", code=str(part["httpStatusCode"]), message=str(part["body"]))
    row = part["body"]["records"][0]
    newest = columns([row], (SourceField("newest", Kind.INSTANT),))["newest"][0]
    return Peek(int(row["records"]), newest)


def _cursor(next_records_url: str) -> str:
    """The part of a next-page address below /services/data/vNN.0/."""
    return next_records_url.split("/", 4)[4]


def _position(selection: Selection, page: pl.DataFrame) -> tuple[datetime, str] | None:
    stamp, record_id = page[selection.stamp][-1], page[selection.record_id][-1]
    return (datetime.fromisoformat(stamp), record_id) if stamp else None


def _whole_request_refused(intents: Sequence[Intent], error: Refused) -> list[Outcome]:
    """A request that could not be read did nothing; alone, a record is what is wrong with it."""
    if len(intents) == 1:
        return [Outcome(Result.REFUSED, code=error.code, message=error.message)]
    return [Outcome(Result.NOT_EXECUTED, code="unreadable", message=error.seen) for _ in intents]


def _outcome(intent: Intent, result: dict[str, Any]) -> Outcome:
    if result.get("success") is True:
        record = result.get("id") or intent.target_id
        if not record or record != (intent.target_id or record):
            return Outcome(Result.UNCERTAIN, code="no_key", message=f"a success about the record {record}")
        return Outcome(Result.ACCEPTED, target_id=record)
    errors = result.get("errors") or [{}]
    code, message = str(errors[0].get("statusCode", "")), str(errors[0].get("message", ""))
    passing = code in _PASSING or passes(code, message)
    return Outcome(Result.NOT_EXECUTED if passing else Result.REFUSED, code=code, message=message)


def _said(intent: Intent) -> dict[str, str | None]:
    """What a frozen record says, field by field, as a query would answer it."""
    record = json.loads(intent.request, parse_float=str, parse_int=str)
    record.pop("attributes")
    said: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            said.update({f"{name}.{inner}": text for inner, text in value.items()})
        else:
            said[name] = str(value).lower() if isinstance(value, bool) else value
    return said


def _says(row: dict[str, str | None], said: dict[str, str | None]) -> bool:
    return all(_same(row.get(name), value) for name, value in said.items())


def _same(there: str | None, said: str | None) -> bool:
    """Equal as text or as numbers: Salesforce answers 12.5 to 12.50."""
    if there is None or said is None or there == said:
        return there == said
    try:
        return Decimal(there) == Decimal(said)
    except InvalidOperation:
        return False

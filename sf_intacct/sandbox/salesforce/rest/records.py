"""Single records: create, read, update, upsert and delete by id or by external id."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from sf_intacct.sandbox.salesforce.errors import NotFound, RecordError, SalesforceError, SeveralFound
from sf_intacct.sandbox.salesforce.ids import normalise
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.rendering import PageWriter, record_address
from sf_intacct.sandbox.salesforce.rest.replies import answer, answer_value, empty
from sf_intacct.sandbox.salesforce.schema import Field, ObjectType
from sf_intacct.sandbox.salesforce.soql import RecordPlan, plan_of
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.salesforce.values import parse_instant, stored
from sf_intacct.sandbox.wire import Reply


def create(exchange: Exchange, name: str) -> Reply:
    kind = exchange.kind(name)
    return _saved(exchange, kind, exchange.writer.create(kind, exchange.fields), 201)


def create_under_id(exchange: Exchange, name: str, field: str) -> Reply:
    """POST sobjects/X/Id is create; under any other field it is no resource."""
    if field != "Id":
        raise SalesforceError("METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are HEAD,GET,PATCH,DELETE")
    return create(exchange, name)


def read(exchange: Exchange, name: str, record_id: str) -> Reply:
    kind = exchange.kind(name)
    record = target(exchange, kind, record_id)
    modified = parse_instant(record["LastModifiedDate"])
    since = _since(exchange)
    headers = {"Last-Modified": format_datetime(modified, usegmt=True)}
    if since is not None and modified <= since:
        return empty(304, headers)
    return answer(record_text(exchange, kind, record["Id"]), 200, headers)


def read_by_key(exchange: Exchange, name: str, field: str, value: str) -> Reply:
    kind = exchange.kind(name)
    return answer(record_text(exchange, kind, _keyed(exchange, kind, field, value)["Id"]))


def update(exchange: Exchange, name: str, record_id: str) -> Reply:
    kind = exchange.kind(name)
    record = target(exchange, kind, record_id)
    _check_unmodified(exchange, record)
    exchange.writer.update(kind, record["Id"], exchange.fields)
    return empty(204)


def upsert(exchange: Exchange, name: str, field: str, value: str) -> Reply:
    kind = exchange.kind(name)
    key = key_field(kind, field)
    if any(name.casefold() == key.name.casefold() for name in exchange.fields):
        message = f"The {key.name} field should not be specified in the sobject data."
        raise SalesforceError("INVALID_FIELD", message)
    wanted = stored(key, value)
    update_only = exchange.flag("updateOnly") or key.name == "Id"
    saved, created = exchange.writer.upsert(kind, key.name, wanted, exchange.fields, update_only=update_only)
    return _saved(exchange, kind, saved, 201 if created else 200, created=created)


def delete(exchange: Exchange, name: str, record_id: str) -> Reply:
    kind = exchange.kind(name)
    return _delete(exchange, kind, target(exchange, kind, record_id))


def delete_by_key(exchange: Exchange, name: str, field: str, value: str) -> Reply:
    kind = exchange.kind(name)
    return _delete(exchange, kind, _keyed(exchange, kind, field, value))


def target(exchange: Exchange, kind: ObjectType, record_id: str) -> Record:
    """The live record that a path names; raises SalesforceError in the words of its kind of mistake."""
    found = normalise(record_id)
    if found is None and len(record_id) not in (15, 18):
        raise _no_key(record_id)
    if found is None or found[:3] != kind.key_prefix:
        raise RecordError("MALFORMED_ID", f"malformed id {record_id}")
    record = exchange.company.store.get(kind, found)
    if record is None:
        raise NotFound()
    if record["IsDeleted"]:
        raise RecordError("ENTITY_IS_DELETED", "entity is deleted")
    return record


def key_field(kind: ObjectType, name: str) -> Field:
    """The external id field that a path names; raises NotFound if it is none."""
    field = kind.field(name)
    if field is None or not field.can_find_records:
        raise _no_key(name)
    return field


def record_text(exchange: Exchange, kind: ObjectType, record_id: str, names: list[str] | None = None) -> str:
    """One record as JSON: the fields asked for, or all of them."""
    names = names or [each for each in exchange.query.get("fields", "").split(",") if each]
    plan = record_plan(exchange, kind, tuple(names))
    (row,) = exchange.company.cursors.by_id(plan, [record_id])
    assert row is not None, record_id
    return PageWriter(exchange.base).record(plan.shape, row)


def record_plan(exchange: Exchange, kind: ObjectType, names: tuple[str, ...]) -> RecordPlan:
    wanted = names or tuple(field.name for field in kind.fields)
    unknown = next((name for name in wanted if "." not in name and kind.field(name) is None), None)
    if unknown is not None:
        raise SalesforceError("INVALID_FIELD", f"No such column '{unknown}' on sobject of type {kind.name}")
    today = exchange.company.world.clock.now().date()
    soql = " ".join(("SELECT", ",".join(wanted), "FROM", kind.name))
    plan = plan_of(exchange.company.visible, soql, today)
    assert isinstance(plan, RecordPlan)
    return plan


def _keyed(exchange: Exchange, kind: ObjectType, name: str, value: str) -> Record:
    key = key_field(kind, name)
    found = exchange.company.store.find(kind, key.name, stored(key, value))
    if not found:
        raise NotFound()
    if len(found) > 1:
        raise SeveralFound(kind.name, key.name, value, [record["Id"] for record in found])
    return found[0]


def _delete(exchange: Exchange, kind: ObjectType, record: Record) -> Reply:
    exchange.company.recycle_bin(exchange.writer).delete(kind, record["Id"])
    return empty(204)


def _saved(exchange: Exchange, kind: ObjectType, record_id: str, status: int, **more: Any) -> Reply:
    headers = {"Location": record_address(exchange.base, kind.name, record_id)} if status == 201 else None
    return answer_value({"id": record_id, "success": True, "errors": [], **more}, status, headers)


def _check_unmodified(exchange: Exchange, record: Record) -> None:
    """If-Unmodified-Since, compared by the second; a weak promise, as in the real thing."""
    try:
        since = exchange.instant_header("If-Unmodified-Since")
    except ValueError:
        raise SalesforceError("INVALID_DATE_FORMAT", "If-Unmodified-Since is not an RFC 1123 date") from None
    stamp = parse_instant(record[exchange.company.limits.condition_field])
    if since is not None and stamp > since:
        raise SalesforceError(
            "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", "The record was modified after the given instant"
        )


def _since(exchange: Exchange) -> datetime | None:
    """If-Modified-Since; a date in another form is ignored on a read."""
    try:
        return exchange.instant_header("If-Modified-Since")
    except ValueError:
        return None


def _no_key(name: str) -> NotFound:
    return NotFound(f"Provided external ID field does not exist or is not accessible: {name}")

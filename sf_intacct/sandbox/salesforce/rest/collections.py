"""sObject collections: up to 200 records a call, each with its own result, all or each on its own."""

from collections.abc import Callable, Mapping
from typing import Any

from sf_intacct.sandbox.salesforce.errors import RecordError, SalesforceError
from sf_intacct.sandbox.salesforce.ids import normalise
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.records import key_field, record_plan
from sf_intacct.sandbox.salesforce.rest.rendering import PageWriter
from sf_intacct.sandbox.salesforce.rest.replies import answer, answer_value, failed_result
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.values import stored
from sf_intacct.sandbox.wire import Reply

WRITES_MAX, READS_MAX = 200, 2000
Step = Callable[[Mapping[str, Any]], dict[str, Any]]


def create(exchange: Exchange) -> Reply:
    def step(record: Mapping[str, Any]) -> dict[str, Any]:
        kind, fields = _typed(exchange, record)
        exchange.strike.hit(exchange.operation, f"create {kind.name}")
        return _success(exchange.writer.create(kind, fields))

    return _each(exchange, step)


def update(exchange: Exchange) -> Reply:
    seen: set[str] = set()

    def step(record: Mapping[str, Any]) -> dict[str, Any]:
        kind, fields = _typed(exchange, record)
        exchange.strike.hit(exchange.operation, f"update {kind.name}")
        record_id = _identified(kind, fields)
        if record_id in seen:
            raise RecordError("DUPLICATE_VALUE", f"Duplicate id in list: {record_id[:15]}")
        seen.add(record_id)
        exchange.writer.update(kind, record_id, fields)
        return _success(record_id)

    return _each(exchange, step)


def upsert(exchange: Exchange, name: str, field: str) -> Reply:
    kind = exchange.kind(name)
    key = key_field(kind, field)
    seen: set[str] = set()

    def step(record: Mapping[str, Any]) -> dict[str, Any]:
        exchange.strike.hit(exchange.operation, f"upsert {kind.name}")
        fields = _fields_of(record, kind)
        name = next((name for name in fields if name.casefold() == key.name.casefold()), None)
        value = stored(key, fields.pop(name)) if name else None
        if value is None and key.name != "Id":
            raise RecordError("MISSING_ARGUMENT", f"{key.name} not specified")
        if value is not None and str(value).casefold() in seen:
            raise RecordError("DUPLICATE_VALUE", f"Duplicate external id specified: {value}")
        seen.add(str(value).casefold())
        record_id, created = exchange.writer.upsert(kind, key.name, value, fields)
        return {**_success(record_id), "created": created}

    return _each(exchange, step)


def delete(exchange: Exchange) -> Reply:
    ids = [each for each in exchange.query.get("ids", "").split(",") if each]
    bin_ = exchange.company.recycle_bin(exchange.writer)

    def step(record: Mapping[str, Any]) -> dict[str, Any]:
        kind = _kind_of(exchange, record["id"])
        exchange.strike.hit(exchange.operation, f"delete {kind.name}")
        record_id = _identified(kind, dict(record))
        bin_.delete(kind, record_id)
        return _success(record_id)

    return _run(exchange, [{"id": each} for each in ids], step, exchange.flag("allOrNone"))


def retrieve(exchange: Exchange, name: str) -> Reply:
    """GET with ids and fields in the address, POST with them in the body; null where there is none."""
    kind = exchange.kind(name)
    if exchange.method == "POST":
        ids, names = exchange.fields.get("ids", []), exchange.fields.get("fields", [])
    else:
        ids, names = (exchange.query.get(key, "").split(",") for key in ("ids", "fields"))
    if len(ids) > READS_MAX:
        raise _too_many(READS_MAX, len(ids))
    plan = record_plan(exchange, kind, tuple(name for name in names if name))
    writer, records = PageWriter(exchange.base), exchange.company.cursors.by_id(plan, [_id(each) for each in ids])
    return answer("[" + ",".join("null" if row is None else writer.record(plan.shape, row) for row in records) + "]")


def records_of(verb: str) -> Callable[..., list[str]]:
    """Operations of a body's records, such as "update Account", for the log and for faults."""

    def named(exchange: Exchange, name: str = "", field: str = "") -> list[str]:
        records = exchange.content["records"]
        return [f"{verb} {name or record['attributes']['type']}" for record in records]

    return named


def deleted_records(exchange: Exchange) -> list[str]:
    ids = exchange.query.get("ids", "").split(",")
    kinds = (exchange.company.visible.of_id(each) for each in ids)
    return [f"delete {kind.name}" for kind in kinds if kind]


def _each(exchange: Exchange, step: Step) -> Reply:
    records = exchange.fields.get("records")
    if not isinstance(records, list) or not records:
        raise SalesforceError("REQUIRED_FIELD_MISSING", "At least 1 record is required")
    return _run(exchange, records, step, exchange.fields.get("allOrNone") is True)


def _run(exchange: Exchange, records: list[Any], step: Step, all_or_none: bool) -> Reply:
    if len(records) > WRITES_MAX:
        raise _too_many(WRITES_MAX, len(records))
    try:
        with exchange.company.world.transaction():
            results = [_attempt(exchange, record, step) for record in records]
            if all_or_none and not all(result["success"] for result in results):
                raise _RolledBack
    except _RolledBack:
        results = [_rolled_back(result) for result in results]
    return answer_value(results)


class _RolledBack(Exception):
    """Leaves the transaction without a trace in the books."""


def _attempt(exchange: Exchange, record: Any, step: Step) -> dict[str, Any]:
    try:
        with exchange.company.world.transaction():
            return step(record)
    except SalesforceError as error:
        return failed_result(error)


def _rolled_back(result: dict[str, Any]) -> dict[str, Any]:
    if not result["success"]:
        return result
    message = "Record rolled back because not all records were valid and the request was using AllOrNone header"
    return failed_result(RecordError("ALL_OR_NONE_OPERATION_ROLLED_BACK", message))


def _typed(exchange: Exchange, record: Mapping[str, Any]) -> tuple[ObjectType, dict[str, Any]]:
    name = _type_name(record)
    kind = exchange.company.visible.find(name)
    if kind is None:
        raise SalesforceError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return kind, {key: value for key, value in record.items() if key != "attributes"}


def _type_name(record: Mapping[str, Any]) -> str:
    attributes = record.get("attributes") if isinstance(record, Mapping) else None
    if not isinstance(attributes, Mapping) or "type" not in attributes:
        raise SalesforceError("INVALID_TYPE", "Include an attributes object with a type for each record")
    return str(attributes["type"])


def _fields_of(record: Mapping[str, Any], kind: ObjectType) -> dict[str, Any]:
    if _type_name(record).casefold() != kind.name.casefold():
        raise SalesforceError("INVALID_TYPE", f"all records must be of type {kind.name}")
    return {key: value for key, value in record.items() if key != "attributes"}


def _identified(kind: ObjectType, fields: dict[str, Any]) -> str:
    """Takes the id out of a record's fields."""
    given = fields.pop("Id", None) or fields.pop("id", None)
    if not given:
        raise RecordError("MISSING_ARGUMENT", "Id not specified in an update call")
    found = normalise(str(given))
    if found is None or found[:3] != kind.key_prefix:
        raise RecordError("MALFORMED_ID", f"malformed id {given}")
    return found


def _kind_of(exchange: Exchange, record_id: str) -> ObjectType:
    kind = exchange.company.visible.of_id(record_id)
    if kind is None or normalise(record_id) is None:
        raise RecordError("MALFORMED_ID", f"malformed id {record_id}")
    return kind


def _id(text: Any) -> str:
    return normalise(str(text)) or ""


def _success(record_id: str) -> dict[str, Any]:
    return {"id": record_id, "success": True, "errors": []}


def _too_many(most: int, given: int) -> SalesforceError:
    message = f"record limit reached. cannot submit more than {most} records in this request"
    return SalesforceError("EXCEEDED_ID_LIMIT", f"{message}; {given} were given")

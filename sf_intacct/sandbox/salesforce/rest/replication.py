"""getUpdated and getDeleted: which records changed in a span of whole minutes."""

from datetime import datetime, timedelta

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.replies import answer_value
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.store import table
from sf_intacct.sandbox.salesforce.values import instant_text, parse_instant
from sf_intacct.sandbox.wire import Reply

UPDATED_WINDOW = timedelta(days=30)
DELETED_WINDOW = timedelta(days=15)
IDS_MAX = 600_000


def updated(exchange: Exchange, name: str) -> Reply:
    kind = exchange.kind(name)
    start, end = _span(exchange, UPDATED_WINDOW)
    rows = _moved(exchange, kind, start, end, deleted=False)
    return answer_value({"ids": [row[0] for row in rows], "latestDateCovered": instant_text(end)})


def deleted(exchange: Exchange, name: str) -> Reply:
    kind = exchange.kind(name)
    start, end = _span(exchange, DELETED_WINDOW)
    rows = _moved(exchange, kind, start, end, deleted=True)
    earliest = max(exchange.company.founded, exchange.company.world.clock.now() - DELETED_WINDOW)
    return answer_value(
        {
            "deletedRecords": [{"id": row[0], "deletedDate": row[1]} for row in rows],
            "earliestDateAvailable": instant_text(_minute(earliest)),
            "latestDateCovered": instant_text(end),
        }
    )


def _span(exchange: Exchange, window: timedelta) -> tuple[datetime, datetime]:
    """Start and end, cut to the minute; the end never lies in the future. Raises SalesforceError."""
    try:
        start, end = (_minute(parse_instant(_given(exchange, name))) for name in ("start", "end"))
    except ValueError:
        raise SalesforceError("INVALID_REPLICATION_DATE", "start and end must be ISO 8601 instants") from None
    now = exchange.company.world.clock.now()
    if end - start <= timedelta(minutes=1):
        raise SalesforceError("INVALID_REPLICATION_DATE", "startDate must be more than one minute before endDate")
    if now - start > window:
        raise SalesforceError("INVALID_REPLICATION_DATE", f"startDate cannot be more than {window.days} days ago")
    return start, min(end, _minute(now))


def _given(exchange: Exchange, name: str) -> str:
    """A `+` that was not percent-encoded arrives as a blank; the real thing takes it, too."""
    return exchange.query.get(name, "").replace(" ", "+")


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _moved(
    exchange: Exchange, kind: ObjectType, start: datetime, end: datetime, *, deleted: bool
) -> list[tuple[str, str]]:
    statement = (
        f'select "Id", "SystemModstamp" from {table(kind)} where "IsDeleted" = ? '
        f'and "SystemModstamp" >= ? and "SystemModstamp" < ? order by "SystemModstamp", "Id"'
    )
    parameters = (int(deleted), instant_text(start), instant_text(end))
    rows = [(row[0], row[1]) for row in exchange.company.store.books.execute(statement, parameters)]
    if len(rows) > IDS_MAX:
        raise SalesforceError("EXCEEDED_ID_LIMIT", f"more than {IDS_MAX} records; ask for a shorter span")
    return rows

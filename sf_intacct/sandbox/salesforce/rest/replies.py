"""Answers and refusals as HTTP: statuses, headers, and the shapes that errors come in."""

import gzip
from typing import Any

from sf_intacct.sandbox.salesforce.errors import SalesforceError, SeveralFound
from sf_intacct.sandbox.salesforce.rest.rendering import record_address, to_json
from sf_intacct.sandbox.wire import Reply

JSON = "application/json;charset=UTF-8"
GZIP_FROM = 1024  # bytes; below it compression costs more than it saves
STATUS = {
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "INVALID_SESSION_ID": 401,
    "INVALID_AUTH_HEADER": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "API_DISABLED_FOR_ORG": 403,
    "API_CURRENTLY_DISABLED": 403,
    "INSUFFICIENT_ACCESS": 403,
    "UNSUPPORTED_API_VERSION": 410,
    "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE": 412,
    "UNKNOWN_EXCEPTION": 500,
    "INTERNAL_ERROR": 500,
    "SERVER_UNAVAILABLE": 503,
}


def answer(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """A reply with a JSON body that is already text."""
    return Reply(status, text.encode(), {"Content-Type": JSON, **(headers or {})})


def answer_value(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return answer(to_json(value), status, headers)


def empty(status: int, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, b"", dict(headers or {}))


def error_value(error: SalesforceError) -> dict[str, Any]:
    """One refusal as a single-record or request-level answer lists it."""
    value: dict[str, Any] = {"message": error.message, "errorCode": error.code}
    return value if error.fields is None else {**value, "fields": list(error.fields)}


def failed_result(error: SalesforceError) -> dict[str, Any]:
    """One refusal as the result of one record among many, where the code is called statusCode."""
    listed = {"statusCode": error.code, "message": error.message, "fields": list(error.fields or ())}
    return {"success": False, "errors": [listed]}


def refused(error: SalesforceError, base: str) -> Reply:
    """The answer to a request that was refused as a whole."""
    if isinstance(error, SeveralFound):
        return answer_value([record_address(base, error.object_name, each) for each in error.ids], 300)
    return answer_value([error_value(error)], status_of(error))


def status_of(error: SalesforceError) -> int:
    """400 unless the code says otherwise; a deleted target is gone, a deleted parent is a bad value."""
    if error.code == "ENTITY_IS_DELETED":
        return 400 if error.fields else 404
    return STATUS.get(error.code, 400)


def packed(reply: Reply, accepted: str) -> Reply:
    """The reply, compressed if the client takes it and it is worth it."""
    if "gzip" not in accepted or len(reply.body) < GZIP_FROM:
        return reply
    headers = {**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Reply(reply.status, gzip.compress(reply.body, compresslevel=1, mtime=0), headers)

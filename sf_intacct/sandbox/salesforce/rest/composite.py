"""Requests within a request: composite (which can refer back), graph (all or nothing), batch (neither)."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.rendering import Raw
from sf_intacct.sandbox.salesforce.rest.replies import answer_value
from sf_intacct.sandbox.wire import Reply

SUBREQUESTS_MAX = 25
HEAVY_MAX = 5  # queries and collections among them
NODES_MAX, GRAPHS_MAX = 500, 75
_REFERENCE = re.compile(r"@\{([A-Za-z]\w*)((?:\.\w+|\[\d+\])*)\}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_NAME = re.compile(r"[A-Za-z]\w*")
HALTED = {
    "errorCode": "PROCESSING_HALTED",
    "message": "The transaction was rolled back since another operation in the same transaction failed.",
}
# Whether a precondition holds inside a subrequest is not established; it is taken as unsupported.
IGNORED_HEADERS = ("if-unmodified-since",)

Answer = Callable[[Exchange], Reply]


class Halt(Exception):
    """Leaves the transaction of subrequests that succeed together or not at all."""


class Subrequests:
    """Carries out a list of subrequests in order, with `answer` as the way to each."""

    def __init__(self, exchange: Exchange, answer: Answer) -> None:
        self.exchange, self.answer = exchange, answer
        self._bodies: dict[str, Any] = {}

    def run(self, requests: list[dict[str, Any]], *, all_or_none: bool) -> tuple[list[dict[str, Any]], bool]:
        """Their results, and whether all succeeded."""
        results: list[dict[str, Any]] = []
        try:
            with self.exchange.company.world.transaction():
                for request in requests:
                    results.append(self._one(request))
                succeeded = all(result["httpStatusCode"] < 400 for result in results)
                if all_or_none and not succeeded:
                    raise Halt
        except Halt:
            return [_halted(result) for result in results], False
        return results, succeeded

    def _one(self, request: dict[str, Any]) -> dict[str, Any]:
        name = str(request.get("referenceId", ""))
        if not _NAME.fullmatch(name):
            raise SalesforceError("INVALID_REFERENCE_ID", f"Provided referenceId ('{name}') is invalid.")
        try:
            inner = self._inner(request)
        except SalesforceError as error:
            return _result(name, 400, [{"errorCode": error.code, "message": error.message}], {})
        reply = self.answer(inner)
        self._bodies[name] = json.loads(reply.body, parse_float=Decimal) if reply.body else None
        headers = {key: value for key, value in reply.headers.items() if key != "Content-Type"}
        return _result(name, reply.status, Raw(reply.body.decode()) if reply.body else None, headers)

    def _inner(self, request: dict[str, Any]) -> Exchange:
        url, body = self._resolved(request["url"]), self._resolved(request.get("body"))
        given = request.get("httpHeaders", {})
        headers = {name: value for name, value in given.items() if name.lower() not in IGNORED_HEADERS}
        return self.exchange.within(request["method"], url, body, headers)

    def _resolved(self, value: Any) -> Any:
        """The value with every `@{name.path}` replaced by what that subrequest answered."""
        if isinstance(value, dict):
            return {key: self._resolved(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._resolved(each) for each in value]
        if isinstance(value, str):
            return _REFERENCE.sub(lambda match: str(self._referred(match)), value)
        return value

    def _referred(self, match: re.Match[str]) -> Any:
        found: Any = self._bodies.get(match[1])
        try:
            for step in _STEP.finditer(match[2]):
                found = found[step[1]] if step[1] else found[int(step[2])]
        except (KeyError, IndexError, TypeError):
            found = None
        if found is None:
            raise SalesforceError("PROCESSING_HALTED", f"Invalid reference specified. No value for {match[0]} found")
        return found


def _result(name: str, status: int, body: Any, headers: dict[str, str]) -> dict[str, Any]:
    return {"body": body, "httpHeaders": headers, "httpStatusCode": status, "referenceId": name}


def composite(answer: Answer) -> Callable[[Exchange], Reply]:
    def handler(exchange: Exchange) -> Reply:
        requests = _listed(exchange.fields, "compositeRequest")
        _check_size(requests)
        together = exchange.fields.get("allOrNone") is True
        results, _ = Subrequests(exchange, answer).run(requests, all_or_none=together)
        return answer_value({"compositeResponse": results})

    return handler


def graph(answer: Answer) -> Callable[[Exchange], Reply]:
    def handler(exchange: Exchange) -> Reply:
        graphs = [(graph, _listed(graph, "compositeRequest")) for graph in _listed(exchange.fields, "graphs", ())]
        nodes = sum(len(requests) for _, requests in graphs)
        if len(graphs) > GRAPHS_MAX or nodes > NODES_MAX:
            raise SalesforceError("LIMIT_EXCEEDED", f"at most {GRAPHS_MAX} graphs with {NODES_MAX} nodes in all")
        return answer_value({"graphs": [_graph(exchange, answer, *each) for each in graphs]})

    return handler


def batch(answer: Answer) -> Callable[[Exchange], Reply]:
    def handler(exchange: Exchange) -> Reply:
        requests = _listed(exchange.fields, "batchRequests")
        if len(requests) > SUBREQUESTS_MAX:
            raise SalesforceError("LIMIT_EXCEEDED", f"at most {SUBREQUESTS_MAX} subrequests are allowed")
        exchange.company.allocation.spend(len(requests) - 1)  # each one counts, unlike in composite
        halt = exchange.fields.get("haltOnError") is True
        results: list[dict[str, Any]] = []
        for request in requests:
            failed = any(result["statusCode"] >= 400 for result in results)
            results.append(_skipped() if halt and failed else _batched(exchange, answer, request))
        has_errors = any(result["statusCode"] >= 400 for result in results)
        return answer_value({"hasErrors": has_errors, "results": results})

    return handler


def operations_within(operations: Callable[[Exchange], tuple[str, ...]]) -> Callable[[Exchange], list[str]]:
    """The operations of every request inside a body, for the log and for faults."""

    def named(exchange: Exchange) -> list[str]:
        content = exchange.content
        graphs = [each for graph in content.get("graphs", []) for each in graph["compositeRequest"]]
        inside = [(each, each.get("body")) for each in (*content.get("compositeRequest", []), *graphs)]
        inside += [(each, each.get("richInput")) for each in content.get("batchRequests", [])]
        found: list[str] = []
        for request, body in inside:
            found.extend(operations(exchange.within(request["method"], _rooted(request["url"]), body, {})))
        return found

    return named


def _rooted(url: str) -> str:
    """Batches write addresses without their root."""
    return url if url.startswith("/services/data/") else f"/services/data/{url}"


def _listed(content: dict[str, Any], key: str, needed: tuple[str, ...] = ("method", "url")) -> list[dict[str, Any]]:
    """The requests under `key`, each an object with what it needs; raises SalesforceError otherwise."""
    found = content.get(key)
    sound = isinstance(found, list) and all(
        isinstance(each, dict) and all(isinstance(each.get(name), str) for name in needed) for each in found
    )
    if not sound or not isinstance(found, list):
        raise SalesforceError("JSON_PARSER_ERROR", f"{key} must be a list of objects with {', '.join(needed)}")
    return found


def _graph(exchange: Exchange, answer: Answer, graph: dict[str, Any], requests: list[dict[str, Any]]) -> dict[str, Any]:
    results, succeeded = Subrequests(exchange, answer).run(requests, all_or_none=True)
    return {
        "graphId": graph.get("graphId"),
        "graphResponse": {"compositeResponse": results},
        "isSuccessful": succeeded,
    }


def _batched(exchange: Exchange, answer: Answer, request: dict[str, Any]) -> dict[str, Any]:
    reply = answer(exchange.within(request["method"], _rooted(request["url"]), request.get("richInput"), {}))
    return {"statusCode": reply.status, "result": Raw(reply.body.decode()) if reply.body else None}


def _skipped() -> dict[str, Any]:
    message = "Batch processing halted per request"
    return {"statusCode": 412, "result": [{"errorCode": "BATCH_PROCESSING_HALTED", "message": message}]}


def _check_size(requests: list[dict[str, Any]]) -> None:
    if len(requests) > SUBREQUESTS_MAX:
        raise SalesforceError("LIMIT_EXCEEDED", f"at most {SUBREQUESTS_MAX} subrequests are allowed")
    heavy = [each for each in requests if "/query" in each.get("url", "") or "/composite/" in each.get("url", "")]
    if len(heavy) > HEAVY_MAX:
        raise SalesforceError("LIMIT_EXCEEDED", f"at most {HEAVY_MAX} queries and collections are allowed")


def _halted(result: dict[str, Any]) -> dict[str, Any]:
    if result["httpStatusCode"] >= 400:
        return result
    return {**result, "body": [HALTED], "httpHeaders": {}, "httpStatusCode": 400}

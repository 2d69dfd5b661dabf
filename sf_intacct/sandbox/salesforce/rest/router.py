"""Addresses and what answers them: one line per resource, matched segment by segment."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sf_intacct.sandbox.salesforce.errors import NotFound, SalesforceError
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.replies import refused
from sf_intacct.sandbox.wire import Reply

Handler = Callable[..., Reply]
VERSION_MIN, VERSION_MAX = 50, 67
RETIRED_MAX = 30
_VERSION = re.compile(r"v(\d\d)\.0")


def _nothing(exchange: Exchange, **names: str) -> list[str]:
    return []


@dataclass(frozen=True)
class Resource:
    """A method and a path pattern. `{name}` is one segment, handed to the handler by that name.

    records lists what the request does to single records, as operations ("update Account"), for the
    log and for faults. A fault that refuses hits the whole request, or ("records") the first record that
    it matches, or ("within") one of the requests inside.
    """

    method: str
    pattern: str
    handler: Handler
    records: Callable[..., list[str]] = _nothing
    struck: Literal["whole", "records", "within"] = "whole"
    operation: str = ""

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        wanted = self.pattern.split("/") if self.pattern else []
        if len(wanted) != len(parts):
            return None
        found: dict[str, str] = {}
        for pattern, part in zip(wanted, parts, strict=True):
            if pattern.startswith("{"):
                found[pattern[1:-1]] = part
            elif pattern.casefold() != part.casefold():
                return None
        return found

    def named(self, names: dict[str, str]) -> str:
        """The operation's name: method and path without ids and values."""
        shown = [
            names.get(part[1:-1], "") if part in ("{name}", "{field}") else part
            for part in self.pattern.split("/")
            if part in ("{name}", "{field}") or not part.startswith("{")
        ]
        return self.operation or f"{self.method} {'/'.join(shown)}"


@dataclass(frozen=True)
class Found:
    """The resource behind a request, with the names from its path."""

    resource: Resource
    names: dict[str, str]

    def operations(self, exchange: Exchange) -> tuple[str, ...]:
        """Everything the request asks for, the resource first, then record by record."""
        try:
            records = self.resource.records(exchange, **self.names)
        except (SalesforceError, AttributeError, LookupError, TypeError):
            records = []  # an unreadable body is refused by the handler, in its own words
        return (self.resource.named(self.names), *records)

    def let_strike(self, exchange: Exchange, operations: tuple[str, ...]) -> None:
        if self.resource.struck == "whole":
            exchange.strike.hit(*operations)
        elif self.resource.struck == "within":
            exchange.strike.hit(operations[0])


class Router:
    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources

    def find(self, exchange: Exchange) -> Found:
        """The resource for a request; raises SalesforceError if there is none, or not for this method."""
        check_version(exchange.version)
        matches = self._matches(exchange.parts)
        if not matches:
            raise NotFound()
        method = "GET" if exchange.method == "HEAD" else exchange.method
        for found in matches:
            if found.resource.method == method:
                return found
        allowed = ["HEAD"] * any(found.resource.method == "GET" for found in matches)
        allowed += dict.fromkeys(found.resource.method for found in matches)
        message = f"HTTP Method '{exchange.method}' not allowed. Allowed are {','.join(allowed)}"
        raise SalesforceError("METHOD_NOT_ALLOWED", message)

    def operations(self, exchange: Exchange) -> tuple[str, ...]:
        """What a request asks for, by name; for one that leads nowhere, its method and path."""
        try:
            return self.find(exchange).operations(exchange)
        except SalesforceError:
            return (f"{exchange.method} {'/'.join(exchange.parts[:2])}",)

    def answer(self, exchange: Exchange) -> Reply:
        """Carries a request out, all or nothing on the books; a refusal becomes an answer."""
        try:
            with exchange.company.world.transaction():
                found = self.find(exchange)
                operations = found.operations(exchange)
                found.let_strike(exchange, operations)
                return found.resource.handler(replace(exchange, operation=operations[0]), **found.names)
        except SalesforceError as error:
            return refused(error, exchange.base)

    def _matches(self, parts: tuple[str, ...]) -> list[Found]:
        """The matches with the fewest placeholders: `describe` is not an id."""
        tried = ((resource, resource.match(parts)) for resource in self.resources)
        found = [Found(resource, names) for resource, names in tried if names is not None]
        fewest = min((len(each.names) for each in found), default=0)
        return [each for each in found if len(each.names) == fewest]


def check_version(version: str) -> None:
    """Raises SalesforceError for a version that is retired, unknown, or no version at all."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise NotFound()
    if int(match[1]) <= RETIRED_MAX:
        raise SalesforceError("UNSUPPORTED_API_VERSION", f"API version {version[1:]} is retired")
    if not VERSION_MIN <= int(match[1]) <= VERSION_MAX:
        raise NotFound()

"""One REST request as its handlers see it: what was asked, by whom, of which company."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

from sf_intacct.sandbox.faults import Fault
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.errors import NotFound, SalesforceError
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.writer import Writer


class Strike:
    """A fault of kind "refuse": it hits the first operation of a call that it matches, and no other."""

    def __init__(self, fault: Fault | None) -> None:
        self.fault = fault

    def hit(self, *operations: str) -> None:
        """Raises the fault's error if it matches one of the names that this step goes by."""
        fault = self.fault
        if fault is None or not any(fnmatchcase(operation, fault.operation) for operation in operations):
            return
        self.fault = None
        settings = fault.settings
        message = settings.get("message", "unable to obtain exclusive access to this record")
        raise SalesforceError(settings.get("code", "UNABLE_TO_LOCK_ROW"), message, ())


@dataclass(frozen=True)
class Exchange:
    """A request below /services/data/vNN.0/. `parts` are its path segments, decoded one by one."""

    company: Company
    version: str
    method: str
    parts: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    host: str
    user_id: str = ""
    strike: Strike = Strike(None)  # noqa: RUF009 - one that never hits; it holds no state
    operation: str = ""

    @property
    def base(self) -> str:
        """The path that addresses in answers start with; it echoes the version asked for."""
        return f"/services/data/{self.version}"

    @cached_property
    def writer(self) -> Writer:
        return self.company.writer(self.user_id)

    @cached_property
    def content(self) -> Any:
        """The JSON body; raises SalesforceError if it is not JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal) if self.body else {}
        except ValueError as error:
            raise SalesforceError("JSON_PARSER_ERROR", f"{error}") from None

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON body of a request about one record."""
        if not isinstance(self.content, dict):
            raise SalesforceError("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object")
        return self.content

    def by(self, user_id: str, strike: Strike) -> "Exchange":
        """The same request, once it is known who sends it and what is to befall it."""
        return replace(self, user_id=user_id, strike=strike)

    def kind(self, name: str) -> ObjectType:
        """The object a path names; raises NotFound."""
        found = self.company.visible.find(name)
        if found is None:
            raise NotFound()
        return found

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def instant_header(self, name: str) -> datetime | None:
        """An RFC 1123 date from a header, None if it is absent; raises ValueError for another form."""
        text = self.header(name)
        if not text:
            return None
        instant = parsedate_to_datetime(text)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() == "true"

    def within(self, method: str, url: str, body: Any, headers: Mapping[str, str]) -> "Exchange":
        """A request inside this one, as composite resources carry them."""
        path, _, search = url.partition("?")
        version, parts = split_path(path)
        return replace(
            self,
            version=version,
            method=method.upper(),
            parts=parts,
            query=parse_search(search),
            headers={name.lower(): str(value) for name, value in headers.items()},
            body=json.dumps(body, default=str).encode() if body is not None else b"",
            operation="",
        )


def split_path(path: str) -> tuple[str, tuple[str, ...]]:
    """Version and decoded segments of a still encoded path, no version at all for a path elsewhere.

    A trailing slash means nothing.
    """
    segments = path.rstrip("/").split("/")
    if segments[:3] != ["", "services", "data"] or len(segments) < 4:
        return "", ()
    return segments[3], tuple(unquote(segment) for segment in segments[4:])


def parse_search(search: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(search, keep_blank_values=True).items()}

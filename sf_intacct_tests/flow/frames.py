"""Frames from a few words: raw rows as the adapters hand them over, and typed rows as core holds them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Contract
from sf_intacct.flow.findings import FINDINGS
from sf_intacct.model.system import Kind


def raw(contract: Contract, *rows: dict[str, Any]) -> pl.DataFrame:
    """Text columns under the system's own names; a field that a row does not name is empty."""
    schema = {**dict.fromkeys(contract.by_source, pl.String), "is_deleted": pl.Boolean}
    return pl.DataFrame([{"is_deleted": False, **row} for row in rows], schema=schema, orient="row", strict=True)


def core(table: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Typed columns under the house's names; a column that a row does not name is empty."""
    contract = CONTRACTS[table]
    unknown = {name for row in rows for name in row} - set(contract.by_name)
    assert not unknown, f"{table} has no columns {unknown}"
    values = [{name: _value(contract.by_name[name].kind, value) for name, value in row.items()} for row in rows]
    return pl.DataFrame(values, schema=contract.dtypes, orient="row")


def _value(kind: Kind, value: Any) -> Any:
    """Money, days and instants may be written as text."""
    if not isinstance(value, str):
        return value
    match kind:
        case Kind.MONEY | Kind.NUMBER:
            return Decimal(value)
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case _:
            return value


def causes(found: pl.DataFrame) -> set[tuple[str, str]]:
    """Which document has which cause."""
    return set(found.select("document_id", "cause").iter_rows())


def finding(document: str, cause: str, subject: str = "", column: str = "", seen: str = "") -> dict[str, str]:
    """A row of findings, for comparison."""
    return dict(zip(FINDINGS, (document, cause, subject, column, seen), strict=True))

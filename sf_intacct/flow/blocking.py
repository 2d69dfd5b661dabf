"""What the mapping files and the open documents name that Intacct has renamed, put away or lost, cause by cause."""

from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS

_STANDING = {"inactive_in_books": "inactive", "renamed_in_books": "renamed", "unknown_in_books": "unknown"}


def causes(troubles: pl.DataFrame, kept: pl.DataFrame) -> list[dict[str, Any]]:
    """One entry per reference record, those that block most first.

    troubles: references.troubles; kept: the lines that are blocked now, as store.references.blocked lists them. A
    record that only files name blocks nothing yet, and is told all the same.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in troubles.iter_rows(named=True):
        subject = f"{CONTRACTS[row['table_name']].object} {row['value_id']}"
        one = found.setdefault(subject, _cause(subject, row["standing"], row["became"]))
        one["named_in"].append(f"{row['place']}: {row['said']}")
    for row in kept.iter_rows(named=True):
        subject = row["subject"]
        one = found.setdefault(subject, _cause(subject, _STANDING[row["cause"]], row["seen"] or None))
        one["blocked"].append({name: row[name] for name in _LINE})
    for one in found.values():
        _counted(one)
    return sorted(found.values(), key=lambda one: (-one["orders"], one["subject"]))


_LINE = ("crossing", "source_id", "label", "line_id", "field", "line_amount", "amount", "currency")


def _cause(subject: str, standing: str, became: str | None) -> dict[str, Any]:
    empty = {"named_in": [], "orders": 0, "lines": 0, "money": {}, "blocked": []}
    return {"subject": subject, "standing": standing, "became": became, **empty}


def _counted(one: dict[str, Any]) -> None:
    """How many documents, how many of their lines, and how much money in each currency; each document counts once."""
    documents = {(row["crossing"], row["source_id"]): row for row in one["blocked"]}
    one["orders"] = len(documents)
    one["lines"] = len({(row["crossing"], row["line_id"]) for row in one["blocked"] if row["line_id"]})
    for row in documents.values():
        if row["amount"] is not None:
            currency = row["currency"] or ""
            one["money"][currency] = one["money"].get(currency, Decimal(0)) + row["amount"]

"""What raw knows around one record: the record, what it points to, and what is there of it in the other system."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import OBSERVED, Contract, target_contract
from sf_intacct.flow.contracts.registered import Register
from sf_intacct.flow.mapping import Mapping
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

Found = dict[str, dict[str, dict[str, Any]]]
_ID = r"^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$"


def versions(
    session: Session, contract: Contract, column: str, values: Iterable[str], before: datetime | None = None
) -> list[dict[str, Any]]:
    """The newest observed version (before an instant, if given) of the records with one of these values in a column.

    Keys are the system's own field names, and record_id and is_deleted.
    """
    wanted = pl.DataFrame({"value": sorted(set(values))}, schema={"value": pl.String})
    since = f"observed_at <= {statements.text(before.isoformat())}::timestamptz" if before else "true"
    fields = statements.names(contract.by_source)
    with session.offered(wanted=wanted):
        restriction = f"{since} and record_id in (select record_id from raw.{contract.name} where "
        restriction += f"{statements.name(column)} in (select value from wanted))"
        newest = statements.latest_versions(contract, restriction)
        rows = session.frame(f"select record_id, is_deleted, {fields} from ({newest}) order by record_id")
        with session.offered(rows=rows):
            inside = f"select * from rows where {statements.name(column)} in (select value from wanted)"
            return session.frame(inside).to_dicts()


def around(session: Session, contract: Contract, source_id: str, before: datetime | None = None) -> Found:
    """The record with its lines, and every record of its system that one of them points to, and so on."""
    known = [one for one in OBSERVED.values() if one.system == contract.system]
    found: Found = {}
    todo = {source_id}
    while todo:
        fresh: list[dict[str, Any]] = []
        for one in known:
            there = found.get(one.name, {})
            rows = versions(session, one, "record_id", todo - there.keys(), before)
            if one.name == contract.lines and one.document:
                rows += _lines(session, contract, one, source_id, before, there)
            fresh += rows
            for row in rows:
                found.setdefault(one.name, {})[row["record_id"]] = row
        named = {value for row in fresh for value in row.values() if isinstance(value, str)}
        ids = pl.Series(sorted(named), dtype=pl.String)
        reached = {record for rows in found.values() for record in rows}
        todo = set(ids.filter(ids.str.contains(_ID))) - reached if fresh else set()
    return found


def _lines(
    session: Session,
    contract: Contract,
    lines: Contract,
    source_id: str,
    before: datetime | None,
    there: dict[str, dict[str, Any]],
) -> list[dict[str, Any]]:
    parent = lines.by_name[lines.document or ""].source or ""
    rows = versions(session, lines, parent, [source_id], before)
    return [row for row in rows if not row["is_deleted"] and row["record_id"] not in there]


def counterparts(session: Session, mapping: Mapping, ids: Sequence[str], values: Iterable[str]) -> list[dict[str, Any]]:
    """Records of the target that carry our mark of one of these, or the name the plan gives it, or a second key."""
    target = target_contract(mapping.target)
    assert target is not None
    names = session.frame(
        f"select distinct natural_key from plan.{mapping.crossing} where list_contains($ids, source_id) "
        "and natural_key is not null",
        {"ids": list(ids)},
    )["natural_key"].to_list()
    keys = mapping.match.keys.values() if mapping.match else ()
    asked = [(mapping.identity, names), *((key_source(target, key.target), values) for key in keys)]
    asked += [(mapping.mark, ids)] if mapping.mark else []
    rows = [
        row
        for column, wanted in asked
        if column in target.by_source
        for row in versions(session, target, column, wanted)
    ]
    return list({row["record_id"]: row for row in rows if not row["is_deleted"]}.values())


def key_source(target: Contract, column: str) -> str:
    """The system's own name of a column, if it is a plain one."""
    found = target.by_name.get(column)
    return (found.source or "") if found else ""


def ours(session: Session, mapping: Mapping) -> set[str]:
    """Record numbers of what a crossing has made itself."""
    rows = session.frame("select target_id from journal.link where crossing = ?", [mapping.crossing])
    return set(rows["target_id"])


def register(session: Session, one: Register, values: set[str]) -> list[dict[str, Any]]:
    """The rows of a reference table that one of these values names, and those above them."""
    contract = one.contract
    columns = [contract.by_name[name].source or "" for name in dict.fromkeys((contract.label, one.title))]
    above = [c.source for c in contract.columns if c.name == "parent_id" and c.source]
    found: dict[str, dict[str, Any]] = {}
    wanted = values
    while wanted:
        rows = [row for column in columns for row in versions(session, contract, column, wanted)]
        fresh = {row["record_id"]: row for row in rows if row["record_id"] not in found and not row["is_deleted"]}
        found |= fresh
        wanted = {row[column] for row in fresh.values() for column in above if row[column]}
    return list(found.values())

"""core: the lawful latest version of every document, and the quarantine of the others."""

import hashlib
from dataclasses import dataclass
from datetime import date

import polars as pl

from sf_intacct.flow.check import Judged, Verdict
from sf_intacct.flow.contracts import Contract
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

QUARANTINE = {
    "table_name": ("varchar not null", "Table of core the document would belong to"),
    "document_id": ("varchar not null", "Id of the document in its own system"),
    "label": ("varchar", "By which people know it"),
    "amount": ("decimal(18, 3)", "Money in it, where it is known"),
    "cause": ("varchar not null", "Code of the cause"),
    "subject": ("varchar", "What the cause is about"),
    "column_name": ("varchar", "Column in which it was seen"),
    "seen": ("varchar", "What was seen"),
    "sync_day": ("date not null", "Day (UTC) on which it was observed"),
    "tick": ("bigint not null", "When it was quarantined, in the warehouse's one order of changes"),
}

CREATE = statements.create_table(
    "core.quarantine", QUARANTINE, "Documents that break a law, and which, until they are mended."
)


@dataclass(frozen=True)
class Touched:
    """Newest raw versions of the documents that have to be judged again, and where that list ends."""

    heads: pl.DataFrame
    lines: pl.DataFrame | None
    upto: int


def touched(session: Session, contract: Contract, lines: Contract | None, day: date | None = None) -> Touched:
    """What has to be judged: everything observed since the last publication, or on `day`.

    A changed contract judges everything again: what was lawful may not be any more.
    """
    upto = session.next_tick()
    since = _published(session, contract, lines)
    which = f"sync_day = date '{day.isoformat()}'" if day else f"tick > {since}"
    moved = f"select record_id from raw.{contract.name} where {which}"
    parent = statements.name(lines.selection.parent or "") if lines else ""
    if lines is not None:
        moved += f" union select {parent} from raw.{lines.name} where {which}"
    # Lines may be observed before their head; they wait for it.
    session.run(
        "create or replace temp table documents as "
        f"select distinct record_id from raw.{contract.name} where record_id in ({moved})"
    )
    heads = session.frame(statements.latest_versions(contract, "record_id in (select record_id from documents)"))
    line_rows = None
    if lines is not None:
        newest = statements.latest_versions(lines, f"{parent} in (select record_id from documents)")
        line_rows = session.frame(f"select * from ({newest}) where not is_deleted")
    session.run("drop table documents")
    return Touched(heads, line_rows, upto)


def publish(session: Session, contract: Contract, lines: Contract | None, judged: Judged, day: date, upto: int) -> None:
    """Replaces the judged documents in core and in the quarantine. A refused day leaves core as it was."""
    tick = session.next_tick()
    _quarantine(session, contract, judged, day, tick)
    if judged.verdict is Verdict.REFUSE:
        return
    whole = judged.heads.drop_nulls(_required(contract))
    _replace(session, contract, contract.key, whole, whole, day, tick)
    _bury(session, contract, judged.heads.join(whole, on=contract.key, how="anti"), day, tick)
    if lines is not None and judged.lines is not None:
        _replace(
            session,
            lines,
            lines.document or "",
            judged.lines.drop_nulls(_required(lines)),
            judged.heads.select(pl.col(contract.key).alias(lines.document or "")),
            day,
            tick,
        )
    session.run("delete from meta.progress where step = ?", [f"core.{contract.name}"])
    session.run("insert into meta.progress values (?, ?, ?)", [f"core.{contract.name}", upto, _basis(contract, lines)])


def sizes(session: Session, contract: Contract, lines: Contract | None) -> list[int]:
    """How many living rows core has of the documents, and of their lines."""
    tables = [contract, *([lines] if lines else [])]
    counts = [session.value(f"select count(*) from core.{table.name} where not is_deleted") for table in tables]
    return [int(str(count)) for count in counts]


def _replace(
    session: Session, contract: Contract, by: str, rows: pl.DataFrame, documents: pl.DataFrame, day: date, tick: int
) -> None:
    """Deletes whatever belongs to `documents` (by column `by`) and inserts `rows`."""
    columns = [*contract.dtypes, "is_deleted"]
    with session.offered(fresh=rows.select(columns), documents=documents.select(by)):
        key = statements.name(by)
        session.run(f"delete from core.{contract.name} where {key} in (select {key} from documents)")
        session.run(
            f"insert into core.{contract.name} ({statements.names(columns)}, sync_day, tick) "
            f"select {statements.names(columns)}, ?, ? from fresh",
            [day, tick],
        )


def _required(contract: Contract) -> list[str]:
    """Columns without which a living row is unlawful. Only deleted documents and their lines get here without one."""
    return [column.name for column in contract.columns if column.required]


def _bury(session: Session, contract: Contract, bare: pl.DataFrame, day: date, tick: int) -> None:
    """A deleted document that was unlawful when last seen has nothing to replace core's last good state with."""
    key = statements.name(contract.key)
    with session.offered(bare=bare.select(contract.key)):
        session.run(
            f"update core.{contract.name} set is_deleted = true, sync_day = ?, tick = ? "
            f"where {key} in (select {key} from bare)",
            [day, tick],
        )


def _quarantine(session: Session, contract: Contract, judged: Judged, day: date, tick: int) -> None:
    judged_ids = pl.concat([judged.heads[contract.key], judged.quarantined["document_id"]]).to_frame("document_id")
    found = judged.findings.join(judged.quarantined, on="document_id", how="inner").rename({"column": "column_name"})
    found = found.unique(["document_id", "cause", "subject"], maintain_order=True)
    with session.offered(judged_ids=judged_ids, found=found):
        session.run(
            "delete from core.quarantine where table_name = ? and document_id in (select document_id from judged_ids)",
            [contract.name],
        )
        columns = "document_id, label, amount, cause, subject, column_name, seen"
        session.run(
            f"insert into core.quarantine (table_name, {columns}, sync_day, tick) select ?, {columns}, ?, ? from found",
            [contract.name, day, tick],
        )


def _published(session: Session, contract: Contract, lines: Contract | None) -> int:
    """The tick up to which this table has been judged under today's contract."""
    tick = session.value(
        "select tick from meta.progress where step = ? and basis = ?",
        [f"core.{contract.name}", _basis(contract, lines)],
    )
    return tick if isinstance(tick, int) else 0


def _basis(contract: Contract, lines: Contract | None) -> str:
    """What a publication rests on: the declarations of its contracts."""
    declared = repr((contract.columns, lines.columns if lines else None))
    return hashlib.sha256(declared.encode()).hexdigest()[:16]

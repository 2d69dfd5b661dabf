"""raw: every version of every record ever observed, and how far each source has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.model.watermark import Watermark
from sf_intacct.store import statements
from sf_intacct.store.spool import Spool
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Observed:
    """What one read brought: rows read, versions not seen before, tombstones among those."""

    read: int
    new: int
    deleted: int
    watermark: datetime | None


@dataclass(frozen=True)
class Parents:
    """Documents whose lines have to be read whole, and the tick up to which that list is everything."""

    ids: list[str]
    upto: int


def watermark(session: Session, contract: Contract) -> Watermark | None:
    """How far the source has been read; None means from the beginning.

    A changed selection of fields starts from the beginning: what we hold lacks the new field.
    """
    stamp = session.value(
        "select stamp from meta.watermarks where table_name = ? and fields = ?", [contract.name, _fields(contract)]
    )
    return Watermark(stamp) if isinstance(stamp, datetime) else None


def start(session: Session, contract: Contract, overlap: timedelta) -> datetime | None:
    """Where the next read begins; None reads everything."""
    mark = watermark(session, contract)
    return mark.start(overlap) if mark else None


def boundary(session: Session, contract: Contract) -> tuple[datetime | None, int]:
    """The watermark, and how many records we know with a stamp at or after it.

    Records committed late in the watermark's own second are seen by the count, not by the stamp.
    """
    mark = watermark(session, contract)
    if mark is None:
        return None, 0
    newest = statements.latest_versions(contract, "true")
    count = session.value(f"select count(*) from ({newest}) where version_at >= ?", [mark.stamp])
    return mark.stamp, int(str(count))


def living(session: Session, contract: Contract, ids: Sequence[str]) -> list[str]:
    """Which of these records we know, and know no deletion of."""
    if not ids:
        return []
    with session.offered(asked=pl.DataFrame({"record_id": list(ids)}, schema={"record_id": pl.String})):
        newest = statements.latest_versions(contract, "record_id in (select record_id from asked)")
        rows = session.frame(f"select record_id from ({newest}) where not is_deleted order by 1")
    return rows["record_id"].to_list()


def documents_to_read(session: Session, contract: Contract, heads: Contract) -> Parents:
    """The documents whose lines have not been read since the document last changed."""
    upto = session.next_tick()
    since = session.value(
        "select tick from meta.watermarks where table_name = ? and fields = ?", [contract.name, _fields(contract)]
    )
    rows = session.frame(
        f"select distinct record_id from raw.{heads.name} where tick > ? and not is_deleted order by record_id",
        [since or 0],
    )
    return Parents(rows["record_id"].to_list(), upto)


def append(
    session: Session,
    contract: Contract,
    spool: Spool,
    day: date,
    observed_at: datetime,
    parents: Parents | None = None,
) -> Observed:
    """Appends what the read brought that was not known, and moves the watermark, in one transaction.

    parents: the documents whose lines were read whole; a line that is gone from one of them gets a
    tombstone. So does everything that an object without a stamp, which is always read whole, lacks.
    """
    tick = session.next_tick()
    stamped: list[object] = [tick, day, observed_at]
    session.run(statements.arrived(contract, spool.files))
    session.run(statements.append_versions(contract), stamped)
    if parents is not None:
        with session.offered(parents=pl.DataFrame({"parent": parents.ids}, schema={"parent": pl.String})):
            session.run(statements.bury_missing_lines(contract), stamped)
    elif not contract.stamp:
        session.run(statements.bury_missing(contract), stamped)
    newest = session.value("select max(version_at) from arrived")
    session.run("drop table arrived")
    upto = parents.upto if parents else tick
    reached = _reach(session, contract, newest if isinstance(newest, datetime) else None, upto)
    new, deleted = session.connection.execute(
        f"select count(*), count(*) filter (is_deleted) from raw.{contract.name} where tick = ?", [tick]
    ).fetchone() or (0, 0)
    return Observed(read=spool.rows, new=new, deleted=deleted, watermark=reached)


def append_aside(session: Session, contract: Contract, spool: Spool, day: date, observed_at: datetime) -> None:
    """Appends what was read by its id, out of turn: its neighbours were not read, so the watermark stays."""
    session.run(statements.arrived(contract, spool.files))
    session.run(statements.append_versions(contract), [session.next_tick(), day, observed_at])
    session.run("drop table arrived")


def named(session: Session, contract: Contract, field: str, after: int) -> list[str]:
    """The records that rows observed after a tick name in a field, tombstones included."""
    column = statements.name(field)
    told = f"select distinct {column} as named from raw.{contract.name} where tick > ? and {column} is not null"
    return session.frame(f"{told} order by named", [after])["named"].to_list()


def _reach(session: Session, contract: Contract, newest: datetime | None, upto: int) -> datetime | None:
    """Moves the watermark to `newest`, never back."""
    before = watermark(session, contract)
    after = before.reaching(newest).stamp if before else newest
    session.run("delete from meta.watermarks where table_name = ?", [contract.name])
    session.run("insert into meta.watermarks values (?, ?, ?, ?)", [contract.name, after, _fields(contract), upto])
    return after


def _fields(contract: Contract) -> str:
    return ",".join(sorted(contract.by_source))

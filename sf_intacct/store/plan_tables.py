"""plan: what we mean to write, one row per record and crossing, and what has to be planned again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.decide import Planned, Step
from sf_intacct.flow.leaving import LEFT
from sf_intacct.flow.mapping import Mapping, WhenChanged
from sf_intacct.model.system import Kind
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

PLAN_COLUMNS = {
    "source_id": ("varchar not null", "Id of the source record"),
    "label": ("varchar", "How people know it"),
    "source_version": ("varchar", "Stamp of the source record the plan was made from"),
    "step": ("varchar not null", "send, waiting, held, refused, under_way, unchanged or absent"),
    "action": ("varchar", "create or update, for what is to be sent"),
    "natural_key": ("varchar", "How people name the target record"),
    "target_id": ("varchar", "Record id in the target, if it is there"),
    "target_version": ("varchar", "Stamp of the target record the plan was made from"),
    "amount": ("decimal(18, 3)", "Money at stake"),
    "currency": ("varchar", "Its currency"),
    "entity": ("varchar", "Entity of Intacct in which it is written; empty: the top level"),
    "posting_day": ("date", "Day on which it would count in the ledger, where it does"),
    "source_hash": ("varchar", "Hash of what the source record itself says"),
    "content_hash": ("varchar", "Hash of what is kept in step"),
    "wording_hash": ("varchar", "Hash of all that the mapped record says"),
    "kept_hash": ("varchar", "Hash of what is kept in step, to hold the books against"),
    "fixed_hash": ("varchar", "Hash of what the source says of what is fixed when the target is made"),
    "payload": ("varchar", "What is to be sent, as JSON"),
    "changes": ("varchar", "What differs, as JSON: field, before, after"),
    "cause": ("varchar", "Why it does not go"),
    "sync_day": ("date not null", "Day (UTC) on which it was planned"),
    "mapping_revision": ("varchar not null", "Mapping files it was planned with"),
    "tick": ("bigint not null", "When it was planned, in the warehouse's one order of changes"),
}
FINDING_COLUMNS = {
    "crossing": ("varchar not null", "Crossing in which the record does not go"),
    "document_id": ("varchar not null", "Id of the source record"),
    "cause": ("varchar not null", "Code of the cause"),
    "subject": ("varchar", "What the cause is about"),
    "column_name": ("varchar", "Field or file in which it was seen"),
    "seen": ("varchar", "What was seen"),
    "lines": ("bigint", "On how many lines of the document; 0 where the head is what keeps it"),
    "tick": ("bigint not null", "When it was found, in the warehouse's one order of changes"),
}
NEED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing that needs"),
    "source_id": ("varchar not null", "Record that needs"),
    "needed_crossing": ("varchar not null", "Crossing that has to come first"),
    "needed_id": ("varchar not null", "Record that has to cross first"),
}
BLOCKED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing in which the record is planned"),
    "source_id": ("varchar not null", "Id of the source record"),
    "line_id": ("varchar", "Id of the source line; empty where the head names the value"),
    "field": ("varchar not null", "Field of the target"),
    "subject": ("varchar not null", "The reference record: its object and id in Intacct"),
    "amount": (statements.SQL_TYPES[Kind.MONEY], "Money of the line, where it is known; of the document for a head"),
    "tick": ("bigint not null", "When it was found, in the warehouse's one order of changes"),
}
BRAKED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing in which the record is planned"),
    "source_id": ("varchar not null", "Id of the source record"),
    "words": ("varchar", "The plan that waits for people to approve it, and why"),
}
_OPEN = ", ".join(f"'{step.value}'" for step in Step if step not in (Step.UNCHANGED, Step.ABSENT))


CREATE = (
    statements.create_table("plan.findings", FINDING_COLUMNS, "Why planned records do not go."),
    statements.create_table("plan.blocked", BLOCKED_COLUMNS, "Which lines name a reference value not to be used."),
    statements.create_table("plan.braked", BRAKED_COLUMNS, "Which planned records wait for people to approve a plan."),
    statements.create_table("plan.needs", NEED_COLUMNS, "Which planned records wait for which others."),
)


def create_plan(mapping: Mapping) -> str:
    """The plan's table of one crossing."""
    return statements.create_table(f"plan.{mapping.crossing}", PLAN_COLUMNS, mapping.says)


@dataclass(frozen=True)
class Scope:
    """What one planning covers: source ids, everything up to a tick, under one revision of the mappings, on a day."""

    ids: pl.Series
    upto: int
    revision: str
    day: date


def candidates(session: Session, mapping: Mapping, revision: str, day: date) -> Scope:
    """What has to be planned again.

    That is: sources that changed, records beside them that changed, open rows of the last plan, and
    targets that changed. New mapping files plan everything again, but leave settled documents alone
    whose mapping says that differences are for people.
    """
    upto = session.next_tick()
    step = f"plan.{mapping.crossing}"
    basis = session.connection.execute("select tick, basis from meta.progress where step = ?", [step]).fetchone()
    since, known_revision = basis or (0, "")
    source = CONTRACTS[mapping.source]
    if known_revision != revision and mapping.when_changed is WhenChanged.UPDATE:
        since = 0
    parts = [f"select {source.key} from core.{source.name} where tick > {since}"]
    parts += _beside(mapping, source, since)
    parts.append(f"select source_id from plan.{mapping.crossing} where step in ({_OPEN})")
    parts += _targets_moved(mapping, since)
    crossing = statements.text(mapping.crossing)
    parts.append(f"select source_id from journal.verdict where crossing = {crossing} and tick > {since}")
    ids = session.frame(f"select distinct id from ({' union all '.join(parts)}) as moved(id) where id is not null")
    return Scope(ids["id"], upto, revision, day)


def _beside(mapping: Mapping, source: Contract, since: int) -> Iterable[str]:
    """Sources beside which something changed. A settled document is not reached by its neighbours."""
    if mapping.when_changed is WhenChanged.HOLD:
        return
    for other in mapping.beside.values():
        neighbour = CONTRACTS[other.table]
        yield (
            f"select {source.key} from core.{source.name} where {other.on} in "
            f"(select {neighbour.key} from core.{neighbour.name} where tick > {since})"
        )


def _targets_moved(mapping: Mapping, since: int) -> Iterable[str]:
    target = target_contract(mapping.target)
    assert target is not None
    moved = f"core.{target.name} t where t.tick > {since}"
    if mapping.mark:
        yield f"select t.{target.by_source[mapping.mark].name} from {moved}"
    yield (
        f"select l.source_id from journal.link l where l.crossing = {statements.text(mapping.crossing)} "
        f"and l.target_id in (select t.{target.key} from {moved})"
    )


def forget(session: Session) -> None:
    """Whatever was planned is planned again: what it was planned on is not certain any more."""
    session.run("delete from meta.progress where step like 'plan.%'")


def unsettled(session: Session, mapping: Mapping) -> pl.DataFrame:
    """Plan rows that are not in step, or on their way.

    `has_moved`: the source is not what the plan was made from any more. A source that is deleted has moved,
    unless the row is about its leaving.
    """
    source = CONTRACTS[mapping.source]
    version = f"strftime(s.{source.stamp} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return session.frame(
        f"select p.*, s.{source.key} is null or {version} is distinct from p.source_version "
        f"or (s.is_deleted and p.cause is distinct from {statements.text(LEFT)}) as has_moved "
        f"from plan.{mapping.crossing} p left join core.{source.name} s on s.{source.key} = p.source_id "
        f"where p.step in ({_OPEN}) order by p.label, p.source_id"
    )


def needs(session: Session, crossing: str) -> pl.DataFrame:
    """Which planned records of a crossing wait for which others: source_id, needed_crossing, needed_id."""
    return session.frame("select source_id, needed_crossing, needed_id from plan.needs where crossing = ?", [crossing])


def keep_back(session: Session, crossing: str, source_ids: Iterable[str], words: str) -> None:
    """Says which planned records of a crossing wait for people to approve the plan; all others do not."""
    frame = pl.DataFrame({"source_id": sorted(source_ids)}, schema={"source_id": pl.String})
    if frame.is_empty() and not session.value("select count(*) from plan.braked where crossing = ?", [crossing]):
        return
    session.run("delete from plan.braked where crossing = ?", [crossing])
    with session.offered(waits=frame):
        session.run("insert into plan.braked by name select ? as crossing, *, ? as words from waits", [crossing, words])


def publish(session: Session, mapping: Mapping, planned: Planned, needs: pl.DataFrame, scope: Scope) -> None:
    """Replaces the plan of everything that was planned again."""
    tick = session.next_tick()
    crossing = mapping.crossing
    found = planned.findings.unique(maintain_order=True).join(
        planned.lined, on=["document_id", "cause", "subject"], how="left", maintain_order="left"
    )
    found = found.rename({"column": "column_name"}).with_columns(pl.col("lines").fill_null(0))
    with session.offered(ids=scope.ids.to_frame("id"), rows=planned.rows, found=found, needed=needs):
        session.run(f"delete from plan.{crossing} where source_id in (select id from ids)")
        columns = "*, $day as sync_day, $revision as mapping_revision, $tick as tick"
        values = {"day": scope.day, "revision": scope.revision, "tick": tick}
        session.run(f"insert into plan.{crossing} by name select {columns} from rows", values)
        session.run("delete from plan.findings where crossing = ? and document_id in (select id from ids)", [crossing])
        session.run("insert into plan.findings by name select ? as crossing, *, ? as tick from found", [crossing, tick])
        session.run("delete from plan.blocked where crossing = ? and source_id in (select id from ids)", [crossing])
        with session.offered(blocked=planned.blocked):
            session.run(
                "insert into plan.blocked by name select ? as crossing, *, ? as tick from blocked", [crossing, tick]
            )
        session.run("delete from plan.needs where crossing = ? and source_id in (select id from ids)", [crossing])
        columns = "? as crossing, source_id, crossing as needed_crossing, needed_id"
        session.run(f"insert into plan.needs by name select {columns} from needed", [crossing])
    step = f"plan.{crossing}"
    session.run("delete from meta.progress where step = ?", [step])
    session.run("insert into meta.progress values (?, ?, ?)", [step, scope.upto, scope.revision])

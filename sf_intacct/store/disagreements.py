"""Fields on which one side did not get its way: open until a person decides, or decided by the field's owner.

The ledger lies in the journal, with the values that were lost: it outlives the warehouse, and can be replayed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from sf_intacct.flow.disagreements import DISAGREEMENTS
from sf_intacct.flow.mapping import Owner
from sf_intacct.flow.merge import Verdict
from sf_intacct.store import statements
from sf_intacct.store.agreements import Said
from sf_intacct.store.journal import Entry, Journal
from sf_intacct.store.journal_tables import DISAGREEMENT, INTENT
from sf_intacct.store.warehouse import Session

OWNER = "the owner"  # decided by the mapping
THEMSELVES = "the two sides"  # they agreed, or a value moved again

COLUMNS = {
    "id": ("varchar not null", "Id of the disagreement"),
    "crossing": ("varchar not null", "Crossing"),
    "source_id": ("varchar not null", "Id of the source record"),
    "target_id": ("varchar not null", "Id of the target record"),
    "label": ("varchar", "How people know the record"),
    "target": ("varchar not null", "System and object of the target"),
    "field": ("varchar not null", "Field of the target"),
    "says": ("varchar not null", "What the field is, in words"),
    "owner": ("varchar not null", "Who owns the field: salesforce, intacct or nobody"),
    "verdict": ("varchar not null", "overrule: the other side's change was written over; yield: ours stayed; conflict"),
    "is_known": ("boolean not null", "Whether the two sides ever agreed"),
    "agreed": ("varchar", "What they last agreed on"),
    "salesforce_value": ("varchar", "What Salesforce says"),
    "intacct_value": ("varchar", "What Intacct says"),
    "salesforce_version": ("varchar", "Stamp of the record in Salesforce"),
    "intacct_version": ("varchar", "Stamp of the record in Intacct"),
}
LEDGER_COLUMNS = {
    **COLUMNS,
    "intent_key": ("varchar", "Write that carried the owner's value over"),
    "changed_by": ("varchar", "Who last changed the record whose value gave way, as its system names them"),
    "opened_at": ("timestamptz not null", "When it was seen"),
    "closed_at": ("timestamptz", "When it was decided; empty while it is open"),
    "winner": ("varchar", "Whose value counts: salesforce or intacct"),
    "decided_by": ("varchar", "Who decided: a person, the owner, or the two sides by themselves"),
    "run": ("varchar not null", "Run in which it was seen"),
    "change": ("bigint not null", "Number of the journal's last change of it"),
}
CREATE = statements.create_table(
    "plan.disagreements", COLUMNS, "Fields on which one side would not get its way under the present plans."
)


def publish(session: Session, crossing: str, ids: pl.Series, rows: pl.DataFrame) -> None:
    """Replaces the disagreements of everything that was planned again."""
    with session.offered(ids=ids.to_frame("id"), rows=rows):
        session.run(
            "delete from plan.disagreements where crossing = ? and source_id in (select id from ids)", [crossing]
        )
        session.run("insert into plan.disagreements by name select * from rows")


def to_overrule(session: Session, crossing: str) -> list[dict[str, Any]]:
    """The changes of the other side that the present plan of a crossing writes over."""
    query = "select * from plan.disagreements where crossing = ? and verdict = ?"
    return session.frame(query, [crossing, Verdict.OVERRULE.value]).to_dicts()


def refresh(journal: Journal, crossing: str, ids: pl.Series, rows: pl.DataFrame, now: datetime, run: str) -> None:
    """Brings the ledger up to a plan: opens what is new, closes what is over. Overruling is told when it is sent."""
    told = rows.filter(pl.col("verdict") != Verdict.OVERRULE).to_dicts()
    present = {row["id"] for row in told}
    planned = set(ids.to_list())
    with journal.transaction() as entry:
        still = _open(entry, crossing)
        over = [row.id for row in still if row.source_id in planned and row.id not in present]
        fresh = [row for row in told if row["id"] not in {one.id for one in still}]
        if over:
            _close(entry, over, None, THEMSELVES, now)
        if fresh:
            _enter(entry, [_seen(row, now, run) for row in fresh])


def _open(entry: Entry, crossing: str) -> Sequence[sa.Row[Any]]:
    is_open = sa.and_(DISAGREEMENT.c.crossing == crossing, DISAGREEMENT.c.closed_at.is_(None))
    return entry.connection.execute(sa.select(DISAGREEMENT).where(is_open)).all()


def _seen(row: Mapping[str, Any], now: datetime, run: str) -> dict[str, Any]:
    """A ledger row: open for a conflict, decided where the field has an owner."""
    is_open = row["verdict"] == Verdict.CONFLICT
    decided = {} if is_open else {"closed_at": now, "winner": row["owner"], "decided_by": OWNER}
    empty = dict.fromkeys(("intent_key", "changed_by", "closed_at", "winner", "decided_by"))
    return {**empty, **{name: row[name] for name in DISAGREEMENTS}, "opened_at": now, "run": run, **decided}


def overruled(
    journal: Journal,
    rows: Sequence[Mapping[str, Any]],
    sent: Mapping[str, tuple[str, str | None]],
    now: datetime,
    run: str,
) -> None:
    """Keeps the values that a write is about to overrule. sent: by source id, the write and who last changed them."""
    told = []
    for row in rows:
        key, changed_by = sent[row["source_id"]]
        told.append({**_seen(row, now, run), "intent_key": key, "changed_by": changed_by})
    if told:
        with journal.transaction() as entry:
            _enter(entry, told)


def _enter(entry: Entry, rows: Sequence[dict[str, Any]]) -> None:
    """The same disagreement is one row, however often it is planned; what was over and is back is open again."""
    ids = [row["id"] for row in rows]
    decided = sa.and_(DISAGREEMENT.c.id.in_(ids), DISAGREEMENT.c.decided_by == OWNER)
    known = set(entry.connection.execute(sa.select(DISAGREEMENT.c.id).where(decided)).scalars())
    fresh = [{**row, "change": entry.change} for row in rows if row["id"] not in known]
    if fresh:
        entry.connection.execute(sa.delete(DISAGREEMENT).where(DISAGREEMENT.c.id.in_([row["id"] for row in fresh])))
        entry.connection.execute(sa.insert(DISAGREEMENT), fresh)


def _close(entry: Entry, ids: Sequence[str], winner: str | None, by: str, now: datetime) -> None:
    closed = {"closed_at": now, "winner": winner, "decided_by": by, "change": entry.change}
    entry.connection.execute(sa.update(DISAGREEMENT).where(DISAGREEMENT.c.id.in_(ids)).values(**closed))


def listed(journal: Journal, *, open_only: bool = False) -> list[dict[str, Any]]:
    """The ledger, oldest first, without what was to be overruled and was not: its write was not carried out."""
    query = sa.select(DISAGREEMENT).outerjoin(INTENT, INTENT.c.key == DISAGREEMENT.c.intent_key)
    query = query.where(sa.or_(DISAGREEMENT.c.intent_key.is_(None), INTENT.c.state.in_(["accepted", "verified"])))
    if open_only:
        query = query.where(DISAGREEMENT.c.closed_at.is_(None))
    with journal.engine.begin() as connection:
        rows = connection.execute(query.order_by(DISAGREEMENT.c.opened_at, DISAGREEMENT.c.id)).mappings()
        return [dict(row) for row in rows]


def after(journal: Journal, change: int) -> list[dict[str, Any]]:
    """Ledger rows changed after `change`, for the mirror."""
    with journal.engine.begin() as connection:
        rows = connection.execute(sa.select(DISAGREEMENT).where(DISAGREEMENT.c.change > change)).mappings()
        return [dict(row) for row in rows]


def lost(journal: Journal, keys: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """By write, the values that it overrules."""
    found: dict[str, list[dict[str, Any]]] = {}
    with journal.engine.begin() as connection:
        query = sa.select(DISAGREEMENT).where(DISAGREEMENT.c.intent_key.in_(list(keys)))
        for row in connection.execute(query.order_by(DISAGREEMENT.c.field)).mappings():
            found.setdefault(row["intent_key"], []).append(dict(row))
    return found


def resolve(journal: Journal, id_: str, take: Owner, by: str, now: datetime) -> list[dict[str, Any]]:
    """A person's decision about an open conflict, and about its twin in the crossing that goes the other way.

    What is not taken counts as the last agreed value from now on: the side that is taken is then the only one that
    changed. Empty when no such conflict is open.
    """
    with journal.transaction() as entry:
        rows = [dict(row) for row in entry.connection.execute(_with_twin(id_)).mappings()]
        for row in rows:
            given_up = row["intacct_value"] if take is Owner.SALESFORCE else row["salesforce_value"]
            said: Said = {row["source_id"]: {row["field"]: given_up}}
            entry.agree(row["crossing"], said, now)
        if rows:
            _close(entry, [row["id"] for row in rows], take.value, by, now)
    return rows


def _with_twin(id_: str) -> sa.Select[Any]:
    """The conflict, and the same two values of the same two records seen from the other side."""
    one, twin = DISAGREEMENT.alias("one"), DISAGREEMENT
    same = sa.and_(
        twin.c.source_id == one.c.target_id,
        twin.c.target_id == one.c.source_id,
        twin.c.salesforce_value.is_not_distinct_from(one.c.salesforce_value),
        twin.c.intacct_value.is_not_distinct_from(one.c.intacct_value),
    )
    mine = sa.exists().where(one.c.id == id_, one.c.closed_at.is_(None), sa.or_(twin.c.id == one.c.id, same))
    return sa.select(twin).where(twin.c.closed_at.is_(None), mine)

"""The journal as tables of the warehouse, so that SQL over everything works. Follows, never leads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sf_intacct.store import disagreements, statements
from sf_intacct.store.agreements import AGREED_COLUMNS
from sf_intacct.store.journal import Journal
from sf_intacct.store.warehouse import Session

_MONEY = "decimal(18, 3)"
INTENT_COLUMNS = {
    "key": ("varchar not null", "Key of the write: from the source record alone for a create"),
    "crossing": ("varchar not null", "Crossing the write belongs to"),
    "action": ("varchar not null", "create or update"),
    "source_system": ("varchar not null", "System the record came from"),
    "source_object": ("varchar not null", "Object the record came from"),
    "source_id": ("varchar not null", "Id of the source record"),
    "source_version": ("varchar not null", "Stamp of the source record the plan was made from"),
    "source_hash": ("varchar not null", "Hash of what the source record itself said"),
    "target_system": ("varchar not null", "System written to"),
    "target_object": ("varchar not null", "Object written to"),
    "target_id": ("varchar", "Record id in the target, once known"),
    "target_version": ("varchar", "Stamp of the target record the plan was made from"),
    "natural_key": ("varchar not null", "How people name the target record"),
    "label": ("varchar not null", "How people name the source record"),
    "content_hash": ("varchar not null", "Hash of what is kept in step"),
    "wording_hash": ("varchar not null", "Hash of all that the mapped record said"),
    "kept_hash": ("varchar", "Hash of what is kept in step, to hold the books against"),
    "fixed_hash": ("varchar", "Hash of what the source said of what is fixed when the target is made"),
    "mapping_revision": ("varchar not null", "Mapping files the plan was made with"),
    "amount": (_MONEY, "Money at stake"),
    "currency": ("varchar", "Its currency"),
    "entity": ("varchar", "Entity of Intacct in which it is written; empty: the top level"),
    "state": ("varchar not null", "Where the write stands"),
    "attempt": ("bigint not null", "Sends under the present wire identity"),
    "refusals": ("bigint not null", "Definite refusals so far"),
    "sent_at": ("timestamptz", "Last sent"),
    "due_at": ("timestamptz", "Next to be worked on"),
    "looked_at": ("timestamptz", "Last looked up and not found"),
    "is_doubtful": ("boolean not null", "The last answer smelled of a repeat"),
    "cause": ("varchar", "Code of the last refusal"),
    "message": ("varchar", "Words of the last refusal"),
    "created_at": ("timestamptz not null", "Written down at"),
    "run": ("varchar not null", "Run that wrote it down"),
    "change": ("bigint not null", "Number of the journal's last change of it"),
}
LINK_COLUMNS = {
    "crossing": ("varchar not null", "Crossing"),
    "source_id": ("varchar not null", "Id of the source record"),
    "target_id": ("varchar not null", "Id of the target record"),
    "natural_key": ("varchar not null", "How people name the target record"),
    "change": ("bigint not null", "Number of the journal's last change of it"),
}
RECEIPT_COLUMNS = {
    "number": ("bigint not null", "Number of the receipt"),
    "intent_key": ("varchar not null", "Write it belongs to"),
    "attempt": ("bigint not null", "Attempt it answers"),
    "recorded_at": ("timestamptz not null", "When"),
    "result": ("varchar not null", "What it proves"),
    "target_id": ("varchar", "Record id in the target"),
    "code": ("varchar not null", "The other side's code"),
    "message": ("varchar not null", "The other side's words"),
    "run": ("varchar not null", "Run it was received in"),
    "hash": ("varchar not null", "Hash of this receipt and of the one before it: the chain of all receipts"),
}
DECISION_COLUMNS = {
    "number": ("bigint not null", "Number of the decision; the newest counts"),
    "crossing": ("varchar not null", "Crossing it is about"),
    "source_id": ("varchar not null", "Source record it is about"),
    "decision": ("varchar not null", "retry, fix, hold, ignore, resolve or undo"),
    "reason": ("varchar not null", "Why"),
    "decided_by": ("varchar not null", "Who"),
    "recorded_at": ("timestamptz not null", "When"),
    "exception_id": ("varchar", "Exception in which it was decided"),
    "source_hash": ("varchar", "Hash of what the source record said then"),
}
VERDICT_COLUMNS = {
    "number": ("bigint not null", "Number of the verdict; the newest about a pair counts"),
    "crossing": ("varchar not null", "Crossing it is about"),
    "source_id": ("varchar not null", "Source record it is about"),
    "target_id": ("varchar not null", "Target record it is about"),
    "natural_key": ("varchar not null", "How people name the target record"),
    "verdict": ("varchar not null", "same or different"),
    "score": ("bigint", "How alike the two were then, 0 to 100"),
    "evidence": ("varchar not null", "What was alike, in words"),
    "reason": ("varchar not null", "Why"),
    "decided_by": ("varchar not null", "Who"),
    "recorded_at": ("timestamptz not null", "When"),
    "run": ("varchar not null", "Run or command in which it was given"),
}
_TICK = {"tick": ("bigint not null", "When it was mirrored, in the warehouse's one order of changes")}


CREATE = tuple(
    statements.create_table(f"journal.{table}", {**columns, **_TICK}, f"{says} A mirror of the journal.")
    for table, columns, says in (
        ("intent", INTENT_COLUMNS, "Every write we meant to make, and where it stands."),
        ("link", LINK_COLUMNS, "Which record is which on the other side."),
        ("receipt", RECEIPT_COLUMNS, "What came of every attempt."),
        ("decision", DECISION_COLUMNS, "What people decided about records that do not cross."),
        ("verdict", VERDICT_COLUMNS, "What people said about two records: the same, or not."),
        ("agreed", AGREED_COLUMNS, "What both sides last agreed on, field by field."),
        (
            "disagreement",
            disagreements.LEDGER_COLUMNS,
            "Fields on which the two sides disagreed, and whose value counts.",
        ),
    )
)


@dataclass(frozen=True)
class _Mirrored:
    """A table of the journal: by which rising number it is followed, what tells its rows apart, how it is read."""

    number: str
    keys: list[str]
    columns: dict[str, tuple[str, str]]
    read: Callable[[Journal, int], list[dict[str, Any]]]


# Verdicts before links: a link that was made again after it was revoked is among the changed ones.
_MIRRORED = {
    "intent": _Mirrored("change", ["key"], INTENT_COLUMNS, Journal.intents_after),
    "receipt": _Mirrored("number", ["number"], RECEIPT_COLUMNS, Journal.receipts_after),
    "decision": _Mirrored("number", ["number"], DECISION_COLUMNS, Journal.decisions_after),
    "verdict": _Mirrored("number", ["number"], VERDICT_COLUMNS, Journal.verdicts_after),
    "link": _Mirrored("change", ["crossing", "source_id"], LINK_COLUMNS, Journal.links_after),
    "agreed": _Mirrored("change", ["crossing", "source_id"], AGREED_COLUMNS, Journal.agreed_after),
    "disagreement": _Mirrored("change", ["id"], disagreements.LEDGER_COLUMNS, disagreements.after),
}
_REACHED = "select " + ", ".join(
    f"(select coalesce(max({one.number}), 0) from journal.{table}) as {table}" for table, one in _MIRRORED.items()
)


def follow(session: Session, journal: Journal) -> None:
    """Brings the mirror up to the journal. Costs one look at each of the two when nothing moved."""
    reached = session.frame(_REACHED).row(0, named=True)
    newest = journal.newest()
    moved = [table for table in _MIRRORED if newest[table] > reached[table]]
    tick = session.next_tick() if moved else 0
    for table in moved:
        one = _MIRRORED[table]
        _upsert(session, table, one.keys, one.columns, one.read(journal, reached[table]), tick)
        if table == "verdict":
            session.run(_REVOKED, [tick])


_BY_CHANGE = ", ".join(
    f"(select coalesce(max(change), 0) from journal.{table})"
    for table, one in _MIRRORED.items()
    if one.number == "change"
)
_TIP = f"""
select (select coalesce(max(number), 0) from journal.receipt),
       (select max_by(hash, number) from journal.receipt),
       greatest({_BY_CHANGE}),
       greatest((select max(recorded_at) from journal.receipt), (select max(sent_at) from journal.intent))
"""


def reached(session: Session) -> tuple[int, str | None, int, datetime | None]:
    """How far the mirror has come: the newest receipt and its hash, the newest change, the last send or answer."""
    number, hash_, change, at = session.frame(_TIP).row(0)
    return number, hash_, change, at


def forget(session: Session) -> None:
    """Empties the mirror: the journal it followed is no more."""
    for table in _MIRRORED:
        session.run(f"delete from journal.{table}")


# What a person took back is not linked any more.
_REVOKED = """
delete from journal.link l using journal.verdict v
where v.tick = ? and v.verdict = 'different'
  and l.crossing = v.crossing and l.source_id = v.source_id and l.target_id = v.target_id
"""


def _upsert(
    session: Session,
    table: str,
    keys: list[str],
    columns: dict[str, tuple[str, str]],
    rows: list[dict[str, Any]],
    tick: int,
) -> None:
    with session.offered(fresh=statements.frame_for(columns, rows)):
        same = " and ".join(f"t.{key} = f.{key}" for key in keys)
        session.run(f"delete from journal.{table} t using fresh f where {same}")
        names = statements.names(columns)
        session.run(f"insert into journal.{table} ({names}, tick) select {names}, ? from fresh", [tick])

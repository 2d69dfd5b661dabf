"""What the journal's mirror knows of refused writes, and what has moved in core since."""

from collections.abc import Iterable, Iterator

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.releases import Proof, Refusal, Watch
from sf_intacct.store.warehouse import Session


def refusals(session: Session, crossing: str) -> list[Refusal]:
    """The writes of a crossing that were refused and wait."""
    rows = session.frame(
        "select i.source_id, i.key, coalesce(i.cause, '') as code, coalesce(i.message, '') as message, i.tick, "
        "i.refusals, max(r.recorded_at) as refused_at from journal.intent i join journal.receipt r "
        "on r.intent_key = i.key where i.crossing = ? and i.state = 'refused' group by all",
        [crossing],
    )
    return [Refusal(**row) for row in rows.iter_rows(named=True)]


def proofs(session: Session, crossing: str) -> list[Proof]:
    """What was refused once and accepted since, in the words of its last refusal; of the last days only."""
    rows = session.frame(
        "select max_by(r.code, r.number) filter (r.result = 'refused') as code, "
        "max_by(r.message, r.number) filter (r.result = 'refused') as message, "
        "max(r.recorded_at) filter (r.result in ('accepted', 'found')) as accepted_at "
        "from journal.intent i join journal.receipt r on r.intent_key = i.key where i.crossing = ? and i.refusals > 0 "
        "and i.state in ('accepted', 'verified') group by i.key having code is not null and accepted_at is not null",
        [crossing],
    )
    return [Proof(**row) for row in rows.iter_rows(named=True)]


def moved(session: Session, watches: Iterable[Watch]) -> Iterator[tuple[Watch, int]]:
    """The watched records that are there, with the tick of their last change."""
    for watch in watches:
        label = CONTRACTS[watch.table].label
        tick = session.value(f"select max(tick) from core.{watch.table} where {label} = ?", [watch.name])
        if isinstance(tick, int):
            yield watch, tick

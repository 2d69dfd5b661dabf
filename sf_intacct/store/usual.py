"""What a usual day is, and what the books are in use: from the receipts and from the mirror of Intacct's documents."""

from datetime import date, timedelta

from sf_intacct.flow.brakes import Known, Size
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.store.warehouse import Session

# How far back a day may be to say what is usual.
DAYS = timedelta(days=60)
_WRITTEN = """
with written as (
    select i.key, i.currency, i.amount, min(cast(r.recorded_at at time zone 'UTC' as date)) as day
    from journal.receipt r join journal.intent i on i.key = r.intent_key
    where i.crossing = ? and r.result in ('accepted', 'found') group by all
)
select day, coalesce(currency, '') as currency, count(*) as documents, sum(abs(amount)) as money
from written where day >= ? group by all order by day
"""


def known(session: Session, crossing: str, today: date) -> Known:
    """What one crossing wrote day by day and today, and which accounts and entities Intacct's documents name."""
    days: dict[date, Size] = {}
    for day, currency, documents, money in session.frame(_WRITTEN, [crossing, today - DAYS]).iter_rows():
        wrote = Size(documents, {currency: money} if money is not None else {})
        days[day] = days.get(day, Size()) + wrote
    now = days.pop(today, Size())
    return Known(list(days.values()), now, frozenset(_accounts(session)), frozenset(_entities(session)))


def _accounts(session: Session) -> list[str]:
    return _named(session, "account_number", [c.name for c in CONTRACTS.values() if c.document])


def _entities(session: Session) -> list[str]:
    return _named(session, "entity_id", [contract.name for contract in CONTRACTS.values() if contract.lines])


def _named(session: Session, column: str, tables: list[str]) -> list[str]:
    """The values of a column of Intacct's documents that were ever seen in them."""
    having = [name for name in tables if CONTRACTS[name].system == "intacct" and column in CONTRACTS[name].by_name]
    parts = " union ".join(f"select {column} from core.{name} where {column} <> ''" for name in having)
    return session.frame(parts).to_series().to_list() if parts else []

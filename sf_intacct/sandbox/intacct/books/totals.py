"""Control totals of the books, computed from their rows: the oracle of tests and proofs."""

from typing import Any

from sf_intacct.sandbox.intacct.books import control_ids
from sf_intacct.sandbox.intacct.books.store import Store
from sf_intacct.sandbox.intacct.books.tables import DELETED, PREFIX
from sf_intacct.sandbox.intacct.values import money_text

RECORDS, ENTRIES = f'"{PREFIX}PRRECORD"', f'"{PREFIX}PRENTRY"'


def totals(store: Store) -> dict[str, Any]:
    """Counts and sums (as text) of invoices and payments, and every invoice whose lines do not sum to it."""
    count, entered, paid, due = _sums(store, "= 'ri'")
    payments, received, _, unapplied = _sums(store, "in ('rp', 'ro')")
    return {
        "customers": _count(store, "CUSTOMER"),
        "items": _count(store, "ITEM"),
        "invoices": count,
        "invoiced": money_text(entered),
        "paid": money_text(paid),
        "due": money_text(due),
        "payments": payments,
        "received": money_text(received),
        "unapplied": money_text(unapplied),
        "applied": money_text(_applied(store)),
        "repeated_executions": control_ids.repeated(store),
        "unbalanced_invoices": _unbalanced(store),
    }


def _sums(store: Store, record_type: str) -> tuple[int, int, int, int]:
    """How many records of a type, and what was entered, paid and is due, in cents."""
    columns = ("TRX_TOTALENTERED", "TRX_TOTALPAID", "TRX_TOTALDUE")
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in columns)
    found = store.execute(
        f"select count(*), {sums} from {RECORDS} where RECORDTYPE {record_type} and {DELETED} is null"
    ).fetchone()
    count, entered, paid, due = (int(one) for one in found)
    return count, entered, paid, due


def _count(store: Store, table: str) -> int:
    statement = f'select count(*) from "{PREFIX}{table}" where {DELETED} is null'
    return int(store.execute(statement).fetchone()[0])


def _applied(store: Store) -> int:
    statement = f'select coalesce(sum(TRX_PAYMENTAMOUNT), 0) from "{PREFIX}ARPYMTDETAIL"'
    return int(store.execute(statement).fetchone()[0])


def _unbalanced(store: Store) -> list[str]:
    """Numbers of invoices whose lines do not sum to what was entered and paid."""
    found = store.execute(
        f"select r.RECORDID from {RECORDS} r where r.RECORDTYPE = 'ri' and r.{DELETED} is null and"
        " (r.TRX_TOTALENTERED, r.TRX_TOTALPAID, r.TRX_TOTALENTERED - r.TRX_TOTALPAID) is not"
        f" (select sum(e.TRX_AMOUNT), sum(e.TRX_TOTALPAID), r.TRX_TOTALDUE from {ENTRIES} e"
        f" where e.RECORDTYPE = r.RECORDTYPE and e.RECORDKEY = r.RECORDNO and e.{DELETED} is null) order by 1"
    )
    return [number for (number,) in found]

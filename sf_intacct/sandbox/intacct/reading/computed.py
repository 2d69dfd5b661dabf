"""Fields that no column holds, as SQL expressions over the row named by `alias`."""

from collections.abc import Callable
from datetime import date

from sf_intacct.sandbox.intacct.books.tables import DELETED, PREFIX

RECORDS = f'"{PREFIX}PRRECORD"'
DEEP_LINK = "https://www.intacct.com/ia/acct/ur.phtml?.r="


def _record_url(alias: str, table: str, today: date) -> str:
    return f"'{DEEP_LINK}{table.lower()}-' || {alias}.RECORDNO"


def _customer_entity(alias: str, table: str, today: date) -> str:
    return f"'C' || {alias}.CUSTOMERID"


def _customer_total_due(alias: str, table: str, today: date) -> str:
    """What a customer owes by its posted invoices and memos; unapplied payments do not lessen it."""
    return (
        f"(select coalesce(sum(r.TOTALDUE), 0) from {RECORDS} r where r.RECORDTYPE in ('ri', 'ra')"
        f" and r.CUSTOMERID = {alias}.CUSTOMERID and r.{DELETED} is null and r.STATE <> 'Draft')"
    )


def _customer_last_invoice_date(alias: str, table: str, today: date) -> str:
    return (
        f"(select max(r.WHENCREATED) from {RECORDS} r where r.RECORDTYPE = 'ri'"
        f" and r.CUSTOMERID = {alias}.CUSTOMERID and r.{DELETED} is null)"
    )


def _due_in_days(alias: str, table: str, today: date) -> str:
    return f"cast(julianday({alias}.WHENDUE) - julianday('{today.isoformat()}') as integer)"


def _term_value(alias: str, table: str, today: date) -> str:
    """The encoding of the one term on record, `::#30#:O:`; empty for kinds of terms never seen encoded."""
    return (
        f"case when {alias}.DUEFROM = 'from invoice/bill date' then '::#' || coalesce({alias}.DUEDATE, 0) || '#:O:' end"
    )


def _audit_id(alias: str, table: str, today: date) -> str:
    return f"printf('AH%010d', {alias}.RECORDNO)"


EXPRESSIONS: dict[str, Callable[[str, str, date], str]] = {
    "record_url": _record_url,
    "customer_entity": _customer_entity,
    "customer_total_due": _customer_total_due,
    "customer_last_invoice_date": _customer_last_invoice_date,
    "due_in_days": _due_in_days,
    "term_value": _term_value,
    "audit_id": _audit_id,
}

"""What landed in a period after its close, told from the versions of Intacct's documents that were observed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sf_intacct.store.closing import late
from sf_intacct.store.warehouse import Session, Warehouse

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
UNTIL = datetime(2026, 12, 6, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 12, 5, 23, 59, tzinfo=UTC), datetime(2026, 12, 6, 0, 0, tzinfo=UTC)
INVOICE = {
    "RECORDNO": "7",
    "RECORDID": "SO-1",
    "CUSTOMERID": "C-1",
    "STATE": "Posted",
    "WHENCREATED": "2026-11-20",
    "WHENPOSTED": "2026-11-20",
    "CURRENCY": "USD",
    "TRX_TOTALENTERED": "100.00",
    "TRX_TOTALDUE": "100.00",
    "MEGAENTITYID": "",
    "AUWHENCREATED": "2026-11-20T10:00:00Z",
}
LINE = {"RECORDNO": "71", "RECORDKEY": "7", "ACCOUNTNO": "4000", "TRX_AMOUNT": "100.00", "DEPARTMENTID": "100"}


def seen(session: Session, table: str, base: dict[str, str], at: datetime, *, gone: bool = False, **said: str) -> None:
    """One version of a record, as it is observed at that instant."""
    values: dict[str, Any] = {**base, **said}
    known = {"tick": session.next_tick(), "sync_day": at.date(), "observed_at": at, "version_at": at}
    known |= {"record_id": values["RECORDNO"], "content_hash": str(known["tick"]), "is_deleted": gone}
    row = {**known, **values}
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    session.run(f"insert into raw.{table} ({names}) values ({marks})", list(row.values()))


def invoice(session: Session, at: datetime, *, gone: bool = False, **said: str) -> None:
    seen(session, "intacct_invoices", INVOICE, at, gone=gone, **said)


def told(session: Session) -> list[str]:
    return late(session, FIRST, LAST, UNTIL)["what"].to_list()


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("changed", {}, {"TRX_TOTALENTERED": "100.01"}),
        ("changed", {}, {"CUSTOMERID": "C-2"}),
        ("changed", {}, {"MEGAENTITYID": "E2"}),
        ("moved", {}, {"WHENPOSTED": "2026-12-01"}),
        ("moved", {"WHENPOSTED": "2026-12-01"}, {"WHENPOSTED": "2026-11-30"}),
        ("posted", {"STATE": "Draft"}, {"STATE": "Posted"}),
    ],
)
def test_what_changed_in_the_period_after_the_close_is_late(
    furnished: Warehouse, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    with furnished.transaction() as session:
        invoice(session, BEFORE, **before)
        assert told(session) == []
        invoice(session, AFTER, **{**before, **after})
        assert told(session) == [what]


@pytest.mark.parametrize(
    "after",
    [
        {"TRX_TOTALDUE": "0.00", "STATE": "Paid"},
        {"TRX_TOTALENTERED": "100"},
    ],
)
def test_a_payment_and_another_spelling_change_nothing(furnished: Warehouse, after: dict[str, Any]) -> None:
    with furnished.transaction() as session:
        invoice(session, BEFORE)
        invoice(session, AFTER, **after)
        assert told(session) == []


def test_what_is_entered_deleted_or_coded_anew_after_the_close_is_late(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session, AFTER, RECORDNO="8", AUWHENCREATED="2026-12-06T00:00:00Z")
        invoice(session, AFTER, RECORDNO="9", AUWHENCREATED="2026-12-06T00:00:00Z", WHENPOSTED="2026-12-06")
        for at in (BEFORE, AFTER):
            invoice(session, at, RECORDNO="10", gone=at is AFTER)
            invoice(session, at, RECORDNO="11")
        seen(session, "intacct_invoice_items", {**LINE, "RECORDKEY": "11"}, BEFORE)
        seen(session, "intacct_invoice_items", {**LINE, "RECORDKEY": "11"}, AFTER, ACCOUNTNO="4300")
        found = late(session, FIRST, LAST, UNTIL).sort("record_id")
        assert dict(found.select("record_id", "what").iter_rows()) == {"8": "entered", "10": "deleted", "11": "coded"}


def test_what_was_first_read_after_the_close_proves_nothing_and_a_late_draft_is_no_document(
    furnished: Warehouse,
) -> None:
    with furnished.transaction() as session:
        invoice(session, AFTER)
        invoice(session, AFTER, RECORDNO="8", STATE="Draft", AUWHENCREATED="2026-12-06T00:00:00Z")
        assert told(session) == ["unproven"]

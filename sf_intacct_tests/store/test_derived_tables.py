"""Derived tables of core: what became of each record, recomputed, and only what differs is written."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.contracts.derived import DERIVED
from sf_intacct.store import derived_tables, queue_tables
from sf_intacct.store.derived_tables import DERIVATIONS
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import DAY, NOON, core, linked, written


def refresh(session: Session, name: str = "order_outcomes", hours: int = 0) -> int:
    return derived_tables.refresh(session, name, DAY, NOON + timedelta(hours=hours))


def excepted(session: Session, *words: str, source_id: str = "801A", crossing: str = "order_to_invoice") -> None:
    row = dict.fromkeys(queue_tables.QUEUE, "x") | {"amount": None, "first_seen_at": NOON, "lines": 0, "attempts": 0}
    rows = [{**row, "source_id": source_id, "crossing": crossing, "words": each} for each in words]
    queue_tables.replace(session, rows)


def ignored(session: Session, decision: str = "ignore", number: int = 1) -> None:
    session.run(
        "insert into journal.decision values (?, 'order_to_invoice', '801A', ?, 'a gift', 'ann', ?, null, null, 1)",
        [number, decision, NOON],
    )


def invoice(session: Session, **values: Any) -> None:
    core(
        session,
        "intacct_invoices",
        **{
            "invoice_key": "7",
            "invoice_number": "SO-1",
            "salesforce_id": "801A",
            "state": "Partially Paid",
            "due_on": DAY,
            "total": Decimal("100.00"),
            "total_paid": Decimal("40.00"),
            "total_due": Decimal("60.00"),
            **values,
        },
    )


def outcome(session: Session) -> dict[str, Any] | None:
    """What became of order 801A."""
    refresh(session)
    rows = session.frame("select * from core.order_outcomes where order_id = '801A'").to_dicts()
    return dict(rows[0]) if rows else None


def status(session: Session) -> tuple[Any, Any] | None:
    found = outcome(session)
    return (found["sync_status"], found["sync_error"]) if found else None


def test_every_derived_contract_has_its_query_over_tables_that_there_are() -> None:
    assert set(DERIVATIONS) == {contract.name for contract in DERIVED}
    for derivation in DERIVATIONS.values():
        assert set(derivation.sources) <= set(CONTRACTS)


def test_a_record_that_nobody_has_touched_has_no_outcome(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "salesforce_orders", order_id="801A")
        assert outcome(session) is None


def test_a_record_with_a_counterpart_is_synced_and_shows_it(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session)
        found = outcome(session)
        assert found is not None
        wanted = {
            "sync_status": "Synced",
            "sync_error": None,
            "invoice_number": "SO-1",
            "invoice_state": "Partially Paid",
            "due_on": DAY,
            "amount_due": Decimal("60.00"),
            "amount_paid": Decimal("40.00"),
            "modified_at": NOON,
            "is_deleted": False,
        }
        assert {name: found[name] for name in wanted} == wanted


def test_a_record_that_is_kept_up_is_an_error_with_every_reason_once(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        excepted(session, "No item SKU-9.", "No terms.", "No item SKU-9.")
        assert status(session) == ("Error", "No item SKU-9. No terms.")


def test_an_error_beside_a_counterpart_is_still_an_error(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session)
        excepted(session, "Changed after posting.")
        assert status(session) == ("Error", "Changed after posting.")


@pytest.mark.parametrize("state", ["pending", "in_flight", "uncertain"])
def test_a_record_that_is_under_way_is_pending(furnished: Warehouse, state: str) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", state)
        assert status(session) == ("Pending", None)


def test_a_record_that_was_left_out_says_who_wanted_it_so(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        ignored(session)
        excepted(session, "No item SKU-9.")
        assert status(session) == ("Excluded", "Left out on purpose: a gift")


def test_a_decision_that_was_taken_back_counts_no_more(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        ignored(session)
        ignored(session, "retry", 2)
        excepted(session, "No item SKU-9.")
        assert status(session) == ("Error", "No item SKU-9.")


def test_what_crossed_and_was_not_read_back_yet_keeps_what_was_told(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "pending")
        assert status(session) == ("Pending", None)
        session.run("update journal.intent set state = 'accepted'")
        linked(session, "order_to_invoice", "801A", "7")
        assert status(session) == ("Pending", None)
        invoice(session)
        assert status(session) == ("Synced", None)


def test_a_counterpart_that_is_gone_is_told(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session)
        assert status(session) == ("Synced", None)
        invoice(session, is_deleted=True)
        found = outcome(session)
        assert found is not None
        assert (found["sync_status"], found["invoice_number"], found["amount_due"]) == ("Not Synced", None, None)


def test_other_crossings_do_not_count(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "account_to_customer", "801A", "pending")
        excepted(session, "Something else.", crossing="account_to_customer")
        assert outcome(session) is None


def test_only_what_differs_is_written(furnished: Warehouse) -> None:
    """By its stamp whatever follows sees just that."""
    with furnished.transaction() as session:
        invoice(session)
        invoice(session, invoice_key="8", invoice_number="SO-2", salesforce_id="801B")
        assert refresh(session) == 2
        assert refresh(session, hours=1) == 0
        invoice(session, total_due=Decimal("0.00"), state="Paid")
        assert refresh(session, hours=2) == 1
        rows = session.frame("select order_id, modified_at, tick from core.order_outcomes order by 1").rows()
    assert [(row[0], row[1]) for row in rows] == [("801A", NOON + timedelta(hours=2)), ("801B", NOON)]
    assert rows[0][2] > rows[1][2]


def test_an_accounts_balance_is_the_sum_of_its_open_invoices(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for name in "AB":
            core(session, "intacct_customers", record_number=name, customer_id=f"C-{name}", salesforce_id=f"001{name}")
        for key, due, state in (
            ("1", "60.00", "Posted"),
            ("2", "0.05", "Posted"),
            ("3", "9.00", "Draft"),
            ("4", "9.00", "Reversed"),
        ):
            invoice(
                session, invoice_key=key, salesforce_id=None, customer_id="C-A", state=state, total_due=Decimal(due)
            )
        invoice(session, invoice_key="5", is_deleted=True, customer_id="C-A", total_due=Decimal("9.00"))
        refresh(session, "customer_balances")
        refresh(session, "account_outcomes")
        rows = session.frame(
            "select account_id, customer_id, balance, sync_status from core.account_outcomes order by 1"
        )
    assert rows.rows() == [
        ("001A", "C-A", Decimal("60.05"), "Synced"),
        ("001B", "C-B", Decimal("0.00"), "Synced"),
    ]


def test_a_product_shows_its_item(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_items", record_number="1", item_id="WIDGET", salesforce_id="01tA")
        refresh(session, "product_outcomes")
        rows = session.frame("select product_id, item_id, sync_status from core.product_outcomes").rows()
    assert rows == [("01tA", "WIDGET", "Synced")]


def applied(session: Session, key: str, amount: str, **values: Any) -> None:
    core(
        session,
        "intacct_payment_applications",
        **{
            "application_key": key,
            "payment_key": "P",
            "invoice_key": "7",
            "amount": Decimal(amount),
            "applied_on": DAY,
            **values,
        },
    )


@pytest.mark.answers("K5")
def test_what_a_payment_paid_of_an_invoice_is_one_sum_over_its_lines(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        applied(session, "1", "10.10")
        applied(session, "2", "0.05", applied_on=DAY + timedelta(days=1))
        applied(session, "3", "5.00", invoice_key="8")
        applied(session, "4", "5.00", invoice_key=None)
        applied(session, "5", "5.00", is_deleted=True)
        refresh(session, "invoice_applications")
        rows = session.frame(
            "select application_key, amount, applied_on from core.invoice_applications order by 1"
        ).rows()
    assert rows == [("P-7", Decimal("10.15"), DAY + timedelta(days=1)), ("P-8", Decimal("5.00"), DAY)]


@pytest.mark.parametrize(
    ("received", "unapplied", "in_base"),
    [
        # A payment in the books' currency of an invoice in another; one in the invoice's; one in a third.
        ({"currency": "USD", "amount": "60.00", "base_amount": "60.00"}, "5.00", "5.00"),
        ({"currency": "EUR", "amount": "60.00", "base_amount": "66.01"}, "10.00", "11.00"),
        ({"currency": "CHF", "amount": "60.00", "base_amount": "66.00"}, None, None),
        # What was voided leaves nothing, nor does what voids it.
        ({"currency": "USD", "amount": "60.00", "base_amount": "60.00", "state": "Voided"}, "0.00", "0.00"),
        ({"currency": "USD", "amount": "-60.00", "base_amount": "-60.00"}, "0.00", "0.00"),
    ],
)
@pytest.mark.answers("K5")
def test_what_is_left_of_a_payment_is_told_in_its_currency_and_in_that_of_the_books(
    furnished: Warehouse, received: dict[str, str], unapplied: str | None, in_base: str | None
) -> None:
    values: dict[str, Any] = {name: Decimal(text) if "amount" in name else text for name, text in received.items()}
    with furnished.transaction() as session:
        core(session, "intacct_payments", **{"payment_key": "P", "base_currency": "USD", "state": "Complete", **values})
        applied(session, "1", "50.00", currency="EUR", base_amount=Decimal("55.00"))
        refresh(session, "payment_documents")
        columns = "unapplied_amount, base_unapplied_amount"
        (row,) = session.frame(f"select {columns} from core.payment_documents").rows()
    assert row == tuple(Decimal(text) if text else None for text in (unapplied, in_base))


def test_a_payment_that_was_taken_back_paid_nothing(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        applied(session, "1", "10.00")
        refresh(session, "invoice_applications")
        applied(session, "1", "10.00", is_deleted=True)
        assert refresh(session, "invoice_applications", hours=1) == 1
        assert refresh(session, "invoice_applications", hours=2) == 0
        rows = session.frame("select application_key, amount from core.invoice_applications").rows()
    assert rows == [("P-7", Decimal("0.00"))]

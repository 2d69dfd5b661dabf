"""finance: to the cent what both systems say, one class per document, and month by month what has to be made anew."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sf_intacct.store import derived_tables, finance_tables, queue_tables
from sf_intacct.store.finance_tables import MONTHLY, TABLES, months_behind, refresh_month, refresh_whole
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import NOON, core, written

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
TODAY = date(2026, 4, 20)
FIRST = date(2026, 1, 1)
Step = Callable[[Session], None]


def order(session: Session, order_id: str = "801A", **values: Any) -> None:
    core(
        session,
        "salesforce_orders",
        **{
            "order_id": order_id,
            "order_number": "1",
            "account_id": "001A",
            "status_code": "Activated",
            "effective_on": date(2026, 3, 5),
            "total_amount": Decimal("100.00"),
            **values,
        },
    )


def invoice(session: Session, invoice_key: str = "7", **values: Any) -> None:
    core(
        session,
        "intacct_invoices",
        **{
            "invoice_key": invoice_key,
            "invoice_number": f"SO-{invoice_key}",
            "customer_id": "C-1",
            "salesforce_id": "801A",
            "state": "Posted",
            "invoiced_on": date(2026, 3, 5),
            "posted_on": date(2026, 3, 6),
            "due_on": date(2026, 4, 4),
            "total": Decimal("100.00"),
            "total_paid": Decimal("0.00"),
            "total_due": Decimal("100.00"),
            **values,
        },
    )


def accepted_in(session: Session, entity: str | None) -> None:
    written(session, "order_to_invoice", "801A", "verified", target_id="7", amount=Decimal("100.00"), entity=entity)


def accepted_in_dollars(session: Session) -> None:
    written(session, "order_to_invoice", "801A", "verified", target_id="7", amount=Decimal("100.00"), currency="USD")


def excepted(session: Session, words: str = "No item.") -> None:
    row = dict.fromkeys(queue_tables.QUEUE, "x") | {"amount": Decimal("100.00"), "first_seen_at": NOON}
    queue_tables.replace(session, [{**row, "crossing": "order_to_invoice", "source_id": "801A", "words": words}])


def ignored(session: Session) -> None:
    session.run(
        "insert into journal.decision values (1, 'order_to_invoice', '801A', 'ignore', 'a gift', 'ann', ?, 1)", [NOON]
    )


def quarantined(session: Session) -> None:
    session.run(
        "insert into core.quarantine (table_name, document_id, label, amount, cause, sync_day, tick) "
        "values ('salesforce_orders', '801A', '1', 100.00, 'missing_value', date '2026-03-09', ?)",
        [session.next_tick()],
    )


def tie_out(session: Session, month: date = MARCH) -> list[dict[str, Any]]:
    refresh_month(session, "ar_tie_out", [month], FIRST)
    return session.frame("select * from finance.ar_tie_out order by invoice_key, order_id").to_dicts()


# The tie-out


CLASSES: list[tuple[str, bool, list[Step]]] = [
    ("tied", True, [order, invoice]),
    ("missing", False, [order]),
    ("under_way", False, [order, lambda s: written(s, "order_to_invoice", "801A", "uncertain")]),
    ("amount_differs", False, [order, lambda s: invoice(s, total=Decimal("100.01"))]),
    ("entity_differs", False, [order, lambda s: invoice(s, entity_id="UK"), lambda s: accepted_in(s, "US")]),
    ("currency_differs", False, [lambda s: order(s, currency="USD"), lambda s: invoice(s, currency="EUR")]),
    # An organisation with one currency says none: what the journal says was sent counts.
    ("currency_differs", False, [order, lambda s: invoice(s, currency="EUR"), accepted_in_dollars]),
    ("tied", True, [order, lambda s: invoice(s, currency="USD"), accepted_in_dollars]),
    ("entity_differs", False, [order, invoice, lambda s: accepted_in(s, "US")]),
    ("tied", True, [order, lambda s: invoice(s, entity_id="US"), lambda s: accepted_in(s, "US")]),
    # Whoever works in one entity by setting chooses none, and all documents are in it.
    ("tied", True, [order, lambda s: invoice(s, entity_id="US"), lambda s: accepted_in(s, None)]),
    ("exception", True, [order, excepted]),
    ("exception", True, [order, invoice, excepted]),
    ("exception", True, [quarantined, excepted]),
    ("missing", False, [quarantined]),
    ("ignored", True, [order, ignored]),
    ("tied", True, [order, invoice, ignored]),
    ("entered_in_intacct", True, [lambda s: invoice(s, salesforce_id=None)]),
    ("without_order", False, [invoice]),
    ("without_order", False, [lambda s: order(s, is_deleted=True), invoice]),
    ("without_order", False, [lambda s: order(s, status_code="Draft"), invoice]),
    ("missing", False, [order, lambda s: invoice(s, is_deleted=True)]),
    ("missing", False, [order, lambda s: invoice(s, state="Draft")]),
    ("missing", False, [order, lambda s: invoice(s, state="Reversed")]),
    ("missing", False, [order, lambda s: invoice(s, state="Reversal")]),
]


@pytest.mark.parametrize(("expected", "is_explained", "steps"), CLASSES)
def test_every_document_is_in_one_class(
    furnished: Warehouse, expected: str, is_explained: bool, steps: list[Step]
) -> None:
    with furnished.transaction() as session:
        for step in steps:
            step(session)
        (row,) = tie_out(session)
    assert (row["class"], row["is_explained"]) == (expected, is_explained)


def test_a_second_invoice_for_one_order_is_a_duplicate_and_never_explained(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session)
        invoice(session, "7")
        invoice(session, "8")
        rows = tie_out(session)
    assert [(row["invoice_key"], row["class"], row["is_explained"]) for row in rows] == [
        ("7", "tied", True),
        ("8", "duplicate", False),
    ]


def excluded_with_its_account(session: Session) -> None:
    order(session)
    core(session, "salesforce_accounts", account_id="001A", is_excluded=True)


@pytest.mark.parametrize(
    "kept_out",
    [
        lambda s: order(s, status_code="Draft"),
        lambda s: order(s, is_excluded=True),
        lambda s: order(s, is_deleted=True),
        excluded_with_its_account,
    ],
)
def test_an_order_that_nobody_expects_in_the_books_is_no_row(furnished: Warehouse, kept_out: Step) -> None:
    with furnished.transaction() as session:
        kept_out(session)
        assert tie_out(session) == []


def test_a_row_shows_all_three_amounts_and_the_difference_to_the_cent(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "salesforce_accounts", account_id="001A", name="Acme")
        order(session, total_amount=Decimal("100.10"))
        invoice(session, total=Decimal("100.05"))
        written(session, "order_to_invoice", "801A", "verified", target_id="7", amount=Decimal("100.10"))
        excepted(session, "Changed in the books.")
        (row,) = tie_out(session)
    wanted = {
        "posting_month": MARCH,
        "order_number": "1",
        "account_name": "Acme",
        "invoice_number": "SO-7",
        "customer_id": "C-1",
        "salesforce_amount": Decimal("100.10"),
        "journal_amount": Decimal("100.10"),
        "intacct_amount": Decimal("100.05"),
        "difference": Decimal("0.05"),
        "explanation": "Changed in the books.",
        "exception_id": "x",
    }
    assert {name: row[name] for name in wanted} == wanted


def test_what_the_journal_never_had_accepted_is_not_counted(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session)
        written(session, "order_to_invoice", "801A", "refused", amount=Decimal("100.00"))
        (row,) = tie_out(session)
    assert (row["journal_amount"], row["difference"]) == (None, Decimal("100.00"))


def test_the_differences_add_up_to_the_difference_of_the_totals(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        for number, (expects, has) in enumerate(
            [("10.10", "10.10"), ("0.30", "0.20"), ("99.99", None), (None, "5.05")]
        ):
            if expects:
                order(session, f"801{number}", total_amount=Decimal(expects))
            if has:
                owner = f"801{number}" if expects else None
                invoice(session, str(number), salesforce_id=owner, total=Decimal(has))
        rows = tie_out(session)
    expected = sum((row["salesforce_amount"] or Decimal(0) for row in rows), Decimal(0))
    held = sum((row["intacct_amount"] or Decimal(0) for row in rows), Decimal(0))
    assert sum((row["difference"] for row in rows), Decimal(0)) == expected - held == Decimal("95.04")


# Months


def test_a_document_counts_in_the_month_it_counts_in_the_ledger(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session, effective_on=date(2026, 3, 31))
        invoice(session, invoiced_on=date(2026, 3, 31), posted_on=date(2026, 4, 1))
        assert tie_out(session, MARCH) == []
        assert [row["posting_month"] for row in tie_out(session, APRIL)] == [APRIL]


@pytest.mark.parametrize("table", ["ar_tie_out", "invoices"])
def test_a_document_that_moved_leaves_the_month_it_stood_in(furnished: Warehouse, table: str) -> None:
    with furnished.transaction() as session:
        order(session)
        invoice(session)
        refresh_month(session, table, [MARCH], FIRST)
        invoice(session, posted_on=date(2026, 4, 1))
        assert refresh_month(session, table, [APRIL], FIRST) == 1
        months = session.frame(f"select posting_month from finance.{table}")["posting_month"].to_list()
    assert months == [APRIL]


def test_what_is_dated_before_the_first_month_is_made_with_it_under_its_own_month(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session, salesforce_id=None, posted_on=date(2016, 4, 1))
        assert months_behind(session, TODAY, FIRST) == [FIRST]
        for _ in range(2):
            made(session, FIRST)
            assert session.frame("select posting_month from finance.invoices").rows() == [(date(2016, 4, 1),)]
        assert months_behind(session, TODAY, FIRST) == []


def test_making_one_month_anew_leaves_the_others_alone(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session, "7", salesforce_id=None)
        invoice(session, "8", salesforce_id=None, posted_on=date(2026, 4, 1))
        assert refresh_month(session, "invoices", [MARCH, APRIL], FIRST) == 2
        invoice(session, "7", salesforce_id=None, is_deleted=True)
        assert refresh_month(session, "invoices", [MARCH], FIRST) == 0
        assert session.frame("select invoice_key from finance.invoices")["invoice_key"].to_list() == ["8"]


def made(session: Session, *months: date) -> None:
    for table in MONTHLY if months else ():
        refresh_month(session, table, months, FIRST)
    for table in set(TABLES) - set(MONTHLY):
        refresh_whole(session, table, TODAY)


@pytest.mark.parametrize(
    ("moves", "behind"),
    [
        (lambda s: order(s, effective_on=date(2026, 5, 2)), [MAY]),
        (lambda s: invoice(s, posted_on=date(2026, 5, 2)), [MAY]),
        (lambda s: invoice(s, posted_on=None, invoiced_on=date(2026, 5, 2)), [MAY]),
        (lambda s: core(s, "payment_documents", payment_key="P", received_on=date(2026, 5, 2)), [MAY]),
        (lambda s: written(s, "order_to_invoice", "801A", "refused"), [MARCH]),
        (lambda s: written(s, "account_to_customer", "801A", "refused"), []),
        (quarantined, [MARCH]),
        (excepted, [APRIL]),  # the tables without months are made with the present one
        (lambda s: core(s, "intacct_terms", record_number="1"), []),
    ],
)
def test_a_month_is_behind_when_anything_in_it_moved(furnished: Warehouse, moves: Step, behind: list[date]) -> None:
    with furnished.transaction() as session:
        order(session)
        assert months_behind(session, TODAY, FIRST) == [MARCH]
        made(session, MARCH)
        assert months_behind(session, TODAY, FIRST) == []
        moves(session)
        assert months_behind(session, TODAY, FIRST) == behind
        made(session, *behind)
        assert months_behind(session, TODAY, FIRST) == []


def test_a_month_is_behind_until_all_its_tables_are_made(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session)
        for table in MONTHLY:
            assert months_behind(session, TODAY, FIRST) == [MARCH]
            refresh_month(session, table, [MARCH], FIRST)
        assert months_behind(session, TODAY, FIRST) == []


def test_a_queue_that_was_emptied_has_moved_too(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        excepted(session)
        refresh_whole(session, "exceptions", TODAY)
        assert months_behind(session, TODAY, FIRST) == []
        queue_tables.replace(session, [])
        assert months_behind(session, TODAY, FIRST) == [APRIL]


# The other tables


def test_an_invoice_shows_where_it_came_from(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        order(session)
        core(session, "intacct_customers", record_number="1", customer_id="C-1", salesforce_id="001A")
        invoice(session)
        for key in ("70", "71"):
            core(session, "intacct_invoice_items", line_key=key, invoice_key="7")
        core(session, "intacct_invoice_items", is_deleted=True, line_key="72", invoice_key="7")
        refresh_month(session, "invoices", [MARCH], FIRST)
        (row,) = session.frame("select * from finance.invoices").to_dicts()
    wanted = {
        "invoice_key": "7",
        "order_number": "1",
        "account_id": "001A",
        "line_count": 2,
        "total": Decimal("100.00"),
    }
    assert {name: row[name] for name in wanted} == wanted


def test_a_payment_has_one_row_per_application_and_one_for_what_is_left(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        invoice(session)
        payment: dict[str, Any] = {"payment_key": "P", "amount": Decimal("50.00"), "received_on": date(2026, 3, 9)}
        core(session, "intacct_payments", **payment, unapplied_amount=Decimal("5.00"))
        core(session, "intacct_payments", **{**payment, "payment_key": "Q"}, unapplied_amount=Decimal("0.00"))
        core(session, "intacct_payments", True, **{**payment, "payment_key": "R"}, unapplied_amount=Decimal("5.00"))
        application: dict[str, Any] = {"payment_key": "P", "invoice_key": "7", "amount": Decimal("45.00")}
        core(session, "intacct_payment_applications", application_key="1", **application)
        core(session, "intacct_payment_applications", True, application_key="2", **application)
        whole = {**application, "payment_key": "Q", "amount": Decimal("50.00")}
        core(session, "intacct_payment_applications", application_key="3", **whole)
        derived_tables.refresh(session, "payment_documents", TODAY, NOON)
        refresh_month(session, "payments", [MARCH], FIRST)
        columns = "payment_key, application_key, invoice_number, applied_amount, unapplied_amount"
        rows = session.frame(f"select {columns} from finance.payments order by application_key nulls last").rows()
    assert rows == [
        ("P", "1", "SO-7", Decimal("45.00"), None),
        ("Q", "3", "SO-7", Decimal("50.00"), None),
        ("P", None, None, None, Decimal("5.00")),
    ]


def test_what_a_customer_owes_is_recomputed_from_open_documents(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "salesforce_accounts", account_id="001A", intacct_balance=Decimal("99.00"))
        customer: dict[str, Any] = {
            "record_number": "1",
            "customer_id": "C-1",
            "salesforce_id": "001A",
            "total_due": Decimal("88.00"),
        }
        core(session, "intacct_customers", **customer)
        core(session, "intacct_customers", record_number="2", customer_id="C-2")
        invoice(session, "1", total_due=Decimal("60.00"), due_on=TODAY - timedelta(days=1))
        invoice(session, "2", total_due=Decimal("40.05"), due_on=TODAY)
        invoice(session, "3", total_due=Decimal("0.00"))
        for key, state in (("4", "Draft"), ("5", "Reversed"), ("6", "Reversal")):
            invoice(session, key, state=state)
        derived_tables.refresh(session, "customer_balances", TODAY, NOON)
        refresh_whole(session, "customers", TODAY)
        columns = "customer_id, open_invoices, balance, overdue, balance_in_intacct, balance_in_salesforce"
        rows = session.frame(f"select {columns} from finance.customers order by 1").rows()
    nothing = Decimal("0.00")
    assert rows == [
        ("C-1", 2, Decimal("100.05"), Decimal("60.00"), Decimal("88.00"), Decimal("99.00")),
        ("C-2", 0, nothing, nothing, None, None),
    ]


def receipt(session: Session, number: int) -> None:
    values = "?, 'order_to_invoice 801A accepted', 1, ?, 'accepted', '7', '', '', 'run 1', 'hash', 1"
    session.run(f"insert into journal.receipt values ({values})", [number, NOON])


def test_the_sync_log_only_ever_grows(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "accepted", amount=Decimal("9.00"))
        receipt(session, 1)
        assert refresh_whole(session, "sync_log", TODAY) == 1
        session.run("update journal.intent set label = 'told otherwise'")
        receipt(session, 2)
        assert refresh_whole(session, "sync_log", TODAY) == 1
        assert refresh_whole(session, "sync_log", TODAY) == 0
        rows = session.frame("select number, label, target_id, result, amount from finance.sync_log order by 1").rows()
    assert rows == [
        (1, "801A", "7", "accepted", Decimal("9.00")),
        (2, "told otherwise", "7", "accepted", Decimal("9.00")),
    ]


def test_the_exceptions_are_those_of_the_queue(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        excepted(session)
        assert refresh_whole(session, "exceptions", TODAY) == 1
        queue_tables.replace(session, [])
        assert refresh_whole(session, "exceptions", TODAY) == 0
        assert session.value("select count(*) from finance.exceptions") == 0


@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_amount_of_finance_is_a_float(furnished: Warehouse, table: str) -> None:
    with furnished.transaction() as session:
        made(session, MARCH)
        kinds = session.frame(
            "select column_name, data_type from duckdb_columns() where schema_name = 'finance' and table_name = ?",
            [table],
        )
    assert not set(kinds["data_type"]) & {"DOUBLE", "FLOAT"}
    assert finance_tables.TABLES[table][0].keys() == set(kinds["column_name"])

"""Every table is made once, widened when its declaration changes, and otherwise left alone."""

from sf_intacct.flow.contracts import CONTRACTS, OBSERVED
from sf_intacct.store import schema
from sf_intacct.store.finance_tables import TABLES
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import ACCOUNTS, MAPPINGS, ORDERS


def tables(session: Session) -> set[str]:
    rows = session.frame("select schema_name || '.' || table_name as name from duckdb_tables() where not temporary")
    return set(rows["name"])


def test_every_declared_table_is_there(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        made = tables(session)
    assert {f"raw.{name}" for name in OBSERVED} <= made
    assert {f"core.{name}" for name in CONTRACTS} <= made
    assert {f"finance.{name}" for name in TABLES} <= made
    assert {f"plan.{name}" for name in MAPPINGS.crossings} <= made
    assert {f"journal.{name}" for name in ("intent", "link", "receipt", "decision")} <= made
    assert {"core.quarantine", "plan.findings", "plan.needs", "receipts.exceptions"} <= made


def test_every_table_and_every_column_says_what_it_is(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        silent = session.frame(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where schema_name in ('raw', 'core', 'plan', 'receipts', 'journal', 'finance') "
            "and coalesce(comment, '') = ''"
        )
        mute = session.frame(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name not in ('meta') and coalesce(comment, '') = ''"
        )
    assert silent.rows() == []
    assert mute.rows() == []


def test_nothing_is_done_while_nothing_is_declared_differently(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        session.run("drop table finance.customers")
        schema.ensure(session, MAPPINGS.crossings.values())
        assert "finance.customers" not in tables(session)


def test_a_new_crossing_gets_its_plan(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        schema.ensure(session, [ACCOUNTS])
        assert "plan.order_to_invoice" not in tables(session)
        session.run(
            "insert into plan.account_to_customer (source_id, step, sync_day, mapping_revision, tick) "
            "values ('001A', 'send', date '2026-03-05', 'r', 1)"
        )
        schema.ensure(session, [ACCOUNTS, ORDERS])
        assert "plan.order_to_invoice" in tables(session)
        assert session.value("select count(*) from plan.account_to_customer") == 1

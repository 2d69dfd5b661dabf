"""The journal's tables as they are declared, also where an older version made them: nothing is lost on the way."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sf_intacct.errors import FixNeeded
from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import journal_chain, journal_schema
from sf_intacct.store.journal import Journal, Patience
from sf_intacct.store.journal_tables import METADATA, RECEIPT
from sf_intacct_tests.intents import NOON, intent
from sf_intacct_tests.postgres import emptied, run

# A journal as the version before the chain made it, dumped by SQLite itself.
OLD = Path(__file__).with_name("journal_before_the_chain.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(OLD.read_text())
    connection.close()
    return file


def rows(file: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"select * from {table} order by 1, 2")]
    connection.close()
    return found


def stored(file: Path) -> dict[str, str]:
    """Every table, index and trigger, as SQLite keeps it."""
    return {f"{row['type']} {row['name']}": row["sql"] for row in rows(file, "sqlite_master") if row["sql"]}


def test_nothing_of_an_older_journal_is_lost(old: Path) -> None:
    tables = [name for name in METADATA.tables if f"table {name}" in stored(old)]
    before = {name: rows(old, name) for name in tables}
    assert {name for name, found in before.items() if found} >= {"intent", "receipt", "link", "verdict", "decision"}
    Journal(f"sqlite:///{old}").close()
    for name in tables:
        after = (
            [{k: v for k, v in row.items() if k in before[name][0]} for row in rows(old, name)] if before[name] else []
        )
        assert after == before[name], name


def test_an_older_journal_is_afterwards_as_a_new_one(old: Path, tmp_path: Path) -> None:
    for file in (old, tmp_path / "new.sqlite"):
        Journal(f"sqlite:///{file}").close()

    def plain(file: Path) -> dict[str, str]:
        return {name: journal_schema._plain(sql) for name, sql in stored(file).items()}

    assert plain(old) == plain(tmp_path / "new.sqlite")


def test_an_older_journal_goes_on_where_it_was(old: Path) -> None:
    journal = Journal(f"sqlite:///{old}")
    (doubtful,) = journal.in_state("order_to_invoice", State.UNCERTAIN)
    assert (doubtful.is_doubtful, doubtful.amount, doubtful.label) == (True, Decimal("100.00"), "Zoë's")
    journal.settle([(doubtful, Outcome(Result.FOUND, target_id="8"))], NOON, "run 3", Patience())
    with journal.engine.begin() as connection:
        whole = journal_chain.walk(connection)
    assert (whole.receipts, whole.tip.number, whole.breaks) == (4, 4, ())
    assert journal.newest()["intent"] == 6
    journal.close()


def test_a_journal_is_made_as_declared_once_and_then_left_alone(old: Path) -> None:
    def written() -> int:
        journal = Journal(f"sqlite:///{old}")
        with journal.engine.begin() as connection:
            version = connection.exec_driver_sql("pragma schema_version").scalar()
        journal.close()
        assert isinstance(version, int)
        return version

    assert written() == written()


@pytest.mark.answers("F16")
def test_what_a_newer_version_made_is_refused_and_stays_as_it_is(journal: Journal, journal_url: str) -> None:
    with journal.engine.begin() as connection:
        connection.exec_driver_sql("alter table receipt add column proof text")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("comment on table receipt is 'of a newer version'")
    with pytest.raises(
        FixNeeded, match=r"columns that this version does not know: proof.*run the version that made it"
    ):
        Journal(journal_url)
    with journal.engine.begin() as connection:
        assert "proof" in [column["name"] for column in sa.inspect(connection).get_columns("receipt")]


def test_rows_that_belong_to_nothing_are_not_carried_along(old: Path) -> None:
    connection = sqlite3.connect(old)
    connection.executescript(
        "drop trigger receipt_no_update; update receipt set intent_key = 'nobody' where number = 2"
    )
    connection.close()
    with pytest.raises(FixNeeded, match="a row of receipt belongs to nothing in intent"):
        Journal(f"sqlite:///{old}")
    assert "hash" not in rows(old, "receipt")[0]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into counter values ('change', 'many')",
        "update intent set attempt = 'first'",
        "update intent set refusals = 1.5",
    ],
)
def test_a_text_where_a_number_belongs_is_an_error(sqlite_journal: Journal, statement: str) -> None:
    """SQLite would keep whatever it is given, were its tables not strict."""
    sqlite_journal.enter([intent()], NOON, "run 1")
    with pytest.raises(sa.exc.IntegrityError, match="cannot store"), sqlite_journal.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_postgresql_gets_the_columns_and_the_constraints_that_an_older_journal_lacks(postgres: str) -> None:
    url = emptied(postgres)
    older = Journal(url)
    older.enter([intent()], NOON, "run 1")
    (sent,) = older.send(older.in_state("order_to_invoice", State.PENDING), NOON)
    older.settle([(sent, Outcome(Result.REFUSED, code="X"))], NOON, "run 1", Patience())
    (first,) = older.receipts_after(0)
    older.close()
    run(
        url,
        "alter table receipt drop column hash",
        "comment on table receipt is null",
        "alter table receipt drop constraint result_is_known",
        "alter table receipt add constraint result_is_known check (result in ('refused'))",
        "alter table intent drop column entity",
        "comment on table intent is 'as it was once'",
    )
    journal = Journal(url)
    assert journal.receipts_after(0) == [first]
    (refused,) = journal.in_state("order_to_invoice", State.REFUSED)
    journal.cancel([refused], "withdrawn", NOON, "run 2")
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), journal.engine.begin() as connection:
        connection.execute(sa.update(RECEIPT).values(hash=""))
    journal.close()

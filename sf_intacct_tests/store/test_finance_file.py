"""The finance file: whole or as it was before, and nothing in it can be changed or led elsewhere."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from sf_intacct.store import finance_file, finance_tables
from sf_intacct.store.finance_tables import TABLES
from sf_intacct.store.warehouse import Warehouse

# Opens the file, says how many customers there are, and says it again whenever it is asked.
_READER = """
import sys
from pathlib import Path
from sf_intacct.store.finance_file import read_only

connection = read_only(Path(sys.argv[1]))
for _ in sys.stdin:
    print(connection.execute("select count(*) from customers").fetchone()[0], flush=True)
"""


@pytest.fixture
def house(warehouse: Warehouse) -> Warehouse:
    """A warehouse with the tables of finance, and one customer."""
    with warehouse.transaction() as session:
        for statement in finance_tables.CREATE:
            session.run(statement)
    add_customer(warehouse, "C-1")
    return warehouse


def add_customer(house: Warehouse, customer_id: str) -> None:
    with house.transaction() as session:
        session.run(
            "insert into finance.customers (customer_id, name, balance) values (?, 'Acme', 12.50)", [customer_id]
        )


@pytest.fixture
def file(house: Warehouse) -> Path:
    file = house.path.with_name("finance.duckdb")
    finance_file.publish(house, file)
    return file


def customers(file: Path) -> int:
    with finance_file.read_only(file) as connection:
        return int((connection.execute("select count(*) from customers").fetchone() or (0,))[0])


def test_every_table_of_finance_is_in_the_file_with_its_comments(file: Path) -> None:
    with finance_file.read_only(file) as connection:
        tables = dict(connection.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = connection.execute("select table_name, column_name, comment from duckdb_columns()").fetchall()
    assert tables == {name: says for name, (_, says) in TABLES.items()}
    assert {(table, column): says for table, column, says in columns if table in TABLES} == {
        (table, column): says for table, (declared, _) in TABLES.items() for column, (_, says) in declared.items()
    }


def test_a_table_has_the_same_name_in_the_file_as_in_the_warehouse(file: Path) -> None:
    with finance_file.read_only(file) as connection:
        assert (
            connection.execute("select balance from finance.customers").fetchall()
            == connection.execute("select balance from customers").fetchall()
        )


@pytest.mark.answers("S15")
def test_nobody_else_on_the_machine_can_read_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.answers("F13")
def test_a_reader_that_has_the_old_file_open_keeps_it_and_the_next_one_sees_the_new(
    house: Warehouse, file: Path
) -> None:
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    with reader:
        for number in (2, 3):
            reader.stdin.write("how many?\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == "1\n"
            add_customer(house, f"C-{number}")
            finance_file.publish(house, file)  # waits for no reader
            assert customers(file) == number
        reader.stdin.close()


@pytest.mark.answers("F4")
def test_a_publication_that_fails_half_way_is_never_seen(house: Warehouse, file: Path) -> None:
    add_customer(house, "C-2")
    with house.transaction() as session:
        session.run("drop table finance.sync_log")  # the last one to be copied
    with pytest.raises(duckdb.CatalogException):
        finance_file.publish(house, file)
    assert customers(file) == 1


@pytest.mark.answers("F4")
def test_what_is_left_of_a_failed_publication_does_not_stop_the_next(house: Warehouse, file: Path) -> None:
    with house.transaction() as session:
        session.run("alter table finance.sync_log rename to elsewhere")
    with pytest.raises(duckdb.CatalogException):
        finance_file.publish(house, file)
    with house.transaction() as session:
        session.run("alter table finance.elsewhere rename to sync_log")
    add_customer(house, "C-2")
    finance_file.publish(house, file)
    assert customers(file) == 2
    assert not list(file.parent.glob(".finance*"))


def test_the_file_is_complete_by_itself(file: Path, tmp_path: Path) -> None:
    """It can be copied and mailed: nothing of it is in a log beside it."""
    alone = tmp_path / "copied.duckdb"
    alone.write_bytes(file.read_bytes())
    with duckdb.connect(str(alone), read_only=True) as connection:
        assert connection.execute("select count(*) from customers").fetchone() == (1,)
    assert sorted(one.name for one in file.parent.iterdir()) == [
        "finance.duckdb",
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into customers (customer_id) values ('C-9')",
        "update customers set balance = 0",
        "delete from customers",
        "drop table customers",
        "create table mine as select 1",
        "create schema mine",
        "select * from read_csv('{other}')",
        "select * from read_text('{other}')",
        "select * from '{other}'",
        "select * from glob('/etc/*')",
        "copy customers to '{other}.copy'",
        "export database '{other}.folder'",
        "attach '{other}.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset enable_external_access",
        "set temp_directory = '/tmp'",
    ],
)
@pytest.mark.answers("I11", "S4", "S13")
def test_a_reader_can_change_nothing_and_read_no_other_file(file: Path, tmp_path: Path, statement: str) -> None:
    other = tmp_path / "other.csv"
    other.write_text("secret\ncanary\n")
    with finance_file.read_only(file) as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(statement.format(other=other)).fetchall()
    assert "canary" not in str(caught.value)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "other.csv"]
    assert customers(file) == 1


def test_a_reader_can_ask_whatever_it_likes(file: Path) -> None:
    with finance_file.read_only(file) as connection:
        assert connection.execute("select sum(balance) + 0.10 from customers").fetchall()[0][0] * 100 == 1260


def test_a_copy_that_a_killed_process_left_half_made_is_removed_and_a_living_ones_is_not(
    house: Warehouse, file: Path
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = file.with_name(f".{file.name}.{ended.pid}.new")
    for half in (left, left.with_name(f"{left.name}.wal"), file.with_name(f".{file.name}.{os.getppid()}.new")):
        half.write_bytes(b"half of it")
    finance_file.publish(house, file)

    assert sorted(one.name for one in file.parent.glob(".finance*")) == [f".{file.name}.{os.getppid()}.new"]

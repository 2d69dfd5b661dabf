"""One DuckDB file: a transaction is all or nothing, and everybody else queues instead of failing."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from sf_intacct.errors import TryLater
from sf_intacct.store.warehouse import Session, Warehouse

# Opens a transaction, writes, says so, and commits only when it is told to.
_HOLDER = """
import sys
from pathlib import Path
from sf_intacct.store.warehouse import Warehouse

with Warehouse(Path(sys.argv[1])).transaction() as session:
    session.run("create table if not exists meta.seen (who varchar)")
    session.run("insert into meta.seen values ('the other process')")
    print("holding", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, in the middle of a transaction until it is written to."""
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdin is not None
    with other:
        assert other.stdout.readline() == "holding\n"
        yield other
        other.stdin.close()
        assert other.wait() == 0


def tables(session: Session) -> list[str]:
    return session.frame("select table_name from information_schema.tables where table_schema = 'meta'")[
        "table_name"
    ].to_list()


def test_what_was_committed_is_there_when_it_is_opened_again(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        session.run("create table meta.kept as select 1 as one")
    with Warehouse(warehouse.path).transaction() as session:
        assert session.value("select one from meta.kept") == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_transaction_is_all_or_nothing(warehouse: Warehouse, error: type[BaseException]) -> None:
    with warehouse.transaction() as session:
        session.run("create table meta.kept as select 1 as one")
    with pytest.raises(error), warehouse.transaction() as session:  # noqa: PT012
        session.run("update meta.kept set one = 2")
        session.run("create table meta.half as select 1 as one")
        raise error
    with warehouse.transaction() as session:
        assert session.value("select one from meta.kept") == 1
        assert "half" not in tables(session)


def test_a_statement_that_fails_undoes_the_ones_before_it(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.CatalogException), warehouse.transaction() as session:  # noqa: PT012
        session.run("create table meta.half as select 1 as one")
        session.run("select * from meta.nothing")
    with warehouse.transaction() as session:
        assert "half" not in tables(session)


@pytest.mark.answers("F12")
def test_a_second_process_waits_for_the_first_and_sees_what_it_did(warehouse: Warehouse) -> None:
    seen: list[object] = []

    def look() -> None:
        with warehouse.transaction() as session:
            seen.append(session.value("select who from meta.seen"))

    with held_elsewhere(warehouse.path) as other:
        waiting = threading.Thread(target=look, daemon=True)
        waiting.start()
        assert other.stdin is not None
        other.stdin.write("go on\n")
    waiting.join()
    assert seen == ["the other process"]


@pytest.mark.answers("F12")
def test_who_has_no_patience_is_told_to_come_back(warehouse: Warehouse) -> None:
    hasty = Warehouse(warehouse.path, lock_timeout_seconds=0)
    said = "another process has held it for 0 s"
    with held_elsewhere(warehouse.path), pytest.raises(TryLater, match=said), hasty.transaction():
        raise AssertionError("it was not to be had")
    with hasty.transaction() as session:
        assert session.value("select who from meta.seen") == "the other process"


@pytest.mark.answers("F1")
def test_a_process_that_died_holding_the_warehouse_leaves_it_as_it_was(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        session.run("create table meta.kept as select 1 as one")
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(warehouse.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "holding\n"
        other.kill()
    with warehouse.transaction() as session:
        assert session.value("select one from meta.kept") == 1
        assert "seen" not in tables(session)


@pytest.mark.answers("S15")
def test_nobody_else_on_the_machine_can_read_it(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        session.run("create table meta.kept as select 1 as one")
    assert stat.S_IMODE(warehouse.path.parent.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in warehouse.path.parent.iterdir()}
    assert modes == {"warehouse.duckdb": 0o600, "warehouse.duckdb.lock": 0o600}


def test_nothing_is_kept_open(warehouse: Warehouse) -> None:
    with warehouse.transaction():
        pass
    with duckdb.connect(str(warehouse.path)) as other:
        other.execute("create table other as select 1")


def test_it_can_be_held_over_several_transactions_each_by_itself(warehouse: Warehouse) -> None:
    other = Warehouse(warehouse.path, lock_timeout_seconds=0)
    with warehouse.held():
        with warehouse.transaction() as session:
            session.run("create table meta.kept as select 1 as one")
        with pytest.raises(ValueError, match="half way"), warehouse.transaction() as session:  # noqa: PT012
            session.run("update meta.kept set one = 2")
            raise ValueError("half way")
        with pytest.raises(TryLater), other.transaction():
            raise AssertionError("it was held")
    with other.transaction() as session:
        assert session.value("select one from meta.kept") == 1


def test_every_change_takes_the_next_number_for_ever(warehouse: Warehouse) -> None:
    numbers = []
    for _ in range(3):
        with warehouse.transaction() as session:
            numbers += [session.next_tick(), session.next_tick()]
    assert numbers == sorted(set(numbers))


@pytest.mark.answers("J3")
def test_instants_are_utc_whatever_the_machine_is_set_to(warehouse: Warehouse) -> None:
    """The zone of a process is what it was when it began, so this asks another one."""
    script = """if True:
        import sys
        from pathlib import Path
        from sf_intacct.store.warehouse import Warehouse

        with Warehouse(Path(sys.argv[1])).transaction() as session:
            print(session.value("select timestamptz '2026-03-05 12:00'::text"))
    """
    environment = {**os.environ, "TZ": "America/Los_Angeles"}
    command = [sys.executable, "-c", script, str(warehouse.path)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert told == "2026-03-05 12:00:00+00\n"


def test_an_instant_in_a_frame_is_utc_in_microseconds(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        frame = session.frame("select timestamptz '2026-03-05 12:00:00+00' as noon")
    assert frame.schema["noon"] == pl.Datetime("us", "UTC")
    assert frame["noon"][0] == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_frame_that_is_offered_is_read_by_name_and_only_meanwhile(warehouse: Warehouse) -> None:
    amounts = pl.DataFrame({"amount": [Decimal("0.10"), None]}, schema={"amount": pl.Decimal(18, 2)})
    with warehouse.transaction() as session:
        with session.offered(amounts=amounts):
            assert session.value("select sum(amount) from amounts") == Decimal("0.10")
            assert session.frame("select * from amounts").equals(amounts)
        with pytest.raises(duckdb.CatalogException):
            session.value("select sum(amount) from amounts")


@pytest.mark.answers("S4")
def test_parameters_go_by_place_or_by_name_and_are_no_sql(warehouse: Warehouse) -> None:
    text = "'; drop table meta.progress; --"
    with warehouse.transaction() as session:
        assert session.value("select ?", [text]) == text
        assert session.frame("select $text as text", {"text": text})["text"].to_list() == [text]
        assert session.value("select count(*) from meta.progress") == 0
        assert session.value("select 1 where false") is None


def test_another_database_may_lie_beside_for_one_transaction(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "it's beside.duckdb"
    with warehouse.transaction(beside=file) as session:
        session.run("create table beside.copied as select 7 as seven")
    with warehouse.transaction() as session, pytest.raises(duckdb.CatalogException):
        session.value("select seven from beside.copied")
    with duckdb.connect(str(file), read_only=True) as other:
        assert other.execute("select seven from copied").fetchone() == (7,)

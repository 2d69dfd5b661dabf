"""A full disk stops what is being written, in words, and leaves what was written before."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from sf_intacct.errors import FixNeeded
from sf_intacct.model.intent import State
from sf_intacct.model.system import Kind, Selection, SourceField
from sf_intacct.store import finance_file
from sf_intacct.store.full_disk import is_full
from sf_intacct.store.journal import Journal
from sf_intacct.store.spool import spooled
from sf_intacct.store.warehouse import Warehouse
from sf_intacct_tests.full_disk import full_disk
from sf_intacct_tests.intents import NOON, intent
from sf_intacct_tests.postgres import emptied

SAYS = "make room on the disk"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")


@pytest.mark.answers("F5")
def test_what_the_journal_has_no_room_for_is_not_entered_and_the_error_says_what_to_do(journal: Journal) -> None:
    with full_disk(), pytest.raises(FixNeeded, match=SAYS) as told:
        journal.enter([intent()], NOON, "run")
    assert "journal.sqlite" in told.value.record

    assert journal.in_state("order_to_invoice", *State) == []
    assert journal.enter([intent()], NOON, "run").new == 1
    journal.close()


@pytest.mark.answers("F5")
def test_what_cannot_be_marked_as_sent_is_not_in_flight(journal: Journal) -> None:
    journal.enter([intent()], NOON, "run")
    with full_disk(), pytest.raises(FixNeeded, match=SAYS):
        journal.send(journal.in_state("order_to_invoice", State.PENDING), NOON)

    assert [one.attempt for one in journal.in_state("order_to_invoice", State.PENDING)] == [0]
    journal.close()


def test_every_engine_has_its_own_words_for_it_and_other_troubles_are_left_alone() -> None:
    assert is_full(OSError(28, "No space left on device"))
    assert is_full(duckdb.IOException('Could not write file "w.duckdb": No space left on device'))
    assert not is_full(OSError(13, "Permission denied"))
    assert not is_full(duckdb.ConstraintException("duplicate key"))
    assert not is_full(ValueError("database or disk is full"))


@pytest.mark.answers("F6")
def test_a_warehouse_without_room_keeps_its_last_good_state_and_is_open_again_at_once(warehouse: Warehouse) -> None:
    with warehouse.transaction() as session:
        session.run("create table t as select range as n from range(10)")
    with full_disk(20_000), pytest.raises(FixNeeded, match=SAYS), warehouse.transaction() as session:
        session.run("insert into t select hash(range) >> 1 from range(500_000)")

    with warehouse.transaction() as session:
        session.run("insert into t values (10)")
        assert session.value("select count(*) from t") == 11


def test_a_finance_file_without_room_leaves_the_old_one_to_its_readers(furnished: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "finance.duckdb"
    finance_file.publish(furnished, file)
    with full_disk(20_000), pytest.raises(FixNeeded, match=SAYS):
        finance_file.publish(furnished, file)

    with finance_file.read_only(file) as connection:
        assert connection.execute("select count(*) from finance.ar_tie_out").fetchone() == (0,)


def test_pages_of_a_read_that_find_no_room_fail_the_read() -> None:
    selection = Selection("Order", (SourceField("Id", Kind.TEXT),), record_id="Id", stamp="")
    page = pl.DataFrame({"Id": [str(n) for n in range(1000)], "is_deleted": [False] * 1000})
    with full_disk(), pytest.raises(FixNeeded, match=SAYS), spooled(selection, iter([page])):
        raise AssertionError("nothing was kept, and it goes on")


def test_a_postgresql_without_room_is_told_by_its_own_words(postgres: str) -> None:
    journal = Journal(emptied(postgres))
    says = "could not extend file: No space left on device"
    with pytest.raises(FixNeeded, match=SAYS), journal.engine.begin() as connection:
        connection.exec_driver_sql(f"do $$ begin raise exception using errcode = '53100', message = '{says}'; end $$")
    journal.close()

"""Opening the journal: pragmas that took, files that nobody else reads, and no other database than the two."""

import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from sf_intacct.errors import SettingsError
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_engine import _require_durable, _set_pragmas, open_engine
from sf_intacct_tests.intents import NOON, intent
from sf_intacct_tests.postgres import run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.mark.answers("F2")
def test_what_is_acknowledged_survives_a_power_cut_as_far_as_settings_go(file: Path) -> None:
    """Measured over simulated power cuts: WAL with FULL loses nothing, NORMAL does."""
    engine = open_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


@pytest.mark.answers("F2")
def test_a_pragma_that_does_not_take_is_an_error() -> None:
    """A database in memory keeps no write-ahead log, whatever it is told."""
    connection = sqlite3.connect(":memory:")
    with pytest.raises(SettingsError, match="pragma journal_mode is memory, not wal"):
        _set_pragmas(connection, None)
    connection.close()


@pytest.mark.answers("S15")
def test_nobody_else_on_the_machine_can_read_it(file: Path) -> None:
    journal = Journal(f"sqlite:///{file}")
    journal.enter([intent()], NOON, "run 1")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()}
    assert modes == dict.fromkeys(("journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"), 384)
    journal.close()


def test_a_file_that_is_there_is_opened_as_it_is(file: Path) -> None:
    for _ in range(2):
        journal = Journal(f"sqlite:///{file}")
        journal.enter([intent()], NOON, "run 1")
        assert sum(journal.counts().values()) == 1
        journal.close()


def test_whoever_begins_a_transaction_has_the_right_to_write_at_once(file: Path) -> None:
    """A reader that later writes could not be made to wait: SQLite would refuse it."""
    engine = open_engine(f"sqlite:///{file}")
    timid = sqlite3.connect(file, timeout=0)
    with engine.begin() as connection:
        connection.exec_driver_sql("select 1")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            timid.execute("begin immediate")
    timid.execute("begin immediate")
    timid.close()
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["mysql://user:canary-4@host/db", "sqlite://", "duckdb:///journal.duckdb", "oracle://user:canary-4@host/db"]
)
def test_no_other_database_will_do_and_no_password_is_told(url: str) -> None:
    with pytest.raises((SettingsError, sa.exc.NoSuchModuleError)) as caught:
        open_engine(url)
    assert "canary-4" not in str(caught.value)


def test_a_bare_postgresql_url_means_the_driver_that_is_installed() -> None:
    engine = open_engine("postgresql://somebody@localhost/journal")
    assert engine.url.drivername == "postgresql+psycopg2"
    engine.dispose()


def test_postgresql_acknowledges_nothing_that_is_not_on_its_disk(postgres: str) -> None:
    """A role or a database may have switched that off: it is on for us."""
    run(postgres, "alter database postgres set synchronous_commit = off")
    engine = open_engine(postgres)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("show synchronous_commit").scalar() == "on"
    engine.dispose()
    run(postgres, "alter database postgres reset synchronous_commit")


class _WithoutSync:
    """A connection to a PostgreSQL that does not sync."""

    def __enter__(self) -> "_WithoutSync":
        return self

    def __exit__(self, *problem: object) -> None:
        pass

    cursor = __call__ = lambda self: self
    commit = execute = lambda self, *_: None
    fetchone = lambda self: ("on", "off")  # noqa: E731


def test_a_postgresql_that_does_not_sync_is_refused() -> None:
    with pytest.raises(SettingsError, match="runs with fsync off"):
        _require_durable(_WithoutSync(), None)


def test_a_sqlite_without_strict_tables_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(SettingsError, match="no strict tables"):
        open_engine(f"sqlite:///{file}")

"""The warehouse: one DuckDB file, opened late, one transaction, closed; everybody else queues on a lock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import filelock
import polars as pl

from sf_intacct.errors import FixNeeded, SettingsError, TryLater
from sf_intacct.store import full_disk, statements
from sf_intacct.store.frames import Stream, to_polars

LOCK_TIMEOUT_SECONDS = 120
# Values of ? by position, or of $name by name.
Parameters = list[Any] | dict[str, Any] | None


class Session:
    """One transaction on the warehouse. Use it, leave it; nothing is kept open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def run(self, sql: str, parameters: Parameters = None) -> None:
        self.connection.execute(sql, parameters or [])

    def frame(self, sql: str, parameters: Parameters = None) -> pl.DataFrame:
        """The result of a query as a frame."""
        return to_polars(self.connection.sql(sql, params=parameters or None))

    def value(self, sql: str, parameters: Parameters = None) -> object:
        """The first value of the first row; None when there is no row."""
        row = self.connection.execute(sql, parameters or []).fetchone()
        return row[0] if row else None

    @contextmanager
    def offered(self, **frames: pl.DataFrame) -> Iterator[None]:
        """Makes frames readable by name in SQL."""
        for name, frame in frames.items():
            self.connection.register(name, Stream(frame))
        try:
            yield
        finally:
            for name in frames:
                self.connection.unregister(name)

    def next_tick(self) -> int:
        """The next number of the one sequence that orders every change in the warehouse."""
        tick = self.value("select nextval('meta.tick')")
        assert isinstance(tick, int)
        return tick


class Warehouse:
    """The DuckDB file at `path`. One writing process at a time, which a lock file enforces."""

    def __init__(self, path: Path, lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> None:
        self.path = path
        self._lock = filelock.FileLock(f"{path}.lock", timeout=lock_timeout_seconds, mode=0o600)
        self._open_connection: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def transaction(self, beside: Path | None = None) -> Iterator[Session]:
        """All or nothing. Raises TryLater when the lock is not to be had in time.

        beside: another database file that is readable and writable as `beside` meanwhile.
        """
        with self.held() as connection, _attached(connection, beside):
            connection.execute("begin")
            with full_disk.noticed("writing to the warehouse", str(self.path)):
                try:
                    yield Session(connection)
                    connection.execute("commit")
                except BaseException:
                    # Where a write has failed for good, DuckDB has given the transaction up by itself.
                    with suppress(duckdb.Error):
                        connection.execute("rollback")
                    raise

    @contextmanager
    def held(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Keeps the file open over several transactions. Everybody else waits, so never across a network call."""
        if self._open_connection is not None:
            yield self._open_connection
            return
        with self._locked():
            self._open_connection = self._open()
            try:
                yield self._open_connection
            finally:
                self._open_connection.close()
                self._open_connection = None

    @contextmanager
    def looked_at(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database in memory that sees the file as `house` and cannot write to it. Raises FixNeeded if there is none.

        Writers wait meanwhile, as for each other.
        """
        if not self.path.exists():
            raise FixNeeded("opening the warehouse", record=str(self.path), remedy="run `sf-intacct sync` first")
        with self._locked(), duckdb.connect(":memory:") as connection:
            connection.execute(f"set TimeZone = 'UTC'; attach {statements.text(str(self.path))} as house (read_only)")
            connection.execute(statements.FOUNDATION)
            yield connection

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire()
        except filelock.Timeout as error:
            raise TryLater(
                "opening the warehouse",
                record=str(self.path),
                seen=f"another process has held it for {self._lock.timeout:.0f} s",
                remedy="wait for the running sync to end",
            ) from error
        except OSError as error:
            remedy = "set SF_INTACCT_HOME to a folder that can be written"
            raise SettingsError(
                "opening the warehouse", record=str(self.path), seen=str(error), remedy=remedy
            ) from error
        try:
            yield
        finally:
            self._lock.release()

    def _open(self) -> duckdb.DuckDBPyConnection:
        is_new = not self.path.exists()
        try:
            connection = duckdb.connect(str(self.path))
        except duckdb.Error as error:
            remedy = "restore the file, or move it away: the next sync reads everything again"
            raise FixNeeded("opening the warehouse", record=str(self.path), seen=str(error), remedy=remedy) from error
        if is_new:
            os.chmod(self.path, 0o600)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(statements.FOUNDATION)
        return connection


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, file: Path | None) -> Iterator[None]:
    """Another database beside ours, for as long as one transaction lasts."""
    if file is None:
        yield
        return
    connection.execute(f"attach {statements.text(str(file))} as beside")
    try:
        yield
    finally:
        connection.execute("detach beside")

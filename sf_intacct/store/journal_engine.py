"""Opening the journal's database so that what it acknowledges survives a power cut."""

import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from sf_intacct.errors import FixNeeded, SettingsError, SyncError, TryLater
from sf_intacct.store import filesystems
from sf_intacct.store.postgres import for_the_driver

_REMEDY = "use sqlite:///<file> or postgresql://<user>@<host>/<database>"
# WAL with FULL: measured over simulated power cuts, NORMAL loses acknowledged rows, FULL does not.
# Strict tables came with this version.
_SQLITE_OLDEST = (3, 37, 0)
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


def open_engine(url: str) -> sa.Engine:
    """An engine for a SQLite file or a PostgreSQL database. Raises SettingsError for anything else."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        # What was given is not repeated: it may hold a password.
        raise SettingsError("opening the journal", seen="a URL that cannot be read", remedy=_REMEDY) from None
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(for_the_driver(parsed), isolation_level="READ COMMITTED", pool_pre_ping=True)
        event.listen(engine, "connect", _require_durable)
        return engine
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        seen = parsed.render_as_string(hide_password=True)
        raise SettingsError("opening the journal", seen=seen, remedy=_REMEDY)
    try:
        return _sqlite(parsed, Path(parsed.database))
    except OSError as error:
        remedy = "set SF_INTACCT_HOME to a folder that can be written"
        raise SettingsError("opening the journal", record=parsed.database, seen=str(error), remedy=remedy) from error


def unopened(engine: sa.Engine, error: sa.exc.DBAPIError) -> SyncError:
    """Why a database could not be used, as an error of ours: it is not there now, or it is no journal."""
    told = {"record": engine.url.render_as_string(hide_password=True), "seen": str(error.orig).strip()}
    if isinstance(error, sa.exc.OperationalError):
        return TryLater("opening the journal", **told, remedy="start the database, or correct SF_INTACCT_JOURNAL_URL")
    return FixNeeded("opening the journal", **told, remedy="restore it from a backup, or name another database")


def _sqlite(url: sa.URL, file: Path) -> sa.Engine:
    if sqlite3.sqlite_version_info < _SQLITE_OLDEST:
        seen = f"SQLite {sqlite3.sqlite_version}, which has no strict tables"
        raise SettingsError("opening the journal", seen=seen, remedy="use a Python with SQLite 3.37 or newer")
    filesystems.require_local(file.parent)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT, 0o600))
    engine = sa.create_engine(url)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(connection: sqlite3.Connection, record: Any) -> None:
    """Sets the pragmas and asserts that they took: a setting that did not is worse than an error."""
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma, wanted in _PRAGMAS.items():
        connection.execute(f"pragma {pragma} = {wanted}")
        got = connection.execute(f"pragma {pragma}").fetchone()[0]
        if got != wanted:
            raise SettingsError("opening the journal", seen=f"pragma {pragma} is {got}, not {wanted}")


def _require_durable(connection: Any, record: Any) -> None:
    """PostgreSQL: what is acknowledged is on the disk. Where a role has switched that off, it is on for us."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('synchronous_commit'), current_setting('fsync')")
        commit, sync = cursor.fetchone()
        if commit == "off":
            cursor.execute("set synchronous_commit = on")
    connection.commit()
    if sync != "on":
        remedy = "switch fsync on in its configuration: a power cut would lose what was sent"
        raise SettingsError("opening the journal", seen="a PostgreSQL that runs with fsync off", remedy=remedy)


def _begin_immediate(connection: sa.Connection) -> None:
    """Takes the write lock at once: a reader that later writes could not be made to wait."""
    connection.exec_driver_sql("begin immediate")

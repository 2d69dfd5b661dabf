"""A disk without room, said as an error of ours: what was being done, what was seen, what to do.

Nothing is sent without a line in the journal, so a full disk stops the road; once there is room, it goes on.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars.exceptions
import sqlalchemy as sa

from sf_intacct.errors import FixNeeded

_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# How SQLite, PostgreSQL and DuckDB say it. DuckDB closes itself to the process that was writing, and says that next.
_WORDS = (
    "database or disk is full",
    "disk i/o error",
    "no space left on device",
    "disk quota exceeded",
    "file too large",
    "could not extend file",
    "invalidated because of a previous fatal error",
)
_ERRORS = (OSError, duckdb.Error, polars.exceptions.PolarsError, sqlite3.Error)


def is_full(error: BaseException) -> bool:
    """Whether this is about room on a disk (or about a disk that cannot be written at all)."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _NUMBERS
    return isinstance(error, _ERRORS) and _says_so(error)


def _says_so(error: BaseException) -> bool:
    return any(word in str(error).lower() for word in _WORDS)


def full(doing: str, record: str, error: BaseException) -> FixNeeded:
    """The error that a person reads."""
    remedy = "make room on the disk, then run it again: what was on its way is looked up before anything is sent"
    return FixNeeded(doing, record=record, seen=str(error).partition("\n")[0], remedy=remedy)


@contextmanager
def noticed(doing: str, record: str) -> Iterator[None]:
    """Raises FixNeeded where a full disk keeps what happens inside from being written."""
    try:
        yield
    except _ERRORS as error:
        if not is_full(error):
            raise
        raise full(doing, record, error) from error


def watched(engine: sa.Engine) -> sa.Engine:
    """The engine, which from now on raises FixNeeded where its disk is full."""

    @sa.event.listens_for(engine, "handle_error")
    def told(context: sa.ExceptionContext) -> None:
        if _says_so(context.original_exception):
            record = engine.url.render_as_string(hide_password=True)
            raise full("writing to the journal", record, context.original_exception)

    return engine

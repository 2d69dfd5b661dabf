"""A real PostgreSQL from a wheel, for whatever must run on one."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa


@contextmanager
def served() -> Iterator[str]:
    """The URL of a PostgreSQL in a folder of its own. Skips where none can be started.

    Not in a folder of pytest's: every pytest that starts closes those to the user that PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory(prefix="sf_intacct_postgres_") as folder:
        try:
            server = _started(Path(folder))
        except Exception as error:  # whatever keeps it from starting on this machine
            pytest.skip(f"no PostgreSQL could be started from the pgserver wheel: {error!r}")
        yield server.get_uri()
        server.cleanup()


def _started(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a package that pgserver asks where to keep its locks
        return import_module("pgserver").get_server(folder)


def emptied(url: str) -> str:
    """The same URL, and nothing in its database any more."""
    run(url, "drop schema public cascade", "create schema public")
    return url


def run(url: str, *statements: str) -> None:
    """Carries statements out, each by itself."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg2"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()

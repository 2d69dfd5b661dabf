"""A warehouse in a folder of its own, and the journal on both of its databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.store import schema
from sf_intacct.store.journal import Journal
from sf_intacct.store.warehouse import Warehouse
from sf_intacct_tests.postgres import emptied
from sf_intacct_tests.store.crossings import MAPPINGS


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "home" / "warehouse.duckdb", lock_timeout_seconds=30)


@pytest.fixture(scope="session")
def _furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a warehouse with every table there is, made once: it takes longer than most tests."""
    file = tmp_path_factory.mktemp("furnished") / "warehouse.duckdb"
    with Warehouse(file).transaction() as session:
        schema.ensure(session, MAPPINGS.crossings.values())
    return file


@pytest.fixture
def furnished(_furnished: Path, tmp_path: Path) -> Warehouse:
    """A warehouse with every table, all of them empty, and the plans of two crossings."""
    return Warehouse(Path(shutil.copy(_furnished, tmp_path)))


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database for a journal: a test that takes it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite'}"
    return emptied(str(request.getfixturevalue("postgres")))


@pytest.fixture
def journal(journal_url: str) -> Iterator[Journal]:
    opened = Journal(journal_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal on SQLite alone, for what is not about the journal's database."""
    opened = Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    yield opened
    opened.close()

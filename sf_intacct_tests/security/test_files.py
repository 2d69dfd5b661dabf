"""Whatever the house writes is for its own user alone, write-ahead logs and temporary files too, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.model.described import Described
from sf_intacct.orchestration import reconciling
from sf_intacct.sandbox.server import Addresses
from sf_intacct.store.described_file import write_described
from sf_intacct.store.mask_key import mask_key
from sf_intacct_tests.town import MAPPINGS, Town


@pytest.fixture
def careless() -> Iterator[None]:
    """A service manager that leaves everything readable."""
    before = os.umask(0)
    yield
    os.umask(before)


def _open_to_others(folder: Path) -> dict[str, str]:
    """Everything below a folder that its group or others can do anything with, by its name there."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    return {path.name: oct(stat.S_IMODE(mode)) for path, mode in modes.items() if mode & 0o077}


@pytest.mark.usefixtures("careless")
@pytest.mark.answers("S15")
def test_nobody_else_reads_a_store_or_what_lies_beside_it(tmp_path: Path) -> None:
    """Failure modes, S15."""
    (tmp_path / "mappings").symlink_to(MAPPINGS)
    town = Town(Addresses("http://127.0.0.1:9", "http://127.0.0.1:9"), tmp_path)
    house, home = town.house(), tmp_path / "home"
    with house.journal.transaction():
        pass
    with house.warehouse.held() as connection:
        connection.execute("create table main.seen as select 1 as x; create table main.more as select 2 as x")
        assert {"journal.sqlite-wal", "warehouse.duckdb.wal"} <= {path.name for path in home.iterdir()}
        assert _open_to_others(home) == {}
    with house.transaction():
        pass
    reconciling.publish_file(house)
    write_described(home, Described())
    mask_key(home)
    assert {"finance.duckdb", "described.json", "mask.key"} <= {path.name for path in home.iterdir()}
    assert _open_to_others(home) == {}
    town.close()

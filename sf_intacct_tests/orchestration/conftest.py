"""Towns for journeys: the sandboxes are served once, every test gets an empty world and an empty home."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.town import MAPPINGS, Town, town_hall


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with town_hall() as served:
        yield served


@pytest.fixture
def town(addresses: Addresses, tmp_path: Path) -> Iterator[Town]:
    shutil.copytree(MAPPINGS, tmp_path / "mappings")
    made = Town(addresses, tmp_path)
    yield made
    made.close()

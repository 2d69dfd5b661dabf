"""Desks for commands: the sandboxes are served once; one settled house is made once and copied for whoever reads it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.orchestration import reconciling
from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.cli.desk import Desk, desk_in
from sf_intacct_tests.town import line, order, tie_out, town_hall, walk


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with town_hall() as served:
        yield served


@pytest.fixture
def desk(addresses: Addresses, tmp_path: Path) -> Iterator[Desk]:
    """A new house; seed its town before anything is read."""
    with desk_in(tmp_path, addresses) as made:
        yield made


@pytest.fixture(scope="session")
def settled_folder(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Order 1 is an invoice; order 2 lies in a closed period; orders 3 and 4 name a department that nobody knows."""
    folder = tmp_path_factory.mktemp("settled")
    orders = [
        order("1"),
        order("2", "bolt", EffectiveDate="2026-07-15"),
        order("3", Department__c="Nowhere"),
        order("4", Department__c="Nowhere"),
    ]
    with desk_in(folder, addresses) as made:
        made.town.seed(orders, [line(number, str(number)) for number in (1, 2, 3, 4)])
        walk(made.house)
        walk(made.house)
        tie_out(made.house)
        reconciling.publish_file(made.house)
    return folder


@pytest.fixture
def settled(settled_folder: Path, tmp_path: Path, addresses: Addresses) -> Iterator[Desk]:
    """The settled house, for commands that ask neither system: the world under it may have been reset since."""
    shutil.copytree(settled_folder, tmp_path, dirs_exist_ok=True)
    with desk_in(tmp_path, addresses) as made:
        yield made

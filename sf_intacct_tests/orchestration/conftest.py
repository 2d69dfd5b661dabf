"""Towns for journeys: the sandboxes are served once, every test gets an empty world and an empty home.

Runs of Dagster take seconds, so what several tests look at is recorded once.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.orchestration.under_dagster import Recorded, lone_town, record
from sf_intacct_tests.town import MAPPINGS, PRICES, Town, line, order, settle, tie_out, town_hall


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with town_hall() as served:
        yield served


@pytest.fixture
def town(addresses: Addresses, tmp_path: Path) -> Iterator[Town]:
    # Who keeps no price lists has no such file, and pays for none of what it reads.
    shutil.copytree(MAPPINGS, tmp_path / "mappings", ignore=shutil.ignore_patterns(PRICES))
    made = Town(addresses, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """One sync of a town through Dagster, and everything it left behind. Only to be looked at."""
    with lone_town(tmp_path_factory.mktemp("recorded")) as town:
        yield record(town)


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that many tests share: two orders, of two months."""
    with lone_town(tmp_path_factory.mktemp("watched")) as town:
        town.seed([order("1"), order("2", EffectiveDate="2026-11-02")], [line(1, "1"), line(2, "2")])
        town.house()
        yield town


@pytest.fixture
def quiet(watched: Town) -> Town:
    """That town when nothing is left to do: two posted invoices, of which finance knows."""
    watched.no_faults()
    house = watched.houses[0]
    with house.warehouse.held():
        settle(house)
        tie_out(house)
    return watched

"""Towns whose house is run by Dagster: its settings as an environment, the project's own instance in a folder."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr

from sf_intacct.orchestration import syncing
from sf_intacct.orchestration.syncing import Synced
from sf_intacct.settings import PREFIX, Settings
from sf_intacct_tests.town import Town, line, order, town_hall

ROOT = Path(__file__).resolve().parents[2]


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables that say these settings, secrets included."""
    plain = {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in settings}
    return {PREFIX + name.upper(): str(value) for name, value in plain.items() if value is not None}


def secrets_of(settings: Settings) -> dict[str, str]:
    """Every secret among these settings, by name."""
    found = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    return {name: secret for name, secret in found.items() if secret}


def without_settings() -> dict[str, str]:
    """This process's environment without any setting of ours or of Dagster's."""
    return {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "DAGSTER_"))}


@contextmanager
def entered(settings: Settings, folder: Path) -> Iterator[None]:
    """Inside, the process has these settings in its environment, and works in `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        for name, value in environment_of(settings).items():
            patch.setenv(name, value)
        patch.chdir(folder)
        yield


def instance_in(folder: Path) -> dg.DagsterInstance:
    """A Dagster instance made by the project's own dagster.yaml; it keeps everything below `folder`."""
    shutil.copy(ROOT / "dagster.yaml", folder)
    return dg.DagsterInstance.from_config(str(folder))


@contextmanager
def lone_town(folder: Path) -> Iterator[Town]:
    """A town on sandboxes of its own, for worlds that outlive one test. Its mappings are the project's."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    with town_hall() as addresses:
        town = Town(addresses, folder)
        yield town
        town.close()


@dataclass(frozen=True)
class Recorded:
    """What one sync did and left behind. `folder` has every file it wrote.

    steps: the names of all steps, as they were told to whoever watches. writes: how many calls that write
    the two systems saw in each pass.
    """

    town: Town
    folder: Path
    settings: Settings
    instance: dg.DagsterInstance
    synced: Synced
    steps: list[str]
    writes: list[int]

    @property
    def last(self) -> str:
        """The run of the last pass."""
        return self.synced.passes[-1].run

    @property
    def runs(self) -> list[dg.DagsterRun]:
        return list(self.instance.get_runs())

    def events(self, run: str) -> list[dg.EventLogEntry]:
        return list(self.instance.all_logs(run))

    def materialized(self, run: str) -> dict[str, dg.AssetMaterialization]:
        """What a run materialised, by asset address; of several partitions of an asset the last."""
        made = [entry.asset_materialization for entry in self.events(run)]
        return {one.asset_key.to_user_string(): one for one in made if one is not None}

    def checked(self, run: str) -> dict[str, dg.AssetCheckEvaluation]:
        """How each check of a run went, as address:check."""
        return checked(self.instance, run)


def checked(instance: dg.DagsterInstance, run: str) -> dict[str, dg.AssetCheckEvaluation]:
    """How each check of a run went, as address:check."""
    entries = instance.all_logs(run, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    told = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
    return {f"{one.asset_key.to_user_string()}:{one.check_name}": one for one in told}


def record(town: Town) -> Recorded:
    """One order of each kind: carried (two of them), and kept back for a department that nobody has mapped."""
    orders = [order("1"), order("2", "bolt"), order("3", Department__c="Skunkworks")]
    town.seed(orders, [line(1, "1"), line(2, "2"), line(3, "3")])
    house = town.house(home="var")
    steps: list[str] = []
    writes: list[int] = []

    def progress(step: str) -> None:
        steps.append(step)
        if len(steps) % syncing.steps_of("sync") == 0:
            writes.append(town.writes() - sum(writes))

    with entered(house.settings, town.folder):
        instance = instance_in(town.folder)
        synced = syncing.sync(house, instance, progress)
    return Recorded(town, town.folder, house.settings, instance, synced, steps, writes)

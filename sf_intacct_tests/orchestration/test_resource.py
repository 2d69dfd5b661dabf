"""The house as a resource of Dagster: settings come from the environment when a run starts, and go nowhere."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from sf_intacct.errors import SettingsError
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct_tests.orchestration.under_dagster import Recorded, entered, secrets_of
from sf_intacct_tests.town import Town

pytestmark = pytest.mark.xdist_group("recorded")  # one process makes the world that these share


def _written(folder: Path) -> Iterator[Path]:
    """Everything the house and Dagster wrote: warehouse, journal, runs, events, logs, finance file."""
    return (file for file in (folder / "var").rglob("*") if file.is_file())


@pytest.mark.long
@pytest.mark.answers("I2", "S6", "S7")
def test_no_secret_is_in_anything_that_a_sync_wrote_to_disk(recorded: Recorded) -> None:
    secrets = secrets_of(recorded.settings)
    assert set(secrets) == {"salesforce_client_secret", "intacct_sender_password", "intacct_user_password"}
    files = list(_written(recorded.folder))
    assert {".sqlite", ".duckdb", ".db", ".err"} <= {file.suffix for file in files}, "else nothing was searched"
    found = [
        (file.name, name) for file in files for name, secret in secrets.items() if secret.encode() in file.read_bytes()
    ]
    assert found == []


@pytest.mark.long
@pytest.mark.answers("I1", "S6")
def test_no_secret_is_in_a_run_its_configuration_its_tags_or_its_events(recorded: Recorded) -> None:
    for run in recorded.runs:
        told = [dg.serialize_value(run), *(dg.serialize_value(entry) for entry in recorded.events(run.run_id))]
        assert len(told) > 50
        assert [
            secret for secret in secrets_of(recorded.settings).values() if any(secret in text for text in told)
        ] == []


@pytest.mark.answers("I1")
def test_the_resource_has_nothing_to_configure(watched: Town) -> None:
    """What it had, the user interface would show and the database would keep."""
    assert HouseResource.model_fields == {}


def test_every_run_has_a_house_of_its_own_which_shows_no_secret_and_is_closed_at_the_end(watched: Town) -> None:
    settings = watched.houses[0].settings
    houses, shown = [], ""
    with entered(settings, watched.folder):
        for _ in range(2):
            with dg.build_resources({"house": HouseResource()}) as resources:
                house = resources.house.plain
                house.journal.counts()
                assert house.journal.engine.pool.checkedin() == 1, "else closing shows nothing"
                shown += f"{resources.house!r} {house!r} {house.settings}"
            houses.append(house)
    assert houses[0] is not houses[1]
    assert [house.settings for house in houses] == [settings, settings]
    assert [house.journal.engine.pool.checkedin() for house in houses] == [0, 0]
    assert [name for name, secret in secrets_of(settings).items() if secret in shown] == []


def test_a_run_without_settings_fails_with_their_names_and_without_their_values(watched: Town) -> None:
    with entered(watched.houses[0].settings, watched.folder), pytest.MonkeyPatch.context() as patch:
        patch.delenv("SF_INTACCT_INTACCT_COMPANY_ID")
        with pytest.raises(dg.DagsterError) as caught, dg.build_resources({"house": HouseResource()}):
            pass
    words = str(caught.value.__cause__)
    assert isinstance(caught.value.__cause__, SettingsError)
    assert "SF_INTACCT_INTACCT_COMPANY_ID" in words
    assert [name for name, secret in secrets_of(watched.houses[0].settings).items() if secret in words] == []

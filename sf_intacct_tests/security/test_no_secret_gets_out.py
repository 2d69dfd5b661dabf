"""Canaries: every secret of a journey, failures included, is looked for in everything that the journey left behind.

Secrets are those of the settings, and the sessions that the systems gave us for them.
"""

import io
import json
import logging
import shutil
import traceback
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest

from sf_intacct.errors import CredentialsError, SyncError
from sf_intacct.orchestration import alerting, syncing
from sf_intacct.orchestration.exporting import export
from sf_intacct.orchestration.house import House
from sf_intacct.store import alerts, exceptions
from sf_intacct_tests.alerts.servers import web_server
from sf_intacct_tests.orchestration.under_dagster import entered, instance_in, secrets_of
from sf_intacct_tests.town import MAPPINGS, Town, line, order, settle, town_hall, walk

pytestmark = pytest.mark.long
WRONG = "canary-wrong-password"


@dataclass
class Journey:
    """What was said and written, and what must be in none of it."""

    folder: Path
    said: io.StringIO = field(default_factory=io.StringIO)
    secrets: dict[str, str] = field(default_factory=lambda: {"a wrong password": WRONG})

    def knows(self, house: House) -> None:
        """Secrets of a house, and of the sessions it has open."""
        self.secrets |= secrets_of(house.settings)
        client = house.salesforce.rest._client
        if client is not None:
            self.secrets["salesforce session"] = str(client.session_id)
        for session in house.intacct.gateway._sessions.values():
            self.secrets["intacct session"] = session.session_id

    def told(self, error: BaseException) -> None:
        self.said.write("".join(traceback.format_exception(error)) + repr(error))

    def leaks(self) -> list[tuple[str, str]]:
        """Where a secret was found: file, or what was said, and which."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        texts = {path.name: path.read_bytes() for path in files} | {"said": self.said.getvalue().encode()}
        return [
            (name, secret)
            for name, text in texts.items()
            for secret, value in self.secrets.items()
            if value.encode() in text or json.dumps(value).encode() in text
        ]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """Every way to go wrong that we know of, with the most talkative logs there are."""
    folder = tmp_path_factory.mktemp("canary")
    made = Journey(folder)
    shutil.copytree(MAPPINGS, folder / "mappings")
    handler = logging.StreamHandler(made.said)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with town_hall() as addresses, redirect_stdout(made.said), redirect_stderr(made.said):
        town = Town(addresses, folder)
        try:
            _travel(town, made)
            yield made
        finally:
            town.close()
            root.removeHandler(handler)
            root.setLevel(level)


def _travel(town: Town, made: Journey) -> None:
    town.seed([order("1"), order("2", EffectiveDate="2026-07-15")], [line(1, "1"), line(2, "2")])
    house = town.house()
    for kind, rule in (
        ("truncate", {"system": "intacct", "operation": "create*"}),
        ("server_error", {"system": "intacct", "operation": "create*"}),
        ("drop_reply", {"system": "salesforce", "operation": "*"}),
        ("expire_session", {"system": "intacct", "operation": "*"}),
        ("throttle", {"system": "salesforce", "operation": "*"}),
    ):
        town.fault(kind, **rule)
        try:
            walk(house)
        except SyncError as error:
            made.told(error)
        made.knows(house)
    town.no_faults()
    town.pass_time(hours=2)
    settle(house)
    made.knows(house)
    for wrong in ("intacct_user_password", "intacct_sender_password", "salesforce_client_secret"):
        with pytest.raises(CredentialsError) as refused:
            walk(town.house(**{wrong: WRONG}))
        made.told(refused.value)
    _tell(town, made)
    for one in exceptions.listed(house.journal):
        (town.folder / f"{one['id']}.json").write_text(export(house, one["id"]).written())
    _under_dagster(town, made)


def _tell(town: Town, made: Journey) -> None:
    with web_server() as hook:
        hook.status = 500
        telling = town.house(alert_webhook_url=hook.url, alert_webhook_secret="canary-shared")
        made.knows(telling)
        made.said.write(str(alerting.tell(telling)) + str(alerts.listed(telling.journal)))


def _under_dagster(town: Town, made: Journey) -> None:
    """A run that succeeds and one that is not let in, with everything that Dagster keeps of them."""
    house = town.house()
    with entered(house.settings, town.folder), instance_in(town.folder) as instance:
        syncing.run_job(house, instance, "plan", lambda step: None)
    made.knows(house)
    shut_out = town.house(intacct_user_password=WRONG)
    with entered(shut_out.settings, town.folder), instance_in(town.folder) as instance:
        with pytest.raises(SyncError) as failed:
            syncing.run_job(shut_out, instance, "plan", lambda step: None)
        made.told(failed.value)
        for run in instance.get_runs():
            made.said.write("".join(dg.serialize_value(entry) for entry in instance.all_logs(run.run_id)))


@pytest.mark.answers("I1", "I2", "I3", "S6")
def test_no_secret_is_in_any_file_or_in_anything_that_was_said(journey: Journey) -> None:
    """Failure modes, S6 and S7: warehouse, journal, bundles, Dagster's storage, logs at their loudest, tracebacks."""
    assert journey.leaks() == []


def test_there_was_something_to_be_found(journey: Journey) -> None:
    """Else the test above could not fail."""
    assert {"salesforce session", "intacct session", "intacct_user_password", "alert_webhook_secret"} <= set(
        journey.secrets
    )
    suffixes = {path.suffix for path in journey.folder.rglob("*") if path.is_file()}
    assert {".sqlite", ".duckdb", ".db", ".json"} <= suffixes
    said = journey.said.getvalue()
    assert "CredentialsError" in said
    assert len(said) > 20_000
    (journey.folder / "planted.log").write_text(f"Authorization: Bearer {journey.secrets['salesforce session']}")
    assert ("planted.log", "salesforce session") in journey.leaks()
    (journey.folder / "planted.log").unlink()

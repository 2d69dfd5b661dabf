"""`dagster dev` at the root just works: no setting, no DAGSTER_HOME, and everything is there and on."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests

from sf_intacct.cli import processes
from sf_intacct.orchestration.definitions import defs
from sf_intacct_tests.orchestration.under_dagster import ROOT, without_settings

_QUESTION = """{
  workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError {
    __typename ... on PythonError { message }
    ... on RepositoryLocation { repositories {
      assetNodes { id } jobs { name } sensors { name sensorState { status } }
    } } } } } }
}"""


def _root(folder: Path) -> Path:
    """What `dagster dev` reads of a checkout."""
    for name in ("workspace.yaml", "dagster.yaml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    return folder


def _asked(url: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.post(f"{url}/graphql", json={"query": _QUESTION}, timeout=60).json()
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


def test_dagster_dev_serves_every_asset_and_job_with_all_sensors_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, port = _root(tmp_path), processes.free_port()
    for name in set(os.environ) - set(without_settings()):
        monkeypatch.delenv(name)
    monkeypatch.chdir(root)
    url, log = f"http://127.0.0.1:{port}", root / "dagster.log"
    command = processes.python("-m", "dagster", "dev", "-h", "127.0.0.1", "-p", str(port))
    with processes.running(command, {}, log) as process:
        processes.wait_for(f"{url}/server_info", process, log, seconds=120)
        told = _asked(url)

    (location,) = told["workspaceOrError"]["locationEntries"]
    assert location["name"] == "sf_intacct"
    assert location["locationOrLoadError"]["__typename"] == "RepositoryLocation", location
    (repository,) = location["locationOrLoadError"]["repositories"]
    assert len(repository["assetNodes"]) == len(defs.resolve_all_asset_specs())
    assert {job["name"] for job in repository["jobs"]} >= {"sync", "plan", "apply", "close"}
    assert {sensor["sensorState"]["status"] for sensor in repository["sensors"]} == {"RUNNING"}
    assert (root / "var/dagster/history/runs.db").is_file()
    assert list(root.glob(".tmp_dagster_home*")) == [], "nothing is left behind"

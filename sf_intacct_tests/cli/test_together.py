"""demo and up: what a newcomer sees first, in an empty folder without any setting; and whose folders are left alone."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sf_intacct.cli import cli
from sf_intacct_tests.town import MAPPINGS

pytestmark = pytest.mark.xdist_group("together")  # one process makes the world that these share

HOUSE = [sys.executable, "-m", "sf_intacct"]
# The demo takes half a minute, and .ci/run shows it anyway; `pytest -m long` looks at what it says.
long = pytest.mark.long


def _environment() -> dict[str, str]:
    """A newcomer's: no setting but where the mappings are, which in a checkout are just here."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SF_INTACCT_", "DAGSTER_"))}
    return {**plain, "SF_INTACCT_MAPPINGS": str(MAPPINGS)}


Shown = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """One demo, in an empty folder."""
    folder = tmp_path_factory.mktemp("newcomer")
    done = subprocess.run([*HOUSE, "demo"], cwd=folder, env=_environment(), capture_output=True, text=True)
    return folder, done


@long
def test_the_demo_ends_well_and_quietly(shown: Shown) -> None:
    _, done = shown
    assert (done.returncode, done.stderr) == (0, "")


@long
def test_the_demo_shows_what_was_read_planned_accepted_refused_waiting_and_quarantined(shown: Shown) -> None:
    said = shown[1].stdout
    for word in ("new versions", "quarantined", "records", "accepted", "refused", "waiting", "held"):
        assert word in said, word
    orders = re.findall(r"^order_to_invoice +(\d+) +(\d+) +(\d+)", said, re.MULTILINE)
    assert orders, said
    records, sent, accepted = (int(number) for number in orders[0])
    assert records >= sent >= accepted > 50


@long
def test_the_demo_names_three_exceptions_with_their_salesforce_ids_and_their_money(shown: Shown) -> None:
    section = shown[1].stdout.partition("Three of the exceptions")[2].partition("The finance file is")[0]
    assert len(set(re.findall(r"\b801\w{15}\b", section))) == 3
    assert len(re.findall(r"[\d,]+\.\d\d\s*$", section, re.MULTILINE)) == 3
    assert "what to do" in section


@long
def test_the_demo_ties_out_and_brings_payments_home(shown: Shown) -> None:
    said = shown[1].stdout
    assert re.search(r"customers pay [1-9]\d* invoices", said)
    assert said.count("The tie-out holds: ") == 2
    assert re.search(r"unexplained +0\.00", said)
    assert "nothing is left to do" in said


@long
def test_the_query_that_the_demo_recommends_works_as_it_stands(shown: Shown) -> None:
    folder, done = shown
    (recommended,) = re.findall(r"^  sf-intacct (query .*)$", done.stdout, re.MULTILINE)
    assert "var/demo/finance.duckdb" in recommended
    words = [*HOUSE, *shlex.split(recommended), "--json"]
    answer = subprocess.run(words, cwd=folder, env=_environment(), capture_output=True, text=True, check=True)
    told = json.loads(answer.stdout)
    assert told["columns"] == ["class", "documents", "salesforce", "intacct"]
    assert {row[0] for row in told["rows"]} >= {"tied", "exception"}
    assert sum(row[1] for row in told["rows"]) > 50


@long
def test_the_demo_leaves_its_stores_and_nothing_else(shown: Shown) -> None:
    folder, _ = shown
    assert [entry.name for entry in folder.iterdir()] == ["var"]
    assert {file.name for file in (folder / "var" / "demo").iterdir()} >= {"finance.duckdb", "warehouse.duckdb"}
    assert (folder / "var" / "demo").stat().st_mode & 0o077 == 0


# Without starting anything


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.chdir(folder)
    return CliRunner(catch_exceptions=False).invoke(cli, words)


@pytest.mark.parametrize("command", ["demo", "up"])
def test_a_folder_with_somebody_elses_files_is_not_emptied(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SF_INTACCT_MAPPINGS", str(MAPPINGS))
    (tmp_path / "workspace.yaml").touch()
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("years of work")
    result = _run(tmp_path, monkeypatch, command, "--home", "home")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "record: home; seen: the folder holds files of somebody else; what to do: name a folder" in result.stderr
    assert (home / "thesis.txt").read_text() == "years of work"


def test_up_outside_a_checkout_says_where_to_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = _run(tmp_path, monkeypatch, "up")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"no workspace.yaml in {tmp_path}; what to do: run it in the checkout" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_demo_without_mappings_says_what_is_missing_before_it_starts_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SF_INTACCT_MAPPINGS", raising=False)
    result = _run(tmp_path, monkeypatch, "demo")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no folder mappings; what to do: set SF_INTACCT_MAPPINGS" in result.stderr
    assert list(tmp_path.iterdir()) == []

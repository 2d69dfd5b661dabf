"""Where Dagster keeps its runs: SQLite in the house's home, or PostgreSQL by one environment variable."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
import yaml

from sf_intacct.errors import SettingsError, SyncError, TryLater
from sf_intacct.orchestration.definitions import defs
from sf_intacct.orchestration.instance_storage import HOME, VARIABLE
from sf_intacct_tests import postgres as databases
from sf_intacct_tests.orchestration.under_dagster import ROOT, environment_of, instance_in, without_settings
from sf_intacct_tests.town import Town

pytestmark = pytest.mark.xdist_group("instance_storage")  # one process makes the world that these share

PASSWORD = "correct-horse"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and nothing set."""
    for name in ("DAGSTER_HOME", HOME, VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _keep_a_run(instance: dg.DagsterInstance) -> str:
    run = instance.create_run_for_job(defs.resolve_job_def("apply"))
    instance.report_engine_event("kept", run)
    return run.run_id


def _files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*.db")}


SQLITE = {"history/runs.db", "history/runs/index.db", "schedules/schedules.db"}


def test_with_nothing_set_everything_is_kept_in_sqlite_below_var(folder: Path) -> None:
    with instance_in(folder) as instance:
        run = _keep_a_run(instance)
    assert {f"var/dagster/{name}" for name in SQLITE} <= _files(folder)
    assert {path.name for path in folder.iterdir()} == {"dagster.yaml", "var"}
    with instance_in(folder) as again:
        assert again.has_run(run)


def test_the_home_of_the_house_is_where_its_runs_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME, str(folder / "elsewhere"))
    with instance_in(folder) as instance:
        _keep_a_run(instance)
    assert {f"elsewhere/dagster/{name}" for name in SQLITE} <= _files(folder)
    assert not {name for name in _files(folder) if name.startswith("var/")}


@pytest.fixture(scope="module")
def database(postgres: str) -> Iterator[sa.URL]:
    """An empty database on a real PostgreSQL."""
    databases.run(postgres, "create database dagster")
    yield sa.make_url(postgres).set(database="dagster")
    databases.run(postgres, "drop database dagster with (force)")


@pytest.mark.long
def test_one_variable_puts_runs_events_and_schedules_into_postgresql_where_another_process_sees_them(
    quiet: Town, database: sa.URL, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.render_as_string(hide_password=False)
    monkeypatch.setenv(VARIABLE, url)
    with instance_in(folder) as here:
        reconciled = subprocess.run(
            [sys.executable, "-m", "sf_intacct", "reconcile", "--month", "2026-10"],
            env={**without_settings(), **environment_of(quiet.houses[0].settings), VARIABLE: url},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert (reconciled.returncode, reconciled.stderr) == (0, "")
        run = here.get_runs()[0]
        assert (run.job_name, run.status) == ("close", dg.DagsterRunStatus.SUCCESS)
        made = here.get_latest_materialization_event(dg.AssetKey(["finance", "ar_tie_out"]))
        assert made is not None
        assert made.run_id == run.run_id
    assert _files(folder) == set()
    engine = sa.create_engine(database.set(drivername="postgresql+psycopg2"))
    assert {"runs", "event_logs", "asset_keys", "jobs", "job_ticks"} <= set(sa.inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize(
    "scheme",
    ["postgres", *(pytest.param(name, marks=pytest.mark.long) for name in ("postgresql", "postgresql+psycopg2"))],
)
def test_an_address_is_understood_however_its_scheme_is_spelt(
    database: sa.URL, folder: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv(VARIABLE, database.set(drivername=scheme).render_as_string(hide_password=False))
    with instance_in(folder) as instance:
        assert instance.has_run(_keep_a_run(instance))


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        (f"postgresql://dagster:{PASSWORD}@127.0.0.1:9/dagster", TryLater, "Connection refused"),
        (f"postgresql://dagster:{PASSWORD}:5432/dagster", SettingsError, "no address of a PostgreSQL database"),
        (f"mysql://dagster:{PASSWORD}@127.0.0.1/dagster", SettingsError, "no address of a PostgreSQL database"),
        (f"{PASSWORD}", SettingsError, "no address of a PostgreSQL database"),
    ],
)
def test_a_wrong_address_is_told_in_words_that_name_the_variable_and_hide_the_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, address: str, kind: type[SyncError], words: str
) -> None:
    monkeypatch.setenv(VARIABLE, address)
    with pytest.raises(kind, match=words) as caught:
        instance_in(folder)
    told = f"{caught.value}{caught.value.__cause__ or ''}"
    assert VARIABLE in told
    assert PASSWORD not in told


@pytest.mark.long
def test_the_command_line_ends_with_those_words_and_its_own_exit_code(watched: Town, folder: Path) -> None:
    instance_in(folder)
    done = subprocess.run(
        [sys.executable, "-m", "sf_intacct", "plan"],
        env={**without_settings(), **environment_of(watched.houses[0].settings), VARIABLE: f"mysql://x:{PASSWORD}@y/z"},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == SettingsError.exit_code
    assert done.stderr.startswith("sf-intacct: opening Dagster's database; record: SF_INTACCT_DAGSTER_PG")
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.answers("G5")
def test_a_run_whose_process_died_does_not_hold_the_others_up_for_ever() -> None:
    """Nothing else ends it: Dagster's launcher for one machine cannot tell a dead process from a busy one."""
    monitoring = yaml.safe_load((ROOT / "dagster.yaml").read_text())["run_monitoring"]
    assert monitoring["enabled"]
    assert monitoring["max_runtime_seconds"] > 0

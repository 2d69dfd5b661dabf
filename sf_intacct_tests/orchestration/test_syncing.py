"""One sync through Dagster: it goes on until it is quiet, tells numbers, and its failures are errors of ours."""

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from sf_intacct.errors import FixNeeded
from sf_intacct.orchestration import syncing
from sf_intacct.orchestration.definitions import defs
from sf_intacct_tests.orchestration.under_dagster import ROOT, Recorded, entered
from sf_intacct_tests.town import Town, alone, money

# One process makes the world that these share.
pytestmark = [pytest.mark.xdist_group("recorded"), pytest.mark.long]


def test_a_sync_goes_on_until_a_pass_has_written_nothing(recorded: Recorded) -> None:
    assert recorded.synced.is_quiet
    sent = [one.sent for one in recorded.synced.passes]
    assert sent[-1] == 0
    assert all(sent[:-1])
    assert recorded.synced.sent("receipts/order_to_invoice") == 2
    assert recorded.synced.results("receipts/order_to_invoice") == {"accepted": 2}


def test_the_systems_themselves_saw_writes_in_every_pass_but_the_last(recorded: Recorded) -> None:
    """Two witnesses: what the runs say they sent, and the request logs of both systems."""
    assert [bool(calls) for calls in recorded.writes[: len(recorded.synced.passes)]] == [
        bool(one.sent) for one in recorded.synced.passes
    ]


def test_a_sync_ends_with_a_tie_out_of_what_it_did(recorded: Recorded) -> None:
    result = recorded.synced.tie_out
    assert result is not None
    assert (result.holds, result.classes) == (True, {"exception": 1, "tied": 2})
    assert (alone(result).salesforce, alone(result).intacct) == (money("2094.00"), money("1396.00"))
    assert (recorded.folder / "var/finance.duckdb").is_file()


def test_every_step_of_every_pass_is_told_to_whoever_watches_the_progress(recorded: Recorded) -> None:
    steps, passes = syncing.steps_of("sync"), len(recorded.synced.passes)
    assert len(recorded.steps) == steps * passes + syncing.steps_of("close")
    assert {len(set(recorded.steps[n * steps : (n + 1) * steps])) for n in range(passes)} == {steps}


def test_the_numbers_of_a_sync_are_summed_over_its_passes() -> None:
    busy = syncing.Pass("run", {"receipts/order_to_invoice": {"sent": 2, "results": {"accepted": 1, "refused": 1}}})
    idle = syncing.Pass("run", {"raw/salesforce_orders": {"new": 3}})
    assert (busy.sent, busy.new, idle.sent, idle.new) == (2, 0, 0, 3)
    synced = syncing.Synced([busy, idle, busy])
    assert synced.sent("receipts/order_to_invoice") == 4
    assert synced.results("receipts/order_to_invoice") == {"accepted": 2, "refused": 2}
    assert synced.last("raw/") == {"raw/salesforce_orders": {"new": 3}}


def test_a_month_that_finance_does_not_have_is_refused_before_anything_runs(watched: Town) -> None:
    house = watched.houses[0]
    with entered(house.settings, watched.folder), dg.DagsterInstance.ephemeral() as where:
        with pytest.raises(FixNeeded, match="2019-01") as caught:
            syncing.close(house, where, lambda step: None, [date(2019, 1, 1)])
        assert where.get_runs_count() == 0
    assert "SF_INTACCT_FIRST_MONTH" in caught.value.remedy


# Where runs are kept


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and nothing set."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.delenv("SF_INTACCT_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_where_nobody_keeps_a_dagster_yaml_a_run_leaves_no_trace(elsewhere: Path) -> None:
    with syncing.instance() as where:
        assert where.is_ephemeral
    assert list(elsewhere.iterdir()) == []


def test_runs_are_kept_by_the_dagster_yaml_of_this_folder(elsewhere: Path) -> None:
    shutil.copy(ROOT / "dagster.yaml", elsewhere)
    with syncing.instance() as where:
        run = where.create_run_for_job(defs.resolve_job_def("apply"))
    with syncing.instance() as again:
        assert again.has_run(run.run_id)


def test_dagster_home_goes_before_this_folder(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "dagster.yaml", elsewhere)
    home = elsewhere / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with syncing.instance() as where:
        assert where.root_directory == str(home)

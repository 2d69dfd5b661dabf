"""The jobs: what each of them covers, that they run one at a time, and that journeys walk the same road."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.dependency import NodeHandle

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import reconciling, syncing
from sf_intacct.orchestration.definitions import defs
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.jobs import ONE_AT_A_TIME
from sf_intacct_tests.orchestration.under_dagster import ROOT, entered, lone_town
from sf_intacct_tests.town import Town, line, order, road, settle

pytestmark = pytest.mark.xdist_group("jobs")  # one process makes the world that these share

JOBS = ("sync", "plan", "apply", "close")


def _silent(step: str) -> None:
    """Nobody watches the progress."""


def _assets(job: str) -> set[dg.AssetKey]:
    return set(defs.resolve_job_def(job).asset_layer.selected_asset_keys)


def _groups(job: str) -> set[str]:
    return {key.path[0] for key in _assets(job)}


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.answers("F14", "G4")
def test_every_job_says_what_it_does_and_runs_in_one_process(job: str) -> None:
    found = defs.resolve_job_def(job)
    assert found.description
    assert found.description.endswith(".")
    assert found.executor_def is dg.in_process_executor


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.answers("G8")
def test_the_queue_lets_one_run_of_any_job_go_at_a_time(job: str) -> None:
    """The tag on the job and the limit in dagster.yaml are one word in two files."""
    limits = yaml.safe_load((ROOT / "dagster.yaml").read_text())["concurrency"]["runs"]["tag_concurrency_limits"]
    one_at_a_time = {limit["key"] for limit in limits if limit["limit"] == 1}
    assert set(ONE_AT_A_TIME) == one_at_a_time
    assert ONE_AT_A_TIME.items() <= defs.resolve_job_def(job).tags.items()


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.answers("G9")
def test_dagster_repeats_no_step_and_no_run_by_itself(job: str) -> None:
    """A step that sends would send everything again; what is sent again, and when, is for the journal to say."""
    found = defs.resolve_job_def(job)
    handles = [NodeHandle(node.name, None) for node in found.nodes]
    assert handles
    assert {found.get_retry_policy_for_handle(handle) for handle in handles} == {None}
    assert not {"dagster/max_retries", "dagster/retry_strategy"} & set(found.tags)
    assert "run_retries" not in yaml.safe_load((ROOT / "dagster.yaml").read_text())


def test_the_sync_covers_everything_but_finance_and_the_close_covers_finance() -> None:
    everything = {spec.key for spec in defs.resolve_all_asset_specs()}
    finance = {key for key in everything if key.path[0] == "finance"}
    assert _assets("close") == finance
    assert _assets("sync") == everything - finance


def test_a_plan_reads_and_plans_and_can_write_to_neither_system() -> None:
    assert _groups("plan") == {"raw", "core", "plan"}
    assert {key for key in _assets("plan") if key.path[0] == "plan"} == {
        key for key in _assets("sync") if key.path[0] == "plan"
    }


def test_an_apply_carries_out_the_present_plans_and_reads_nothing() -> None:
    assert _groups("apply") == {"receipts"}


def _visited() -> list[list[dg.AssetKey]]:
    """The assets that each step of a walk stands for, in the walk's order."""
    return [[dg.AssetKey([_area(verb), name]) for name in _tables(verb, name)] for verb, name in road()]


def _area(verb: str) -> str:
    return {"read": "raw", "publish": "core", "derive": "core", "plan": "plan"}.get(verb, "receipts")


def _tables(verb: str, name: str) -> list[str]:
    """Heads and lines are published by one step."""
    lines = OBSERVED[name].lines if verb == "publish" else None
    return [name, *([lines] if lines else [])]


def test_a_walk_visits_every_asset_of_the_sync_once() -> None:
    """So that journeys cannot forget a new crossing, nor a new table."""
    visited = [key for step in _visited() for key in step]
    assert sorted(visited) == sorted(_assets("sync"))


def test_a_walk_comes_to_no_asset_before_what_it_is_made_from() -> None:
    graph = defs.resolve_asset_graph()
    done: set[dg.AssetKey] = set()
    for step in _visited():
        needed = {parent for key in step for parent in graph.get(key).parent_keys} - set(step)
        assert needed <= done, f"{step} is visited before {needed - done}"
        done |= set(step)


# The close: posting months

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def _to_come() -> date:
    """A day in a month that has not begun."""
    return datetime.now(UTC).date() + timedelta(days=40)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with one posted invoice in each of three months and one in a month to come; finance knows of none."""
    with lone_town(tmp_path_factory.mktemp("posted")) as town:
        dates = {"1": "2026-09-15", "2": "2026-10-15", "3": "2026-11-02", "4": _to_come().isoformat()}
        town.seed(
            [order(number, EffectiveDate=day) for number, day in dates.items()],
            [line(int(number), number) for number in dates],
        )
        settle(town.house())
        yield town


def _close(house: House, *months: date) -> reconciling.TieOut:
    with entered(house.settings, house.settings.home.parent), dg.DagsterInstance.ephemeral() as where:
        return syncing.close(house, where, _silent, list(months))


def _finance(house: House) -> dict[str, list[str]]:
    """Invoice numbers of the tie-out by month, as finance finds them."""
    with house.transaction() as session:
        rows = session.frame(
            "select strftime(posting_month, '%Y-%m') as month, invoice_number from finance.ar_tie_out order by 1, 2"
        )
    found: dict[str, list[str]] = {}
    for month, number in rows.iter_rows():
        found.setdefault(month, []).append(number)
    return found


@pytest.mark.long
def test_the_close_makes_exactly_the_months_asked_for_and_making_them_again_replaces_them(posted: Town) -> None:
    house = posted.house()
    _close(house, SEPTEMBER, OCTOBER)
    assert _finance(house) == {"2026-09": ["SO-1"], "2026-10": ["SO-2"]}
    assert reconciling.months_behind(house) == [NOVEMBER]

    with house.transaction() as session:
        session.run("update finance.ar_tie_out set invoice_number = 'as it was'")
    _close(house, OCTOBER)
    assert _finance(house) == {"2026-09": ["as it was"], "2026-10": ["SO-2"]}


@pytest.mark.long
def test_a_month_that_has_not_begun_is_made_once_it_begins(posted: Town) -> None:
    house = posted.house()
    month = _to_come().replace(day=1)
    assert month not in reconciling.months_behind(house)

    house.now = lambda: datetime.combine(month, time(0, 0, 1), UTC)
    assert month in reconciling.months_behind(house)

"""The sensors: each starts one run for one reason, says why it does not, and never falls over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData

from sf_intacct.orchestration import sensors
from sf_intacct.orchestration.definitions import defs
from sf_intacct.orchestration.house import House, utc_now
from sf_intacct.orchestration.jobs import ONE_AT_A_TIME
from sf_intacct.store import derived_tables, pauses as pauses_store
from sf_intacct_tests import pauses
from sf_intacct_tests.orchestration.under_dagster import entered, secrets_of
from sf_intacct_tests.town import Town, settle, tie_out, walk

pytestmark = pytest.mark.xdist_group("watched")  # one process makes the world that these share

NAMES = ("salesforce_changes", "intacct_changes", "unfinished_writes", "turn_of_the_day", "posting_months")
Tick = Callable[..., SensorExecutionData]


@pytest.fixture(scope="module")
def where() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@contextmanager
def _ticking(house: House, where: dg.DagsterInstance) -> Iterator[Tick]:
    """Sensors as the daemon evaluates them, with the settings of this house in the environment."""
    repository = defs.get_repository_def()
    opened: list[House] = []

    def tick(name: str, at: datetime | None = None) -> SensorExecutionData:
        watcher = sensors._watcher(name)
        watcher.now = (lambda: at) if at else utc_now
        opened.append(watcher)
        context = dg.build_sensor_context(where, repository_def=repository, sensor_name=name)
        return repository.get_sensor_def(name).evaluate_tick(context)

    with entered(house.settings, house.settings.home.parent):
        sensors._watcher.cache_clear()
        yield tick
        sensors._watcher.cache_clear()
    for watcher in opened:
        watcher.close()


@pytest.fixture(scope="module")
def _usual(watched: Town, where: dg.DagsterInstance) -> Iterator[Tick]:
    with _ticking(watched.houses[0], where) as tick:
        yield tick


@pytest.fixture
def tick(quiet: Town, _usual: Tick) -> Tick:
    """One look of one sensor at the quiet town, or at what became of it."""
    return _usual


def _secrets_in(town: Town, words: str) -> list[str]:
    return [name for name, secret in secrets_of(town.houses[0].settings).items() if secret in words]


def _something_new(town: Town) -> None:
    """News of one contact that leads to no write."""
    town.act("salesforce", "recalculate", object="Contact")


@pytest.mark.parametrize("name", NAMES)
def test_every_sensor_is_on_from_the_start_and_says_what_it_is_for(name: str) -> None:
    sensor = defs.resolve_sensor_def(name)
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert sensor.description
    assert sensor.minimum_interval_seconds
    assert sensor.job_name == ("close" if name == "posting_months" else "sync")


def test_there_is_no_other_sensor() -> None:
    assert {sensor.name for sensor in defs.sensors or ()} == set(NAMES)


def test_when_nothing_is_new_no_sensor_starts_anything_and_each_says_so(tick: Tick) -> None:
    told = {name: tick(name) for name in NAMES}
    assert {name: result.skip_message for name, result in told.items()} == {
        "salesforce_changes": "nothing new in salesforce",
        "intacct_changes": "nothing new in intacct",
        "unfinished_writes": "no write is due",
        "turn_of_the_day": "ages are of today",
        "posting_months": "finance is up to date",
    }
    assert [result for result in told.values() if result.run_requests] == []


def test_while_everything_is_paused_no_sensor_starts_a_sync_and_each_says_who_stopped_it(
    quiet: Town, tick: Tick
) -> None:
    _something_new(quiet)
    house = quiet.houses[0]
    pauses_store.say(house.journal, pauses_store.EVERYTHING, True, "Ann Ledger", "month end", house.now())
    told = {name: tick(name).skip_message or "" for name in NAMES}
    assert all(said.endswith("by Ann Ledger: month end") for name, said in told.items() if name != "posting_months")
    assert told["posting_months"] == "finance is up to date", "making finance sends nothing"

    pauses_store.say(house.journal, pauses_store.EVERYTHING, False, "Ann Ledger", "", house.now())
    assert _one_request(tick("salesforce_changes")).tags["sf_intacct/news"] == "Contact"


def _one_request(result: SensorExecutionData) -> dg.RunRequest:
    assert result.skip_message is None
    assert result.run_requests is not None
    assert len(result.run_requests) == 1
    return result.run_requests[0]


def test_an_activated_order_or_a_payment_in_intacct_starts_one_sync_of_today(quiet: Town, tick: Tick) -> None:
    lines = [{"product": "SCALE", "quantity": "1", "unit_price": "10.00"}]
    fields = {"Department__c": "Field Sales", "Region__c": "East", "EffectiveDate": "2026-10-09"}
    quiet.act("salesforce", "create_order", account="Bolt & Nut", lines=lines, activate=True, **fields)
    ordered = _one_request(tick("salesforce_changes"))
    assert ordered.tags["sf_intacct/news"] == "Order, OrderItem"
    assert tick("intacct_changes").skip_message == "nothing new in intacct"

    quiet.act("intacct", "pay_invoice", invoice="SO-1", amount="1.00")
    paid = _one_request(tick("intacct_changes"))
    assert paid.tags["sf_intacct/news"] == "ARINVOICE, ARPYMT"
    for request in (ordered, paid):
        assert request.partition_key == datetime.now(UTC).date().isoformat()
        assert ONE_AT_A_TIME.items() <= request.tags.items()


@pytest.mark.long
@pytest.mark.answers("G6")
def test_the_same_news_asks_for_the_same_run_and_other_news_for_another(quiet: Town, tick: Tick) -> None:
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    _something_new(quiet)
    key = _one_request(tick("salesforce_changes", at)).run_key
    assert _one_request(tick("salesforce_changes", at + timedelta(seconds=90))).run_key == key

    quiet.act("salesforce", "recalculate", object="Product2")
    assert _one_request(tick("salesforce_changes", at)).run_key != key


@pytest.mark.answers("G7")
def test_a_run_that_came_to_nothing_is_asked_for_again_after_a_while(quiet: Town, tick: Tick) -> None:
    """Dagster never starts a second run for a run key, even when the first has failed."""
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    _something_new(quiet)
    key = _one_request(tick("salesforce_changes", at)).run_key
    assert _one_request(tick("salesforce_changes", at + timedelta(minutes=5))).run_key != key


@pytest.mark.long
def test_a_write_that_waits_starts_a_sync_though_neither_system_has_news(
    quiet: Town, where: dg.DagsterInstance
) -> None:
    house = quiet.house(pause_seconds=0)
    quiet.fault("throttle", system="intacct", writes_only=True)
    quiet.act("salesforce", "edit", object="Account", id="Bolt & Nut", fields={"Phone": "1"})
    walk(house)
    with _ticking(house, where) as tick:
        assert tick("salesforce_changes").skip_message == "nothing new in salesforce"
        request = _one_request(tick("unfinished_writes"))
        assert request.tags["sf_intacct/unfinished"] == "1"
        assert request.partition_key == datetime.now(UTC).date().isoformat()
        settle(house)
        assert tick("unfinished_writes").skip_message == "no write is due"


def test_when_the_day_has_turned_one_sync_of_today_renews_the_ages(quiet: Town, tick: Tick) -> None:
    house = quiet.houses[0]
    with house.transaction() as session:
        derived_tables.refresh(session, "customer_balances", house.today - timedelta(days=1), house.now())
    request = _one_request(tick("turn_of_the_day"))
    assert request.partition_key == request.tags["sf_intacct/ages"] == datetime.now(UTC).date().isoformat()
    settle(house)
    assert tick("turn_of_the_day").skip_message == "ages are of today"


def _moved_in_october_and_november(town: Town) -> House:
    """Both orders were touched and read again: finance does not know."""
    town.act("salesforce", "recalculate", object="Order")
    walk(town.houses[0])
    return town.houses[0]


def test_months_in_which_something_moved_start_one_close_over_all_of_them(quiet: Town, tick: Tick) -> None:
    house = _moved_in_october_and_november(quiet)
    request = _one_request(tick("posting_months"))
    assert request.tags["dagster/asset_partition_range_start"] == "2026-10-01"
    assert request.tags["dagster/asset_partition_range_end"] == "2026-11-01"
    assert ONE_AT_A_TIME.items() <= request.tags.items()
    assert int(request.tags["dagster/priority"]) < 0, "what people wait for in either system goes first"
    assert _one_request(tick("posting_months")).run_key == request.run_key
    tie_out(house)
    assert tick("posting_months").skip_message == "finance is up to date"


def test_what_moved_before_finance_begins_is_made_with_its_first_month(quiet: Town, where: dg.DagsterInstance) -> None:
    """Dagster has no partition for a month before it: a run over it would fail, and keep the others from being made."""
    _moved_in_october_and_november(quiet)
    with _ticking(quiet.house(first_month="2026-11-01"), where) as tick:
        request = _one_request(tick("posting_months"))
    assert request.tags["dagster/asset_partition_range_start"] == "2026-11-01"
    assert request.tags["dagster/asset_partition_range_end"] == "2026-11-01"


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_while_a_sync_waits_or_is_under_way_no_second_one_is_asked_for(
    quiet: Town, where: dg.DagsterInstance, tick: Tick, status: dg.DagsterRunStatus
) -> None:
    _something_new(quiet)
    run = where.create_run_for_job(defs.resolve_job_def("sync"), status=status)
    for name in ("salesforce_changes", "unfinished_writes"):
        assert tick(name).skip_message == "a run of sync is queued or under way"
    assert tick("posting_months").skip_message == "finance is up to date", "the close is another job"

    where.report_run_failed(run)
    assert _one_request(tick("salesforce_changes")).tags["sf_intacct/news"] == "Contact"


@pytest.mark.parametrize(
    ("name", "setting", "words"),
    [
        ("salesforce_changes", "salesforce_url", "signing in to Salesforce"),
        ("intacct_changes", "intacct_url", "no connection to 127.0.0.1"),
    ],
)
@pytest.mark.answers("A6")
def test_a_system_that_is_down_is_told_in_words_and_the_sensor_lives_on(
    watched: Town, where: dg.DagsterInstance, name: str, setting: str, words: str
) -> None:
    nobody_listens = "http://127.0.0.1:9"
    with _ticking(watched.house(**{setting: nobody_listens}), where) as tick:
        with pauses.counted():
            told = tick(name)
        assert words in (told.skip_message or "")
        assert told.run_requests == []
        assert _secrets_in(watched, told.skip_message or "") == []


@pytest.mark.parametrize(("name", "system"), [("salesforce_changes", "salesforce"), ("intacct_changes", "intacct")])
def test_a_system_in_trouble_is_told_in_words_and_asked_again_at_the_next_look(
    watched: Town, tick: Tick, name: str, system: str
) -> None:
    watched.fault("server_error", system=system, times=None, settings={"status": 503})
    with pauses.counted():
        assert "503" in (tick(name).skip_message or "")
    watched.no_faults()
    assert "503" not in (tick(name).skip_message or "")


def test_missing_settings_are_named_and_their_values_are_not_shown(where: dg.DagsterInstance, watched: Town) -> None:
    with _ticking(watched.house(), where) as tick:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("SF_INTACCT_INTACCT_COMPANY_ID")
            sensor, context = defs.resolve_sensor_def("intacct_changes"), dg.build_sensor_context(where)
            words = sensor.evaluate_tick(context).skip_message or ""
        assert "SF_INTACCT_INTACCT_COMPANY_ID" in words
        assert _secrets_in(watched, words) == []
        assert "SF_INTACCT" not in (tick("intacct_changes").skip_message or ""), "they are there again"

"""When runs start by themselves. A body looks, decides by one function of `watching`, and asks for a run."""

import os
from collections.abc import Callable
from functools import lru_cache

import dagster as dg

from sf_intacct.errors import SyncError
from sf_intacct.orchestration import watching
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.jobs import ONE_AT_A_TIME
from sf_intacct.settings import from_environment
from sf_intacct.store.warehouse import Warehouse

# A sensor that waits for a running sync would time out; the sync will see the change anyway.
_PATIENCE_SECONDS = 2.0
# A run that failed is asked for again after this, though nothing else happened since.
_AGAIN_AFTER_SECONDS = 300
# A run that is queued or under way will see what is new, or the next look will.
_OPEN = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
Look = Callable[[House], dg.SensorResult | dg.SkipReason]


def sensors(poll_seconds: int) -> list[dg.SensorDefinition]:
    return [
        _changes("salesforce", poll_seconds),
        _changes("intacct", poll_seconds),
        _unfinished_writes(poll_seconds),
        _turn_of_the_day(poll_seconds),
        _posting_months(poll_seconds),
    ]


@lru_cache(maxsize=4)
def _watcher(name: str) -> House:
    """One house per sensor and process, so that a sensor signs in once and not at every tick."""
    house = House(from_environment(os.environ), run=f"sensor {name}")
    house.warehouse = Warehouse(house.settings.warehouse_file, _PATIENCE_SECONDS)
    return house


def _sensor(name: str, job: str, poll_seconds: int, says: str, look: Look) -> dg.SensorDefinition:
    @dg.sensor(
        name=name,
        job_name=job,
        minimum_interval_seconds=poll_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=says,
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if context.instance.get_run_records(dg.RunsFilter(job_name=job, statuses=_OPEN), limit=1):
            return dg.SkipReason(f"a run of {job} is queued or under way")
        try:
            pause = watching.paused(_watcher(name)) if job == "sync" else ""
            return dg.SkipReason(pause) if pause else look(_watcher(name))
        except SyncError as error:
            # Skipped, and said so in the tick: the next look is seconds away.
            return dg.SkipReason(str(error))

    return sensor


def _changes(system: str, poll_seconds: int) -> dg.SensorDefinition:
    def look(house: House) -> dg.SensorResult | dg.SkipReason:
        found = watching.news(house, system)
        if not found.objects:
            return dg.SkipReason(f"nothing new in {system}")
        tags = {"sf_intacct/news": ", ".join(found.objects)}
        return _run(house, f"{system} {found.digest}", tags, partition=house.today.isoformat())

    return _sensor(
        f"{system}_changes", "sync", poll_seconds, f"Starts a sync when something changed in {system.title()}.", look
    )


def _unfinished_writes(poll_seconds: int) -> dg.SensorDefinition:
    def look(house: House) -> dg.SensorResult | dg.SkipReason:
        due = watching.unfinished(house)
        if not due:
            return dg.SkipReason("no write is due")
        tags = {"sf_intacct/unfinished": str(due)}
        return _run(house, f"unfinished {due}", tags, partition=house.today.isoformat())

    return _sensor(
        "unfinished_writes", "sync", poll_seconds, "Starts a sync when writes wait to be sent or looked for.", look
    )


def _turn_of_the_day(poll_seconds: int) -> dg.SensorDefinition:
    def look(house: House) -> dg.SensorResult | dg.SkipReason:
        if not watching.is_older(house):
            return dg.SkipReason("ages are of today")
        day = house.today.isoformat()
        return _run(house, f"ages of {day}", {"sf_intacct/ages": day}, partition=day)

    return _sensor(
        "turn_of_the_day", "sync", poll_seconds, "Starts a sync when what customers owe has grown a day older.", look
    )


def _posting_months(poll_seconds: int) -> dg.SensorDefinition:
    def look(house: House) -> dg.SensorResult | dg.SkipReason:
        found = watching.finance_behind(house)
        if not found.objects:
            return dg.SkipReason("finance is up to date")
        span = {
            "dagster/asset_partition_range_start": found.objects[0],
            "dagster/asset_partition_range_end": found.objects[-1],
            # What people wait for in either system goes first.
            "dagster/priority": "-1",
        }
        return _run(house, f"months {found.digest}", span, partition=None)

    return _sensor(
        "posting_months", "close", poll_seconds, "Makes finance anew for the months in which something moved.", look
    )


def _run(house: House, why: str, tags: dict[str, str], partition: str | None) -> dg.SensorResult:
    """One run for one reason. The run key holds a second run off, but not for ever: it is no proof of completion."""
    bucket = int(house.now().timestamp()) // _AGAIN_AFTER_SECONDS
    request = dg.RunRequest(run_key=f"{why} {bucket}", partition_key=partition, tags={**ONE_AT_A_TIME, **tags})
    return dg.SensorResult(run_requests=[request])

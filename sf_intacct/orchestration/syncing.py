"""Syncs from the command line: the same jobs that the sensors start, run in this process until it is quiet.

A sync is quiet when a pass has written nothing: what the passes before it wrote has then been read
back on both sides, and there is nothing left to do.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from sf_intacct.errors import FixNeeded, SyncError
from sf_intacct.orchestration import reconciling
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.reconciling import TieOut

Progress = Callable[[str], None]
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Pass:
    """One run of a job: its id, and the numbers that each asset reported, by asset address."""

    run: str
    numbers: dict[str, dict[str, Any]]

    @property
    def sent(self) -> int:
        return sum(n.get("sent", 0) for n in self.numbers.values())

    @property
    def new(self) -> int:
        """Record versions that had not been seen before."""
        return sum(n.get("new", 0) for n in self.numbers.values())


@dataclass
class Synced:
    """All passes of one sync, and what finance says afterwards."""

    passes: list[Pass] = field(default_factory=list)
    tie_out: TieOut | None = None
    is_quiet: bool = False

    def sent(self, address: str) -> int:
        """How many writes of one crossing were sent over all passes."""
        return sum(one.numbers.get(address, {}).get("sent", 0) for one in self.passes)

    def results(self, address: str) -> Counter[str]:
        """What the attempts of one crossing proved, over all passes."""
        found: Counter[str] = Counter()
        for one in self.passes:
            found.update(one.numbers.get(address, {}).get("results", {}))
        return found

    def last(self, prefix: str) -> dict[str, dict[str, Any]]:
        """The last numbers of every asset below an address."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.passes:
            found |= {address: numbers for address, numbers in one.numbers.items() if address.startswith(prefix)}
        return found


def instance() -> dg.DagsterInstance:
    """Dagster's instance: the one of DAGSTER_HOME, or of a dagster.yaml in this folder.

    Where nobody keeps one, there is no user interface that could show it, and the run's history is
    kept in memory only.
    """
    if os.environ.get("DAGSTER_HOME"):
        return dg.DagsterInstance.get()
    if Path("dagster.yaml").is_file():
        return dg.DagsterInstance.from_config(str(Path.cwd()))
    return dg.DagsterInstance.ephemeral()


def sync(house: House, where: dg.DagsterInstance, progress: Progress = lambda step: None) -> Synced:
    """Runs the road until it is quiet, then makes finance anew. Raises what a step raised."""
    synced = Synced()
    while not synced.is_quiet and len(synced.passes) < house.settings.sync_passes_max:
        one = run_job(house, where, "sync", progress)
        synced.passes.append(one)
        synced.is_quiet = one.sent == 0
    synced.tie_out = close(house, where, progress)
    return synced


def close(house: House, where: dg.DagsterInstance, progress: Progress, months: list[date] | None = None) -> TieOut:
    """Makes finance anew for the months in which something moved (or the given ones); what it says for all months."""
    wanted = months or reconciling.months_behind(house)
    if wanted:
        _require_months(wanted)
        span = {
            "dagster/asset_partition_range_start": min(wanted).isoformat(),
            "dagster/asset_partition_range_end": max(wanted).isoformat(),
        }
        run_job(house, where, "close", progress, span)
    return reconciling.tie_out(house)


def _require_months(wanted: list[date]) -> None:
    """Raises FixNeeded for a month that finance does not have: Dagster would only say that a partition is not there."""
    from sf_intacct.orchestration.definitions import defs

    grid = defs.resolve_job_def("close").partitions_def
    assert grid is not None
    missing = sorted(month.isoformat()[:7] for month in wanted if not grid.has_partition_key(month.isoformat()))
    if missing:
        first, last = grid.get_first_partition_key(), grid.get_last_partition_key()
        raise FixNeeded(
            "making finance",
            record=", ".join(missing),
            seen=f"finance has the months {str(first)[:7]} to {str(last)[:7]}",
            remedy="correct the date of the document, or let finance begin earlier with SF_INTACCT_FIRST_MONTH",
        )


def run_job(
    house: House, where: dg.DagsterInstance, name: str, progress: Progress, tags: dict[str, str] | None = None
) -> Pass:
    """One run of one job in this process. Raises SyncError, of the class a step raised where it was one of ours."""
    from sf_intacct.orchestration.definitions import defs

    job = defs.resolve_job_def(name).with_hooks({_reporting(progress)})
    result = job.execute_in_process(
        run_config=_QUIET,
        instance=where,
        partition_key=None if tags else house.today.isoformat(),
        tags=tags,
        raise_on_error=False,
    )
    if not result.success:
        raise _failure(result)
    return Pass(result.run_id, _numbers(result))


def steps_of(name: str) -> int:
    """How many steps a job has, for a progress bar."""
    from sf_intacct.orchestration.definitions import defs

    return len(defs.resolve_job_def(name).graph.nodes)


def _reporting(progress: Progress) -> dg.HookDefinition:
    @dg.success_hook(name="progress")
    def hook(context: dg.HookContext) -> None:
        progress(context.op.name)

    return hook


def _numbers(result: dg.ExecuteInProcessResult) -> dict[str, dict[str, Any]]:
    numbers: dict[str, dict[str, Any]] = {}
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        told = materialization.metadata.get("numbers")
        if isinstance(told, dg.JsonMetadataValue) and isinstance(told.data, dict):
            numbers["/".join(materialization.asset_key.path)] = dict(told.data)
    return numbers


def _failure(result: dg.ExecuteInProcessResult) -> SyncError:
    """The first step's own error, as far as it can be told from what Dagster keeps of it."""
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            cause = error.cause or error
            told = (cause.message or "").split(": ", 1)[-1].strip()
            wrapped = SyncError(f"step {event.step_key}: {told}")
            wrapped.exit_code = _exit_codes(SyncError).get(cause.cls_name or "", SyncError.exit_code)
            return wrapped
    return SyncError("running the job", seen="it failed without a step failing", remedy="see the run in Dagster")


def _exit_codes(kind: type[SyncError]) -> dict[str, int]:
    """The exit codes of an error and all its kinds, by class name: Dagster keeps no more of an error than its name."""
    found = {kind.__name__: kind.exit_code}
    for one in kind.__subclasses__():
        found |= _exit_codes(one)
    return found

"""What a forked process does: one sync of the house, as far as it lives. Nothing is replaced but its clock.

Most processes walk the road's own steps in the order of the job. Some run the command itself, jobs of Dagster and
all, which takes ten times as long.
"""

import functools
import json
import os
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from sf_intacct.errors import SyncError
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.usage import in_use
from sf_intacct.model.intent import State
from sf_intacct.orchestration import applying, house as the_house, reconciling
from sf_intacct.orchestration.house import House
from sf_intacct.settings import from_environment
from sf_intacct.store.finance_tables import MONTHLY, TABLES
from sf_intacct_tests.crash.points import BY_NAME, Death
from sf_intacct_tests.town import Walk, stride, strides

_PASSES_MAX = 8
OPEN = (State.PENDING, State.IN_FLIGHT, State.UNCERTAIN)


def live(asked: Mapping[str, Any]) -> None:
    """Syncs, and tells what came of it in a file; unless death comes first."""
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    _one_thread()
    _turn_the_clock(timedelta(seconds=asked["offset"]))
    death = Death(BY_NAME[asked["point"]], asked["nth"]) if asked["point"] else None
    if death:
        death.wait()
    told = _told(asked["manner"])
    told["reached"] = death.reached if death else 0
    Path(asked["answer"]).write_text(json.dumps(told))


def _one_thread() -> None:
    """The worker threads of DuckDB cost more than they bring on tables of ten rows."""
    duckdb.connect = functools.partial(duckdb.connect, config={"threads": 1})


def _turn_the_clock(offset: timedelta) -> None:
    """The clock that the house reads is the machine's and an offset."""

    class Turned(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + offset

    the_house.datetime = Turned  # type: ignore[attr-defined]


def _told(manner: str) -> dict[str, Any]:
    try:
        if manner == "command":
            _command()
            return {"ended": "done"}
        house = House(from_environment(os.environ), run=f"process {os.getpid()}")
        return {"ended": "done", **(_applied(house) if manner == "apply" else _walked(house, manner))}
    except SyncError as error:
        return {"ended": type(error).__name__, "error": str(error)}
    except BaseException:
        return {"ended": "crashed", "error": traceback.format_exc()}


def _command() -> None:
    """`sf-intacct sync`, the whole of it. Its exit code is the tie-out's, which may not hold before all has settled."""
    from sf_intacct.cli import cli

    cli.main(["sync", "--json"], prog_name="sf-intacct", standalone_mode=False)


def _applied(house: House) -> dict[str, Any]:
    """What `sf-intacct apply` does: the plans as they stand, without a look at what has happened since."""
    steps = [name for verb, name in strides(house) if verb == "apply"]
    return {"writes": sum(applying.apply(house, name).sent for name in steps)}


def _walked(house: House, manner: str) -> dict[str, Any]:
    """What `sync` does: passes until one has written nothing, and finance. One pass, unless everything is to settle."""
    done, writes = Walk(fresh={name for name, contract in OBSERVED.items() if in_use(contract, house.mappings)}), 0
    for _ in range(_PASSES_MAX if manner == "settle" else 1):
        done = _pass(house, done.fresh if not writes else set(), manner)
        writes += done.writes
        if not done.writes:
            break
    ties = _finance(house)
    told = {"writes": writes, "is_quiet": not done.writes, "open": _open(house), **ties}
    house.close()
    return told


def _pass(house: House, fresh: set[str], manner: str) -> Walk:
    """One pass. The warehouse stays open over it or, verb by verb, is closed and opened between them."""
    done = Walk(fresh=fresh)
    for _, steps in groupby(strides(house), key=lambda step: step[0] if manner == "verb by verb" else ""):
        with house.warehouse.held():
            for verb, name in steps:
                stride(house, verb, name, done)
    return done


def _finance(house: House) -> dict[str, Any]:
    with house.warehouse.held():
        months = reconciling.months_behind(house)
        for table in TABLES:
            reconciling.refresh(house, table, months if table in MONTHLY else ())
    reconciling.publish_file(house)
    result = reconciling.tie_out(house)
    return {"classes": result.classes, "unexplained": result.unexplained}


def _open(house: House) -> int:
    """How many writes are on their way."""
    return sum(n for (_, state), n in house.journal.counts().items() if state in {s.value for s in OPEN})

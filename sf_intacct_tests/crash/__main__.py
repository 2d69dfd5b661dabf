"""Many deaths: `make crash KILLS=500 JOURNAL=sqlite`. The last line is one JSON object.

Exit code 0 only if every history ends well and every named point has killed at least once. A failing history is
printed with its story; START=<its seed> tells it again, POINT=<a name> kills there only.
"""

import argparse
import json
import math
import multiprocessing
import sys
import time
from collections.abc import Iterator

from sf_intacct_tests.crash.history import KILLS, Task, judge, leave_at_the_end, points_of
from sf_intacct_tests.crash.judging import Judged
from sf_intacct_tests.crash.points import BY_NAME, POINTS

_STORIES_MAX = 3


def main() -> int:
    asked = _asked()
    started = time.monotonic()
    judged = []
    for one in _judged(list(_tasks(asked)), asked.jobs):
        judged.append(one)
        seconds = round(time.monotonic() - started)
        print(
            f"seed {one.seed}: {one.kills} killed, {'well' if one.is_well else one.failures} ({seconds} s)", flush=True
        )
    failing = [one for one in judged if not one.is_well]
    for one in judged if asked.stories else failing[:_STORIES_MAX]:
        print(f"seed {one.seed}", *one.story, *one.failures, sep="\n  ")
    for one in failing:
        points = f' POINT="{asked.point}"' if asked.point else ""
        print(f"again: make crash START={one.seed} KILLS={one.kills} JOURNAL={asked.journal}{points}")
    quiet = _table(judged, asked.point)
    kills = sum(one.kills for one in judged)
    summary = _summary(judged, failing, round(time.monotonic() - started, 1))
    print(json.dumps(summary))
    return 1 if failing or quiet or kills < asked.kills else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="how many processes die")
    parser.add_argument("--journal", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--point", choices=list(BY_NAME), help="die here only")
    parser.add_argument("--stories", action="store_true", help="tell every history, not only those that fail")
    parser.add_argument("--jobs", type=int, default=1, help="how many worlds at once")
    return parser.parse_args()


def _tasks(asked: argparse.Namespace) -> Iterator[Task]:
    for number in range(math.ceil(asked.kills / KILLS)):
        kills = min(KILLS, asked.kills - number * KILLS)
        yield Task(asked.start + number, asked.journal, kills, (asked.point,) if asked.point else ())


def _judged(tasks: list[Task], jobs: int) -> Iterator[Judged]:
    """Worlds are left in good order: what they have started would outlive them otherwise."""
    pool = multiprocessing.get_context("spawn").Pool(jobs, initializer=leave_at_the_end)
    yield from pool.imap_unordered(judge, tasks)
    pool.close()
    pool.join()


def _table(judged: list[Judged], only: str | None) -> list[str]:
    """Prints how often each point has killed; returns those that never have."""
    fired = points_of(judged)
    wanted = [only] if only else [point.name for point in POINTS]
    for name in wanted:
        print(f"{fired[name]:>6}  {name}")
    return [name for name in wanted if not fired[name]]


def _summary(judged: list[Judged], failing: list[Judged], seconds: float) -> dict[str, object]:
    def total(name: str) -> int:
        return sum(getattr(one, name) for one in judged)

    sums = {name: total(name) for name in ("faults", "duplicates", "lost", "unexplained", "corrupt")}
    points = {"kills": total("kills"), "points": len(points_of(judged)), "histories": len(judged)}
    return {**points, **sums, "failing_seeds": [one.seed for one in failing][:50], "seconds": seconds}


if __name__ == "__main__":
    sys.exit(main())

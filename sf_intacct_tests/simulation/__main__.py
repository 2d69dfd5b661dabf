"""Many histories, in parallel: `make simulate SEEDS=1000 START=0`. The last line is one JSON object.

Exit code 0 only if every history ends well. A failing seed is printed with its story; the same seed tells it again.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator

from rich.progress import track

from sf_intacct_tests.simulation.history import Judged, judge

_STORIES_MAX = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count(), help="how many processes")
    asked = parser.parse_args()
    started = time.monotonic()
    judged = list(_judged(range(asked.start, asked.start + asked.seeds), asked.jobs))
    failing = [one for one in judged if one.failures]
    for one in failing[:_STORIES_MAX]:
        print(f"seed {one.seed}", *one.failures, sep="\n  ")
    print(json.dumps(_summary(judged, failing, round(time.monotonic() - started, 1))))
    return 1 if failing else 0


def _judged(seeds: range, jobs: int) -> Iterator[Judged]:
    """Every process imports anew: forking one that has used polars may hang."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        outcomes = pool.imap_unordered(judge, seeds, chunksize=20)
        yield from track(outcomes, "histories", total=len(seeds), disable=not sys.stdout.isatty())


def _summary(judged: list[Judged], failing: list[Judged], seconds: float) -> dict[str, object]:
    def total(name: str) -> int:
        return sum(getattr(one, name) for one in judged)

    sums = {name: total(name) for name in ("faults", "kills", "duplicates", "lost", "unexplained")}
    return {"histories": len(judged), **sums, "failing_seeds": [one.seed for one in failing][:50], "seconds": seconds}


if __name__ == "__main__":
    sys.exit(main())

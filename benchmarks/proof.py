"""The proof: the whole road on real data, in a fresh home, judged by the sandboxes' own books and the files.

    python -m benchmarks.proof --data FOLDER --months 2019-10 [--entities 3] [--currencies 3]
        [--faults drop-reply-every-7] [--kill apply]

The last line of output is one JSON object. Exit code 0 only if nothing is doubled, nothing is lost,
and every document of the files is posted to the cent or in the queue with its cause.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import judging, people, retail, seeding, splitting, truth, wholesale
from benchmarks.judging import SAY, Proof
from benchmarks.trade import Format, Trade
from benchmarks.world import Process, World, sync
from sf_intacct.cli.processes import python, sandboxes

FORMATS = (wholesale.FORMAT, retail.FORMAT)
FAULTS = {
    "drop-reply-every-7": {"kind": "drop_reply", "writes_only": True, "every": 7, "times": None},
}


@dataclass(frozen=True)
class Wanted:
    """What is to be proved: which data, split how, and what goes wrong on the way."""

    data: Path
    months: list[str]
    entities: int
    currencies: int
    reference: Path
    faults: str | None
    kill: str | None


@click.command()
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--months", required=True, help="yyyy-mm, separated by commas.")
@click.option("--entities", type=click.IntRange(1), default=1, show_default=True)
@click.option("--currencies", type=click.IntRange(1), default=1, show_default=True)
@click.option("--reference", type=click.Path(path_type=Path), help="Folder of exchange rates; beside the data if none.")
@click.option("--faults", type=click.Choice(sorted(FAULTS)))
@click.option("--kill", type=click.Choice(["apply"]))
def main(data: Path, months: str, reference: Path | None, **wanted: Any) -> None:
    """Run the proof."""
    started = time.perf_counter()
    with _fresh_home() as home:
        rates = reference or data.resolve().parent / "reference"
        proof = _prove(home, Wanted(data=data, months=months.split(","), reference=rates, **wanted))
    proof.facts["wall_seconds"] = round(time.perf_counter() - started, 1)
    if proof.failures:
        SAY.print(f"[red]{len(proof.failures)} claims failed[/red]")
    print(json.dumps(proof.facts))
    sys.exit(1 if proof.failures else 0)


@contextmanager
def _fresh_home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="sf_intacct_proof_"))
    try:
        yield home
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(home, ignore_errors=True)


def format_of(data: Path) -> Format:
    """How a folder is written, by the file that only this format has. Raises click.UsageError if none fits."""
    for form in FORMATS:
        if (data / form.mark).exists():
            return form
    marks = " or ".join(form.mark for form in FORMATS)
    raise click.UsageError(f"{data} is in no known format: it has no {marks}")


def _trade(wanted: Wanted) -> Trade:
    """The trade of the months, split as it is wanted."""
    trade = format_of(wanted.data).read(wanted.data, wanted.months)
    if wanted.entities > 1:
        trade = splitting.into_entities(trade, wanted.entities)
    if wanted.currencies > 1:
        trade = splitting.into_currencies(trade, wanted.currencies, wanted.reference)
    return trade


def _converted(home: Path, wanted: Wanted) -> Proof:
    """The seed and the mappings in the home, and what the files say."""
    shutil.copytree("mappings", home / "mappings")
    trade = _trade(wanted)
    seeding.sow(trade, home / "seed", home / "mappings")
    source = truth.documents(wanted.data, wanted.months, format_of(wanted.data), trade)
    size = f"{len(source):,} documents with {trade.lines.height:,} lines"
    SAY.print(f"{', '.join(wanted.months)}: {size}, {truth.total(source.values()):,} {trade.currency}")
    return Proof(source, trade.currency)


def _prove(home: Path, wanted: Wanted) -> Proof:
    with SAY.status("converting the data"):
        proof = _converted(home, wanted)
    first_month = f"{min(wanted.months)}-01"
    with SAY.status("loading the seed"), sandboxes(home, str(home / "seed"), first_month=first_month) as environment:
        world = World(environment["SF_INTACCT_SALESFORCE_URL"])
        environment |= {"SF_INTACCT_MAPPINGS": str(home / "mappings")}
        SAY.print(f"sandboxes are up with {world.books()['salesforce']['rows']['OrderItem']:,} order lines")
        if wanted.faults:
            world.call("PUT", "faults", {"faults": [FAULTS[wanted.faults]]})
        first = _first_sync(home, environment, world, wanted.kill)
        world.call("DELETE", "faults")
        judging.judge_first(proof, home, world, first)
        judging.judge_second(proof, environment, home)
        people.judge_third(proof, environment, home, world)
        people.control_totals(proof, world)
    return proof


def _first_sync(home: Path, environment: dict[str, str], world: World, kill: str | None) -> Process:
    if kill:
        with SAY.status("first sync, to be killed while it writes invoices"):
            _killed_sync(home, environment, world)
    with SAY.status("first sync"):
        return sync(home, environment)


def _killed_sync(home: Path, environment: dict[str, str], world: World) -> None:
    """Starts a sync and kills it hard while it is sending invoices."""
    process = subprocess.Popen(
        python("-m", "sf_intacct", "sync", "--json"),
        env={**os.environ, **environment},
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        invoices = world.books()["intacct"]["invoices"]
        if invoices >= 200:
            process.send_signal(signal.SIGKILL)
            process.wait()
            SAY.print(f"killed -9 when Intacct had {invoices:,} invoices")
            return
        time.sleep(0.05)
    raise RuntimeError("the sync ended before it could be killed")


if __name__ == "__main__":
    main()

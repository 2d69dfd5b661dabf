"""The proof: the whole road on real data, in a fresh home, judged by the sandboxes' own books.

    python -m benchmarks.proof --data FOLDER --months 2019-10 [--faults drop-reply-every-7] [--kill apply]

The last line of output is one JSON object. Exit code 0 only if nothing is doubled, nothing is lost,
and every difference between the two systems is explained by an exception.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import duckdb
import requests
from rich.console import Console

from benchmarks import wholesale
from sf_intacct.cli.processes import python, sandboxes

SAY = Console(highlight=False, stderr=False)
PAYMENTS, AMENDED, DEACTIVATED = 300, 50, 20
FAULTS = {
    "drop-reply-every-7": {"kind": "drop_reply", "writes_only": True, "every": 7, "times": None},
}


@dataclass
class Process:
    """One command that has ended: what it printed, how long it took, how much memory it held at most."""

    output: str
    seconds: float
    peak_mb: float
    code: int


@dataclass
class Proof:
    """Everything that was found out, in the order of the story."""

    facts: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def check(self, claim: str, holds: bool, seen: object = "") -> None:
        """One claim, printed with what was seen."""
        SAY.print(f"  [{'green' if holds else 'red'}]{'holds' if holds else 'FAILS'}[/]  {claim}  {seen}")
        if not holds:
            self.failures.append(claim)


@click.command()
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--months", required=True, help="yyyy-mm, separated by commas.")
@click.option("--faults", type=click.Choice(sorted(FAULTS)))
@click.option("--kill", type=click.Choice(["apply"]))
def main(data: Path, months: str, faults: str | None, kill: str | None) -> None:
    """Run the proof."""
    started = time.perf_counter()
    with _fresh_home() as home:
        proof = _prove(home, data, months.split(","), faults, kill)
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


def _prove(home: Path, data: Path, months: Sequence[str], faults: str | None, kill: str | None) -> Proof:
    proof = Proof()
    with SAY.status("converting the data"):
        mappings = home / "mappings"
        shutil.copytree("mappings", mappings)
        source = wholesale.convert(data, months, home / "seed", mappings)
    SAY.print(
        f"{', '.join(months)}: {source.orders:,} orders with {source.lines:,} lines, {Decimal(source.amount):,} USD"
    )
    with SAY.status("loading the seed"), sandboxes(home, str(home / "seed"), first_month="2019-01-01") as environment:
        world = World(environment["SF_INTACCT_SALESFORCE_URL"])
        environment |= {"SF_INTACCT_MAPPINGS": str(mappings)}
        SAY.print(f"sandboxes are up with {world.books()['salesforce']['rows']['OrderItem']:,} order lines")
        if faults:
            world.call("PUT", "faults", {"faults": [FAULTS[faults]]})
        first = _first_sync(home, environment, world, kill)
        world.call("DELETE", "faults")
        _judge_first(proof, home, world, source, first)
        _judge_second(proof, environment, home)
        _judge_third(proof, environment, home, world)
        _control_totals(proof, home, world)
    return proof


@dataclass(frozen=True)
class World:
    """The sandboxes' own account of what happened: the oracle."""

    url: str

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=600)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def act(self, system: str, do: str, **arguments: Any) -> dict[str, Any]:
        return self.call("POST", "act", {"system": system, "do": do, **arguments})

    def books(self) -> dict[str, Any]:
        return self.call("GET", "books")

    def rows(self, system: str, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", f"rows/{system}/{table}")["rows"]
        return found

    def calls(self) -> dict[str, int]:
        found: dict[str, int] = self.call("GET", "requests?since=100000000")["by_system"]
        return found


def _first_sync(home: Path, environment: dict[str, str], world: World, kill: str | None) -> Process:
    if kill:
        with SAY.status("first sync, to be killed while it writes invoices"):
            _killed_sync(home, environment, world)
    with SAY.status("first sync"):
        return _sync(home, environment)


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


def _sync(home: Path, environment: dict[str, str]) -> Process:
    return _run(python("-m", "sf_intacct", "sync", "--json"), home, environment)


def _run(command: list[str], home: Path, environment: dict[str, str]) -> Process:
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, cwd=home, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    return Process(text, time.perf_counter() - started, usage.ru_maxrss / 1024, process.returncode)


def _told(process: Process) -> dict[str, Any]:
    """The JSON object that a command printed last."""
    for line in reversed(process.output.splitlines()):
        if line.startswith("{"):
            told: dict[str, Any] = json.loads(line)
            return told
    raise RuntimeError(f"the command ended with {process.code} and said:\n{process.output[-3000:]}")


def _judge_first(proof: Proof, home: Path, world: World, source: wholesale.Converted, first: Process) -> None:
    told = _told(first)
    orders = [row for row in world.rows("salesforce", "Order") if row["StatusCode"] == "Activated"]
    invoices = [row for row in world.rows("intacct", "ARINVOICE") if row.get("SALESFORCE_ID")]
    memos = _memos(world, orders)
    documents = [*invoices, *memos]
    by_order = Counter(row["SALESFORCE_ID"] for row in documents)
    kept = _finance(home, "select source_id from finance.exceptions where source_object = 'Order'")
    kept_ids = {row[0] for row in kept}
    lost = [row["Id"] for row in orders if row["Id"] not in by_order and row["Id"] not in kept_ids]
    duplicates = sum(count - 1 for count in by_order.values())
    tie_out = told["tie_out"]
    SAY.print(
        f"first sync: {first.seconds:.0f} s, {first.peak_mb:.0f} MB, {told['passes']} passes, {told['writes']:,} writes"
    )
    proof.facts |= {
        "orders": len(orders),
        "invoices": len(invoices),
        "credit_memos": len(memos),
        "duplicates": duplicates,
        "lost": len(lost),
        "exceptions": len(kept_ids),
        "difference": tie_out["difference"],
        "peak_mb": round(first.peak_mb),
        "first_sync_seconds": round(first.seconds, 1),
    }
    proof.check("the seed has every order of the source", len(orders) == source.orders, len(orders))
    proof.check("no order has two documents", duplicates == 0)
    proof.check("no invoice is negative", all(Decimal(str(row["TRX_TOTALENTERED"])) >= 0 for row in invoices))
    proof.check("no function was carried out twice", not world.books()["intacct"]["repeated_executions"])
    proof.check("no order is lost", not lost)
    proof.check("every order is a document or an exception", len(orders) == len(by_order) + len(kept_ids))
    proof.check("every difference is explained", tie_out["holds"], tie_out["classes"])
    _judge_amounts(proof, orders, documents, kept_ids)
    _judge_finance(proof, home, orders)


def _memos(world: World, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Credit memos with the order each came from: they carry no field of ours, so their number tells."""
    by_number = {f"CM-{row['OrderNumber']}": row["Id"] for row in orders}
    rows = world.rows("intacct", "ARADJUSTMENT")
    return [{**row, "SALESFORCE_ID": by_number.get(row["RECORDID"], row["RECORDID"])} for row in rows]


def _judge_amounts(proof: Proof, orders: list[dict[str, Any]], invoices: list[dict[str, Any]], kept: set[str]) -> None:
    """Both systems' own rows, compared without us: per document, per customer, in total."""
    expected = {row["Id"]: Decimal(row["TotalAmount"]) for row in orders if row["Id"] not in kept}
    account = {row["Id"]: row["AccountId"] for row in orders}
    billed = {row["SALESFORCE_ID"]: Decimal(str(row["TRX_TOTALENTERED"])) for row in invoices}
    wrong = [order for order, amount in expected.items() if billed.get(order) != amount]
    proof.check("every document agrees to the cent", not wrong, f"{len(expected):,} documents")
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for order, amount in expected.items():
        ours[account[order]] += amount  # type: ignore[assignment]
        theirs[account[order]] += billed.get(order, Decimal(0))  # type: ignore[assignment]
    proof.check("every customer agrees to the cent", ours == theirs, f"{len(ours):,} customers")
    total = sum(expected.values(), Decimal(0))
    proof.check("the months agree to the cent", total == sum(billed.values(), Decimal(0)), f"{total:,} USD")


def _judge_finance(proof: Proof, home: Path, orders: list[dict[str, Any]]) -> None:
    """What finance.duckdb says, against what the sandboxes say."""
    tied, amount = _finance(home, "select count(*), sum(intacct_amount) from finance.ar_tie_out where class = 'tied'")[
        0
    ]
    documents = _finance(home, "select count(*) from finance.ar_tie_out where order_id is not null")[0][0]
    proof.check("finance.ar_tie_out has every order once", documents == len(orders), f"{tied:,} tied, {amount:,} USD")


def _judge_second(proof: Proof, environment: dict[str, str], home: Path) -> None:
    with SAY.status("second sync, nothing has happened"):
        second = _sync(home, environment)
    told = _told(second)
    proof.facts |= {"second_sync_reads": told["reads"], "second_sync_writes": told["writes"]}
    proof.check("a second sync reads nothing new", told["reads"] == 0, f"{second.seconds:.0f} s")
    planned = sum(n["steps"].get("send", 0) for a, n in told["numbers"].items() if a.startswith("plan/"))
    proof.check("a second sync plans nothing and writes nothing", told["writes"] == 0 and planned == 0)


def _judge_third(proof: Proof, environment: dict[str, str], home: Path, world: World) -> None:
    """People work in both systems; one more sync carries exactly that."""
    with SAY.status("300 payments, 50 harmless edits, 20 deactivated items"):
        payments = _pay(world)
        orders = [row["Id"] for row in world.rows("salesforce", "Order")[:AMENDED]]
        world.act(
            "salesforce", "edit_many", object="Order", ids=orders, fields={"Description": "leave at the back door"}
        )
        world.act("intacct", "deactivate_many", object="ITEM", count=DEACTIVATED)
        before = world.books()
        third = _sync(home, environment)
    told, after = _told(third), world.books()
    invoices = _touched(world)
    sent = Counter(told["sent"])
    expected = {
        "payment_to_mirror": payments,
        "application_to_mirror": len(
            {(row["PAYMENTKEY"], row["RECORDKEY"]) for row in world.rows("intacct", "ARPYMTDETAIL")}
        ),
        "invoice_to_mirror": invoices,
        "outcome_to_order": invoices,
    }
    for crossing, number in expected.items():
        proof.check(f"{crossing} writes exactly what happened", sent[crossing] == number, f"{sent[crossing]:,}")
    carried = {
        "payment_to_mirror",
        "application_to_mirror",
        "invoice_to_mirror",
        "outcome_to_order",
        "outcome_to_account",
    }
    others = {crossing: number for crossing, number in sent.items() if number and crossing not in carried}
    proof.check("nothing else is written", not others, others or "")
    proof.check(
        "Intacct's books are as the people left them", before["intacct"]["invoiced"] == after["intacct"]["invoiced"]
    )
    proof.facts |= {"third_sync_seconds": round(third.seconds, 1), "third_sync_writes": told["writes"]}


def _pay(world: World) -> int:
    """Customers pay: some in full, some in part, some several invoices at once; returns how many payments there are."""
    made = 0
    while made < PAYMENTS:
        made += len(world.act("intacct", "pay_many", count=PAYMENTS - made, seed=11 + made)["payments"])
    return made


def _touched(world: World) -> int:
    """Invoices that payments touched, by the sandbox's own rows."""
    return sum(1 for row in world.rows("intacct", "ARINVOICE") if Decimal(str(row["TRX_TOTALPAID"])) != 0)


def _control_totals(proof: Proof, home: Path, world: World) -> None:
    """Payments came home to the cent, and how many calls all of it took."""
    rows = world.rows("salesforce", "Intacct_Payment__c")
    mirrored = sum((Decimal(row["Amount__c"]) for row in rows), Decimal(0))
    received = Decimal(world.books()["intacct"]["received"])
    proof.check("payments are in Salesforce to the cent", mirrored == received, f"{received:,} USD")
    due = sum((Decimal(row["Intacct_Amount_Due__c"] or 0) for row in world.rows("salesforce", "Order")), Decimal(0))
    owed = Decimal(world.books()["intacct"]["due"])
    proof.check("what orders still owe is what Intacct is still owed", due == owed, f"{owed:,} USD")
    calls = world.calls()
    proof.facts |= {"calls_salesforce": calls["salesforce"], "calls_intacct": calls["intacct"]}


def _finance(home: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(home / "finance.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


if __name__ == "__main__":
    main()

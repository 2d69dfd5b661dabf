"""sync, plan, apply, reconcile, status: the road's own verbs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.approving import approve, show_waiting, standstill, waiting
from sf_intacct.cli.closing import near, show_near
from sf_intacct.cli.journal import cold_told, show_cold
from sf_intacct.cli.mappings import one_crossing
from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.planned import planned, show_plan
from sf_intacct.cli.session import Bar, house, quiet_dagster
from sf_intacct.cli.tie_out import show_tie_out, tie_out_numbers

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from sf_intacct.orchestration.house import House
    from sf_intacct.orchestration.reconciling import TieOut
    from sf_intacct.orchestration.syncing import Synced


@click.command()
@as_json
def sync(json_: bool) -> None:
    """Walk the whole road, both ways, until nothing is left to do; then tie out. Exit code 1 when that does not hold.

    JSON: passes (how many), is_quiet (nothing is left to do), reads (record versions not seen before), writes (how
    many were sent), sent (by crossing), numbers (of each table and crossing), tie_out (as of reconcile), paused and
    waiting_plans (lists of words).
    """
    from sf_intacct.orchestration import syncing

    with house() as opened, syncing.instance() as where:
        synced, still = run_sync(opened, where), standstill(opened)

    def people() -> None:
        show_synced(synced)
        still.show()

    tell({**_synced(synced), **still.words}, json_, people)
    settle(synced.tie_out)


@click.group(invoke_without_command=True)
@click.option("--crossing", help="Only this crossing.")
@click.option("--read/--no-read", default=True, help="Read and check first (default), or show the plan as it stands.")
@as_json
@click.pass_context
def plan(context: click.Context, crossing: str | None, read: bool, json_: bool) -> None:
    """Show what would be written, field by field, before anything is. Writes to neither system.

    JSON: plan, a list with crossing, source_id, label, step (send, waiting, refused, held or under_way), action (create
    or update), natural_key, amount, currency, cause (why it is kept), changes (a list of field, before, after),
    payload (what would be sent); and waiting_plans, the plans over a limit of the company, a list with crossing, hash,
    documents, money (by currency), reasons, since, people (how many have to approve it), approved_by, is_approved,
    before (what of it was approved before), words.
    """
    if context.invoked_subcommand:
        return
    with house() as opened:
        names = [one_crossing(opened.mappings.crossings, crossing).crossing] if crossing else opened.mappings.crossings
        if read:
            job(opened, "plan")
        rows, waits = planned(opened, names), waiting(opened, names)

    def people() -> None:
        show_plan(rows)
        show_waiting(waits)

    tell({"plan": rows, "waiting_plans": waits}, json_, people)


plan.add_command(approve)


@click.command()
@as_json
def apply(json_: bool) -> None:
    """Carry out the present plans. What has moved since it was planned is left for the next plan.

    JSON: applied, a list with crossing, sent (how many writes), results (what came of them), states (where all its
    writes stand now); paused and waiting_plans, lists of words.
    """
    with house() as opened:
        done, still = job(opened, "apply"), standstill(opened)
    told = [
        {"crossing": address.removeprefix("receipts/"), **{name: n[name] for name in ("sent", "results", "states")}}
        for address, n in done.items()
        if address.startswith("receipts/") and "sent" in n
    ]

    def people() -> None:
        rows = [(one["crossing"], one["sent"], _counts(one["results"]), _counts(one["states"])) for one in told]
        table("Applied", ("crossing", "sent", "this time", "now standing"), rows, numbers=["sent"])
        still.show()

    tell({"applied": told, **still.words}, json_, people)


@click.command()
@click.option(
    "--month",
    "months",
    multiple=True,
    type=click.DateTime(["%Y-%m"]),
    metavar="YYYY-MM",
    help="A posting month; may be repeated, and then the months between are made too.",
)
@as_json
def reconcile(months: tuple[datetime, ...], json_: bool) -> None:
    """Make finance anew and say whether both systems agree, to the cent. Exit code 1 when they do not.

    JSON: holds (every difference is explained), classes (documents by what became of them), salesforce, intacct,
    difference, unexplained (how many documents), unexplained_money, sums (the same amounts by currency; those above are
    null where there are several).
    """
    from sf_intacct.orchestration import syncing

    quiet_dagster()
    with house() as opened, syncing.instance() as where, Bar("reconciling") as bar:
        bar.pass_of(syncing.steps_of("close"), "reconciling")
        wanted = [month.date() for month in months] or None
        result = syncing.close(opened, where, bar.step, wanted)
    tell(tie_out_numbers(result), json_, lambda: show_tie_out(result))
    settle(result)


@click.command()
@as_json
def status(json_: bool) -> None:
    """Where everything stands: writes by state, exceptions, months. Asks neither system.

    JSON: writes (a list with crossing, state, writes), exceptions (how many are open), tie_out (as of reconcile),
    months_to_make (posting months in which something moved since finance was last made), paused, waiting_plans and
    closing (lists of words; closing: periods that close within days, and what of them is under way), cold (null; or why
    every write is looked for before it is sent: cause, seen, began_at; see `sf-intacct journal verify`).
    """
    from sf_intacct.orchestration import reconciling
    from sf_intacct.store import coldness, exceptions

    with house() as opened:
        cold = coldness.present(opened.journal)
        counts = opened.journal.counts()
        queue = exceptions.listed(opened.journal)
        result = reconciling.tie_out(opened)
        behind, still = [month.isoformat()[:7] for month in reconciling.months_behind(opened)], standstill(opened)
        closing = near(opened)
    standing = [{"crossing": crossing, "state": state, "writes": n} for (crossing, state), n in sorted(counts.items())]
    told = {"writes": standing, "exceptions": len(queue), "tie_out": tie_out_numbers(result), "months_to_make": behind}
    told |= {**still.words, "closing": closing, "cold": cold_told(cold)}

    def people() -> None:
        still.show()
        show_near(closing)
        if cold:
            show_cold(cold)
        rows = [(line["crossing"], line["state"], line["writes"]) for line in standing]
        table("Writes", ("crossing", "state", "writes"), rows, numbers=["writes"])
        if not standing and not result.classes:
            CONSOLE.print("Nothing was read yet: run `sf-intacct sync`.\n")
        show_tie_out(result)
        CONSOLE.print(f"{counted(len(queue), 'exception')} open (`sf-intacct exceptions list`)")
        if behind:
            CONSOLE.print(f"Finance is behind for {', '.join(behind)}: run `sf-intacct reconcile`")

    tell(told, json_, people)


def run_sync(opened: "House", where: "DagsterInstance") -> "Synced":
    """One sync with a progress bar, in the given Dagster instance."""
    from sf_intacct.orchestration import syncing

    quiet_dagster()
    steps = syncing.steps_of("sync")
    done = 0
    with Bar("syncing") as bar:
        bar.pass_of(steps, "pass 1")

        def progress(step: str) -> None:
            nonlocal done
            done += 1
            bar.step(step)
            if done % steps == 0:
                bar.pass_of(steps, f"pass {done // steps + 1}")

        return syncing.sync(opened, where, progress)


def job(opened: "House", name: str) -> dict[str, dict[str, Any]]:
    """One run of a job with a progress bar; the numbers that each asset reported."""
    from sf_intacct.orchestration import syncing

    quiet_dagster()
    with syncing.instance() as where, Bar(name) as bar:
        bar.pass_of(syncing.steps_of(name), name)
        return syncing.run_job(opened, where, name, bar.step).numbers


def settle(result: "TieOut | None") -> None:
    """Ends with 1 when the tie-out does not hold."""
    if result is not None and not result.holds:
        raise click.exceptions.Exit(1)


def _synced(synced: "Synced") -> dict[str, Any]:
    return {
        "passes": len(synced.passes),
        "is_quiet": synced.is_quiet,
        "reads": sum(one.new for one in synced.passes),
        "writes": sum(one.sent for one in synced.passes),
        "sent": {a.removeprefix("receipts/"): synced.sent(a) for a in synced.last("receipts/")},
        "numbers": {address: numbers for one in synced.passes for address, numbers in one.numbers.items()},
        "tie_out": tie_out_numbers(synced.tie_out) if synced.tie_out else None,
    }


def show_synced(synced: "Synced") -> None:
    """What was read, planned, accepted, refused, is waiting or quarantined; and the tie-out."""
    read: dict[str, list[int]] = {}
    for one in synced.passes:
        for address, numbers in one.numbers.items():
            if address.startswith("raw/"):
                row = read.setdefault(address.removeprefix("raw/"), [0, 0])
                row[0] += numbers["new"]
                row[1] += numbers["deleted"]
    quarantined = {a.removeprefix("core/"): n["quarantined"] for a, n in _quarantined(synced).items()}
    rows = [(name, new, deleted, quarantined.get(name, 0)) for name, (new, deleted) in read.items() if new]
    numbers_of = ("new versions", "deletions", "quarantined")
    table("Read", ("table", *numbers_of), rows, numbers_of)
    _show_crossings(synced)
    quiet = "nothing is left to do" if synced.is_quiet else "more is left to do at the next sync"
    CONSOLE.print(f"{counted(len(synced.passes), 'pass')}; {quiet}.\n")
    if synced.tie_out:
        show_tie_out(synced.tie_out)


def _quarantined(synced: "Synced") -> dict[str, dict[str, Any]]:
    """The publications that had something to judge, the last of each table."""
    found: dict[str, dict[str, Any]] = {}
    for one in synced.passes:
        found |= {a: n for a, n in one.numbers.items() if a.startswith("core/") and n.get("documents")}
    return found


def _show_crossings(synced: "Synced") -> None:
    """This sync's writes by what came of them, and what is kept back now."""
    rows = []
    for address, numbers in synced.last("plan/").items():
        crossing, steps = address.removeprefix("plan/"), numbers["steps"]
        results = synced.results(f"receipts/{crossing}")
        accepted = results["accepted"] + results["found"]
        kept = (steps.get("refused", 0), steps.get("waiting", 0), steps.get("held", 0))
        sent = synced.sent(f"receipts/{crossing}")
        rows.append((crossing, sum(steps.values()), sent, accepted, results["refused"], *kept))
    columns = ("crossing", "records", "sent", "accepted", "refused", "kept: refused", "waiting", "held")
    table("Planned and written", columns, rows, columns[1:])


def _counts(numbers: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in sorted(numbers.items())) or "nothing"

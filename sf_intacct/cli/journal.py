"""journal: whether the record of all writes is whole, and what of it need not be kept for ever."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.store.coldness import Cold


@click.group()
def journal() -> None:
    """The journal of all writes: verify, forget."""


@journal.command()
@as_json
def verify(json_: bool) -> None:
    """Follow the chain of all receipts from its beginning, and hold its head against what is remembered elsewhere.

    Asks neither system. Exit code 1 when something does not fit: the next plan or apply then makes the house cold, and
    every write is looked for before it is sent.

    JSON: holds, receipts (how many), head (of the chain: number and hash of its newest receipt), breaks (receipts that
    do not fit the one before them: a list with number, intent_key, attempt, recorded_at, result), unproven (keys of
    writes that count as carried out, and no receipt says so), findings (what does not fit what is remembered: a list
    with cause, seen), cold (null; or cause, seen, began_at).
    """
    from sf_intacct.orchestration import waking

    with house() as opened:
        found = waking.verified(opened)
    told = {
        "holds": found.holds,
        "receipts": found.receipts,
        "head": {"number": found.tip.number, "hash": found.tip.hash},
        "breaks": found.breaks,
        "unproven": found.unproven,
        "findings": [{"cause": one.cause, "seen": one.seen} for one in found.findings],
        "cold": cold_told(found.cold),
    }

    def people() -> None:
        for one in found.findings:
            CONSOLE.print(f"The journal is {one.cause}: {one.seen}.", style="red", markup=False, soft_wrap=True)
        if found.breaks:
            columns = ("number", "intent_key", "attempt", "recorded_at", "result")
            rows = [[str(one[name]) for name in columns] for one in found.breaks]
            table("Receipts that do not fit the one before them", ("number", "write", *columns[2:]), rows)
        for key in found.unproven:
            CONSOLE.print(f"No receipt says that {key} was carried out.", style="red", markup=False)
        if found.cold:
            show_cold(found.cold)
        verdict = "[green]The chain holds[/green]" if found.holds else "[red]The chain does not hold[/red]"
        CONSOLE.print(f"{verdict}: {counted(found.receipts, 'receipt')}, head {found.tip.hash[:16] or 'none'}.")

    tell(told, json_, people)
    if not found.holds:
        raise click.exceptions.Exit(1)


@journal.command()
@click.option(
    "--older-than", "days", type=click.IntRange(min=1), default=90, show_default=True, help="Days since it was over."
)
@click.option("--yes", is_flag=True, help="Do it; without it, only say how many.")
@as_json
def forget(days: int, yes: bool, json_: bool) -> None:
    """Put a hash in the place of the words of writes that were carried out and read back long ago.

    What keeps a write single stays: keys, hashes, states, links, receipts and the log. Nothing that is open is touched.

    JSON: older_than (days), requests (how many), done.
    """
    from sf_intacct.store import retention

    with house() as opened:
        before = opened.now() - timedelta(days=days)
        number = len((retention.forget if yes else retention.forgettable)(opened.journal, before))
    told = {"older_than": days, "requests": number, "done": yes}
    done = "forgotten" if yes else "would be forgotten; say --yes to do it"
    tell(told, json_, lambda: CONSOLE.print(f"The words of {counted(number, 'write')} {done}."))


def cold_told(cold: "Cold | None") -> dict[str, Any] | None:
    """Why the house is cold, for programs."""
    return {"cause": cold.cause, "seen": cold.seen, "began_at": cold.began_at} if cold else None


def show_cold(cold: "Cold") -> None:
    """Why the house is cold, for people."""
    since = f"{cold.began_at:%Y-%m-%d %H:%M} UTC"
    told = f"The house is cold since {since}: the journal was {cold.cause}: {cold.seen}."
    CONSOLE.print(told, style="bold red", markup=False, soft_wrap=True)
    CONSOLE.print("Every write is looked for before it is sent, until each crossing has had a clean pass.\n")

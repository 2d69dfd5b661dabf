"""plan approve: people let go a plan that is over a limit of the company; and how such plans are shown everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, money, tell
from sf_intacct.cli.session import house
from sf_intacct.cli.stopping import by_person, paused, require_words, show_paused

if TYPE_CHECKING:
    from sf_intacct.flow.approval import Waiting
    from sf_intacct.orchestration.house import House


@click.command()
@click.argument("hashes", nargs=-1, required=True, metavar="HASH...")
@by_person
@click.option("--reason", default="", help="Why it may go; kept with the approval.")
@as_json
def approve(hashes: tuple[str, ...], by: str, reason: str, json_: bool) -> None:
    """Let a plan go that waits. HASH is as `sf-intacct plan` shows it, or its beginning if no other begins so.

    Exactly what was approved is sent, at the next sync or apply. A plan that moved meanwhile (other records, other
    amounts, other mapping files) is refused: a new one waits in its place, under another hash. Exit code 3 then.

    JSON: approved, a list with crossing, hash, documents, money (by currency), reasons (the limits it is over), since,
    people (how many have to approve it), approved_by, is_approved, before (what of it was approved before), words.
    """
    from sf_intacct.orchestration import approving

    require_words(by, "--by")
    with house() as opened:
        done = [approving.approve(opened, typed, by.strip(), reason.strip()) for typed in hashes]
    told = [as_told(plan) for plan in done]

    def people() -> None:
        for one in told:
            says = "approved; it goes at the next sync" if one["is_approved"] else one["words"]
            size = f"{counted(one['documents'], 'document')}{amounts(one['money'])}"
            CONSOLE.print(f"{one['hash']} {one['crossing']}, {size}: {says}", markup=False, soft_wrap=True)

    tell({"approved": told}, json_, people)


def waiting(opened: "House", crossings: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """The plans that wait for people, or for the next sync to carry them out."""
    from sf_intacct.store import waiting_plans

    wanted = None if crossings is None else set(crossings)
    standing = [plan for plan in waiting_plans.standing(opened.journal) if not plan.is_begun]
    return [as_told(plan) for plan in standing if wanted is None or plan.crossing in wanted]


def as_told(plan: "Waiting") -> dict[str, Any]:
    from sf_intacct.flow import approval
    from sf_intacct.orchestration.braking import told

    return {
        "crossing": plan.crossing,
        "hash": approval.shown(plan.hash),
        "documents": plan.documents,
        "money": dict(plan.money),
        "reasons": list(plan.reasons),
        "since": plan.since,
        "people": plan.people,
        "approved_by": list(plan.approved_by),
        "is_approved": plan.is_approved,
        "before": plan.before,
        "words": told(plan),
    }


@dataclass(frozen=True)
class Standstill:
    """What is paused, and which plans wait for people."""

    paused: list[dict[str, Any]]
    plans: list[dict[str, Any]]

    @property
    def words(self) -> dict[str, list[str]]:
        """For a program that only wants to know whether anything stands still, and why."""
        return {"paused": [one["words"] for one in self.paused], "waiting_plans": [one["words"] for one in self.plans]}

    def show(self) -> None:
        show_paused(self.paused)
        show_waiting(self.plans)


def standstill(opened: "House") -> Standstill:
    return Standstill(paused(opened), waiting(opened))


def show_waiting(told: list[dict[str, Any]]) -> None:
    """Every plan that waits: what it is over, how large it is, who approved it, and how to let it go."""
    for one in told:
        if one["is_approved"]:
            who = ", ".join(one["approved_by"])
            text = f"Plan {one['hash']} of {one['crossing']} was approved by {who}; it goes at the next sync."
        else:
            size = f"{counted(one['documents'], 'document')}{amounts(one['money'])}"
            words = f"{one['words'][0].upper()}{one['words'][1:]}"
            text = f"{words}. {size}. `sf-intacct plan approve {one['hash']} --by ...` lets it go."
        CONSOLE.print(text, style="yellow", markup=False, soft_wrap=True)
        for line in filter(None, (one["before"], _so_far(one))):
            CONSOLE.print(f"    {line}", markup=False, soft_wrap=True)


def _so_far(one: dict[str, Any]) -> str:
    return "" if one["is_approved"] or not one["approved_by"] else f"approved by {', '.join(one['approved_by'])}"


def amounts(by_currency: dict[str, Any]) -> str:
    return "".join(f", {money(amount)} {currency}".rstrip() for currency, amount in by_currency.items())

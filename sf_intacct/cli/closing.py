"""close: what of a period is still under way before it closes, and the proof that nothing landed after."""

from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.approving import amounts
from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.flow.mapping_closing import ClosingDate
    from sf_intacct.orchestration.closing import Late
    from sf_intacct.orchestration.house import House

of_period = click.option("--period", metavar="YYYY-MM", required=True, help="The posting month.")


@click.group()
def close() -> None:
    """A period around its close: status, check. Asks neither system."""


def _period(text: str) -> str:
    if len(text) != 7 or text[4] != "-" or not text.replace("-", "").isdigit() or not 1 <= int(text[5:]) <= 12:
        raise click.BadParameter(f"{text} is no month; write it as 2026-11", param_hint="'--period'")
    return text


@close.command()
@of_period
@as_json
def status(period: str, json_: bool) -> None:
    """What of a period is not in the books yet, by money: planned, waiting, held, refused or on its way.

    JSON: period, closing (its dates as company.yaml says them, a list with of, closes, held_from), money (by currency),
    unread (documents in quarantine, of which nobody can tell the period), and documents, a list with crossing,
    source_id, label, step, cause, amount, currency, entity, posting_day.
    """
    from sf_intacct.orchestration import closing

    period = _period(period)
    with house() as opened:
        found, dates = closing.under_way(opened, period), closing.dates(opened, period)
    said = [{"of": one.is_of, "closes": one.closes, "held_from": one.held_from} for one in dates]
    told = {"period": period, "closing": said, "money": found.money, "unread": found.unread, "documents": found.rows}

    def people() -> None:
        for one in dates:
            CONSOLE.print(f"{one.period} of {one.is_of} closes on {one.closes}; held from {one.held_from}.")
        columns = ("label", "step", "cause", "amount", "currency", "entity", "posting_day", "crossing")
        rows = [[row[name] for name in columns] for row in found.rows]
        table(f"Under way in {period}", ("record", *columns[1:]), rows, numbers=["amount"])
        CONSOLE.print(f"{counted(len(found.rows), 'document')}{amounts(found.money)}.")
        if found.unread:
            CONSOLE.print(
                f"{counted(found.unread, 'document')} in quarantine may belong here: `sf-intacct exceptions list`"
            )

    tell(told, json_, people)


@close.command()
@click.option("--period", metavar="YYYY-MM", help="Only this posting month; every one that is over if none.")
@as_json
def check(period: str | None, json_: bool) -> None:
    """Prove from Intacct's own documents that nothing landed in a period after its close. Exit code 1 if it did.

    Read first: `sf-intacct sync`, or `sf-intacct plan`. What was first read after the close proves nothing about itself
    and is counted as unproven.

    JSON: periods (those that were checked, with of, closes, late, unproven as numbers, period), and late, a list with
    period, object, record_id, number, customer, posting_day, amount, currency, entity, changed_at, created_at, what
    (entered, changed, coded, moved, posted, deleted), is_ours (we made it).
    """
    from sf_intacct.orchestration import closing

    with house() as opened:
        found = closing.late(opened, _period(period) if period else None)
    rows = [{"period": one.closing.period, **row} for one in found for row in one.rows]
    told = {"periods": [_checked(one) for one in found], "late": rows}

    def people() -> None:
        if not found:
            CONSOLE.print("No period with a closing date in company.yaml is over: there is nothing to prove.")
        for one in told["periods"]:
            numbers = f"{one['late']} late, {one['unproven']} unproven"
            CONSOLE.print(f"{one['period']} of {one['of']}, open through {one['closes']}: {numbers}.")
        columns = ("period", "object", "number", "what", "amount", "currency", "entity", "posting_day", "changed_at")
        if rows:
            table("Late", columns, [[row[name] for name in columns] for row in rows], numbers=["amount"])

    tell(told, json_, people)
    if rows:
        raise click.exceptions.Exit(1)


def _checked(one: "Late") -> dict[str, Any]:
    closing = one.closing
    numbers = {"late": len(one.rows), "unproven": len(one.unproven)}
    return {"period": closing.period, "of": closing.is_of, "closes": closing.closes, **numbers}


def near(opened: "House") -> list[str]:
    """The periods that close within days and what of them is under way, in words."""
    from sf_intacct.orchestration import closing

    return [_near(one, closing.under_way(opened, one.period).words) for one in closing.near(opened)]


def _near(one: "ClosingDate", words: str) -> str:
    return (
        f"{one.period} of {one.is_of} closes on {one.closes}: {words} (`sf-intacct close status --period {one.period}`)"
    )


def show_near(lines: list[str]) -> None:
    for line in lines:
        CONSOLE.print(line, style="yellow", markup=False, soft_wrap=True)

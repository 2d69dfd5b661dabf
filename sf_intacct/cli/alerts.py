"""alerts: what people were told, what could not be told, and a test of the way to them."""

from typing import Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house
from sf_intacct.errors import FixNeeded


@click.group()
def alerts() -> None:
    """What people were told, by webhook and e-mail: list, test."""


@alerts.command("list")
@click.option("--undelivered", is_flag=True, help="Only what did not arrive at the first attempt, or not at all.")
@as_json
def list_(undelivered: bool, json_: bool) -> None:
    """Every message with how far it has come.

    JSON: alerts, a list with number, channel, state (pending, delivered, given_up), attempts, problem (of the last
    attempt), created_at, due_at, delivered_at, headline.
    """
    from sf_intacct.store import alerts as store

    with house() as opened:
        rows = [_told(row) for row in store.listed(opened.journal, undelivered=undelivered)]
    columns = ("number", "channel", "state", "attempts", "headline", "problem", "created_at", "delivered_at")
    tell({"alerts": rows}, json_, lambda: table("Alerts", columns, [[row[name] for name in columns] for row in rows]))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    import json

    from sf_intacct.flow.alerts import headline

    return {
        **{name: value for name, value in row.items() if name != "body"},
        "headline": headline(json.loads(row["body"])),
    }


@alerts.command()
@as_json
def test(json_: bool) -> None:
    """Send a message that says nothing turned, by every channel that is set. Exit code 3 when one does not arrive.

    JSON: number (of the message), channels.
    """
    from sf_intacct.flow.alerts import digest
    from sf_intacct.orchestration import alerting
    from sf_intacct.store import alerts as store

    with house() as opened:
        ways = alerting.channels(opened)
        if not ways:
            remedy = "set SF_INTACCT_ALERT_WEBHOOK_URL or SF_INTACCT_ALERT_EMAIL_TO; see docs/settings.md"
            raise FixNeeded("testing the alerts", seen="no channel is set", remedy=remedy)
        at = opened.now()
        body = digest([], alerting.facts(opened), opened.settings.environment, at.isoformat(timespec="seconds"))
        number = store.enter_message(opened.journal, body, list(ways), at, "cli")
        alerting.deliver(opened, ways)
        lost = [one for one in store.listed(opened.journal) if one["number"] == number and one["state"] != "delivered"]
    if lost:
        seen = "; ".join(f"{one['channel']}: {one['problem'] or 'an older message is in the way'}" for one in lost)
        raise FixNeeded("testing the alerts", record=f"message {number}", seen=seen, remedy="see docs/settings.md")
    done = f"Message {number} went out by {counted(len(ways), 'channel')}: {', '.join(ways)}."
    tell({"number": number, "channels": list(ways)}, json_, lambda: CONSOLE.print(done, markup=False))

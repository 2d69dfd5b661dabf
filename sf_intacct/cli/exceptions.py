"""exceptions: what cannot cross, why, and what people decide about it."""

import getpass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, money, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House


@click.group()
def exceptions() -> None:
    """What cannot cross, by root cause: list, show, retry, ignore."""


@exceptions.command("list")
@as_json
def list_(json_: bool) -> None:
    """Every open cause, with how many records and how much money it keeps."""
    with house() as opened:
        found = [_summary(one, opened.now()) for one in _queue(opened)]
    rows = [(e["id"], e["words"], e["records"], e["money"], e["who"], e["age"]) for e in found]
    columns = ("id", "why", "records", "money at risk", "who can mend it", "age")
    tell({"exceptions": found}, json_, lambda: table("Exceptions", columns, rows, ["records", "money at risk"]))


@exceptions.command()
@click.argument("exception_id")
@as_json
def show(exception_id: str, json_: bool) -> None:
    """One cause with every record it keeps, by Salesforce id."""
    with house() as opened:
        found = _one(opened, exception_id)
        summary = _summary(found, opened.now())

    def people() -> None:
        CONSOLE.print(f"[bold]{summary['words']}[/bold]")
        CONSOLE.print(f"What to do ({summary['who']}): {summary['remedy']}\n")
        rows = [(v["source_object"], v["source_id"], v["label"], v["amount"], v["seen"]) for v in found["victims"]]
        table("Records kept", ("object", "id", "known as", "money", "seen"), rows, ["money"])

    tell({**summary, "victims": found["victims"]}, json_, people)


@exceptions.command()
@click.argument("exception_id")
@click.option("--reason", default="mended", help="What was mended.")
@click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")
@as_json
def retry(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Try the kept records again at the next sync. All rules still apply."""
    _decide(exception_id, "retry", reason, by, json_)


@exceptions.command()
@click.argument("exception_id")
@click.option("--reason", required=True, help="Why these records may stay out.")
@click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")
@as_json
def ignore(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Leave the kept records out on purpose, with a reason that Sales and Finance see."""
    _decide(exception_id, "ignore", reason, by, json_)


def _decide(exception_id: str, decision: str, reason: str, by: str, json_: bool) -> None:
    from sf_intacct.store import exceptions as store

    with house() as opened:
        _one(opened, exception_id)
        number = store.decide(opened.journal, exception_id, decision, reason, by, opened.now(), f"cli {by}")
    told = {"exception": exception_id, "decision": decision, "records": number, "by": by}
    tell(
        told, json_, lambda: CONSOLE.print(f"{number} records: {decision}, by {by}. It takes effect at the next sync.")
    )


def _queue(opened: "House") -> list[dict[str, Any]]:
    from sf_intacct.store import exceptions as store

    return store.listed(opened.journal)


def _one(opened: "House", exception_id: str) -> dict[str, Any]:
    found = next((one for one in _queue(opened) if one["id"] == exception_id), None)
    if found is None:
        raise click.BadParameter(f"no open exception {exception_id}; see `sf-intacct exceptions list`")
    return found


def _summary(one: dict[str, Any], now: datetime) -> dict[str, Any]:
    from sf_intacct.flow import catalogue

    victims = one["victims"]
    told = (one["cause"], one["subject"], victims[0]["seen"] if victims else "")
    days = (now - one["first_seen_at"]).days
    return {
        "id": one["id"],
        "cause": one["cause"],
        "subject": one["subject"],
        "words": catalogue.words(*told),
        "remedy": catalogue.remedy(*told),
        "who": catalogue.who(one["cause"]),
        "records": len(victims),
        "money": money(sum((v["amount"] or Decimal(0) for v in victims), Decimal(0))),
        "age": "today" if days == 0 else f"{days} days",
    }

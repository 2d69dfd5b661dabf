"""exceptions: what cannot cross, why, and what people decide about it."""

import getpass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House

by_whom = click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")


@click.group()
def exceptions() -> None:
    """What cannot cross, by root cause: list, show, retry, ignore."""


@exceptions.command("list")
@as_json
def list_(json_: bool) -> None:
    """Every open cause, with how many records and how much money it keeps.

    JSON: exceptions, a list with id, cause, subject, words, remedy, who (can mend it), records (how many), money,
    first_seen_at.
    """
    with house() as opened:
        found, now = _summaries(opened), opened.now()

    def people() -> None:
        if not found:
            CONSOLE.print("No exceptions: nothing is kept from crossing.")
            return
        rows = [(e["id"], e["words"], e["records"], e["money"], e["who"], _age(e["first_seen_at"], now)) for e in found]
        columns = ("id", "why", "records", "money at risk", "who can mend it", "age")
        table("Exceptions", columns, rows, ["records", "money at risk"])

    tell({"exceptions": found}, json_, people)


@exceptions.command()
@click.argument("exception_id")
@as_json
def show(exception_id: str, json_: bool) -> None:
    """One cause with every record it keeps, by Salesforce id.

    JSON: id, cause, subject, words, remedy, who, records, money, first_seen_at as in the list, and victims, a list with
    crossing, source_object, source_id, label, amount, currency, seen, first_seen_at, cleared_at.
    """
    with house() as opened:
        kept = _one(opened, exception_id)["victims"]
        summary = next(one for one in _summaries(opened) if one["id"] == exception_id)

    def people() -> None:
        CONSOLE.print(summary["words"], style="bold", markup=False)
        CONSOLE.print(f"What to do ({summary['who']}): {summary['remedy']}\n", markup=False)
        rows = [(v["source_object"], v["source_id"], v["label"], v["amount"], v["seen"]) for v in kept]
        table("Records kept", ("object", "id", "known as", "money", "seen"), rows, ["money"])

    tell({**summary, "victims": kept}, json_, people)


@exceptions.command()
@click.argument("exception_id")
@click.option("--reason", default="mended", show_default=True, help="What was mended.")
@by_whom
@as_json
def retry(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Try the kept records again at the next sync. All rules still apply.

    JSON: exception, decision, records (how many), by.
    """
    _decide(exception_id, "retry", reason, by, json_)


@exceptions.command()
@click.argument("exception_id")
@click.option("--reason", required=True, help="Why these records may stay out.")
@by_whom
@as_json
def ignore(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Leave the kept records out on purpose, with a reason that Sales and Finance see.

    JSON: exception, decision, records (how many), by.
    """
    _decide(exception_id, "ignore", reason, by, json_)


def _decide(exception_id: str, decision: str, reason: str, by: str, json_: bool) -> None:
    from sf_intacct.store import exceptions as store

    if not reason.strip():
        raise click.BadParameter("say why; Sales and Finance read it", param_hint="'--reason'")
    with house() as opened:
        _one(opened, exception_id)
        number = store.decide(opened.journal, exception_id, decision, reason, by, opened.now(), f"cli {by}")
    told = {"exception": exception_id, "decision": decision, "records": number, "by": by}
    done = f"{counted(number, 'record')}: {decision}, by {by}. It takes effect at the next sync."
    tell(told, json_, lambda: CONSOLE.print(done, markup=False))


def _queue(opened: "House") -> list[dict[str, Any]]:
    from sf_intacct.store import exceptions as store

    return store.listed(opened.journal)


def _one(opened: "House", exception_id: str) -> dict[str, Any]:
    found = next((one for one in _queue(opened) if one["id"] == exception_id), None)
    if found is None:
        remedy = "`sf-intacct exceptions list` says what is open"
        raise click.BadParameter(f"no exception {exception_id} is open; {remedy}", param_hint="'EXCEPTION_ID'")
    return found


def _summaries(opened: "House") -> list[dict[str, Any]]:
    told = _told(opened)
    return [_summary(one, told.get(one["id"])) for one in _queue(opened)]


def _told(opened: "House") -> dict[str, tuple[str, str]]:
    """Words and remedy of every exception, as they were told at the last sync: they may name a file to mend."""
    with opened.transaction() as session:
        rows = session.frame(
            "select exception_id, min_by(words, label) as words, min_by(remedy, label) as remedy "
            "from receipts.exceptions group by exception_id"
        )
    return {exception_id: (words, remedy) for exception_id, words, remedy in rows.iter_rows()}


def _summary(one: dict[str, Any], told: tuple[str, str] | None) -> dict[str, Any]:
    from sf_intacct.flow import catalogue

    victims = one["victims"]
    seen = (one["cause"], one["subject"], victims[0]["seen"])
    words, remedy = told or (catalogue.words(*seen), catalogue.remedy(*seen))
    return {
        "id": one["id"],
        "cause": one["cause"],
        "subject": one["subject"],
        "words": words,
        "remedy": remedy,
        "who": catalogue.who(one["cause"]),
        "records": len(victims),
        "money": sum((v["amount"] or Decimal(0) for v in victims), Decimal(0)),
        "first_seen_at": one["first_seen_at"],
    }


def _age(since: datetime, now: datetime) -> str:
    days = (now - since).days
    return counted(days, "day") if days else "today"

"""exceptions: what cannot cross, why, where it is mended, and what people decide about it."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.dispositions import DISPOSITIONS
from sf_intacct.cli.exception_files import written
from sf_intacct.cli.output import CONSOLE, as_json, counted, money, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.exceptions import Told
    from sf_intacct.orchestration.house import House


@click.group()
def exceptions() -> None:
    """What cannot cross, by root cause: list and show it, and decide about it, one by one or many at once."""


for _disposition in DISPOSITIONS:
    exceptions.add_command(_disposition)


@exceptions.command("list")
@click.option("--cause", "causes", multiple=True, help="Only this cause, by its code; may be repeated.")
@click.option("--who", type=click.Choice(["sales", "finance", "operations"]), help="Only what these people can mend.")
@click.option("--owner", help="Only what this person takes care of; `nobody` for what nobody does.")
@click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write them to a CSV file, too.")
@as_json
def list_(causes: tuple[str, ...], who: str | None, owner: str | None, file: Path | None, json_: bool) -> None:
    """Every open cause, with all that it keeps and how much money that is.

    The CSV file has a row for each record, and empty columns for what is to be done: fill them in, and hand the file to
    `sf-intacct exceptions decide`.

    JSON: exceptions, a list with id, cause, subject, class (what kind of thing has to change), headline (the cause and
    all that it keeps in a sentence), words, remedy, place (where it is mended), who (can mend it), owner, again (what
    makes its records go: itself, moved, probed, told), records (how many), lines, kinds (records by object), money and
    currency (null where there are several), sums (money by currency), attempts (the most of any record), first_seen_at,
    last_seen_at.
    """
    with house() as opened:
        chosen = [told for told in _queue(opened) if _is_wanted(told, causes, who, owner)]
        found, now = [_summary(told) for told in chosen], opened.now()
        if file is not None:
            written(file, opened, chosen)

    def people() -> None:
        if not found:
            CONSOLE.print("No exceptions: nothing is kept from crossing.")
            return
        rows = [
            (e["id"], e["headline"], e["records"], _sums(e), e["who"], _age(e["first_seen_at"], now)) for e in found
        ]
        columns = ("id", "why", "records", "money at risk", "who can mend it", "age")
        table("Exceptions", columns, rows, ["records", "money at risk"])

    tell({"exceptions": found}, json_, people)


@exceptions.command()
@click.argument("exception_id")
@as_json
def show(exception_id: str, json_: bool) -> None:
    """One cause with every record it keeps, by Salesforce id and link, and what the other system said.

    JSON: id, cause, subject, class, headline, words, remedy, place, who, owner, again, records, lines, kinds, money,
    currency, sums, attempts, first_seen_at and last_seen_at as in the list, and victims, a list with crossing,
    source_object, source_id, url (of the record in Salesforce), label, amount, currency, lines, attempts, words (why
    this record), through (why it waits, where the cause is that of a record it waits for), seen, answer (of the other
    system, whole), first_seen_at, cleared_at; and decisions about the exception, a list with number, exception_id,
    disposition, detail (who, or which document), reason, records (how many), decided_by, recorded_at.
    """
    with house() as opened:
        told = _one(opened, exception_id)
        summary, now = _summary(told), opened.now()
        victims, decisions = list(_victims(opened, told)), _decisions(opened, told)

    def people() -> None:
        CONSOLE.print(summary["headline"], style="bold", markup=False)
        CONSOLE.print(f"What to do ({summary['who']}): {summary['remedy']}", markup=False)
        CONSOLE.print(f"Where: {summary['place']}", markup=False)
        since = f"{summary['first_seen_at']:%Y-%m-%d %H:%M} to {summary['last_seen_at']:%Y-%m-%d %H:%M} UTC"
        owner = summary["owner"] or "nobody yet"
        CONSOLE.print(
            f"Class: {summary['class']}; goes again: {_AGAIN[summary['again']]}; owner: {owner}; seen {since} "
            f"({_age(summary['first_seen_at'], now)})\n",
            markup=False,
        )
        rows = [(v["source_object"], v["url"] or v["source_id"], v["label"], v["amount"], v["seen"]) for v in victims]
        table("Records kept", ("object", "id", "known as", "money", "seen"), rows, ["money"], ["id"])
        _show_answers(victims)
        _show_decisions(decisions)

    tell({**summary, "victims": victims, "decisions": decisions}, json_, people)


_AGAIN = {
    "itself": "by itself",
    "moved": "at the next sync after it was mended",
    "probed": "after a probe went through, or on retry",
    "told": "on retry, or when the record or a mapping changes",
}


def _show_answers(victims: list[dict[str, Any]]) -> None:
    """What the other system said, each answer once."""
    answers = {v["answer"]: v for v in victims if v["answer"]}
    if answers:
        CONSOLE.print("Answers of the other system", style="bold")
    for answer, about in answers.items():
        said = f"{about['label']} ({counted(about['attempts'], 'attempt')}): {answer}"
        CONSOLE.print(said, markup=False, soft_wrap=True)


def _show_decisions(decisions: list[dict[str, Any]]) -> None:
    if decisions:
        shown = ("disposition", "records", "detail", "decided_by", "reason")
        rows = [(f"{row['recorded_at']:%Y-%m-%d %H:%M}", *(row[name] for name in shown)) for row in decisions]
        table("Decided so far", ("when (UTC)", "what", "records", "detail", "by", "why"), rows, ["records"])


def _queue(opened: "House") -> list["Told"]:
    from sf_intacct.orchestration.exceptions import opened as queue

    return queue(opened)


def _one(opened: "House", exception_id: str) -> "Told":
    found = next((told for told in _queue(opened) if told.id == exception_id), None)
    if found is None:
        remedy = "`sf-intacct exceptions list` says what is open"
        raise click.BadParameter(f"no exception {exception_id} is open; {remedy}", param_hint="'EXCEPTION_ID'")
    return found


def _is_wanted(told: "Told", causes: tuple[str, ...], who: str | None, owner: str | None) -> bool:
    cause, owned = told.kept["cause"], told.kept["owner"]
    is_owned = owner is None or (owned is None if owner == "nobody" else owned == owner)
    return (not causes or cause in causes) and who in (None, told.summary.who) and is_owned


def _summary(told: "Told") -> dict[str, Any]:
    kept, summary = told.kept, told.summary
    sums = summary.money or {"": Decimal(0)}
    (currency, alone) = next(iter(sums.items())) if len(sums) == 1 else (None, None)
    return {
        **{name: kept[name] for name in ("id", "cause", "subject", "owner", "first_seen_at", "last_seen_at")},
        "class": summary.kind,
        **{name: getattr(summary, name) for name in ("headline", "words", "remedy", "place", "who", "again", "lines")},
        "records": len({victim.source_id for victim in told.victims}),
        "kinds": summary.records,
        "money": alone,
        "currency": currency or None,
        "sums": summary.money,
        "attempts": max(victim.attempts for victim in told.victims),
    }


def _sums(summary: dict[str, Any]) -> str:
    return "\n".join(f"{money(amount)} {currency}".strip() for currency, amount in summary["sums"].items())


def _victims(opened: "House", told: "Told") -> list[dict[str, Any]]:
    from sf_intacct.orchestration.exceptions import link

    same = ("crossing", "source_object", "source_id", "label", "amount", "currency", "lines", "attempts", "through")
    return [
        {
            **{name: getattr(victim, name) for name in (*same, "words", "seen", "answer")},
            "url": link(opened, victim.source_id),
            "first_seen_at": row["first_seen_at"],
            "cleared_at": row["cleared_at"],
        }
        for row, victim in zip(told.kept["victims"], told.victims, strict=True)
    ]


def _decisions(opened: "House", told: "Told") -> list[dict[str, Any]]:
    from sf_intacct.store.decisions import dispositions

    return dispositions(opened.journal, told.id)


def _age(since: datetime, now: datetime) -> str:
    days = (now - since).days
    return counted(days, "day") if days else "today"

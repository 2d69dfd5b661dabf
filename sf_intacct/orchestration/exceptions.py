"""What cannot cross, gathered from every stage of the road into one queue, by root cause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sf_intacct.flow import catalogue, queue
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.queue import Summary, Victim
from sf_intacct.flow.refusals import recognised
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions, queue_tables
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Told:
    """One open exception: as the journal keeps it, its victims, and all of it summed up."""

    kept: dict[str, Any]
    victims: tuple[Victim, ...]
    summary: Summary

    @property
    def id(self) -> str:
        return str(self.kept["id"])


@dataclass(frozen=True)
class Queue:
    """How many causes are open, how many records they keep, how much money is at risk by currency, and the causes."""

    causes: int
    victims: int
    money: dict[str, Decimal]
    told: tuple[Told, ...]


def gather(house: House) -> Queue:
    """Brings the queue up to what the last plans and receipts say."""
    with house.warehouse.held():
        return _gather(house)


def _gather(house: House) -> Queue:
    with house.transaction() as session:
        victims = queue.rooted(_victims(session, house))
    exceptions.refresh(house.journal, victims, house.now())
    told = opened(house)
    with house.transaction() as session:
        rows = [row for one in told for row in _rows(house, one)]
        queue_tables.replace(session, rows, [row for one in told for row in _causes(one)])
    records = {(victim.crossing, victim.source_id) for victim in victims}
    return Queue(len(told), len(records), queue.at_risk(victims), tuple(told))


def opened(house: House) -> list[Told]:
    """Every open exception as of the last sync, oldest first."""
    found = []
    for kept in exceptions.listed(house.journal):
        victims = tuple(exceptions.as_victim(kept, row) for row in kept["victims"])
        found.append(Told(kept, victims, queue.summary(victims)))
    return found


def link(house: House, source_id: str) -> str | None:
    """The address of a record in Salesforce; None for what is none, or where nobody knows the organisation's."""
    base = house.settings.salesforce_records_url
    return f"{base}/{source_id}" if base and re.fullmatch(r"[a-zA-Z0-9]{15}[A-Z0-5]{3}", source_id) else None


def _victims(session: Session, house: House) -> Iterator[Victim]:
    mappings = house.mappings.crossings.values()
    sent = queue_tables.attempts(session)
    for mapping in mappings:
        name = CONTRACTS[mapping.source].object
        for row in queue_tables.kept_up(session, mapping).iter_rows(named=True):
            told = sent.get((mapping.crossing, row["source_id"]), (0, ""))
            yield _victim(house, row, mapping.crossing, name, mapping.target_object, told)
    sources = [mapping.source for mapping in mappings]
    for row in queue_tables.quarantined_elsewhere(session, sources).iter_rows(named=True):
        yield _victim(house, row, "", CONTRACTS[row["table_name"]].object)


def recognised_cause(row: dict[str, Any]) -> tuple[str, str]:
    """Cause and subject of a row of queue_tables.kept_up, as the catalogue has them."""
    cause, subject = row["cause"] or "", row["subject"] or ""
    if row["stage"] == "passing" or (row["stage"] == "refused" and cause not in catalogue.CAUSES):
        return recognised(cause, row["seen"] or "")
    return cause, subject


def _victim(
    house: House,
    row: dict[str, Any],
    crossing: str,
    source_object: str,
    target_object: str = "",
    sent: tuple[int, str] = (0, ""),
) -> Victim:
    cause, subject = recognised_cause(row)
    seen = row["seen"] or ""
    return Victim(
        cause=cause,
        subject=subject,
        crossing=crossing,
        source_object=source_object,
        source_id=row["source_id"],
        label=row["label"] or row["source_id"],
        seen=seen,
        column=row["column_name"] or "",
        amount=row["amount"],
        currency=row["currency"] or _only_currency(house, row["amount"]),
        target_object=target_object,
        lines=row["lines"],
        attempts=sent[0],
        answer=sent[1],
    )


def _only_currency(house: House, amount: Decimal | None) -> str | None:
    """The currency of a document in quarantine, as far as that is no guess: of a company that has one only."""
    constants = house.mappings.company.constants
    if amount is None or constants.get("intacct_currencies") == "several":
        return None
    return constants.get("currency")


def _rows(house: House, told: Told) -> Iterator[dict[str, Any]]:
    """The records of an exception, in words."""
    kept, summary = told.kept, told.summary
    for row, victim in zip(kept["victims"], told.victims, strict=True):
        yield {
            **{name: row[name] for name in queue_tables.QUEUE if name in row},
            "exception_id": told.id,
            "cause": kept["cause"],
            "subject": kept["subject"],
            "words": victim.words,
            "remedy": victim.remedy,
            "who": summary.who,
            "class": summary.kind,
            "place": victim.place,
            "again": summary.again,
            "owner": kept["owner"],
            "url": link(house, victim.source_id),
        }


def _causes(told: Told) -> Iterator[dict[str, Any]]:
    """An exception, once for each currency that it keeps."""
    kept, summary = told.kept, told.summary
    said = {name: getattr(summary, name) for name in queue_tables.CAUSES if hasattr(summary, name) and name != "money"}
    sums: dict[str, Decimal | None] = {**summary.money} or {"": None}
    for currency, money in sums.items():
        yield {
            **said,
            **{name: kept[name] for name in ("cause", "owner", "first_seen_at", "last_seen_at")},
            "exception_id": told.id,
            "class": summary.kind,
            "records": len({victim.source_id for victim in told.victims}),
            "currency": currency or None,
            "money": money,
        }

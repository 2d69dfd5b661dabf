"""What cannot cross, gathered from every stage of the road into one queue, by root cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sf_intacct.flow import catalogue
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.refusals import recognised
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions, queue_tables
from sf_intacct.store.exceptions import Victim
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Queue:
    """How many causes are open, how many records they keep, and how much money is at risk."""

    causes: int
    victims: int
    money: Decimal


def gather(house: House) -> Queue:
    """Brings the queue up to what the last plans and receipts say."""
    with house.warehouse.held():
        return _gather(house)


def _gather(house: House) -> Queue:
    with house.transaction() as session:
        victims = list(_victims(session, house))
    exceptions.refresh(house.journal, victims, house.now())
    rows = list(_told(exceptions.listed(house.journal), victims))
    with house.transaction() as session:
        queue_tables.replace(session, rows)
    at_risk = {(row["crossing"], row["source_id"]): row["amount"] or Decimal(0) for row in rows}
    return Queue(len({row["exception_id"] for row in rows}), len(at_risk), sum(at_risk.values(), Decimal(0)))


def _victims(session: Session, house: House) -> Iterator[Victim]:
    mappings = house.mappings.crossings.values()
    for mapping in mappings:
        name = CONTRACTS[mapping.source].object
        for row in queue_tables.kept_up(session, mapping).iter_rows(named=True):
            yield _victim(row, mapping.crossing, name)
    sources = [mapping.source for mapping in mappings]
    for row in queue_tables.quarantined_elsewhere(session, sources).iter_rows(named=True):
        yield _victim(row, "", CONTRACTS[row["table_name"]].object)


def recognised_cause(row: dict[str, Any]) -> tuple[str, str]:
    """Cause and subject of a row of queue_tables.kept_up, as the catalogue has them."""
    cause, subject = row["cause"] or "", row["subject"] or ""
    if row["stage"] == "refused" and cause not in catalogue.CAUSES:
        return recognised(cause, row["seen"] or "")
    return cause, subject


def _victim(row: dict[str, Any], crossing: str, source_object: str) -> Victim:
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
        currency=row["currency"],
    )


def _told(listed: list[dict[str, Any]], victims: list[Victim]) -> Iterator[dict[str, Any]]:
    """The queue with its words. Where a thing was seen is part of the words, not of the exception's identity."""
    columns = {(victim.exception_id, victim.crossing, victim.source_id): victim.column for victim in victims}
    for exception in listed:
        for victim in exception["victims"]:
            column = columns.get((exception["id"], victim["crossing"], victim["source_id"]), "")
            told = (exception["cause"], exception["subject"], victim["seen"], column)
            yield {
                **{name: victim[name] for name in queue_tables.QUEUE if name in victim},
                "exception_id": exception["id"],
                "cause": exception["cause"],
                "subject": exception["subject"],
                "words": catalogue.words(*told),
                "remedy": catalogue.remedy(*told),
                "who": catalogue.who(exception["cause"]),
            }

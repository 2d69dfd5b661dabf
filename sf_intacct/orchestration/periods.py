"""What is known of open and closed periods, put together from all who tell of them. For the plan, and for a close."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import periods
from sf_intacct.flow.preflight.closings import CLOSED_BOOKS, Closings, known
from sf_intacct.flow.refusals import recognised
from sf_intacct.model.intent import State
from sf_intacct.orchestration.house import House
from sf_intacct.store import closed_periods, plan_sources
from sf_intacct.store.closed_periods import Lesson
from sf_intacct.store.warehouse import Session

# Causes of refusals that teach.
_CLOSED = ("period_closed", "subledger_closed")


def closings(session: Session, mappings: Mappings, today: date) -> Closings:
    """The closed books: as Finance states them, as Intacct tells where it is asked, and as refusals taught."""
    stated = mappings.company.periods
    read = plan_sources.table(session, CLOSED_BOOKS) if stated.read else None
    return known(stated, read, closed_periods.standing(session), today)


def learn(session: Session, house: House) -> None:
    """Learns closed periods from what Intacct has refused since, and forgets those that do not stand any more."""
    fresh = closed_periods.refusals(session)
    if fresh.height:
        lessons = list(_lessons(house, fresh))
        closed_periods.learn(session, lessons, fresh["receipt"].max())  # type: ignore[arg-type]
    closed_periods.lift(session, _stated(house.mappings), house.now())


def _lessons(house: House, fresh: pl.DataFrame) -> Iterator[Lesson]:
    """One for each document that was refused for its period. Its day is what we sent, not what a sentence says."""
    told = [row for row in fresh.iter_rows(named=True) if recognised(row["code"], row["message"])[0] in _CLOSED]
    requests = {
        intent.key: intent.request
        for crossing in {row["crossing"] for row in told}
        for intent in house.journal.in_state(crossing, State.REFUSED)
    }
    for row in told:
        booked = house.intacct.booking(requests[row["key"]]) if row["key"] in requests else None
        ledger = periods.LEDGERS.get(row["target_object"])
        if booked is None or ledger is None:
            continue
        yield Lesson(
            **{name: row[name] for name in ("receipt", "crossing", "source_id", "label")},
            ledger=ledger,
            places=sorted({*booked.locations, row["entity"]} - {""}),
            closed_on=booked.day,
            words=row["message"],
            refused_at=row["recorded_at"],
            stated=_stated(house.mappings),
        )


def _stated(mappings: Mappings) -> str:
    return mappings.company.periods.model_dump_json()


def in_words(house: House) -> str:
    """What is known of closed periods, in words: one line each."""
    with house.transaction() as session:
        known_ones = closings(session, house.mappings, house.today).all
    return "\n".join(f"* {one.words}" for one in known_ones) or "Nothing is known to be closed."

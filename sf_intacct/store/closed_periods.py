"""plan.closed_periods: the days that Intacct refused as closed, until somebody or something newer says otherwise.

It can be rebuilt: what is lost is learned again, at the price of one refused call.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import polars as pl

from sf_intacct.flow.preflight.closings import CLOSED_BOOKS, TAUGHT
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

COLUMNS = {
    "receipt": ("bigint not null", "Number of the receipt that taught it"),
    "crossing": ("varchar not null", "Crossing whose document was refused"),
    "source_id": ("varchar not null", "Id of its source record"),
    "label": ("varchar not null", "How people know it"),
    "ledger": ("varchar not null", "Ledger of the document: AR or OE"),
    "places": ("varchar[] not null", "Entity and locations that it named; none: the whole company"),
    "closed_on": ("date not null", "Posting date that was refused"),
    "words": ("varchar not null", "Intacct's words"),
    "refused_at": ("timestamptz not null", "When it was refused"),
    "stated": ("varchar not null", "What company.yaml stated of closed periods then"),
    "lifted_at": ("timestamptz", "Since when it does not count any more"),
    "lifted_by": (
        "varchar",
        "retry: a person's; stated: company.yaml says otherwise; read: Intacct does; booked: seen",
    ),
}
CREATE = statements.create_table("plan.closed_periods", COLUMNS, "Days that Intacct refused as closed.")
_STEP = "plan.closed_periods"


@dataclass(frozen=True)
class Lesson:
    """One row of plan.closed_periods, as it is learned."""

    receipt: int
    crossing: str
    source_id: str
    label: str
    ledger: str
    places: list[str]
    closed_on: date
    words: str
    refused_at: datetime
    stated: str


def refusals(session: Session) -> pl.DataFrame:
    """Refusals of new documents that were not looked at before: receipt, key, crossing, message, recorded_at, ..."""
    return session.frame(
        """
select r.number as receipt, i.key, i.crossing, i.source_id, i.label, i.target_object, coalesce(i.entity, '') as entity,
       r.code, r.message, r.recorded_at
from journal.receipt r join journal.intent i on i.key = r.intent_key
where r.result = 'refused' and i.target_system = 'intacct' and i.action = 'create' and i.state = 'refused'
  and r.number > coalesce((select tick from meta.progress where step = ?), 0) order by r.number
""",
        [_STEP],
    )


def learn(session: Session, lessons: Sequence[Lesson], looked_at: int) -> None:
    """Writes down what refusals taught; receipts up to `looked_at` are not looked at again."""
    if lessons:
        rows = pl.DataFrame([asdict(one) for one in lessons], schema_overrides={"places": pl.List(pl.String)})
        with session.offered(lessons=rows):
            session.run("insert into plan.closed_periods by name select * from lessons")
    session.run("delete from meta.progress where step = ?", [_STEP])
    session.run("insert into meta.progress values (?, ?, '')", [_STEP, looked_at])


def standing(session: Session) -> pl.DataFrame:
    """What still counts (after TAUGHT): of every ledger and set of places the last day."""
    rows = session.frame(
        "select ledger, places, closed_on, label, words, "
        "(max(refused_at) over (partition by ledger, places) at time zone 'UTC')::date as learned_on "
        "from plan.closed_periods where lifted_at is null "
        "qualify row_number() over (partition by ledger, places order by closed_on desc, receipt) = 1 "
        "order by ledger, places"
    )
    return rows.select(*TAUGHT).cast(dict(TAUGHT))  # type: ignore[arg-type]


def lift(session: Session, stated: str, now: datetime) -> None:
    """Takes back what does not count any more. Where it was a mistake, the next refusal teaches it again."""
    if not session.value("select count(*) from plan.closed_periods where lifted_at is null"):
        return
    for reason, condition in (("stated", "stated <> $stated"), *_WAYS):
        session.run(
            "update plan.closed_periods c set lifted_at = $now, lifted_by = $reason "
            f"where lifted_at is null and ({condition})",
            {"now": now, "reason": reason, **({"stated": stated} if "$stated" in condition else {})},
        )
    _booked(session, now)


# A person's retry of the document that taught it, or of one that it keeps back.
_RETRIED = """
exists (select 1 from journal.decision d left join plan.findings f
          on f.crossing = d.crossing and f.document_id = d.source_id and f.cause = 'period_closed'
        where d.decision = 'retry' and d.recorded_at > c.refused_at
          and ((d.crossing = c.crossing and d.source_id = c.source_id) or f.subject <= strftime(c.closed_on, '%Y-%m')))
"""
# Intacct's own date has moved since, to before that day.
_READ = f"""
(select max(observed_at) from raw.{CLOSED_BOOKS}) > c.refused_at and not exists (
    select 1 from core.{CLOSED_BOOKS} b where not b.is_deleted and b.last_closed_on >= c.closed_on)
"""
_WAYS = (("retry", _RETRIED), ("read", _READ))


def _booked(session: Session, now: datetime) -> None:
    """A document that was entered since, under that day or one before, shows that its period is open again."""
    rows = session.frame(
        "select distinct places, closed_on, refused_at from plan.closed_periods "
        "where lifted_at is null and ledger = 'AR'"
    )
    for places, closed_on, refused_at in rows.iter_rows():
        if session.value(_ENTERED.format(places=_all_of(places)), [closed_on, refused_at]):
            session.run(
                "update plan.closed_periods set lifted_at = ?, lifted_by = 'booked' "
                "where lifted_at is null and places = ? and closed_on = ? and refused_at = ?",
                [now, places, closed_on, refused_at],
            )


_ENTERED = """
select count(*) from core.intacct_invoices i
where not i.is_deleted and i.state <> 'Draft' and i.posted_on <= ? and i.created_at > ? {places}
"""


def _all_of(places: Sequence[str]) -> str:
    """The condition that an invoice is of all these entities and locations."""
    return "".join(
        f" and (i.entity_id = {place} or exists (select 1 from core.intacct_invoice_items l "
        f"where l.invoice_key = i.invoice_key and not l.is_deleted and l.location_id = {place}))"
        for place in map(statements.text, places)
    )

"""The brakes: a plan that is over a limit waits, whole, until people approved it. Looked at after planning, so that it
can be seen and approved, and asked again under the lease, right before anything of the plan is entered."""

import json
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sf_intacct.flow import approval, brakes
from sf_intacct.flow.approval import Event, Waiting
from sf_intacct.flow.brakes import Write
from sf_intacct.flow.contracts.registered import REFERS
from sf_intacct.flow.decide import Step
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_brakes import Limits
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.orchestration.house import House
from sf_intacct.store import plan_tables, usual, waiting_plans
from sf_intacct.store.waiting_plans import Written

_ACCOUNTS = frozenset(field for field, table in REFERS.items() if table == "intacct_gl_accounts")


@dataclass(frozen=True)
class Brake:
    """What one crossing's plan may do. waits: source ids that are not sent now. plan: what people have to approve."""

    waits: set[str] = field(default_factory=set)
    plan: Waiting | None = None

    @property
    def behind(self) -> int:
        """How many writes came since, and wait behind the plan that waits."""
        return len(self.waits - self.plan.rows.keys()) if self.plan else 0

    @property
    def words(self) -> str:
        return told(self.plan) if self.plan else ""


def told(plan: Waiting) -> str:
    """Why a plan waits and what lets it go, in words."""
    missing = plan.people - len({approval.person(name) for name in plan.approved_by})
    who = "" if plan.people == 1 else f" by {missing} more of {plan.people} people"
    short = approval.shown(plan.hash)
    return f"plan {short} of {plan.crossing} waits for approval{who}: {'; '.join(plan.reasons)}"


def is_braked(mappings: Mappings, mapping: Mapping) -> bool:
    """Whether there is any limit for a crossing."""
    limits = mappings.company.brakes.limits(mapping.crossing, mapping.target_system)
    return any(getattr(limits, name) not in (None, (), {}) for name in Limits.model_fields)


def look(house: House, mapping: Mapping) -> Brake:
    """What of the plan as it stands would wait. Written down, so that it can be approved; begins nothing."""
    with house.transaction() as session:
        rows = plan_tables.unsettled(session, mapping)
    brake = _asked(house, mapping, rows, begins=False)
    with house.transaction() as session:
        plan_tables.keep_back(session, mapping.crossing, brake.waits, brake.words)
    return brake


def ask(house: House, mapping: Mapping, rows: pl.DataFrame) -> Brake:
    """What of the plan (rows as of plan_tables.unsettled) must not be sent now. Hold the target's lease."""
    return _asked(house, mapping, rows, begins=True)


def _asked(house: House, mapping: Mapping, rows: pl.DataFrame, *, begins: bool) -> Brake:
    if not is_braked(house.mappings, mapping):
        return Brake()
    to_send = rows.filter(pl.col("step") == Step.SEND)
    plans = waiting_plans.standing(house.journal, mapping.crossing)
    if to_send.is_empty() and not plans:
        return Brake()
    done = waiting_plans.carried_out(house.journal, mapping.crossing, to_send["source_id"].to_list())
    writes = {
        row["source_id"]: _write(mapping, row) for row in to_send.iter_rows(named=True) if _written(row) not in done
    }
    reasons = _Reasons(house, mapping, writes)
    ruling = approval.ruled(
        {key: write.fingerprint for key, write in writes.items()},
        rows["source_id"].to_list(),
        set(to_send.filter("has_moved")["source_id"]),
        plans,
        lambda keys: bool(reasons.over(keys)),
    )
    return _recorded(house, mapping, plans, ruling, reasons, begins=begins)


def _write(mapping: Mapping, row: dict[str, Any]) -> Write:
    return Write(
        fingerprint=approval.fingerprint({**row, "crossing": mapping.crossing}),
        amount=row["amount"],
        currency=row["currency"],
        entity=row["entity"],
        accounts=_accounts(row["payload"]),
    )


def _accounts(payload: str) -> frozenset[str]:
    lines = json.loads(payload)["lines"] or ()
    return frozenset(line[name] for line in lines for name in _ACCOUNTS & line.keys() if line[name])


def _written(row: dict[str, Any]) -> Written:
    version = row["target_version"] if row["action"] == "update" else None
    return row["source_id"], row["action"], row["wording_hash"], version


class _Reasons:
    """Which limits some of a plan's writes are over. What was written before is looked up once, and only if needed."""

    def __init__(self, house: House, mapping: Mapping, writes: dict[str, Write]) -> None:
        self.house, self.mapping, self.writes = house, mapping, writes
        self.limits = house.mappings.company.brakes.limits(mapping.crossing, mapping.target_system)
        self._known: brakes.Known | None = None

    def over(self, keys: set[str]) -> list[str]:
        return brakes.over(self.of(keys), self.limits, self.known)

    def of(self, keys: set[str]) -> list[Write]:
        return [self.writes[key] for key in keys]

    @property
    def known(self) -> brakes.Known:
        if self._known is None:
            self._known = brakes.Known()
            if self.limits.off_usual or self.limits.first_use:
                with self.house.transaction() as session:
                    self._known = usual.known(session, self.mapping.crossing, self.house.today)
        return self._known


def _recorded(
    house: House,
    mapping: Mapping,
    plans: list[Waiting],
    ruling: approval.Ruling,
    reasons: _Reasons,
    *,
    begins: bool,
) -> Brake:
    """The ruling, written down as far as it is news."""
    by_number = {plan.number: plan for plan in plans}
    events = [(by_number[number], event, says) for number, event, says in ruling.events]
    if not begins:
        events = [one for one in events if one[1] is not Event.BEGUN]
    new = _new(house, mapping, ruling, reasons) if ruling.is_new else None
    if events or new:
        waiting_plans.record(house.journal, mapping.crossing, events, new, house.now(), house.run)
        plans = waiting_plans.standing(house.journal, mapping.crossing)
    waiting = [plan for plan in plans if not plan.is_approved]
    return Brake(ruling.waits, waiting[-1] if waiting and ruling.waits else None)


def _new(house: House, mapping: Mapping, ruling: approval.Ruling, reasons: _Reasons) -> Waiting:
    rows = {key: reasons.writes[key].fingerprint for key in ruling.waits}
    planned = brakes.size(reasons.of(ruling.waits))
    return Waiting(
        number=0,
        crossing=mapping.crossing,
        hash=approval.plan_hash(rows),
        rows=rows,
        documents=planned.documents,
        money=planned.money,
        reasons=reasons.over(ruling.waits),
        people=house.mappings.company.brakes.people(planned.documents, dict(planned.money)),
        before=ruling.before,
        mapping_revision=house.mappings.revision,
        since=house.now(),
    )

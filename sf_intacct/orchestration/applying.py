"""The verb apply: carries out exactly the plan, once, and keeps the receipts.

The dangerous sentence, "send it again", is said in one function here: `_send`. Whatever is uncertain
has been looked up before it can get there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl

from sf_intacct.errors import ClockError, CredentialsError
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.decide import Step
from sf_intacct.flow.mapping import Mapping, WhenChanged
from sf_intacct.flow.merge import merged_fields
from sf_intacct.model.intent import Action, Intent, State, content_hash, create_key, update_key
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.record import RecordReference
from sf_intacct.orchestration import braking, freezing, guarding, waking
from sf_intacct.orchestration.house import House
from sf_intacct.store import journal_mirror, pauses, plan_tables
from sf_intacct.store.coldness import Cold
from sf_intacct.store.lease import Lease, leased

# Batches in a row without a single answer before we stop and come back later.
_SILENT_BATCHES_MAX = 3
# A request that could not be read condemns its whole batch; one by one shows which record it was.
_UNREADABLE = ("XL03000003", "unreadable")
_ANSWERED = (Result.ACCEPTED, Result.REFUSED, Result.DOUBTFUL)


@dataclass
class Applied:
    """What one apply did. results counts receipts by what they prove; states is where the writes now stand.

    waits: how many writes wait for people to approve the plan. stopped: the pause that kept something from being sent,
    in words. cold: why the house is cold, if it is after this.
    """

    entered: int = 0
    moved: int = 0
    sent: int = 0
    cold: Cold | None = None
    results: Counter[str] = field(default_factory=Counter)
    states: dict[str, int] = field(default_factory=dict)
    waits: int = 0
    stopped: str = ""


def apply(house: House, crossing: str) -> Applied:
    """Enters what is planned into the journal, settles what is open, and sends what is due.

    Raises Busy when another process holds the right to send to that system.
    """
    mapping = house.mappings.crossings[crossing]
    applied = carry_out(house, mapping, lambda: _planned(house, mapping))
    if applied.results:
        with house.transaction() as session:
            journal_mirror.follow(session, house.journal)
    applied.states = {state: n for (name, state), n in house.journal.counts().items() if name == crossing}
    return applied


def carry_out(house: House, mapping: Mapping, read_plan: Callable[[], "Plan"]) -> Applied:
    """The part of apply that knows the journal and the other system only. The plan is read under the lease.

    Of records that link to each other, parents are one wave and their children the next: the plan is read
    again until nothing more comes free.
    """
    applied = Applied(cold=waking.awake(house))
    system = house.system(mapping.target_system)
    with leased(house.journal, mapping.target_system, system.call_timeout, house.now) as lease:
        plan = read_plan()
        _recover(house, mapping.crossing, applied)
        _wave(house, mapping, lease, plan, applied)
        kept_back = plan.kept_back if mapping.kin else set[str]()
        while kept_back and (plan := read_plan()).kept_back != kept_back:
            _wave(house, mapping, lease, plan, applied)
            kept_back = plan.kept_back
    if applied.cold:
        applied.cold = freezing.passed(house, mapping, applied.cold)
    return applied


def _wave(house: House, mapping: Mapping, lease: Lease, plan: "Plan", applied: Applied) -> None:
    """Everything that can go now."""
    applied.moved, applied.waits = plan.moved, len(plan.brake.waits)
    _give_up(house, mapping.crossing, plan)
    entered = house.journal.enter(plan.intents, house.now(), house.run)
    applied.entered += entered.new + entered.replaced
    _look_up(house, mapping, applied)
    _send(house, mapping, lease, plan.kept_back, applied)
    _look_up(house, mapping, applied)


@dataclass(frozen=True)
class Plan:
    """A plan as the journal takes it.

    unsettled: source ids that are not in step. to_write: those of them that are to be written, or are on
    their way. kept_back: those that are not to be sent now, because the source has moved since, or needs a
    record that has not crossed yet, or because people have to approve the plan. intents: the writes, without those
    kept back. brake: what waits for people.
    """

    unsettled: set[str]
    to_write: set[str]
    kept_back: set[str]
    intents: list[Intent]
    moved: int
    brake: braking.Brake = field(default_factory=braking.Brake)


def _planned(house: House, mapping: Mapping) -> Plan:
    with house.transaction() as session:
        rows = plan_tables.unsettled(session, mapping)
        needs = plan_tables.needs(session, mapping.crossing)
    brake = braking.ask(house, mapping, rows)
    to_write = rows.filter(pl.col("step").is_in([Step.SEND.value, Step.UNDER_WAY.value]))
    moved = set(to_write.filter("has_moved")["source_id"])
    kept_back = moved | _waiting(house, needs) | brake.waits
    to_enter = to_write.filter((pl.col("step") == Step.SEND) & ~pl.col("source_id").is_in(sorted(kept_back)))
    intents = [intent_of(house, mapping, row) for row in to_enter.iter_rows(named=True)]
    return Plan(set(rows["source_id"]), set(to_write["source_id"]), kept_back, intents, len(moved), brake)


def _waiting(house: House, needs: pl.DataFrame) -> set[str]:
    """Source ids that need a record which has not crossed yet."""
    waiting: set[str] = set()
    for (crossing,), group in needs.group_by("needed_crossing"):
        there = house.journal.links_of(str(crossing), group["needed_id"].unique().to_list())
        waiting |= set(group.filter(~pl.col("needed_id").is_in(list(there)))["source_id"])
    return waiting


def intent_of(house: House, mapping: Mapping, row: dict[str, Any]) -> Intent:
    """The write that a plan row to be sent stands for."""
    contract = CONTRACTS[mapping.source]
    source = RecordReference(contract.system, contract.object, row["source_id"])
    system = house.system(mapping.target_system)
    action = Action(row["action"])
    if action is Action.CREATE:
        key = create_key(house.settings.environment, mapping.crossing, source, system.company)
    else:
        versions = (row["source_version"], row["target_version"] or "")
        says = content_hash(row["payload"])
        key = update_key(house.settings.environment, mapping.crossing, source, system.company, versions, says)
    return Intent(
        key=key,
        crossing=mapping.crossing,
        action=action,
        source=source,
        source_version=row["source_version"],
        source_hash=row["source_hash"],
        target_system=mapping.target_system,
        target_object=mapping.target_object,
        target_id=row["target_id"],
        target_version=row["target_version"],
        natural_key=row["natural_key"],
        label=row["label"] or row["source_id"],
        content_hash=row["content_hash"],
        wording_hash=row["wording_hash"],
        kept_hash=row["kept_hash"],
        fixed_hash=row["fixed_hash"],
        mapping_revision=row["mapping_revision"],
        request=system.request_text(action, mapping.target_object, row["target_id"], row["payload"]),
        amount=_amount(row["amount"]),
        currency=row["currency"],
        entity=row["entity"],
    )


def _amount(value: Decimal | None) -> Decimal | None:
    return Decimal(value) if value is not None else None


def _recover(house: House, crossing: str, applied: Applied) -> None:
    """We hold the lease, so whatever is in flight belongs to a sender that died: nobody knows what came of it."""
    orphans = house.journal.in_state(crossing, State.IN_FLIGHT)
    died = Outcome(
        Result.UNCERTAIN, code="sender_died", message="the process that sent it did not live to see the answer"
    )
    _settle(house, [(intent, died) for intent in orphans], applied)


def _give_up(house: House, crossing: str, plan: Plan) -> None:
    """Gives up what was never carried out, and what the present plan does not ask for any more or says otherwise."""
    idle = house.journal.in_state(crossing, State.PENDING, State.REFUSED)
    keys, worded_anew = {i.key for i in plan.intents}, {i.source.record_id for i in plan.intents}
    withdrawn = [i for i in idle if i.source.record_id not in _asking(plan, i.state)]
    replaced = [i for i in idle if i.source.record_id in worded_anew and i.key not in keys]
    for stale, cause in ((withdrawn, "withdrawn"), (replaced, "replaced")):
        if stale:
            house.journal.cancel(stale, cause, house.now(), house.run)


def _asking(plan: Plan, state: State) -> set[str]:
    """A refusal stands as long as its record is not in step; what was not sent only while it is to be sent."""
    return plan.unsettled if state is State.REFUSED else plan.to_write


def _look_up(house: House, mapping: Mapping, applied: Applied) -> None:
    """Looks for everything uncertain by its natural key. Only what is proven absent can be sent again."""
    system = house.system(mapping.target_system)
    due = house.journal.in_state(mapping.crossing, State.UNCERTAIN, due_by=house.now())
    for batch in _batches(due, house.batch_size(mapping.target_system)):
        _settle(house, list(zip(batch, system.find(batch), strict=True)), applied)


def _send(house: House, mapping: Mapping, lease: Lease, kept_back: set[str], applied: Applied) -> None:
    """Sends what is pending and due. The only place from which anything is sent, the first time or again."""
    size, silent = guarding.batch_size(house, mapping), 0
    due = house.journal.in_state(mapping.crossing, State.PENDING, due_by=house.now())
    queue = list(_batches([intent for intent in due if intent.source.record_id not in kept_back], size))
    while queue and silent < _SILENT_BATCHES_MAX and not _is_stopped(house, mapping, applied):
        batch = guarding.unmoved(house, mapping, queue.pop(0))
        if applied.cold:
            batch = _unsent(house, mapping, applied, batch)
        if not batch:
            continue
        # Last of all, so that at most the call that is under way is sent after a person said stop.
        if _is_stopped(house, mapping, applied):
            return
        lease.check()
        sent = house.journal.send(batch, house.now(), house.run)
        shut_out = None
        try:
            outcomes = house.system(mapping.target_system).apply(sent, lease.check)
        except (CredentialsError, ClockError) as error:
            # We were not let in, or dared not send: nothing was carried out.
            outcomes, shut_out = [Outcome(Result.NOT_EXECUTED, message=str(error)) for _ in sent], error
        if applied.cold:
            outcomes = [freezing.doubted(outcome) for outcome in outcomes]
        settled = _settle(house, list(zip(sent, outcomes, strict=True)), applied)
        if shut_out:
            raise shut_out
        applied.sent += len(sent)
        silent = 0 if any(o.result in _ANSWERED or o.code == guarding.TARGET_MOVED for o in outcomes) else silent + 1
        if len(batch) > 1 and all(o.code in _UNREADABLE for o in outcomes):
            queue = [[intent] for intent in settled] + queue
            silent = 0


def _is_stopped(house: House, mapping: Mapping, applied: Applied) -> bool:
    """Whether a person paused sending to the target. Nothing is lost: what is pending stays so."""
    pause = pauses.over(house.journal, mapping.target_system)
    applied.stopped = pause.words if pause else ""
    return pause is not None


def _unsent(house: House, mapping: Mapping, applied: Applied, batch: list[Intent]) -> list[Intent]:
    """Those of a batch that a cold house may send: looked for just now, and not there."""
    if not batch or applied.cold is None:
        return batch
    looked = list(zip(batch, house.system(mapping.target_system).find(batch), strict=True))
    if house.now() < freezing.quiet_until(house, mapping, applied.cold):
        # What a sender that is forgotten sent last may still arrive: not being there proves nothing yet.
        _settle(house, [(intent, outcome) for intent, outcome in looked if outcome.result is Result.FOUND], applied)
        return []
    return [intent for intent in _settle(house, looked, applied) if intent.state is State.PENDING]


def _settle(house: House, answers: list[tuple[Intent, Outcome]], applied: Applied) -> list[Intent]:
    if not answers:
        return []
    patience = house.patience(answers[0][0].target_system)
    applied.results.update(outcome.result.value for _, outcome in answers)
    said = _said(house, [intent for intent, outcome in answers if outcome.result in guarding.CARRIED_OUT])
    return house.journal.settle(guarding.told(house, answers), house.now(), house.run, patience, said)


def _said(house: House, intents: Sequence[Intent]) -> dict[str, dict[str, str | None]]:
    """By intent key, the fields on which both sides agree now that a write was carried out."""
    if not intents:
        return {}
    mapping = house.mappings.crossings[intents[0].crossing]
    if mapping.when_changed is WhenChanged.HOLD:
        return {}
    fields, system = merged_fields(mapping), house.system(mapping.target_system)
    return {
        intent.key: {name: value for name, value in system.said(intent).items() if name in fields} for intent in intents
    }


def _batches(intents: Sequence[Intent], size: int) -> Iterator[list[Intent]]:
    """Batches of one action in one entity each: they go to different doors."""

    def door(intent: Intent) -> tuple[str, str]:
        return intent.action, intent.entity or ""

    for _, group in groupby(sorted(intents, key=door), key=door):
        members = list(group)
        yield from (members[start : start + size] for start in range(0, len(members), size))

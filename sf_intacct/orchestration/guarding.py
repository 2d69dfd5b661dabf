"""The last look before an update leaves: its target must be what the plan saw; what it overrules is written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sf_intacct.flow.contracts import target_contract
from sf_intacct.flow.mapping import Mapping, Owner
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.system import Kind, Selection, SourceField
from sf_intacct.orchestration.house import House
from sf_intacct.store import disagreements

TARGET_MOVED = "target_moved"
OVERRULED = "overruled"
CARRIED_OUT = (Result.ACCEPTED, Result.FOUND)


def batch_size(house: House, mapping: Mapping) -> int:
    """One by one where people share fields with us in Salesforce: only a lone update may carry a condition."""
    shares = any(rule.owner is Owner.NOBODY for rule in mapping.fields.values())
    return 1 if shares and mapping.target_system == "salesforce" else house.batch_size(mapping.target_system)


def unmoved(house: House, mapping: Mapping, batch: Sequence[Intent]) -> list[Intent]:
    """Those of a batch of one action whose targets are as they were planned; the others are given up and planned again.

    What the remaining ones overrule is written down before they leave.
    """
    if not batch or batch[0].action is Action.CREATE:
        return list(batch)
    now = _present(house, mapping, [intent.target_id or "" for intent in batch])
    moved = [intent for intent in batch if not _is_as_planned(intent, now)]
    if moved:
        house.journal.cancel(moved, TARGET_MOVED, house.now(), house.run)
    still = [intent for intent in batch if intent not in moved]
    _keep_overruled(house, mapping, still, now)
    return still


_Present = dict[str, tuple[datetime | None, str | None]]


def _present(house: House, mapping: Mapping, ids: Sequence[str]) -> _Present:
    """By record id: its stamp now, and who changed it last. What is deleted has none."""
    contract, system = target_contract(mapping.target), house.system(mapping.target_system)
    assert contract is not None
    whole = contract.selection
    fields = (SourceField(whole.record_id, Kind.TEXT), SourceField(whole.stamp, Kind.INSTANT), system.modifier)
    selection = Selection(object=whole.object, fields=fields, record_id=whole.record_id, stamp=whole.stamp)
    rows = [row for page in system.read(selection, ids) for row in page.iter_rows(named=True)]
    return {
        row[whole.record_id]: (_instant(row[whole.stamp]), row[system.modifier.name])
        for row in rows
        if not row["is_deleted"]
    }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_as_planned(intent: Intent, now: _Present) -> bool:
    """A target that was planned without a stamp has none to compare."""
    if intent.target_version is None:
        return True
    return now.get(intent.target_id or "", (None, None))[0] == datetime.fromisoformat(intent.target_version)


def _keep_overruled(house: House, mapping: Mapping, intents: Sequence[Intent], now: _Present) -> None:
    with house.transaction() as session:
        rows = disagreements.to_overrule(session, mapping.crossing)
    by_source = {intent.source.record_id: intent for intent in intents}
    mine = [row for row in rows if row["source_id"] in by_source and _is_of(row, by_source[row["source_id"]])]
    sent = {s: (i.key, now.get(i.target_id or "", (None, None))[1]) for s, i in by_source.items()}
    disagreements.overruled(house.journal, mine, sent, house.now(), house.run)


def _is_of(row: dict[str, Any], intent: Intent) -> bool:
    """Whether a planned overruling is about the very version that the write was planned on."""
    version: str | None = row[f"{intent.target_system}_version"]
    return version == intent.target_version


def told(house: House, answers: Sequence[tuple[Intent, Outcome]]) -> list[tuple[Intent, Outcome]]:
    """The answers; the receipt of a write that overruled somebody says whom and what."""
    done = [i.key for i, outcome in answers if outcome.result in CARRIED_OUT and i.action is Action.UPDATE]
    lost = disagreements.lost(house.journal, done) if done else {}
    return [
        (intent, replace(outcome, code=OVERRULED, message=_words(lost[intent.key])))
        if intent.key in lost and outcome.result in CARRIED_OUT
        else (intent, outcome)
        for intent, outcome in answers
    ]


def _words(rows: Sequence[dict[str, Any]]) -> str:
    """What was lost, field by field; by whom, as far as their system says who changed the record last."""
    parts = []
    for row in rows:
        owner, other = str(row["owner"]), "intacct" if row["owner"] == Owner.SALESFORCE else "salesforce"
        who = f" (last changed by {row['changed_by']})" if row["changed_by"] else ""
        kept, gone = row[f"{owner}_value"], row[f"{other}_value"]
        parts.append(f"{row['field']}: {other} said {gone!r}{who}, {owner} owns it and says {kept!r}")
    return "; ".join(parts)

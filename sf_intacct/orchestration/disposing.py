"""What people decide about exceptions: which records are meant, whether it can be taken, and its trace."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.queue import Victim
from sf_intacct.orchestration import matching
from sf_intacct.orchestration.exceptions import Told, opened
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.resolving import resolution
from sf_intacct.store import decisions, verdicts
from sf_intacct.store.decisions import UNDOABLE, About, Decided, Disposition
from sf_intacct.store.mapping_files import add_to_crosswalk

_DOING = "deciding about an exception"


@dataclass(frozen=True)
class Wish:
    """What somebody wants done about some records of an exception.

    document: which one in Intacct it is. owner: who takes care of it. is_named: the records were named one by one.
    """

    told: Told
    victims: tuple[Victim, ...]
    disposition: Disposition
    reason: str = ""
    document: str = ""
    owner: str = ""
    is_named: bool = False


def chosen(
    house: House, ids: Sequence[str], causes: Sequence[str] = (), records: Sequence[str] = ()
) -> list[tuple[Told, tuple[Victim, ...]]]:
    """The open exceptions with these ids or causes, with their records or only those named by id or label.

    Raises FixNeeded for an id that is not open, a cause that keeps nothing, or a record that none of them keeps.
    """
    queue = opened(house)
    known = {told.id for told in queue} | {told.kept["cause"] for told in queue}
    unknown = sorted({*ids, *causes} - known)
    if unknown:
        raise FixNeeded(_DOING, record=", ".join(unknown), seen="not open", remedy="see `exceptions list`")
    found = []
    for told in queue:
        if told.id in ids or told.kept["cause"] in causes:
            victims = [v for v in told.victims if not records or {v.source_id, v.label} & set(records)]
            found.append((told, tuple(victims)))
    kept = {name for _, victims in found for v in victims for name in (v.source_id, v.label)}
    strange = sorted(set(records) - kept)
    if strange:
        raise FixNeeded(_DOING, record=", ".join(strange), seen="none of them keeps it", remedy="see `exceptions show`")
    return [(told, victims) for told, victims in found if victims]


def dispose(house: House, wishes: Sequence[Wish], by: str) -> int:
    """Carries out what was decided, all of it or nothing; returns for how many records.

    Raises FixNeeded for what cannot be taken, Busy while Intacct is being written to and a document is to be linked.
    """
    resolving = [wish for wish in wishes if wish.disposition is Disposition.RESOLVE]
    given = [_with_reason(resolution(house, wish.victims, wish.document), wish.reason) for wish in resolving]
    wishes = [_without_settled(house, wish) for wish in wishes]
    hashes = _hashes(house, [victim for wish in wishes for victim in wish.victims])
    if given:
        _link(house, given, by)
    decided = [_decided(wish, hashes) for wish in wishes]
    return decisions.decide(house.journal, decided, by, house.now(), f"cli {by}")


def _without_settled(house: House, wish: Wish) -> Wish:
    """A retry for many is none for what somebody decided otherwise: that is undone, or retried by the record's name."""
    if wish.disposition not in (Disposition.RETRY, Disposition.FIX) or wish.is_named:
        return wish
    is_of_holds = wish.told.kept["cause"] == "held_by_person"
    settled = [one for one in UNDOABLE if not (one is Disposition.HOLD and is_of_holds)]
    known = decisions.newest(house.journal)
    decided = {key for key, row in known.items() if row["decision"] in settled}
    return replace(wish, victims=tuple(v for v in wish.victims if (v.crossing, v.source_id) not in decided))


def _decided(wish: Wish, hashes: dict[tuple[str, str], str]) -> Decided:
    about = tuple(
        About(v.crossing, v.source_id, hashes.get((v.crossing, v.source_id))) for v in wish.victims if v.crossing
    )
    return Decided(wish.told.id, wish.disposition, wish.reason, about, wish.owner or wish.document)


def _hashes(house: House, victims: Iterable[Victim]) -> dict[tuple[str, str], str]:
    """What the records say now, as last planned."""
    crossings = sorted({victim.crossing for victim in victims} & set(house.mappings.crossings))
    with house.transaction() as session:
        return {
            (crossing, source_id): source_hash
            for crossing in crossings
            for source_id, source_hash in session.frame(
                f"select source_id, source_hash from plan.{crossing} where source_hash is not null"
            ).iter_rows()
        }


def _link(house: House, given: Sequence[verdicts.Verdict], by: str) -> None:
    """Links records with the documents they are, under the lease: nobody makes them meanwhile. All of them or none."""
    mapping = house.mappings.crossings[given[0].crossing]
    with matching.undisturbed(house, mapping):
        told = verdicts.give(house.journal, given, by, house.now(), house.run, all_or_none=True)
    for one in told:
        if one.refusal:
            raise FixNeeded(_DOING, record=one.verdict.source_id, seen=one.refusal, remedy="see `exceptions show`")


def _with_reason(verdict: verdicts.Verdict, reason: str) -> verdicts.Verdict:
    return replace(verdict, reason=reason)


def undo(house: House, ids: Sequence[str], reason: str, by: str) -> int:
    """Takes back the newest decisions that were taken about exceptions, open or not; returns for how many records.

    A link is revoked, and its record is then held: nothing is sent until somebody says so. A retry cannot be taken
    back. Raises FixNeeded when there is nothing to be undone.
    """
    mine: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in decisions.newest(house.journal).values():
        if row["exception_id"] in ids and row["decision"] in UNDOABLE:
            mine[row["exception_id"]].append(row)
    empty = sorted(set(ids) - set(mine))
    if empty:
        seen = "nothing that can be undone was decided about it"
        raise FixNeeded("undoing a decision", record=", ".join(empty), seen=seen, remedy="a retry can be held instead")
    decided: list[Decided] = []
    for exception_id, rows in mine.items():
        decided += _undone(house, exception_id, rows, reason, by)
    return decisions.decide(house.journal, decided, by, house.now(), f"cli {by}")


def _undone(house: House, exception_id: str, rows: Sequence[dict[str, str]], reason: str, by: str) -> list[Decided]:
    linked = [row for row in rows if row["decision"] == Disposition.RESOLVE]
    for row in linked:
        matching.revoke(house, house.mappings.crossings[row["crossing"]], row["source_id"], by, reason)
    others = tuple(About(row["crossing"], row["source_id"]) for row in rows if row not in linked)
    parted = tuple(About(row["crossing"], row["source_id"]) for row in linked)
    parts = [
        Decided(exception_id, Disposition.UNDO, reason, others),
        Decided(exception_id, Disposition.HOLD, f"the link was taken back: {reason}", parted),
    ]
    return [part for part in parts if part.about]


def fix(house: House, told: Told, means: str, by: str) -> int:
    """Completes the crosswalk in which a value has no counterpart, and has its records tried again.

    Raises FixNeeded where the cause is another one, or Intacct does not list the value as active.
    """
    if told.kept["cause"] != "unmapped_value":
        remedy = f"mend it ({told.summary.place}), then `sf-intacct exceptions retry`"
        raise FixNeeded("completing a crosswalk", record=told.id, seen="its cause is another one", remedy=remedy)
    victim = told.victims[0]
    lookup = next(one for one in house.mappings.company.lookups.values() if one.crosswalk == victim.column)
    if lookup.table:
        _require_listed(house, lookup.table, means)
    add_to_crosswalk(house.settings.mappings, lookup.crosswalk, victim.seen, means)
    reason = f"{victim.seen} is {means} ({lookup.crosswalk})"
    return dispose(house, [Wish(told, told.victims, Disposition.FIX, reason)], by)


def _require_listed(house: House, table: str, value: str) -> None:
    contract = CONTRACTS[table]
    is_active = "and status = 'active'" if "status" in contract.by_name else ""
    with house.transaction() as session:
        query = f"select count(*) from core.{table} where not is_deleted and {contract.label} = ? {is_active}"
        if session.value(query, [value]):
            return
    seen = f"Intacct lists no active {contract.object} {value!r}"
    raise FixNeeded("completing a crosswalk", record=value, seen=seen, remedy="see `sf-intacct reference list`")

"""One record that does not cross, as a masked bundle: gathered from raw, the plan and the journal. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.bundle import Bundle, Case, Rows, masked_request
from sf_intacct.flow.contracts import OBSERVED, REFERENCE, Contract, target_contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.masking import PROSE, Mask, Secrecy, is_kept
from sf_intacct.model.intent import DONE, Intent, State
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions, replay_rows
from sf_intacct.store.described_file import NAME as DESCRIBED
from sf_intacct.store.mapping_files import read_texts
from sf_intacct.store.mask_key import mask_key
from sf_intacct.store.replay_rows import Found
from sf_intacct.store.warehouse import Session

_DOING = "exporting a replay bundle"


def export(house: House, exception_id: str, record_id: str | None = None) -> Bundle:
    """The bundle of an open exception and one record that it keeps: the given one, or the first.

    Raises FixNeeded where there is no such exception or record, or where its crossing does not start in Salesforce.
    """
    exception, victim = _chosen(house, exception_id, record_id)
    mapping = house.mappings.crossings.get(victim["crossing"])
    if mapping is None or OBSERVED.get(mapping.source) is None or OBSERVED[mapping.source].system != "salesforce":
        seen = f"the record crosses with {victim['crossing'] or 'no mapping'}, which does not start in Salesforce"
        remedy = "only what starts in Salesforce can be replayed; see docs/what-is-not-there.md"
        raise FixNeeded(_DOING, record=victim["source_id"], seen=seen, remedy=remedy)
    history = _history(house, mapping, victim["source_id"])
    with house.warehouse.held(), house.transaction() as session:
        return _Gathering(house, session, mapping, exception, victim, history).bundle()


def needed(house: House, crossing: str) -> list[str]:
    """A crossing and those whose links it uses, in the order in which they have to go."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...] = ()) -> None:
        if name in above or name in order:
            return
        for other in sorted(house.mappings.crossings[name].needs):
            visit(other, (*above, name))
        order.append(name)

    visit(crossing)
    return order


def _chosen(house: House, exception_id: str, record_id: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    found = next((one for one in exceptions.listed(house.journal) if one["id"] == exception_id), None)
    if found is None:
        raise FixNeeded(_DOING, record=exception_id, seen="no such exception is open", remedy="see `exceptions list`")
    victims = [v for v in found["victims"] if record_id in (None, v["source_id"], v["label"])]
    if not victims:
        remedy = f"see `exceptions show {exception_id}`"
        raise FixNeeded(_DOING, record=str(record_id), seen="the exception keeps no such record", remedy=remedy)
    return found, victims[0]


def _history(house: House, mapping: Mapping, source_id: str) -> list[Intent]:
    """The writes of a record so far, oldest first."""
    known = house.journal.in_state(mapping.crossing, *State)
    return [intent for intent in known if intent.source.record_id == source_id]


class _Gathering:
    """Everything about one record, gathered in one look at the warehouse."""

    def __init__(
        self,
        house: House,
        session: Session,
        mapping: Mapping,
        exception: dict[str, Any],
        victim: dict[str, Any],
        history: list[Intent],
    ) -> None:
        self.house, self.session, self.mapping = house, session, mapping
        self.exception, self.victim, self.history = exception, victim, history
        self.source = OBSERVED[mapping.source]
        self.left_out: list[str] = []
        self.texts = read_texts(house.settings.mappings)

    def bundle(self) -> Bundle:
        found = replay_rows.around(self.session, self.source, self.victim["source_id"])
        there = self._there(found)
        secrecy = self._secrecy([*found.items(), *((name, {r["record_id"]: r for r in rows}) for name, rows in there)])
        intacct = {OBSERVED[name].object: self._masked(OBSERVED[name], rows, secrecy) for name, rows in there if rows}
        return Bundle(
            case=self._case(secrecy),
            made_at=self.house.now().isoformat(timespec="seconds"),
            revision=self.house.mappings.revision,
            overrides=list(self.house.settings.override_names),
            mappings=self.texts,
            described=self._described(),
            salesforce=self._salesforce(found, secrecy),
            intacct=intacct,
            earlier=self._earlier(found, secrecy),
            deleted={
                OBSERVED[name].object: gone
                for name, rows in found.items()
                if (gone := [record for record, row in rows.items() if row["is_deleted"]])
            },
            plan=self._plan(secrecy),
            request=masked_request(self.history[-1].request, secrecy) if self.history else [],
            answers=list(self._answers(secrecy)),
            left_out=self.left_out,
        )

    def _there(self, found: Found) -> list[tuple[str, list[dict[str, Any]]]]:
        """What Intacct holds of it: masters, documents that we did not make, and what all of them are coded with."""
        ids = [record for rows in found.values() for record in rows]
        values = {str(value) for rows in found.values() for row in rows.values() for value in row.values() if value}
        tables: Found = {}
        for crossing in needed(self.house, self.mapping.crossing):
            mapping = self.house.mappings.crossings[crossing]
            target = target_contract(mapping.target)
            if target is None or target.system != "intacct":
                continue
            rows = replay_rows.counterparts(self.session, mapping, ids, values)
            made = replay_rows.ours(self.session, mapping) if target.lines else set()
            rows = [row for row in rows if row["record_id"] not in made]
            tables.setdefault(target.name, {}).update({row["record_id"]: row for row in rows})
            if target.lines and rows:
                lines = OBSERVED[target.lines]
                parent = lines.by_name[lines.document or ""].source or ""
                kept = [row["record_id"] for row in rows]
                inside = replay_rows.versions(self.session, lines, parent, kept)
                tables.setdefault(lines.name, {}).update({row["record_id"]: row for row in inside})
        values |= {str(value) for rows in tables.values() for row in rows.values() for value in row.values() if value}
        values |= {cell for frame in self.house.mappings.crosswalks.values() for cell in frame["intacct"].drop_nulls()}
        registers = {name: replay_rows.register(self.session, one, values) for name, one in REFERENCE.items()}
        return [*((name, list(rows.values())) for name, rows in tables.items()), *registers.items()]

    def _secrecy(self, tables: list[tuple[str, dict[str, dict[str, Any]]]]) -> Secrecy:
        kept: set[str] = {
            cell for frame in self.house.mappings.crosswalks.values() for cell in frame["intacct"].drop_nulls()
        }
        kept |= {intent.natural_key for intent in self.history if self._is_code}
        masked: set[str] = set()
        for name, rows in tables:
            contract = OBSERVED[name]
            for source, column in contract.by_source.items():
                into = kept if is_kept(contract, column) else set() if column.name in PROSE else masked
                into |= {str(row[source]) for row in rows.values() if row.get(source) is not None}
            kept |= set(rows)
        return Secrecy(Mask(mask_key(self.house.settings.home)), kept - masked, masked)

    @property
    def _is_code(self) -> bool:
        """Whether the target's natural key is a code, and not a person's name."""
        target = target_contract(self.mapping.target)
        assert target is not None
        return is_kept(target, target.by_source[self.mapping.identity])

    def _salesforce(self, found: Found, secrecy: Secrecy) -> Rows:
        return {
            OBSERVED[name].object: self._masked(OBSERVED[name], list(rows.values()), secrecy)
            for name, rows in found.items()
        }

    def _earlier(self, found: Found, secrecy: Secrecy) -> Rows:
        """The rows as they were when the record was last written, where they were different."""
        written = [intent for intent in self.history if intent.state in DONE and intent.sent_at]
        if not written:
            return {}
        before: datetime | None = written[-1].sent_at
        then = replay_rows.around(self.session, self.source, self.victim["source_id"], before)
        rows = {
            name: [row for key, row in there.items() if row != found.get(name, {}).get(key)]
            for name, there in then.items()
        }
        return {
            OBSERVED[name].object: self._masked(OBSERVED[name], some, secrecy) for name, some in rows.items() if some
        }

    def _masked(self, contract: Contract, rows: list[dict[str, Any]], secrecy: Secrecy) -> list[dict[str, str | None]]:
        """Rows without what is empty everywhere, in the order of their ids."""
        used = [source for source in contract.by_source if any(row.get(source) is not None for row in rows)]
        kept = {source: is_kept(contract, contract.by_source[source]) for source in used}

        def cell(source: str, value: str | None) -> str | None:
            return value if value is None or kept[source] else secrecy.mask.text(value)

        ordered = sorted(rows, key=lambda row: str(row["record_id"]))
        return [{source: cell(source, row.get(source)) for source in used} for row in ordered]

    def _case(self, secrecy: Secrecy) -> Case:
        return Case(
            exception=self.exception["id"],
            cause=self.exception["cause"],
            subject=secrecy.prose(self.exception["subject"]),
            crossing=self.mapping.crossing,
            source_object=self.source.object,
            source_id=self.victim["source_id"],
            label=secrecy.leaf(self.victim["label"]),
            seen=secrecy.prose(self.victim["seen"]),
            first_seen_at=self.victim["first_seen_at"].isoformat(),
        )

    def _plan(self, secrecy: Secrecy) -> dict[str, str | None]:
        """The record's row of the plan, without hashes: they would tell whether somebody guessed right."""
        names = ("step", "action", "natural_key", "amount", "currency", "entity", "cause", "mapping_revision")
        rows = self.session.frame(
            f"select {', '.join(names)} from plan.{self.mapping.crossing} where source_id = ?",
            [self.victim["source_id"]],
        ).to_dicts()
        if not rows:
            return {}
        told = {name: None if value is None else str(value) for name, value in rows[0].items()}
        if told["mapping_revision"] != self.house.mappings.revision:
            self.left_out.append(
                f"the mappings have changed since revision {told['mapping_revision']}, which planned it"
            )
        told["natural_key"] = None if told["natural_key"] is None else secrecy.leaf(str(told["natural_key"]))
        return told

    def _answers(self, secrecy: Secrecy) -> Iterator[dict[str, str]]:
        keys = {intent.key for intent in self.history}
        for receipt in self.house.journal.receipts_after(0) if keys else ():
            if receipt["intent_key"] in keys:
                told = {name: receipt[name] for name in ("result", "code")}
                yield {**told, "message": secrecy.prose(receipt["message"])}

    def _described(self) -> str:
        file = self.house.settings.home / DESCRIBED
        return file.read_text(encoding="utf-8") if file.exists() else ""

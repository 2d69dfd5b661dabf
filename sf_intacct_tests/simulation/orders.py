"""The orders of a history, and the smallest lawful plan over them: what is active and not linked is sent."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sf_intacct.model.intent import State, content_hash
from sf_intacct.orchestration.applying import Plan
from sf_intacct_tests.simulation.sender import Sender

CUSTOMERS = ("C-1", "C-2")


@dataclass
class Order:
    """A triggering source. amounts: every total it ever had, newest last."""

    number: int
    customer: str
    amounts: list[Decimal]
    day: str = "2026-10-05"
    is_active: bool = True
    version: int = 1

    @property
    def id(self) -> str:
        return f"801SIM{self.number:09d}AAA"

    @property
    def name(self) -> str:
        return f"SO-{self.number}"

    def amend(self, amount: Decimal) -> None:
        self.amounts.append(amount)
        self.version += 1

    def row(self, now: datetime) -> dict[str, object]:
        """The plan row that sends this order."""
        payload = json.dumps({"fields": self._fields(), "lines": [self._line()]}, separators=(",", ":"))
        said = content_hash(payload)
        return {
            "action": "create",
            "source_id": self.id,
            "source_version": f"{now:%Y-%m-%dT%H:%M:%S}.{self.version:06d}Z",
            "source_hash": hashlib.sha256(f"{self.version}".encode()).hexdigest(),
            "target_id": None,
            "target_version": None,
            "natural_key": self.name,
            "label": str(self.number),
            "content_hash": said,
            "wording_hash": said,
            "kept_hash": said,
            "fixed_hash": said,
            "entity": None,
            "mapping_revision": "simulated",
            "payload": payload,
            "amount": self.amounts[-1],
            "currency": "USD",
        }

    def _fields(self) -> dict[str, str]:
        return {
            "RECORDID": self.name,
            "CUSTOMERID": self.customer,
            "WHENCREATED": self.day,
            "WHENPOSTED": self.day,
            "TERMNAME": "Net 30",
            "SALESFORCE_ID": self.id,
        }

    def _line(self) -> dict[str, str]:
        return {
            "ACCOUNTNO": "4000",
            "TRX_AMOUNT": str(self.amounts[-1]),
            "DEPARTMENTID": "100",
            "SALESFORCE_LINE_ID": f"802SIM{self.number:09d}AAA",
        }


@dataclass
class Sales:
    """All orders of a history. seen: those whose invoice the last reading of Intacct found, by its mark."""

    orders: dict[str, Order] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def plan(self, sender: Sender) -> Plan:
        """Called under the lease. Like the real plan, it does not ask again for what was refused in the same words."""
        journal, crossing = sender.house.journal, sender.mapping.crossing
        linked = journal.links_of(crossing, list(self.orders))
        refused = {i.source.record_id: i.wording_hash for i in journal.in_state(crossing, State.REFUSED)}
        busy = journal.in_state(crossing, State.IN_FLIGHT, State.UNCERTAIN, State.HELD)
        taken = {intent.source.record_id for intent in busy}
        unsettled = {o.id for o in self.orders.values() if o.is_active and o.id not in linked | self.seen}
        rows = [o.row(sender.now()) for o in self.orders.values() if o.id in unsettled - taken]
        fresh = [row for row in rows if refused.get(str(row["source_id"])) != row["wording_hash"]]
        asked = {str(row["source_id"]) for row in fresh} | (unsettled & taken)
        return Plan(unsettled, asked, set(), sender.intents(fresh), 0)

"""One history: a seed decides everything that happens; afterwards the books of the sandbox are judged."""

import asyncio
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sf_intacct.model.intent import DONE, Intent, State
from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.server import Sandboxes
from sf_intacct.sandbox.system import Refusal
from sf_intacct.settings import Settings, from_environment
from sf_intacct_tests import town
from sf_intacct_tests.simulation.orders import CUSTOMERS, Order, Sales
from sf_intacct_tests.simulation.sender import Sender, Steps
from sf_intacct_tests.simulation.wire import Wire

START = datetime(2026, 10, 6, 8, tzinfo=UTC)
CROSSING = "order_to_invoice"
_TICKS = 14
_QUIET_TICKS = 40
_SKEW = timedelta(seconds=20)  # less than store.lease.CLOCK_BOUND
# One guard hides the absence of another, so the far side has them in turns: does it remember control ids,
# and does it refuse a number that is taken?
PROFILES = ((True, True), (False, True), (True, False), (False, False))
_SEED: dict[str, list[town.Row]] = {
    **town.REFERENCE,
    "CUSTOMER": [
        {"CUSTOMERID": name, "NAME": f"Customer {name}", "STATUS": "active", "TERMNAME": "Net 30"} for name in CUSTOMERS
    ],
}


@dataclass
class Judged:
    """What one history shows. failures is empty when all is well."""

    seed: int
    faults: int = 0
    kills: int = 0
    duplicates: int = 0
    lost: int = 0
    unexplained: int = 0
    failures: list[str] = field(default_factory=list)


@cache
def _home() -> tuple[Path, Sandboxes, asyncio.AbstractEventLoop]:
    """One sandbox and one folder for all histories of a process; each begins with empty books."""
    folder = Path(
        tempfile.mkdtemp(prefix="sf_intacct_simulation_", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
    )
    town.write_seed(folder / "seed" / "intacct", _SEED)
    (folder / "seed" / "salesforce").mkdir()
    return folder, Sandboxes(seed=None, clock=Clock(START, frozen=True)), asyncio.new_event_loop()


@dataclass
class History:
    """The state of one history while it is made."""

    seed: int
    folder: Path
    sandboxes: Sandboxes
    wire: Wire
    chance: random.Random
    sales: Sales = field(default_factory=Sales)
    senders: dict[str, Sender] = field(default_factory=dict)
    skews: dict[str, timedelta] = field(default_factory=dict)
    kills: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    story: list[str] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.sandboxes.world.clock

    @property
    def journal(self) -> Path:
        return self.folder / "journal.sqlite"

    @property
    def backup(self) -> Path:
        return self.folder / "journal.backup"

    def sender(self, name: str) -> Sender:
        """The process of that name, started if it does not run. Its clock is a little off."""
        if name not in self.senders:
            self.skews[name] = _SKEW * self.chance.uniform(-1, 1)
            self.senders[name] = Sender(
                _settings(self.folder), lambda: self.clock.now() + self.skews[name], self.wire, name
            )
        return self.senders[name]

    def end(self, name: str) -> None:
        self.senders.pop(name).end()

    def stop(self) -> None:
        """Ends every process, and removes the journal."""
        for name in list(self.senders):
            self.end(name)
        for file in self.folder.glob("journal.sqlite*"):
            file.unlink()

    def tell(self, what: str) -> None:
        self.story.append(f"{self.clock.now():%H:%M:%S} {what}")

    def act(self, do: str, **arguments: Any) -> bool:
        """Somebody does something in Intacct; whether Intacct let them."""
        try:
            with self.sandboxes.world.transaction():
                self.sandboxes.systems["intacct"].acts[do](**arguments)
        except Refusal:
            return False
        return True

    def invoices(self) -> list[dict[str, Any]]:
        return self.sandboxes.systems["intacct"].rows("ARINVOICE")

    def read(self) -> None:
        """The reading before a plan: which orders have an invoice by now."""
        self.sales.seen = {str(row["SALESFORCE_ID"]) for row in self.invoices() if not row["DELETED_AT"]}

    def pass_time(self, most: timedelta) -> None:
        self.clock.advance(most * self.chance.random())
        self.wire.arrive()


def judge(seed: int) -> Judged:
    """Makes the history of a seed, lets everything come to rest, and judges the books."""
    with _begun(seed) as history:
        _live(history)
        _rest(history)
        return _judged(history)


def invoices_after_a_death(seed: int, step: int) -> int:
    """How many invoices one order has, whose sender died at a step and whose next sender never reads what is there."""
    with _begun(seed) as history:
        history.wire.rate = 0.0
        _activate(history)
        history.sender("first").tick(history.sales.plan, Steps(dies_at=step))
        history.end("first")
        for _ in range(4):
            history.clock.advance(timedelta(minutes=20))
            history.sender("second").tick(history.sales.plan)
        return len(history.invoices())


@contextmanager
def _begun(seed: int) -> Iterator[History]:
    folder, sandboxes, loop = _home()
    chance = random.Random(seed)
    sandboxes.world.clock.move_to(START)
    sandboxes.world.chance.seed(seed)
    sandboxes.control.reset(folder / "seed")
    for file in folder.glob("journal*"):
        file.unlink()
    remembers, refuses = PROFILES[seed % len(PROFILES)]
    wire = Wire(sandboxes, chance, loop, rate=chance.choice([0.1, 0.3, 0.6, 0.9]))
    history = History(seed, folder, sandboxes, wire, chance)
    history.act("configure", setting="remember_control_ids", value=remembers)
    history.act("configure", setting="refuse_duplicate_invoice_numbers", value=refuses)
    try:
        yield history
    finally:
        history.stop()


def _settings(folder: Path) -> Settings:
    return _settings_of(folder)


@cache
def _settings_of(folder: Path) -> Settings:
    environment = {
        "HOME": str(folder),
        "MAPPINGS": str(town.MAPPINGS),
        "ENVIRONMENT": "simulation",
        "SALESFORCE_URL": "http://127.0.0.1",
        "SALESFORCE_CLIENT_ID": "sandbox-client",
        "SALESFORCE_CLIENT_SECRET": "sandbox-secret",
        "INTACCT_URL": "http://127.0.0.1/ia/xml/xmlgw.phtml",
        "INTACCT_SENDER_ID": "sandbox-sender",
        "INTACCT_SENDER_PASSWORD": "sandbox-sender-secret",
        "INTACCT_COMPANY_ID": "SANDBOX",
        "INTACCT_USER_ID": "integration",
        "INTACCT_USER_PASSWORD": "integration-secret",
        "INTACCT_BATCH_SIZE": "3",
    }
    return from_environment({f"SF_INTACCT_{name}": value for name, value in environment.items()})


def _live(history: History) -> None:
    """People act, senders tick, die and stand still, time passes."""
    for _ in range(history.chance.randint(1, 5)):
        _activate(history)
    for _ in range(history.chance.randint(4, _TICKS)):
        for _ in range(history.chance.randint(0, 3)):
            _person(history)
        if history.chance.random() < 0.8:
            history.read()
        ended = history.sender("first").tick(history.sales.plan, _steps(history))
        history.tell(f"the first sender: {ended}")
        if ended == "killed":
            history.kills += 1
            history.end("first")
        if history.chance.random() < 0.2:
            history.tell(f"the second sender: {history.sender('second').tick(history.sales.plan)}")
        history.pass_time(history.chance.choice([timedelta(seconds=30), timedelta(minutes=6), timedelta(minutes=40)]))


def _steps(history: History) -> Steps:
    """A tick may die at any boundary, or stand still before a call while time passes and another sender works."""
    steps = Steps()
    if history.chance.random() < 0.25:
        steps.dies_at = history.chance.randint(1, 30)
    if history.chance.random() < 0.15:
        steps.pauses_at = history.chance.randint(1, 20)

        def pause() -> None:
            history.pass_time(timedelta(minutes=14))
            history.tell(
                f"while the first stood still, the second sender: {history.sender('second').tick(history.sales.plan)}"
            )

        steps.pause = pause
    return steps


def _rest(history: History) -> None:
    """Nothing happens any more but ticks and time, until nothing is open."""
    history.wire.rate = 0.0
    history.act("open_period")
    history.act("close_period", through="2026-08-31")
    for name in CUSTOMERS:
        history.act("set_status", object="CUSTOMER", key=name, status="active")
    sender = history.sender("last")
    open_: list[object] = [None]
    for _ in range(_QUIET_TICKS):
        history.clock.advance(timedelta(minutes=11))
        history.wire.arrive()
        history.read()
        ended = sender.tick(history.sales.plan)
        open_ = [*sender.house.journal.in_state(CROSSING, State.PENDING, State.IN_FLIGHT, State.UNCERTAIN)]
        if ended == "done" and not open_ and not history.wire.held:
            break
    if open_:
        history.story.append(f"still open at the end: {len(open_)}")


def _activate(history: History) -> None:
    number = len(history.sales.orders) + 1
    amount = Decimal(history.chance.randint(1, 999_999)) / 100
    order = Order(number, history.chance.choice(CUSTOMERS), [amount])
    history.sales.orders[order.id] = order
    history.tell(f"{order.name} is activated, {amount}")


def _person(history: History) -> None:
    """Somebody does something, on either side."""
    what = history.chance.choice(list(_DEEDS))
    history.happened[what] += 1
    _DEEDS[what](history)


def _amend(history: History) -> None:
    order = _some(history)
    if order.id not in history.sales.seen:
        order.amend(Decimal(history.chance.randint(1, 999_999)) / 100)
        history.tell(f"{order.name} is amended to {order.amounts[-1]}")


def _withdraw(history: History) -> None:
    order = _some(history)
    order.is_active = not order.is_active
    history.tell(f"{order.name} is {'active again' if order.is_active else 'withdrawn'}")


def _name_taken(history: History) -> None:
    """Finance enters an invoice by hand, under a number that ours will want."""
    number = len(history.sales.orders) + 1
    name = f"SO-{number}"
    line = {"account": "4000", "amount": "1.00", "DEPARTMENTID": "100"}
    if history.act("create_invoice", customer="C-1", number=name, date="2026-10-05", lines=[line]):
        history.tell(f"somebody entered {name} by hand")
        _activate(history)


def _backup(history: History) -> None:
    with closing(sqlite3.connect(history.journal)) as source, closing(sqlite3.connect(history.backup)) as target:
        source.backup(target)
    history.tell("the journal is backed up")


def _restore(history: History) -> None:
    """What happened since the backup is forgotten, by us."""
    if history.backup.exists() and _may_forget(history):
        history.stop()
        shutil.copy(history.backup, history.journal)
        history.tell("the journal is restored from its backup")


def _lose(history: History) -> None:
    if history.chance.random() < 0.3 and _may_forget(history):
        history.stop()
        history.tell("the journal is lost")


def _may_forget(history: History) -> bool:
    """Without any guard on the far side, a request of ours that is still on its way and that we forgot is doubled."""
    return any(PROFILES[history.seed % len(PROFILES)])


def _some(history: History) -> Order:
    return history.chance.choice(list(history.sales.orders.values()))


def _close(history: History) -> None:
    history.act("close_period", through="2026-10-31")
    history.tell("the period is closed")


def _open(history: History) -> None:
    history.act("open_period")
    history.tell("the period is opened")


def _deactivate(history: History) -> None:
    status = history.chance.choice(["active", "inactive"])
    history.act("set_status", object="CUSTOMER", key=history.chance.choice(CUSTOMERS), status=status)
    history.tell(f"a customer is made {status}")


def _jump(history: History) -> None:
    """The clock of a sender's machine is suddenly wrong, by up to three hours."""
    name = history.chance.choice(["first", "second"])
    history.skews[name] = timedelta(hours=3) * history.chance.uniform(-1, 1)
    history.tell(f"the clock of the {name} sender is {history.skews[name]} ahead")


def _set_right(history: History) -> None:
    for name in history.skews:
        history.skews[name] = timedelta(0)


# What people do, by name; "activate" more often than the rest.
_DEEDS = {
    "activate": _activate,
    "activate another": _activate,
    "activate a third": _activate,
    "amend": _amend,
    "withdraw": _withdraw,
    "name_taken": _name_taken,
    "close": _close,
    "open": _open,
    "deactivate": _deactivate,
    "backup": _backup,
    "restore": _restore,
    "lose": _lose,
    "jump": _jump,
    "set right": _set_right,
}


def _judged(history: History) -> Judged:
    told = Judged(history.seed, sum(history.wire.fired.values()), history.kills)
    ours = Counter(str(row["SALESFORCE_ID"]) for row in history.invoices() if row["SALESFORCE_ID"])
    totals = {str(r["SALESFORCE_ID"]): Decimal(str(r["TRX_TOTALENTERED"])) for r in history.invoices()}
    sender = history.sender("judge")
    journal = sender.house.journal
    intents = {i.source.record_id: i for i in journal.in_state(CROSSING, *State)}
    linked = journal.links_of(CROSSING, list(history.sales.orders))
    for order in history.sales.orders.values():
        intent = intents.get(order.id)
        _judge_order(told, order, ours[order.id], totals.get(order.id), intent)
        if order.id in linked and not ours[order.id]:
            told.failures.append(f"{order.name} is linked, but there is no invoice")
        if intent and intent.state in DONE and ours[order.id] and intent.amount != totals[order.id]:
            told.failures.append(f"{order.name}: the journal says {intent.amount}, the books {totals[order.id]}")
    if told.failures:
        told.failures += history.story
    return told


def _judge_order(told: Judged, order: Order, effects: int, total: Decimal | None, intent: Intent | None) -> None:
    """Exactly one effect, or exactly one exception."""
    state = intent.state if intent else None
    if effects > 1:
        told.duplicates += 1
        told.failures.append(f"{order.name} has {effects} invoices")
    if total is not None and total not in order.amounts:
        told.failures.append(f"{order.name} has an invoice of {total}, which it never said")
    # What a restored journal did not know of, and a reading found, is given up there.
    # Amended after all was forgotten: the invoice says the older amount, and a person is told.
    is_told = intent is not None and intent.state is State.HELD and intent.amount != total
    if effects and not is_told and state not in (None, State.CANCELLED, *DONE):
        told.unexplained += 1
        told.failures.append(f"{order.name} has an invoice, but its write is {state}")
    if not effects and order.is_active and state not in (State.HELD, State.REFUSED):
        told.lost += 1
        told.failures.append(f"{order.name} has no invoice, and its write is {state}")

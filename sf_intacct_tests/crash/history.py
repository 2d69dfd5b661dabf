"""One history: a seed decides what people do, what the wire does and where processes die; then the books are judged."""

import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from sf_intacct.orchestration.parents import dying_with
from sf_intacct_tests import postgres, town as towns
from sf_intacct_tests.crash import judging
from sf_intacct_tests.crash.judging import Judged
from sf_intacct_tests.crash.nursery import Nursery, opened
from sf_intacct_tests.crash.points import BY_NAME, POINTS, Moment, Point
from sf_intacct_tests.simulation.history import PROFILES
from sf_intacct_tests.town import Town, line, order

MAPPINGS = Path(__file__).parent / "mappings"
KILLS = 20  # of one history
# Dagster's own jobs take ten times as long, closing the warehouse after every verb twice.
_MANNERS = {"pass": 76, "verb by verb": 20, "command": 4}
_APPLY, _WIRE = 0.4, 0.2
_GUARDS = ("remember_control_ids", "refuse_duplicate_invoice_numbers")
_TRIES = 3
_REST = 8


@dataclass(frozen=True)
class Task:
    """One history to be made: its seed, its journal, how many deaths; at these points only, or at all in turn."""

    seed: int
    journal: str = "sqlite"
    kills: int = KILLS
    only: tuple[str, ...] = ()

    def points(self) -> Iterator[Point]:
        """The points in turn, without end. A history begins where the one of the seed before it ends."""
        points = [BY_NAME[name] for name in self.only] or POINTS
        for number in count(0 if self.only else self.seed * KILLS):
            yield points[number % len(points)]


@dataclass
class History:
    """A history while it is made. due: what every order that was activated comes to, by its id."""

    task: Task
    town: Town
    nursery: Nursery
    chance: random.Random
    told: Judged
    environment: Mapping[str, str]
    due: dict[str, Decimal] = field(default_factory=dict)

    def tell(self, what: str) -> None:
        self.told.story.append(f"+{int(self.town.clock_offset.total_seconds()):>6} s  {what}")

    def sync(self, manner: str, point: Point | None = None, nth: int | None = None) -> dict[str, Any]:
        """One process. Every file of ours must be whole after it, however it ended."""
        seconds = self.chance.random() * 3 if point and point.moment is Moment.ANY else None
        ended = self.nursery.child(
            {
                "environment": self.environment,
                "folder": str(self.town.folder),
                "log": str(self.town.folder / "children.log"),
                "answer": str(self.town.folder / "answer.json"),
                "offset": self.town.clock_offset.total_seconds(),
                "point": point.name if point else None,
                "nth": nth,
                "seconds": seconds,
                "manner": manner,
            }
        )
        if ended["ended"] not in ("killed", "done"):
            self.told.failures.append(f"a process ended as {ended['ended']}: {ended.get('error', '')}")
        judging.judge_files(self.told, self.town.folder / "home", self.environment)
        return ended

    def account(self) -> str:
        """One of the customers."""
        return str(self.town.one("salesforce", "Account", AccountNumber=self.chance.choice("12"))["Id"])

    def activate(self) -> str:
        """Somebody sells something."""
        quantity, price = self.chance.randint(1, 9), Decimal(self.chance.randint(1, 99_999)) / 100
        made = self.town.act(
            "salesforce",
            "create_order",
            account=self.account(),
            activate=True,
            lines=[{"product": self.chance.choice(["SCALE", "VISIT"]), "quantity": quantity, "unit_price": str(price)}],
            Department__c="Field Sales",
            Region__c="East",
        )
        self.due[made["id"]] = quantity * price
        self.tell(f"order {made['OrderNumber']} is activated: {quantity} x {price}")
        return str(made["id"])


_LEAVING = ExitStack()


@cache
def _world(journal: str) -> tuple[Town, Nursery, str | None]:
    """Sandboxes, a folder in memory, a warm process and a PostgreSQL, for all histories of this process."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="sf_intacct_crash_", dir=shared if shared.is_dir() else None))
    _LEAVING.callback(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(MAPPINGS, folder / "mappings")
    (folder / "tmp").mkdir()
    town = Town(_LEAVING.enter_context(towns.town_hall()), folder)
    nursery = _LEAVING.enter_context(opened(folder / "nursery.log"))
    return town, nursery, _LEAVING.enter_context(postgres.served()) if journal == "postgres" else None


def leave() -> None:
    """Ends what histories have left running in this process."""
    _LEAVING.close()
    _world.cache_clear()


def leave_at_the_end() -> None:
    """For a process of a pool, which ends without a word; and for one whose pool was killed."""
    dying_with(os.getppid(), signal.SIGINT)()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Finalize(None, leave, exitpriority=1)


def judge(task: Task) -> Judged:
    """Makes a history, lets everything come to rest, and judges the books."""
    history, points = _begun(task), task.points()
    for _ in range(2 * task.kills):
        if history.told.kills < task.kills:
            _die(history, next(points))
    _rest(history)
    judging.judge_books(history.told, history.town, history.due)
    judging.judge_journal(history.told, history.environment)
    return history.told


def _begun(task: Task) -> History:
    town, nursery, url = _world(task.journal)
    town.pass_time(seconds=-town.clock_offset.total_seconds())
    shutil.rmtree(town.folder / "home", ignore_errors=True)
    extra = {"journal_url": postgres.emptied(url)} if url else {}
    environment = {**town.environment(first_month="2026-09-01", **extra), "TMPDIR": str(town.folder / "tmp")}
    history = History(task, town, nursery, random.Random(task.seed), Judged(task.seed), environment)
    town.seed([order("1"), order("2", "bolt")], [line(1, "1"), line(2, "2", "visit")])
    # One guard of the far side hides the absence of one of ours.
    for setting, value in zip(_GUARDS, PROFILES[task.seed % len(PROFILES)], strict=True):
        town.act("intacct", "configure", setting=setting, value=value)
    for number, amount in (("1", "698.00"), ("2", "698.00")):
        history.due[town.order(number)["Id"]] = Decimal(amount)
    return history


def _die(history: History, point: Point) -> None:
    """Something to do, something on the wire perhaps, time; and a process that dies at the point, if it gets there."""
    for attempt in range(_TRIES):
        GIVEN[point.given](history)
        if history.chance.random() < _WIRE:
            _disturb(history)
        _pass_time(history)
        manner = _manner(history) if not attempt else "pass"
        nth = history.chance.choice((1, 1, 1, 1, 2, 2, 3)) if history.told.kills and not attempt else 1
        ended = history.sync(manner, point, nth)
        history.tell(f"{manner}, call {nth} of {point.name}: {ended['ended']}")
        if ended["ended"] == "killed":
            history.told.kills += 1
            history.told.points[point.name] += 1
            _apply(history)
            return


def _apply(history: History) -> None:
    """Now and then the next process carries out the plans that it finds, and does not read before."""
    if history.chance.random() < _APPLY:
        history.town.pass_time(seconds=history.chance.choice([45, 1900]))
        history.tell(f"plans are carried out as they stand: {history.sync('apply')}")


def _manner(history: History) -> str:
    """How the process works. Dagster knows no sync day that has not come: it is not asked for one."""
    manner = history.chance.choices(list(_MANNERS), list(_MANNERS.values()))[0]
    is_today = history.town.now().date() == datetime.now(UTC).date()
    return manner if manner != "command" or is_today else "pass"


def _pass_time(history: History) -> None:
    history.town.pass_time(seconds=history.chance.choice([1, 45, 400, 1900]))


def _disturb(history: History) -> None:
    kind = history.chance.choice(["drop_reply", "truncate", "drop_request", "server_error"])
    settings = {"status": 500, "committed": history.chance.random() < 0.5} if kind == "server_error" else {}
    history.town.fault(kind, operation="create_invoice", settings=settings)
    history.tell(f"the wire: {kind}")


def _an_order(history: History) -> None:
    history.activate()
    for do in history.chance.sample([_rename, _pay, _nothing], 1):
        do(history)


def _nothing(history: History) -> None:
    """Most people do nothing, most of the time."""


def _rename(history: History) -> None:
    name = f"Customer {history.chance.randint(1, 10**6)}"
    history.town.act("salesforce", "edit", object="Account", id=history.account(), fields={"Name": name})
    history.tell(f"an account is renamed to {name}")


def _pay(history: History) -> None:
    owed = [row for row in history.town.invoices() if Decimal(row["TRX_TOTALDUE"]) > 0]
    if owed:
        number = str(history.chance.choice(owed)["RECORDID"])
        history.town.act("intacct", "pay_invoice", invoice=number, amount="0.01")
        history.tell(f"{number} is paid in part")


def _a_lost_reply(history: History) -> None:
    history.activate()
    history.town.fault("drop_reply", operation="create_invoice")
    history.tell("the next reply to an invoice is lost")


def _a_dead_sender(history: History) -> None:
    """A process that has just marked its writes, and dies."""
    history.activate()
    history.town.no_faults()
    ended = history.sync("pass", BY_NAME["apply: in flight, nothing sent"], 1)
    history.tell(f"a sender dies with writes in flight: {ended['ended']}")
    if ended["ended"] == "killed":
        history.told.kills += 1
        history.told.points["apply: in flight, nothing sent"] += 1


def _a_withdrawn_order(history: History) -> None:
    """An order whose invoice is planned, not sent because the gateway was busy, and then not wanted."""
    id_ = history.activate()
    history.town.fault("throttle", operation="create_invoice", times=None, settings={"retry_after": 1})
    history.tell(f"the gateway is busy: {history.sync('pass')['ended']}")
    history.town.no_faults()
    if not [row for row in history.town.invoices() if row["SALESFORCE_ID"] == id_]:
        history.town.act("salesforce", "deactivate_order", order=id_)
        del history.due[id_]
        history.tell("the order is a draft again")


GIVEN: dict[str, Callable[[History], None]] = {
    "an order": _an_order,
    "a lost reply": _a_lost_reply,
    "a dead sender": _a_dead_sender,
    "a withdrawn order": _a_withdrawn_order,
}


def _rest(history: History) -> None:
    """Nothing happens any more but syncs and time, until nothing is on its way."""
    history.town.no_faults()
    for _ in range(_REST):
        history.town.pass_time(minutes=31)
        ended = history.sync("settle")
        history.tell(f"at rest: {ended}")
        if ended["ended"] == "done" and ended["is_quiet"] and not ended["open"]:
            history.told.unexplained += ended["unexplained"]
            return
    history.told.failures.append(f"it does not come to rest: {ended}")


def points_of(judged: list[Judged]) -> Counter[str]:
    """How often each named point has killed a process."""
    return sum((one.points for one in judged), Counter[str]())

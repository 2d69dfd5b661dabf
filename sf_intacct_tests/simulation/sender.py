"""A sender: one process of the house, as far as the journal and the other system can tell. It may die at any step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sf_intacct.errors import SyncError
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.intacct.envelope import Login, Sender as WebServicesSender
from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.model.intent import Intent
from sf_intacct.orchestration import applying
from sf_intacct.orchestration.applying import Plan
from sf_intacct.orchestration.house import House
from sf_intacct.settings import Settings
from sf_intacct.store.mapping_files import read_mappings

if TYPE_CHECKING:
    from sf_intacct_tests.simulation.wire import Wire


class Killed(BaseException):
    """kill -9. Not an Exception: no handler of the house may see it coming."""


@dataclass
class Steps:
    """The step boundaries of one sender. It dies at the boundary number `dies_at`, and stays dead.

    pause: carried out at boundary number `pauses_at` that is a call, while the sender stands still.
    """

    dies_at: int | None = None
    pauses_at: int | None = None
    pause: Callable[[], None] | None = None
    count: int = 0
    is_dead: bool = False

    def reached(self, what: str) -> None:
        if self.is_dead:
            raise Killed(what)
        self.count += 1
        if self.dies_at is not None and self.count >= self.dies_at:
            self.is_dead = True
            raise Killed(what)
        if self.pauses_at is not None and self.count >= self.pauses_at and what == "before a call" and self.pause:
            pause, self.pauses_at = self.pause, None
            pause()


@dataclass
class Sender:
    """A process that sends. `plan` is asked for what to write, under the lease."""

    settings: Settings
    now: Callable[[], datetime]
    wire: "Wire"
    name: str
    steps: Steps = field(default_factory=Steps)

    def __post_init__(self) -> None:
        self.house = House(self.settings, now=self.now, run=self.name)
        # One reading of the mapping files serves every process of a simulation.
        self.house.__dict__["mappings"] = _mappings(self.settings.mappings)
        self.house.__dict__["intacct"] = IntacctSystem(
            Gateway(_account(self.settings), http=lambda: self.wire.session(self._step), now=self.now), page_size=1000
        )
        self.mapping = self.house.mappings.crossings["order_to_invoice"]
        engine = self.house.journal.engine
        sa.event.listen(engine, "begin", lambda _: self._step("before a transaction"))
        sa.event.listen(engine, "commit", lambda _: self._step("before a commit"))

    def _step(self, what: str) -> None:
        self.steps.reached(what)

    def tick(self, plan: Callable[["Sender"], Plan], steps: Steps | None = None) -> str:
        """One apply; what ended it."""
        self.steps = steps or Steps()
        try:
            applying.carry_out(self.house, self.mapping, lambda: plan(self))
        except Killed:
            return "killed"
        except SyncError as error:
            return type(error).__name__
        return "done"

    def intents(self, rows: Sequence[dict[str, object]]) -> list[Intent]:
        return [applying.intent_of(self.house, self.mapping, row) for row in rows]

    def end(self) -> None:
        self.steps = Steps()
        self.house.close()


@cache
def _mappings(folder: Path) -> Mappings:
    return read_mappings(folder)


def _account(settings: Settings) -> Account:
    return Account(
        endpoint=settings.intacct_url,
        sender=WebServicesSender(settings.intacct_sender_id, settings.intacct_sender_password.get_secret_value()),
        login=Login(
            company_id=settings.intacct_company_id,
            user_id=settings.intacct_user_id,
            password=settings.intacct_user_password.get_secret_value(),
        ),
    )

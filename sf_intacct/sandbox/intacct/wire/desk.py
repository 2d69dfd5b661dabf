"""Where one function is carried out: who called, what they may see, and how answers are written."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.reading.filters import Reading
from sf_intacct.sandbox.intacct.reading.reader import Reader, View
from sf_intacct.sandbox.intacct.wire.markup import Markup
from sf_intacct.sandbox.intacct.wire.sessions import Session, Sessions


@dataclass
class ResultSet:
    """What is left of a `readByQuery`, to be fetched by `readMore`: the keys are fixed by the first call."""

    object: str
    tags: list[str]
    keys: list[int]
    page_size: int
    at: int = 0


@dataclass(frozen=True)
class Desk:
    """The place of one call. gateway_url is where the caller reached us."""

    company: Company
    sessions: Sessions
    result_sets: dict[str, ResultSet]
    session: Session
    markup: Markup
    gateway_url: str

    @property
    def clerk(self) -> Clerk:
        return Clerk(
            self.company.store,
            self.company.settings,
            user=self.session.user,
            login=self.session.login,
            entity=self.session.entity,
        )

    def reader(self, object_name: str, *, show_private: bool = False, reading: Reading | None = None) -> Reader:
        settings = self.company.settings
        zone = timedelta(0) if self._in_gmt(object_name) else self.session.zone
        view = View(
            now=self.company.world.clock.now(),
            entity=self.session.entity,
            show_private=show_private,
            lag=timedelta(seconds=settings.read_lag_seconds),
            reading=replace(reading or Reading(), zone=zone),
        )
        return Reader(self.company.store, object_name, view)

    def salt(self) -> int:
        """A fresh number to shuffle an answer that has no order."""
        return self.company.world.chance.randrange(1, 2**31 - 1)

    def _in_gmt(self, object_name: str) -> bool:
        return self.company.store.schema[object_name].time_zone == "GMT"

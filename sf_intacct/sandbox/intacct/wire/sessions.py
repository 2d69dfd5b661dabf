"""Who is signed in, at which entity, until when. A session slides: every call before its end moves the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sf_intacct.sandbox.world import World

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ID_LENGTH = 22


@dataclass
class Session:
    """One signed-in user. entity is empty at the top level."""

    id: str
    user: int
    login: str
    company: str
    entity: str
    zone: timedelta
    expires: datetime


class Sessions:
    """All sessions of the company, in memory: they are no part of its books and survive a rollback."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by_id: dict[str, Session] = {}

    def open(self, user: int, login: str, company: str, entity: str, zone: timedelta, hours: int) -> Session:
        name = "".join(self.world.chance.choices(ALPHABET, k=ID_LENGTH))
        expires = self.world.clock.now() + timedelta(hours=hours)
        session = Session(f"{name}..", user, login, company, entity, zone, expires)
        self._by_id[session.id] = session
        return session

    def use(self, session_id: str, hours: int) -> Session | None:
        """The session, its end moved; None if it is unknown or over."""
        session, now = self._by_id.get(session_id), self.world.clock.now()
        if session is None or session.expires <= now:
            self.forget(session_id)
            return None
        session.expires = now + timedelta(hours=hours)
        return session

    def forget(self, session_id: str) -> None:
        self._by_id.pop(session_id, None)

    def forget_all(self) -> None:
        self._by_id.clear()

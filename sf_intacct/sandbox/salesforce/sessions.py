"""Who is logged in, and how many requests the company has left today."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sf_intacct.sandbox.salesforce.limits import Limits
from sf_intacct.sandbox.world import World

NOISE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
NOISE_LENGTH = 80
WINDOW = timedelta(hours=24)


@dataclass
class Session:
    user_id: str
    last_used: datetime


class Sessions:
    """Access tokens and the users behind them. Inactivity ends a session; use prolongs it."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world, self.limits = world, limits
        self._by_token: dict[str, Session] = {}

    def open(self, organization_id: str, user_id: str) -> str:
        """A new access token, in the shape that clients validate: the organization, `!`, and noise."""
        noise = "".join(self.world.chance.choices(NOISE, k=NOISE_LENGTH))
        token = f"{organization_id[:15]}!{noise}"
        self._by_token[token] = Session(user_id, self.world.clock.now())
        return token

    def user_of(self, token: str) -> str | None:
        """The user behind a live token, whose session this prolongs; None for any other token."""
        session, now = self._by_token.get(token), self.world.clock.now()
        if session is None:
            return None
        if now - session.last_used > self.limits.session_lifetime:
            del self._by_token[token]
            return None
        session.last_used = now
        return session.user_id

    def close(self, token: str) -> None:
        self._by_token.pop(token, None)

    def close_all(self) -> None:
        self._by_token.clear()


class Allocation:
    """Counts API requests over the last 24 hours."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world, self.limits = world, limits
        self._spent: deque[datetime] = deque()

    @property
    def used(self) -> int:
        horizon = self.world.clock.now() - WINDOW
        while self._spent and self._spent[0] <= horizon:
            self._spent.popleft()
        return len(self._spent)

    @property
    def most(self) -> int:
        return self.limits.requests_per_day

    def spend(self, count: int = 1) -> bool:
        """Books `count` requests; False, and nothing booked, if the day's allocation is used up."""
        if self.used + count > self.most:
            return False
        self._spent.extend([self.world.clock.now()] * count)
        return True

    def forget(self) -> None:
        self._spent.clear()

"""Everything that can go wrong, grouped by what the caller does next.

SyncError
├── FixNeeded        change something first: a setting, a mapping, a permission
│   ├── SettingsError
│   ├── CredentialsError
│   ├── ClockError
│   ├── MappingError
│   └── ContractError
├── TryLater         nothing was carried out; the same call may be made again
│   ├── Throttled
│   └── Busy
├── Refused          the other side understood, and said no
└── Uncertain        it may or may not have been carried out: look, do not repeat
"""

from datetime import datetime


class SyncError(Exception):
    """An error that says what was being done, to which record, what was seen, and what to do.

    exit_code is what the command line ends with.
    """

    exit_code = 1

    def __init__(self, doing: str, *, record: str = "", seen: str = "", remedy: str = "") -> None:
        self.doing, self.record, self.seen, self.remedy = doing, record, seen, remedy
        parts = [doing, f"record: {record}" if record else "", f"seen: {seen}" if seen else ""]
        parts.append(f"what to do: {remedy}" if remedy else "")
        super().__init__("; ".join(part for part in parts if part))


class FixNeeded(SyncError):
    """Repeating is useless until a person has changed something."""

    exit_code = 3


class SettingsError(FixNeeded):
    """A setting is missing or cannot be right."""


class CredentialsError(FixNeeded):
    """The other system does not know us, or does not let us in."""


class ClockError(FixNeeded):
    """Our clock and the other system's are apart: how long we have waited is not known, so nothing is sent."""


class MappingError(FixNeeded):
    """A mapping file says something that cannot be meant. Names file and line."""


class ContractError(FixNeeded):
    """What arrived does not have the shape its contract promises."""


class TryLater(SyncError):
    """Nothing was carried out. The same call may be made again, later."""

    exit_code = 4


class Throttled(TryLater):
    """Too many calls. retry_after is in seconds; None when the other side did not say."""

    def __init__(self, doing: str, *, seen: str = "", retry_after: float | None = None) -> None:
        super().__init__(doing, seen=seen, remedy="wait, then repeat")
        self.retry_after = retry_after


class Busy(TryLater):
    """Another process is at it."""

    exit_code = 6

    def __init__(self, doing: str, *, holder: str, until: datetime) -> None:
        super().__init__(doing, seen=f"held by {holder} until {until.isoformat(timespec='seconds')}")


class Refused(SyncError):
    """The other side understood the request and said no. code and message are its own words."""

    def __init__(self, doing: str, *, code: str, message: str, record: str = "") -> None:
        super().__init__(doing, record=record, seen=f"{code}: {message}" if code else message)
        self.code, self.message = code, message


class Uncertain(SyncError):
    """No proof either way. What was asked for may have happened, or may yet."""

    exit_code = 5

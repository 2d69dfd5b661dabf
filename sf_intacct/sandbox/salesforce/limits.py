"""Assumptions and limits that a company or a test may want otherwise, each named once."""

from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass
class Limits:
    """Settings of the imitated company. The `set_limit` act changes them by name.

    requests_per_day is the rolling 24-hour allocation, session_minutes the inactivity that ends a session.
    assertion_expiry_checked compares the `exp` of a JWT with the world's clock; off by default, since
    clients sign by their own. condition_field is the stamp that If-Unmodified-Since is compared with,
    cleared_lookup_moves_stamp says whether a record is stamped when what it looks up to is deleted;
    neither is established by the documentation.
    """

    requests_per_day: int = 100_000
    session_minutes: int = 120
    assertion_expiry_checked: bool = False
    condition_field: str = "LastModifiedDate"
    cleared_lookup_moves_stamp: bool = False

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(minutes=self.session_minutes)

    def restore(self) -> None:
        """Back to the defaults, in place: several readers hold this object."""
        for each in fields(self):
            setattr(self, each.name, each.default)

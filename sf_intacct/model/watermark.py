"""How far a source has been read."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Watermark:
    """The newest server stamp seen of one object. Never our own clock; never goes back.

    Stamps are taken when a statement runs and become visible when it commits, so a record can appear
    behind the mark. That is why every read starts `overlap` before it.
    """

    stamp: datetime

    def __post_init__(self) -> None:
        if self.stamp.tzinfo is None:
            raise ValueError(f"a watermark needs an instant with its offset, got {self.stamp.isoformat()}")

    def start(self, overlap: timedelta) -> datetime:
        """Where the next read begins."""
        return self.stamp - overlap

    def reaching(self, seen: datetime | None) -> "Watermark":
        """This mark, or a later one at `seen`."""
        return self if seen is None or seen <= self.stamp else Watermark(seen)

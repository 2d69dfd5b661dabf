"""The world's time: real time plus an offset that people may move, or frozen for a replay."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Time of the sandbox world, always aware and in UTC.

    `start` of None follows the machine's clock. With `frozen` time only moves when `advance` or
    `move_to` is called, so that two histories with the same seed carry the same stamps.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        machine = datetime.now(UTC)
        self._frozen_at = (start or machine) if frozen else None
        self._offset = (start - machine) if start else timedelta(0)

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The present instant of the world, UTC, microseconds."""
        return self._frozen_at if self._frozen_at is not None else datetime.now(UTC) + self._offset

    def advance(self, step: timedelta) -> datetime:
        """Moves time by `step` (which may be negative: clocks do jump) and returns the new instant."""
        if self._frozen_at is not None:
            self._frozen_at += step
        else:
            self._offset += step
        return self.now()

    def move_to(self, instant: datetime) -> datetime:
        """Moves time to `instant`, which must be aware; raises ValueError otherwise."""
        if instant.tzinfo is None:
            raise ValueError(f"the world's clock needs an instant with its offset, got {instant.isoformat()}")
        return self.advance(instant.astimezone(UTC) - self.now())

"""What every channel promises: one attempt, one answer, in a limited time."""

from typing import Protocol


class NotTold(Exception):
    """The message did not arrive, as far as we know. Its text names no secret: it is shown to people."""


class Channel(Protocol):
    """A way to people. name stands in the journal; send raises NotTold, and nothing else for what the world does."""

    name: str

    def send(self, number: int, body: str) -> None: ...

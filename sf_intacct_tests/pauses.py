"""Pauses between the attempts of a read, counted instead of waited for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class Pauses(list[float]):
    """Stands where tenacity looks for `time`: remembers how long it was asked to sleep."""

    def sleep(self, seconds: float) -> None:
        self.append(seconds)


@contextmanager
def counted() -> Iterator[Pauses]:
    with pytest.MonkeyPatch.context() as patch:
        pauses = Pauses()
        patch.setattr("tenacity.nap.time", pauses)
        yield pauses

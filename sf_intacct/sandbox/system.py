"""What the world asks of each imitated system, and nothing more."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from starlette.routing import BaseRoute


class Refusal(Exception):
    """A person tried something that the system does not allow, or named something that is not there."""


Act = Callable[..., dict[str, Any]]


class System(Protocol):
    """One imitated system on the shared world.

    acts are what people can do in its user interface, by name; each takes keyword arguments as
    they come in from the control route (JSON values) and returns what changed. tables gives every
    row of one object exactly as the books hold it: the oracle of tests and proofs.
    """

    name: str

    @property
    def acts(self) -> Mapping[str, Act]: ...

    def routes(self) -> list[BaseRoute]: ...

    def reset(self) -> None:
        """An empty company: tables made, sessions forgotten."""
        ...

    def load(self, folder: Path) -> dict[str, int]:
        """Loads the CSV files of `folder` (one per object, named after it); rows loaded by object."""
        ...

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of `table`, deleted ones too; raises KeyError for an unknown one."""
        ...

    def books(self) -> dict[str, Any]:
        """Control totals of the system's books, computed from its rows: counts and sums as text."""
        ...

"""What every command needs: the house from the environment, and a progress bar while a job runs."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sf_intacct.cli.output import CONSOLE
from sf_intacct.errors import FixNeeded
from sf_intacct.orchestration.house import House
from sf_intacct.settings import from_environment


@contextmanager
def house() -> Iterator[House]:
    """The house, closed again afterwards. Raises SettingsError when the environment is not complete."""
    made = House(from_environment(os.environ))
    try:
        yield made
    finally:
        made.close()


def quiet_dagster() -> None:
    """Dagster tells its events to the console by itself; on the command line the tables do."""
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)


class Bar:
    """Steps done, on a terminal; silent elsewhere. Passes follow each other on the same bar."""

    def __init__(self, what: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=CONSOLE, transient=True, disable=not CONSOLE.is_terminal)
        self._task = self._progress.add_task(what, total=None)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._progress.stop()

    def pass_of(self, steps: int, what: str) -> None:
        """A new pass begins."""
        self._progress.reset(self._task, total=steps, description=what)

    def step(self, name: str) -> None:
        self._progress.advance(self._task)


def finance_file(of: House) -> str:
    """Where the finance file lies. Raises FixNeeded before the first sync."""
    file = of.settings.finance_file
    if not file.exists():
        raise FixNeeded("opening the finance file", record=str(file), remedy="run `sf-intacct sync` first")
    return str(file)

"""The house as a Dagster resource: a shell without configuration around one plain object per run.

Settings come from the environment when a run starts, so no secret is ever part of a run's
configuration, where the database and the user interface would show it. One house per run: it signs
in once, and reads the mapping files once.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.parents import die_with_parent
from sf_intacct.settings import from_environment


class HouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Makes a House when a run starts, and closes it when the run ends."""

    _house: House = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["HouseResource", None, None]:
        if context.run and context.run.remote_job_origin is not None:
            # Dagster launched it into a process of its own, which can outlive a run that is marked as failed.
            die_with_parent()
        self._house = House(from_environment(os.environ), run=context.run.run_id if context.run else "by hand")
        try:
            yield self
        finally:
            self._house.close()

    @property
    def plain(self) -> House:
        """The house itself."""
        return self._house

"""Dagster's own storage: SQLite in the house's home, unless SF_INTACCT_DAGSTER_PG names a PostgreSQL database.

dagster.yaml cannot say "or" itself. This class is never instantiated; it only chooses. It uses
private modules of Dagster, which is why Dagster is pinned, and why a test builds an instance both ways.
"""

import os
from pathlib import Path
from typing import Any

from dagster import Field, StringSource
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData

from sf_intacct.store.postgres import reached

VARIABLE = "SF_INTACCT_DAGSTER_PG"
HOME = "SF_INTACCT_HOME"


class EnvStorage(DagsterStorage, ConfigurableClass):
    """Chooses the storage by environment variable."""

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        return None

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"default_home": Field(StringSource, default_value="var")}

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: dict[str, Any]
    ) -> DagsterStorage:
        url = os.environ.get(VARIABLE)
        if url:
            from dagster_postgres import DagsterPostgresStorage

            # Dagster itself would try for ten seconds, and then show a stack.
            return DagsterPostgresStorage(reached(url, "opening Dagster's database", VARIABLE), inst_data=inst_data)
        home = Path(os.environ.get(HOME) or config_value["default_home"])
        return DagsterSqliteStorage(base_dir=str((home / "dagster").absolute()), inst_data=inst_data)

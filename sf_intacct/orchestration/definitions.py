"""The door for Dagster: reads the mapping files and the few settings that shape the grid, nothing secret."""

import os
from datetime import date
from pathlib import Path

from sf_intacct.orchestration.build import build_defs
from sf_intacct.store.mapping_files import read_mappings

# Before the first day there was no sync, before the first month nothing may be posted.
FIRST_DAY, FIRST_MONTH = "2026-11-01", "2026-01-01"

defs = build_defs(
    read_mappings(Path(os.environ.get("SF_INTACCT_MAPPINGS", "mappings"))),
    first_day=date.fromisoformat(os.environ.get("SF_INTACCT_FIRST_DAY", FIRST_DAY)),
    first_month=date.fromisoformat(os.environ.get("SF_INTACCT_FIRST_MONTH", FIRST_MONTH)),
    poll_seconds=int(os.environ.get("SF_INTACCT_POLL_SECONDS", "30")),
)

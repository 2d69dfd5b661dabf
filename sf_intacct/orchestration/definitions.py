"""The door for Dagster: reads the mapping files and the few settings that shape the grid, nothing secret."""

import os
import warnings

import dagster as dg

from sf_intacct.orchestration.build import build_defs
from sf_intacct.settings import layout_from_environment
from sf_intacct.store.mapping_files import read_mappings

# Several runs of one day in one step (backfill_policy) are beta by name; constraints.txt pins what we tested.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

_layout = layout_from_environment(os.environ)
defs = build_defs(
    read_mappings(_layout.mappings, _layout.override_names),
    first_day=_layout.first_day,
    first_month=_layout.first_month,
    poll_seconds=_layout.poll_seconds,
)

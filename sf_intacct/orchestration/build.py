"""All definitions from their parts. Tests build them with other parts; the door behind it is definitions.py."""

from datetime import date

import dagster as dg

from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.orchestration.assets.core import core_assets, derived_assets
from sf_intacct.orchestration.assets.crossings import crossing_assets
from sf_intacct.orchestration.assets.finance import finance_assets
from sf_intacct.orchestration.assets.raw import raw_assets
from sf_intacct.orchestration.assets.wholeness import wholeness_check
from sf_intacct.orchestration.jobs import jobs
from sf_intacct.orchestration.partitions import posting_months, sync_days
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.orchestration.sensors import sensors


def build_defs(mappings: Mappings, first_day: date, first_month: date, poll_seconds: int = 30) -> dg.Definitions:
    """The definitions of one company: its mappings decide which crossings there are."""
    days, months = sync_days(first_day), posting_months(first_month)
    return dg.Definitions(
        assets=[
            *raw_assets(days),
            *core_assets(days),
            *crossing_assets(days, mappings),
            *derived_assets(days),
            *finance_assets(months),
        ],
        asset_checks=[wholeness_check()],
        jobs=jobs(),
        sensors=sensors(poll_seconds),
        resources={"house": HouseResource()},
        executor=dg.in_process_executor,
    )

"""The jobs people and sensors start. All run in one process, one at a time."""

from typing import Any

import dagster as dg

from sf_intacct.store.derived_tables import DERIVATIONS

# Runs with this tag wait for each other in the queue; the lease and the warehouse's lock stand behind it.
ONE_AT_A_TIME = {"sf_intacct/sync": "one"}


def jobs() -> list[Any]:
    groups = ("raw_salesforce", "raw_intacct", "core", "plan", "receipts")
    road = dg.AssetSelection.groups(*groups)
    return [
        dg.define_asset_job(
            "sync",
            selection=road,
            tags=ONE_AT_A_TIME,
            executor_def=dg.in_process_executor,
            description="The whole road, both ways: read, check, publish, plan, apply.",
        ),
        dg.define_asset_job(
            "plan",
            selection=dg.AssetSelection.groups("plan").upstream() - dg.AssetSelection.groups("receipts") - _derived(),
            tags=ONE_AT_A_TIME,
            executor_def=dg.in_process_executor,
            description="Read, check, publish and plan what goes to Intacct. Writes to neither system.",
        ),
        dg.define_asset_job(
            "apply",
            selection=dg.AssetSelection.groups("receipts"),
            tags=ONE_AT_A_TIME,
            executor_def=dg.in_process_executor,
            description="Carry out the present plans, and nothing else.",
        ),
        dg.define_asset_job(
            "close",
            selection=dg.AssetSelection.groups("finance"),
            tags=ONE_AT_A_TIME,
            executor_def=dg.in_process_executor,
            description="Make the tables of finance for some posting months, and publish the file.",
        ),
    ]


def _derived() -> dg.AssetSelection:
    """What follows from receipts: a plan that has not been applied has none."""
    from_receipts = [name for name, how in DERIVATIONS.items() if how.reads_queue]
    return dg.AssetSelection.assets(*(dg.AssetKey(["core", name]) for name in from_receipts))

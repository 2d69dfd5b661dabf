"""The check that the journal is the one that was written: beside the queue, which is fed from it."""

import dagster as dg

from sf_intacct.orchestration.assets.queue import EXCEPTIONS
from sf_intacct.orchestration.resource import HouseResource
from sf_intacct.store import coldness
from sf_intacct.store.coldness import Cold


def wholeness_check() -> dg.AssetChecksDefinition:
    """A cold house says so in its log and in a check: in the run that noticed it, and in every run until it is warm."""

    @dg.asset_check(
        asset=EXCEPTIONS,
        name="journal_is_whole",
        description="The journal is what is remembered of it elsewhere: the house is not cold.",
        pool="warehouse",
    )
    def journal_is_whole(context: dg.AssetCheckExecutionContext, house: HouseResource) -> dg.AssetCheckResult:
        cold = coldness.newest(house.plain.journal)
        is_whole = cold is None or is_over(cold, context.run.run_id)
        said = {"cause": cold.cause, "seen": cold.seen, "since": cold.began_at.isoformat()} if cold else {}
        if not is_whole:
            context.log.error(f"the house is cold: every write is looked for before it is sent: {said}")
        return dg.AssetCheckResult(passed=is_whole, severity=dg.AssetCheckSeverity.ERROR, metadata={**said})

    return journal_is_whole


def is_over(cold: Cold, run: str) -> bool:
    """Whether the house is warm again, and was so before this run began."""
    return cold.ended_at is not None and cold.run != run

"""The check that whoever should have been told has been."""

import dagster as dg

from sf_intacct.orchestration.alerting import Told

NAME = "everybody_was_told"


def told_spec(asset: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(NAME, asset=asset, description="Every alert has arrived, by every channel that is set.")


def told_check(told: Told) -> dg.AssetCheckResult:
    """A warning: a sync is none the worse for an alert that did not arrive, but somebody has to know."""
    facts: dict[str, int | str] = {"facts that turned": told.turned, "messages sent": told.sent}
    facts |= {f"problem {number}": problem for number, problem in enumerate(told.problems[:10], 1)}
    return dg.AssetCheckResult(
        check_name=NAME, passed=not told.problems, severity=dg.AssetCheckSeverity.WARN, metadata={**facts}
    )

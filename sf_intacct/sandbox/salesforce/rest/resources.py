"""What the API itself is: versions, the list of resources, limits."""

from typing import Any

from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.replies import answer_value
from sf_intacct.sandbox.salesforce.rest.router import VERSION_MAX, VERSION_MIN
from sf_intacct.sandbox.wire import Reply

SEASONS = ("Winter", "Spring", "Summer")
FIRST_YEAR = 21  # version 50 is Winter '21, and three versions make a year
UNUSED_LIMITS = {
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyDeliveredPlatformEvents": 50_000,
    "DataStorageMB": 1_024,
    "FileStorageMB": 1_024,
    "HourlyPublishedPlatformEvents": 250_000,
}


def versions() -> list[dict[str, str]]:
    """Every version that is answered, oldest first."""
    return [
        {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(VERSION_MIN, VERSION_MAX + 1)
    ]


def _label(number: int) -> str:
    years, season = divmod(number - VERSION_MIN, len(SEASONS))
    return f"{SEASONS[season]} '{FIRST_YEAR + years}"


def resources(exchange: Exchange) -> Reply:
    names = ("sobjects", "query", "queryAll", "composite", "limits")
    identity = f"{exchange.host}/id/{exchange.company.organization_id}/{exchange.user_id}"
    return answer_value({**{name: f"{exchange.base}/{name}" for name in names}, "identity": identity})


def limits(exchange: Exchange) -> Reply:
    allocation = exchange.company.allocation
    remaining = max(0, allocation.most - allocation.used)
    found: dict[str, Any] = {"DailyApiRequests": {"Max": allocation.most, "Remaining": remaining}}
    found.update({name: {"Max": most, "Remaining": most} for name, most in UNUSED_LIMITS.items()})
    return answer_value(dict(sorted(found.items())))

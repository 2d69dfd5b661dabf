"""alerts: the way to people, tried, and what they were told."""

from typing import Any

from sf_intacct_tests.alerts.servers import web_server
from sf_intacct_tests.cli.desk import Desk


def test_the_way_to_people_can_be_tried_and_looked_at(settled: Desk) -> None:
    assert "no channel is set" in settled.refuses("alerts", "test", ends=3)
    with web_server() as hook:
        ways: Any = {"SF_INTACCT_ALERT_WEBHOOK_URL": hook.url, "SF_INTACCT_ALERT_WEBHOOK_SECRET": "canary-shared"}
        assert settled.told("alerts", "test", **ways) == {"number": 1, "channels": ["webhook"]}
        hook.status = 410
        said = settled.refuses("alerts", "test", ends=3, **ways)
        assert "webhook: 127.0.0.1 answered 410" in said
        assert "canary" not in said
        one, two = settled.told("alerts", "list", **ways)["alerts"]
        assert (one["state"], two["state"]) == ("pending", "delivered")
        assert "a test; " in one["headline"]
        assert len(settled.told("alerts", "list", "--undelivered", **ways)["alerts"]) == 1
        assert "given up" not in settled.says("alerts", "list", **ways)

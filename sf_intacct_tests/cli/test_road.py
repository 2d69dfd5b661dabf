"""sync, plan, apply, reconcile, status: one story through Dagster, told by the commands themselves.

Each real run takes seconds, so a module tells the story once, and every test reads one page of it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sf_intacct.cli.road import show_synced
from sf_intacct.cli.tie_out import tie_out_numbers
from sf_intacct.orchestration.reconciling import Sums, TieOut
from sf_intacct.orchestration.syncing import Pass, Synced
from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.cli.desk import Desk, desk_in
from sf_intacct_tests.town import line, money, order

pytestmark = pytest.mark.xdist_group("road")  # one process makes the world that these share


@dataclass
class Story:
    """What was said at each turn, and how many writes both systems had seen by then."""

    desk: Desk
    status_before: str
    status_before_told: dict[str, Any]
    plan: str
    writes_after_plan: int
    applied: dict[str, Any]
    synced: dict[str, Any]


@pytest.fixture(scope="module")
def story(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """One order can cross, one lies in a closed period. Plan, apply, then one pass of a sync."""
    with desk_in(tmp_path_factory.mktemp("story"), addresses) as desk:
        orders = [order("1"), order("2", "bolt", EffectiveDate="2026-07-15")]
        desk.town.seed(orders, [line(1, "1"), line(2, "2")])
        yield Story(
            desk,
            status_before=desk.says("status"),
            status_before_told=desk.told("status"),
            plan=desk.says("plan"),
            writes_after_plan=_writes(desk),
            applied=desk.told("apply"),
            synced=desk.told("sync", SF_INTACCT_SYNC_PASSES_MAX="1"),
        )


def _writes(desk: Desk) -> int:
    return sum(entry["is_write"] for entry in desk.town.control("GET", "requests")["lines"])


def test_status_before_the_first_sync_says_what_to_do_first(story: Story) -> None:
    assert "Nothing was read yet: run `sf-intacct sync`." in story.status_before
    assert story.status_before_told == {
        "writes": [],
        "exceptions": 0,
        "months_to_make": [],
        "cold": None,
        "paused": [],
        "waiting_plans": [],
        "closing": [],
        "tie_out": {
            "holds": True,
            "classes": {},
            "salesforce": "0.00",
            "intacct": "0.00",
            "difference": "0.00",
            "unexplained": 0,
            "unexplained_money": "0.00",
            "sums": {},
        },
    }


def test_plan_reads_both_systems_shows_every_record_and_writes_nothing(story: Story) -> None:
    assert "order_to_invoice create 1 -> SO-1  698.00 USD" in story.plan.splitlines()
    assert "account_to_customer create Bolt & Nut -> C-2" in story.plan.splitlines()
    assert story.writes_after_plan == 0


def test_apply_sends_exactly_what_was_planned_and_tells_what_came_of_it(story: Story) -> None:
    applied = {one["crossing"]: one for one in story.applied["applied"]}
    assert applied["account_to_customer"]["results"] == {"accepted": 2}
    assert applied["order_to_invoice"]["results"] == {"accepted": 1, "refused": 1}
    assert applied["order_to_invoice"]["states"] == {"accepted": 1, "refused": 1}
    assert applied["outcome_to_order"]["sent"] == 0


def test_a_sync_tells_what_was_read_and_written_and_whether_anything_is_left(story: Story) -> None:
    synced = story.synced
    assert (synced["passes"], synced["is_quiet"]) == (1, False), "what was written has still to be read back"
    assert (synced["sent"]["account_to_customer"], synced["sent"]["invoice_to_mirror"]) == (0, 1)
    assert synced["writes"] == sum(synced["sent"].values())
    assert synced["numbers"]["raw/intacct_customers"]["new"] == 2
    assert synced["reads"] == sum(numbers.get("new", 0) for numbers in synced["numbers"].values())
    assert (synced["tie_out"]["holds"], synced["tie_out"]["unexplained_money"]) == (True, "0.00")


def test_status_afterwards_says_where_everything_stands(story: Story) -> None:
    said = story.desk.says("status")
    assert re.search(r"order_to_invoice +refused +1\b", said)
    assert "1 exception open" in said
    told = story.desk.told("status")
    assert {"crossing": "order_to_invoice", "state": "verified", "writes": 1} in told["writes"]
    assert (told["exceptions"], told["months_to_make"]) == (1, [])
    assert (told["tie_out"]["salesforce"], told["tie_out"]["intacct"]) == ("1396.00", "698.00")


def test_a_closed_month_is_made_anew_when_somebody_asks(story: Story) -> None:
    told = story.desk.told("reconcile", "--month", "2026-10")
    assert (told["holds"], told["classes"]) == (True, {"exception": 1, "tied": 1})
    assert "The tie-out holds: 1 exception, 1 tied." in story.desk.says("reconcile")


def test_a_month_that_finance_does_not_have_is_said_with_those_it_has(story: Story) -> None:
    said = story.desk.refuses("reconcile", "--month", "1999-07", ends=3)
    assert said.startswith("sf-intacct: making finance; record: 1999-07; seen: finance has the months ")
    assert "SF_INTACCT_FIRST_MONTH" in said
    assert "'2026-13' does not match" in story.desk.refuses("reconcile", "--month", "2026-13", ends=2)


def test_what_a_sync_tells_a_program_is_one_line(story: Story) -> None:
    """Progress bars and Dagster's own events would break whoever reads it."""
    result = story.desk.run("reconcile", "--json")
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout)["holds"] is True


# What people see of a sync


def _shown(capsys: pytest.CaptureFixture[str], synced: Synced) -> str:
    show_synced(synced)
    return capsys.readouterr().out


NUMBERS: dict[str, dict[str, Any]] = {
    "raw/salesforce_orders": {"new": 120, "deleted": 1},
    "raw/salesforce_products": {"new": 0, "deleted": 0},
    "core/salesforce_orders": {"documents": 120, "quarantined": 2},
    "plan/order_to_invoice": {"steps": {"send": 90, "waiting": 20, "held": 3, "refused": 5}},
    "receipts/order_to_invoice": {"sent": 90, "results": {"accepted": 88, "found": 1, "refused": 1}},
}


def test_people_see_what_was_read_accepted_refused_kept_and_quarantined(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row.split() for row in _shown(capsys, Synced([Pass("run", NUMBERS)])).splitlines()]
    assert ["salesforce_orders", "120", "1", "2"] in rows
    assert "salesforce_products" not in {row[0] for row in rows if row}, "nothing new is no news"
    assert ["order_to_invoice", "118", "90", "89", "1", "5", "20", "3"] in rows


def test_people_see_the_sum_of_all_passes_and_what_is_kept_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    second: dict[str, dict[str, Any]] = {
        "raw/salesforce_orders": {"new": 30, "deleted": 0},
        "plan/order_to_invoice": {"steps": {"send": 2, "waiting": 1}},
        "receipts/order_to_invoice": {"sent": 2, "results": {"accepted": 2}},
    }
    said = _shown(capsys, Synced([Pass("first", NUMBERS), Pass("second", second)], is_quiet=True))
    rows = [row.split() for row in said.splitlines()]
    assert ["salesforce_orders", "150", "1", "2"] in rows
    assert ["order_to_invoice", "3", "92", "91", "1", "0", "1", "0"] in rows
    assert "2 passes; nothing is left to do." in said


def test_people_see_when_more_is_left_and_when_the_tie_out_does_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    sums = Sums(money("1000.00"), money("900.00"), money("100.00"), money("75.00"))
    tie_out = TieOut([], {"tied": 7, "missing": 1}, 1, {"USD": sums})
    said = _shown(capsys, Synced([Pass("run", NUMBERS)], tie_out=tie_out))
    assert "1 pass; more is left to do at the next sync." in said
    assert "The tie-out does not hold: 7 tied, 1 missing." in said
    rows = [row.split() for row in said.splitlines()]
    assert ["explained", "by", "an", "exception", "25.00"] in rows
    assert ["unexplained", "75.00"] in rows


def test_amounts_of_several_currencies_stand_side_by_side_and_have_no_sum(capsys: pytest.CaptureFixture[str]) -> None:
    euros, dollars = (Sums(money(n), money(n), money(0), money(0)) for n in (10, 0))
    tie_out = TieOut([], {"tied": 2}, 0, {"EUR": euros, "USD": dollars})
    rows = [row.split() for row in _shown(capsys, Synced([Pass("run", NUMBERS)], tie_out=tie_out)).splitlines()]
    assert ["EUR", "USD"] in rows
    assert ["Intacct", "has", "10.00", "0.00"] in rows
    told = tie_out_numbers(tie_out)
    assert (told["intacct"], told["sums"]["EUR"]["intacct"]) == (None, "10.00")

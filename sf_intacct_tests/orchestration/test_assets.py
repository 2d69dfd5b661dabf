"""What a run tells about every asset: rows, numbers, checks; and what a gate that closes keeps from happening."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest

from sf_intacct.errors import SyncError
from sf_intacct.orchestration import syncing
from sf_intacct.orchestration.definitions import defs
from sf_intacct_tests.orchestration.under_dagster import (
    Recorded,
    checked,
    entered,
    environment_of,
    instance_in,
    lone_town,
    without_settings,
)
from sf_intacct_tests.town import OUTCOMES, PRODUCTS, TO_INTACCT, TO_SALESFORCE, Town, line, order, settle

# One process makes the world that these share. Dagster's assets are walked by the commands' own tests as well.
pytestmark = [pytest.mark.xdist_group("recorded"), pytest.mark.long]

ROAD = {key.to_user_string() for key in defs.resolve_job_def("sync").asset_layer.selected_asset_keys}
CROSSINGS = (*TO_INTACCT, *TO_SALESFORCE)


def _numbers(made: dict[str, dg.AssetMaterialization], address: str) -> dict[str, Any]:
    told = made[address].metadata["numbers"]
    assert isinstance(told, dg.JsonMetadataValue)
    assert isinstance(told.data, dict)
    return told.data


def test_every_asset_of_the_road_is_made_in_every_pass_and_says_how_many_rows_it_has(recorded: Recorded) -> None:
    for one in recorded.synced.passes:
        made = recorded.materialized(one.run)
        assert set(made) == ROAD
        assert [address for address, told in made.items() if "dagster/row_count" not in told.metadata] == []


def test_every_asset_of_finance_is_made_by_the_close_and_the_file_says_where_it_lies(recorded: Recorded) -> None:
    (close,) = [run for run in recorded.runs if run.job_name == "close"]
    made = recorded.materialized(close.run_id)
    assert set(made) == {key.to_user_string() for key in defs.resolve_job_def("close").asset_layer.selected_asset_keys}
    assert made["finance/finance_file"].metadata["dagster/uri"].value == "var/finance.duckdb"


def test_what_was_read_checked_planned_and_sent_is_told_in_numbers(recorded: Recorded) -> None:
    first = recorded.materialized(recorded.synced.passes[0].run)
    assert _numbers(first, "raw/salesforce_orders") == {"read": 3, "new": 3, "deleted": 0}
    assert _numbers(first, "core/salesforce_orders") == {"documents": 3, "quarantined": 0}
    assert _numbers(first, "plan/order_to_invoice") == {
        "steps": {"send": 2, "waiting": 1},
        "money": {"send": "1396.00", "waiting": "698.00"},
    }
    assert _numbers(first, "receipts/order_to_invoice") == {
        "sent": 2,
        "results": {"accepted": 2},
        "states": {"accepted": 2},
    }
    assert _numbers(first, "receipts/exceptions") == {"causes": 1, "records": 1, "money at risk USD": "698.00"}


def test_row_counts_are_those_of_the_tables(recorded: Recorded) -> None:
    last = recorded.materialized(recorded.last)
    rows = {address: int(str(made.metadata["dagster/row_count"].value)) for address, made in last.items()}
    assert (rows["core/salesforce_orders"], rows["core/salesforce_order_items"]) == (3, 3)
    assert (rows["core/intacct_invoices"], rows["core/intacct_invoice_items"]) == (2, 2)
    assert (rows["plan/order_to_invoice"], rows["receipts/exceptions"]) == (3, 1)


def test_an_analyst_sees_the_first_rows_of_what_was_published(recorded: Recorded) -> None:
    preview = recorded.materialized(recorded.synced.passes[0].run)["core/salesforce_orders"].metadata["preview"]
    assert isinstance(preview, dg.MarkdownMetadataValue)
    assert "order_number" in str(preview.value)
    assert len(str(preview.value).splitlines()) == 2 + 3


def test_every_check_of_the_road_is_recorded_in_every_pass(recorded: Recorded) -> None:
    graph = defs.resolve_asset_graph()
    declared = {f"{key.asset_key.to_user_string()}:{key.name}" for key in graph.asset_check_keys}
    for one in recorded.synced.passes:
        assert set(recorded.checked(one.run)) == {name for name in declared if not name.startswith("finance/")}


def test_what_waits_for_a_person_is_a_warning_and_everything_else_passes(recorded: Recorded) -> None:
    last = recorded.checked(recorded.last)
    warned = {name: told.severity for name, told in last.items() if not told.passed}
    assert warned == {
        "plan/order_to_invoice:nothing_waits": dg.AssetCheckSeverity.WARN,
        "receipts/exceptions:queue_is_empty": dg.AssetCheckSeverity.WARN,
    }
    queue = last["receipts/exceptions:queue_is_empty"]
    assert queue.metadata["money at risk USD"].value == "698.00"
    assert queue.description is not None
    assert queue.description.endswith("1 order, 698.00 USD")
    assert "mappings/crosswalks/" in str(queue.metadata["what to do"].value)
    assert last["plan/order_to_invoice:nothing_waits"].metadata["waiting"].value == 1


def test_the_tie_out_is_a_check_whose_failure_would_be_an_error(recorded: Recorded) -> None:
    close = next(run for run in recorded.runs if run.job_name == "close")
    told = recorded.checked(close.run_id)["finance/ar_tie_out:ties_out"]
    assert (told.passed, told.severity) == (True, dg.AssetCheckSeverity.ERROR)
    assert told.metadata["difference"].value == "698.00"
    assert told.metadata["unexplained documents"].value == 0


# A gate that closes


@dataclass(frozen=True)
class Refused:
    """A sync in which every product that changed broke the contract, as an operator saw it."""

    town: Town
    run: dg.DagsterRun
    instance: dg.DagsterInstance
    done: subprocess.CompletedProcess[str]
    writes: int

    @property
    def started(self) -> set[str]:
        steps = self.instance.all_logs(self.run.run_id, of_type=dg.DagsterEventType.STEP_START)
        return {str(entry.step_key) for entry in steps}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """Three products lose their code, and an order is activated; then `sf-intacct sync`."""
    third = {"key": "cap", "Name": "Cap", "ProductCode": "CAP", "Family": "Hardware", "IsActive": "true"}
    with lone_town(tmp_path_factory.mktemp("refused")) as town:
        lines = [line(1, "1"), line(2, "2")]
        town.seed([order("1"), order("2", status="Draft")], lines, products=[*PRODUCTS, third])
        house = town.house(home="var")
        with entered(house.settings, town.folder):
            settle(house)
            instance = instance_in(town.folder)
            town.act("salesforce", "edit_many", object="Product2", fields={"ProductCode": ""})
            town.act("salesforce", "activate_order", order="2")
            before = town.calls()
            done = subprocess.run(
                [sys.executable, "-m", "sf_intacct", "sync"],
                env={**without_settings(), **environment_of(house.settings)},
                cwd=town.folder,
                capture_output=True,
                text=True,
            )
        yield Refused(town, instance.get_runs()[0], instance, done, town.writes(since=before))


def test_when_every_document_breaks_the_contract_the_blocking_check_is_an_error_with_counts_and_an_example(
    refused: Refused,
) -> None:
    told = checked(refused.instance, refused.run.run_id)["core/salesforce_products:lawful"]
    assert (told.passed, told.severity, told.blocking) == (False, dg.AssetCheckSeverity.ERROR, True)
    assert (told.metadata["documents"].value, told.metadata["quarantined"].value) == (3, 3)
    assert told.metadata["cause: missing_value"].value == 3
    assert "Product code" in str(told.metadata["examples"].value)


def test_behind_a_closed_gate_nothing_is_planned_and_nothing_is_written(refused: Refused) -> None:
    assert refused.run.status is dg.DagsterRunStatus.FAILURE
    behind = {
        f"{area}__{crossing}" for area in ("plan", "receipts") for crossing in ("product_to_item", "order_to_invoice")
    }
    behind |= {"receipts__exceptions", *(f"core__{name}" for name in OUTCOMES)}
    assert refused.started & behind == set()
    assert "publish_salesforce_orders" in refused.started, "what does not depend on products goes on"
    assert refused.writes == 0
    assert len(refused.town.invoices()) == 1


def test_behind_a_closed_gate_the_last_good_state_stays(refused: Refused) -> None:
    house = refused.town.house(home=refused.town.folder / "var")
    with house.transaction() as session:
        codes = session.frame("select product_code from core.salesforce_products order by 1")["product_code"]
    assert codes.to_list() == ["CAP", "SCALE", "VISIT"]


def test_the_command_line_says_which_gate_closed_why_and_what_to_do_and_ends_with_fix_needed(refused: Refused) -> None:
    assert refused.done.returncode == 3
    assert refused.done.stderr.startswith(
        "sf-intacct: step publish_salesforce_products: publishing salesforce_products;"
    )
    assert "all 3 documents break a law (missing_value 3): nothing was published" in refused.done.stderr
    assert "what to do: mend them where they come from" in refused.done.stderr
    assert "Traceback" not in refused.done.stderr + refused.done.stdout


@pytest.mark.long
@pytest.mark.answers("A25")
def test_a_field_that_the_other_side_hides_fails_the_read_at_once_and_nothing_after_it_runs(refused: Refused) -> None:
    """The contract cannot be kept: no retry, no empty day, no plan."""
    town = refused.town
    town.act("salesforce", "hide_field", object="Order", field="Department__c")
    house = town.house(home="var")
    with entered(house.settings, town.folder), dg.DagsterInstance.ephemeral() as where:
        with pytest.raises(SyncError, match="Department__c") as caught:
            syncing.run_job(house, where, "sync", lambda step: None)
        run = where.get_runs()[0]
        events = [entry.get_dagster_event() for entry in where.all_logs(run.run_id) if entry.is_dagster_event]
    assert caught.value.exit_code == 3
    assert "raw__salesforce_orders" in str(caught.value)
    assert not [event for event in events if event.is_step_up_for_retry]
    started = {event.step_key for event in events if event.is_step_start}
    assert started & {"publish_salesforce_orders", "plan__order_to_invoice", "receipts__order_to_invoice"} == set()
    assert len(town.invoices()) == 1


@pytest.mark.answers("G8")
def test_a_past_day_keeps_what_was_observed_on_it(refused: Refused) -> None:
    """A backfill does not pretend that the past can be observed again: it asks nobody."""
    town, terms = refused.town, dg.AssetKey(["raw", "intacct_terms"])
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    before = town.calls()
    with entered(town.house(home="var").settings, town.folder), dg.DagsterInstance.ephemeral() as where:
        result = defs.resolve_job_def("sync").execute_in_process(
            partition_key=yesterday.isoformat(), asset_selection=[terms], instance=where
        )
    made = result.asset_materializations_for_node("raw__intacct_terms")
    assert [told.metadata["kept"].value for told in made] == ["a past day keeps what was observed on it"]
    assert town.calls() == before

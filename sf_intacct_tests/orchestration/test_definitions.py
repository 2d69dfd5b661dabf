"""The door for Dagster: it opens without a secret, and what is behind it explains itself to an analyst."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from sf_intacct.flow.contracts import CONTRACTS, DERIVED, OBSERVED
from sf_intacct.orchestration.definitions import defs
from sf_intacct.orchestration.partitions import posting_months, sync_days
from sf_intacct.store.finance_tables import MONTHLY, TABLES
from sf_intacct_tests.orchestration.under_dagster import ROOT, without_settings
from sf_intacct_tests.town import OUTCOMES, TO_INTACCT, TO_SALESFORCE

CROSSINGS = (*TO_INTACCT, *TO_SALESFORCE)
GROUPS = {
    "raw_salesforce": {f"raw/{c.name}" for c in OBSERVED.values() if c.system == "salesforce"},
    "raw_intacct": {f"raw/{c.name}" for c in OBSERVED.values() if c.system == "intacct"},
    "core": {f"core/{name}" for name in CONTRACTS},
    "plan": {f"plan/{crossing}" for crossing in CROSSINGS},
    "receipts": {*(f"receipts/{crossing}" for crossing in CROSSINGS), "receipts/exceptions"},
    "finance": {*(f"finance/{table}" for table in TABLES), "finance/finance_file"},
}
# A file has no columns, and the tables behind receipts are the journal's.
WITHOUT_COLUMNS = {"finance/finance_file", *(f"receipts/{crossing}" for crossing in CROSSINGS)}
WITH_A_GATE = {f"core/{contract.name}" for contract in OBSERVED.values() if contract.document is None}


def _specs() -> Iterator[tuple[str, dg.AssetSpec]]:
    for spec in defs.resolve_all_asset_specs():
        yield spec.key.to_user_string(), spec


SPECS = dict(_specs())


def test_the_door_opens_in_a_fresh_process_without_any_setting_and_without_a_warning() -> None:
    """What `dagster dev` does in a new checkout. The one filter is for a line of Dagster's own."""
    look = "from sf_intacct.orchestration.definitions import defs; print(len(defs.resolve_all_asset_specs()))"
    theirs = "ignore:The `__fields__` attribute is deprecated"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", theirs, "-c", look],
        env=without_settings(),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", str(len(SPECS)))


def test_dagster_finds_nothing_wrong_with_the_definitions() -> None:
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("group", GROUPS)
def test_there_is_an_asset_for_every_box_of_the_road(group: str) -> None:
    assert {address for address, spec in SPECS.items() if spec.group_name == group} == GROUPS[group]


def test_there_is_no_asset_outside_the_known_groups() -> None:
    assert set(SPECS) == set.union(*GROUPS.values())


def test_no_asset_depends_on_something_that_is_not_there() -> None:
    known = set(SPECS)
    assert [
        (a, d.asset_key) for a, s in SPECS.items() for d in s.deps if d.asset_key.to_user_string() not in known
    ] == []


@pytest.mark.parametrize("address", sorted(SPECS))
def test_an_analyst_reads_what_every_asset_is_and_whose_it_is(address: str) -> None:
    spec = SPECS[address]
    assert spec.description
    assert spec.description[0].isupper()
    assert spec.description.endswith(".")
    assert "duckdb" in spec.kinds
    assert spec.owners
    assert all(owner.startswith("team:") for owner in spec.owners)


def test_what_a_system_shows_carries_the_systems_own_mark() -> None:
    of_system = {address: spec for address, spec in SPECS.items() if address.startswith("raw/")}
    assert all(address.removeprefix("raw/").split("_")[0] in spec.kinds for address, spec in of_system.items())


@pytest.mark.parametrize("address", sorted(set(SPECS) - WITHOUT_COLUMNS))
def test_every_column_of_every_table_is_explained(address: str) -> None:
    columns = SPECS[address].metadata["dagster/column_schema"]
    assert isinstance(columns, dg.TableSchema)
    assert columns.columns
    assert [column.name for column in columns.columns if not (column.description and column.type)] == []


def test_the_columns_shown_for_core_are_the_contracts_columns() -> None:
    shown = {name: SPECS[f"core/{name}"].metadata["dagster/column_schema"] for name in CONTRACTS}
    for name, contract in CONTRACTS.items():
        assert [column.name for column in shown[name].columns] == [column.name for column in contract.columns]
        assert {c.name for c in shown[name].columns if c.constraints and not c.constraints.nullable} == {
            c.name for c in contract.columns if c.required
        }


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_a_plan_shows_which_field_comes_from_where(crossing: str) -> None:
    told = SPECS[f"plan/{crossing}"].metadata["mapping"]
    assert isinstance(told, dg.MarkdownMetadataValue)
    assert told.value is not None
    assert len(told.value.splitlines()) > 2, "a heading, and at least one field"


# Not about what the asset holds, but about the house that made it.
OF_THE_HOUSE = dg.AssetCheckKey(dg.AssetKey(["receipts", "exceptions"]), "journal_is_whole")


def _checks() -> dict[str, dict[str, dg.AssetCheckSpec]]:
    found: dict[str, dict[str, dg.AssetCheckSpec]] = {}
    for key in defs.resolve_asset_graph().asset_check_keys - {OF_THE_HOUSE}:
        spec = defs.resolve_asset_graph().get_check_spec(key)
        found.setdefault(key.asset_key.to_user_string(), {})[key.name] = spec
    return found


def test_every_sync_and_every_apply_says_whether_the_journal_is_whole() -> None:
    assert not defs.resolve_asset_graph().get_check_spec(OF_THE_HOUSE).blocking
    for job in ("sync", "apply"):
        assert OF_THE_HOUSE in defs.resolve_job_def(job).asset_layer.asset_graph.asset_check_keys


def test_every_document_table_has_a_gate_that_blocks_what_follows() -> None:
    blocking = {a: {n for n, spec in checks.items() if spec.blocking} for a, checks in _checks().items()}
    assert {address: names for address, names in blocking.items() if names} == {
        address: {"shape", "lawful"} for address in WITH_A_GATE
    }


def test_checks_that_are_for_people_to_look_at_block_nothing() -> None:
    checks = _checks()
    for crossing in CROSSINGS:
        # What goes to Salesforce waits for no approval unless the company says so.
        approved = {"nothing_awaits_approval"} if crossing in TO_INTACCT else set()
        always, found = {"nothing_waits", *approved}, set(checks[f"plan/{crossing}"])
        assert always <= found <= {*always, "intacct_would_accept"}
        assert set(checks[f"receipts/{crossing}"]) == {"nothing_refused", "everything_settled"}
    assert "intacct_would_accept" in checks["plan/order_to_invoice"]
    assert "intacct_would_accept" not in checks["plan/invoice_to_mirror"]
    assert set(checks["receipts/exceptions"]) == {"queue_is_empty", "everybody_was_told"}
    assert set(checks["finance/finance_file"]) == {"everybody_was_told"}
    assert set(checks["finance/ar_tie_out"]) == {"ties_out", "nothing_landed_late"}
    assert [n for names in checks.values() for n, spec in names.items() if not spec.description] == []


def test_the_road_lies_on_sync_days_and_the_close_on_posting_months() -> None:
    monthly = {f"finance/{table}" for table in MONTHLY}
    for address, spec in SPECS.items():
        grid = type(spec.partitions_def) if spec.partitions_def else None
        expected = dg.MonthlyPartitionsDefinition if address in monthly else dg.DailyPartitionsDefinition
        assert grid is (None if spec.group_name == "finance" and address not in monthly else expected), address


def test_several_past_days_are_made_in_one_run() -> None:
    partitioned = [key for key, spec in SPECS.items() if spec.partitions_def]
    graph = defs.resolve_asset_graph()
    single = dg.BackfillPolicy.single_run()
    assert [a for a in partitioned if graph.get(dg.AssetKey(a.split("/"))).backfill_policy != single] == []


@pytest.mark.answers("F12")
def test_only_one_step_has_the_warehouse_at_a_time() -> None:
    graph = defs.resolve_asset_graph()
    assert {pool for key in graph.get_all_asset_keys() for pool in graph.get(key).pools or ()} == {"warehouse"}


def test_sync_days_run_from_the_opening_snapshot_to_today_and_today_is_one() -> None:
    days = sync_days(date(2026, 11, 3))
    assert days.get_partition_keys(current_time=datetime(2026, 11, 5, 23, 59, tzinfo=UTC)) == [
        "2026-11-03",
        "2026-11-04",
        "2026-11-05",
    ]


def test_posting_months_run_from_the_first_month_to_this_one_and_this_one_is_one() -> None:
    months = posting_months(date(2026, 10, 17))
    assert months.get_partition_keys(current_time=datetime(2026, 12, 1, tzinfo=UTC)) == [
        "2026-10-01",
        "2026-11-01",
        "2026-12-01",
    ]


def test_a_derived_table_comes_after_what_it_is_made_from() -> None:
    outcomes = {f"core/{name}" for name in OUTCOMES}
    after_queue = {
        f"core/{contract.name}"
        for contract in DERIVED
        if dg.AssetKey(["receipts", "exceptions"]) in {d.asset_key for d in SPECS[f"core/{contract.name}"].deps}
    }
    assert after_queue == outcomes

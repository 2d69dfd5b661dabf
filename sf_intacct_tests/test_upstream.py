"""What the house relies on in polars, pandera, DuckDB, SQLAlchemy and Dagster, each on its own.

When an upgrade breaks one of these, the name says which assumption to look at, and where it is used.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pandera.errors
import pandera.polars as pa
import polars as pl
import pytest
import sqlalchemy as sa

# Polars


def _decimals(scale: int, *texts: str) -> pl.Series:
    return pl.Series(texts).cast(pl.Decimal(38, scale))


def test_polars_rounds_half_to_even_and_silently_when_it_casts_to_fewer_decimals() -> None:
    """Why `flow/shape.py` reads money wide and refuses what does not fit."""
    assert pl.Series(["0.125", "0.135", "-0.125"]).cast(pl.Decimal(18, 2)).to_list() == [
        Decimal("0.12"),
        Decimal("0.14"),
        Decimal("-0.12"),
    ]
    assert _decimals(12, "0.125", "0.135").cast(pl.Decimal(18, 2)).to_list() == [Decimal("0.12"), Decimal("0.14")]


def test_polars_rounds_beyond_the_widest_column_silently_too() -> None:
    """Why `flow/shape.py` looks at the text as well."""
    assert _decimals(12, "10.0000000000001").to_list() == [Decimal("10")]


def test_polars_rounds_half_away_from_zero_only_when_it_is_told_to() -> None:
    """Why `flow/expression.py` names the mode."""
    halves = _decimals(12, "0.125", "-0.125", "2.665")
    assert halves.round(2).to_list() == [Decimal("0.12"), Decimal("-0.12"), Decimal("2.66")]
    away = [Decimal("0.13"), Decimal("-0.13"), Decimal("2.67")]
    assert halves.round(2, mode="half_away_from_zero").to_list() == away


def test_polars_keeps_decimals_exact_in_sums_products_and_quotients_of_sql() -> None:
    rows = pl.DataFrame({"price": _decimals(2, "0.10"), "quantity": _decimals(4, "3")})
    told = rows.select(
        pl.sql_expr("price * quantity").alias("product"), pl.sql_expr("price / 3").alias("quotient"), pl.sum("price")
    )
    assert [dtype.is_decimal() for dtype in told.dtypes] == [True, True, True]
    assert told["product"][0] == Decimal("0.3")


def test_sql_expressions_of_polars_reach_into_structs() -> None:
    """What lets a mapping say account.name."""
    rows = pl.DataFrame({"account": [{"name": "Acme", "owner": {"name": "Ann"}}, None]})
    assert rows.select(pl.sql_expr("account.name"))["name"].to_list() == ["Acme", None]
    assert rows.select(pl.sql_expr("coalesce(account.owner.name, 'nobody')"))["name"].to_list() == ["Ann", "nobody"]


def test_polars_compares_nothing_with_nothing_only_when_asked_to() -> None:
    """Why `flow/differences.py` uses ne_missing: with `!=` a cleared field would not differ."""
    left, right = pl.Series(["a", None, None]), pl.Series(["b", "b", None])
    assert (left != right).to_list() == [True, None, None]
    assert left.ne_missing(right).to_list() == [True, True, False]


def test_polars_writes_json_the_same_for_ever() -> None:
    """`flow/payload.py` and `flow/source_hash.py` hash this text: another spelling would look like an amendment."""
    row = pl.DataFrame(
        {
            "text": ['a"b\\c\n\t\x01é😀</'],
            "nothing": pl.Series([None], dtype=pl.String),
            "money": _decimals(2, "1.5"),
            "whole": [7],
            "day": [date(2026, 3, 1)],
            "instant": pl.Series([datetime(2026, 3, 1, 1, 2, 3, 500, tzinfo=UTC)]).cast(pl.Datetime("us", "UTC")),
            "flag": [True],
        }
    )
    assert row.select(pl.struct(pl.all()).struct.json_encode()).item() == (
        '{"text":"a\\"b\\\\c\\n\\t\\u0001é😀</","nothing":null,"money":"1.50","whole":7,'
        '"day":"2026-03-01","instant":"2026-03-01T01:02:03.000500+00:00","flag":true}'
    )


def test_polars_reads_a_csv_as_text_when_it_is_told_not_to_guess() -> None:
    text = b"salesforce,intacct\n00123,1E5\nTRUE,2026-03-01\n,x\n"
    rows = pl.read_csv(text, infer_schema=False).rows()
    assert rows == [("00123", "1E5"), ("TRUE", "2026-03-01"), (None, "x")]


def test_polars_keeps_the_order_of_the_left_side_of_a_join_when_it_is_told_to() -> None:
    left = pl.DataFrame({"key": [f"{n % 997}" for n in range(5000)]})
    right = pl.DataFrame({"key": [f"{n}" for n in range(0, 997, 2)], "value": range(0, 997, 2)})
    joined = left.join(right, on="key", how="left", maintain_order="left")
    assert joined["key"].equals(left["key"])


# Pandera

SCHEMA = pa.DataFrameSchema({"size": pa.Column(pl.String(), pa.Check.isin(["small", "large"]), nullable=False)})


def test_pandera_skips_the_values_of_a_lazy_frame() -> None:
    """Why `flow/check.py` validates collected frames only."""
    bad = pl.DataFrame({"size": ["medium", None]})
    SCHEMA.validate(bad.lazy(), lazy=True)
    with pytest.raises(pandera.errors.SchemaErrors):
        SCHEMA.validate(bad, lazy=True)


def test_pandera_says_which_row_broke_which_check_and_gives_no_row_for_a_wrong_type() -> None:
    """What `flow/check.py` tells a bad value from a bad table by."""
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        SCHEMA.validate(pl.DataFrame({"size": ["small", "medium", None]}), lazy=True)
    cases = refused.value.failure_cases.select("column", "check", "index").sort("index").rows()
    assert cases == [("size", "isin(['small', 'large'])", 1), ("size", "not_nullable", 2)]
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        SCHEMA.validate(pl.DataFrame({"size": [7]}), lazy=True)
    assert refused.value.failure_cases.filter(pl.col("index").is_null()).height > 0


def test_pandera_calls_a_value_that_comes_twice_field_uniqueness() -> None:
    schema = pa.DataFrameSchema({"key": pa.Column(pl.String(), unique=True)})
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        schema.validate(pl.DataFrame({"key": ["a", "b", "a"]}), lazy=True)
    assert set(refused.value.failure_cases["check"]) == {"field_uniqueness"}
    assert refused.value.failure_cases["index"].null_count() == 0


# DuckDB


class _Stream:
    """Nothing but the Arrow C stream of a frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def test_duckdb_and_polars_hand_frames_over_without_pyarrow() -> None:
    """What `store/frames.py` is for. A frame itself is refused without pyarrow, its stream is not."""
    frame = pl.DataFrame({"amount": _decimals(2, "1.10", "2.20"), "at": [datetime(2026, 3, 1, tzinfo=UTC)] * 2})
    with duckdb.connect() as connection:
        connection.register("offered", _Stream(frame))
        back: Any = connection.sql("select * from offered")
        assert pl.DataFrame(back)["amount"].to_list() == [Decimal("1.10"), Decimal("2.20")]
    assert find_spec("pyarrow") is None


@pytest.mark.answers("E2")
def test_duckdb_makes_a_float_of_a_decimal_that_it_divides_or_averages_but_not_of_a_sum() -> None:
    """Why no query of the stores divides money without a cast."""
    types = "typeof(sum(m)), typeof(m * 2), typeof(m / 3), typeof(avg(m))"
    sql = f"select {types} from (select 1.10::decimal(18, 2) as m) group by m"
    assert duckdb.execute(sql).fetchone() == ("DECIMAL(38,2)", "DECIMAL(18,2)", "DOUBLE", "DOUBLE")


def test_duckdb_rounds_half_away_from_zero_when_it_casts() -> None:
    """Unlike polars: the two must never both get to round."""
    sql = "select 0.125::decimal(18, 3)::decimal(18, 2), -0.125::decimal(18, 3)::decimal(18, 2)"
    assert duckdb.execute(sql).fetchone() == (Decimal("0.13"), Decimal("-0.13"))


@pytest.fixture
def held_by_another_process(tmp_path: Path) -> Iterator[Path]:
    """A DuckDB file that a process of its own keeps open."""
    file = tmp_path / "warehouse.duckdb"
    hold = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield file
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_duckdb_lets_no_second_process_in_while_one_writes(held_by_another_process: Path, read_only: bool) -> None:
    """Why `store/warehouse.py` queues on a lock file of its own, and readers get a copy."""
    with pytest.raises(duckdb.IOException, match="Could not set lock on file"):
        duckdb.connect(str(held_by_another_process), read_only=read_only)


# SQLAlchemy


def test_sqlalchemy_reads_a_bare_postgresql_url_as_a_driver_that_is_not_installed() -> None:
    """Why `store/journal_engine.py` and `orchestration/instance_storage.py` name psycopg2."""
    assert sa.make_url("postgresql://host/db").get_driver_name() == "psycopg"
    assert find_spec("psycopg") is None
    assert find_spec("psycopg2") is not None


# Dagster


def _run(*assets: dg.AssetsDefinition, **given: Any) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(list(assets), instance=instance, raise_on_error=False, **given)


@pytest.mark.parametrize(("severity", "goes_on"), [("ERROR", False), ("WARN", True)])
def test_a_failed_blocking_check_of_dagster_stops_what_follows_unless_it_only_warns(
    severity: str, goes_on: bool
) -> None:
    """The gate in `orchestration/assets/core.py`."""
    followed = []

    @dg.multi_asset(
        specs=[dg.AssetSpec("published")],
        check_specs=[dg.AssetCheckSpec("lawful", asset="published", blocking=True)],
    )
    def publish() -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        verdict = dg.AssetCheckSeverity[severity]
        yield dg.AssetCheckResult(asset_key="published", check_name="lawful", passed=False, severity=verdict)
        yield dg.MaterializeResult(asset_key="published")

    @dg.asset(deps=["published"])
    def planned() -> None:
        followed.append("planned")

    assert _run(publish, planned).success is goes_on
    assert followed == (["planned"] if goes_on else [])


def test_dagster_does_not_try_again_what_says_that_it_must_not() -> None:
    """How a step that needs a person ends."""
    tried = []

    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=3))
    def refused() -> None:
        tried.append("once")
        raise dg.Failure("fix it first", allow_retries=False)

    assert not _run(refused).success
    assert tried == ["once"]


@pytest.mark.filterwarnings("ignore:Parameter `backfill_policy`")  # in beta, says Dagster: one more reason for a test
def test_dagster_hands_a_whole_range_of_partitions_to_one_run() -> None:
    """How `orchestration/sensors.py` asks for months, and why no asset loops over days by itself."""
    seen: list[str] = []
    days = dg.DailyPartitionsDefinition("2026-03-01", end_date="2026-03-05")

    @dg.asset(partitions_def=days, backfill_policy=dg.BackfillPolicy.single_run())
    def of_days(context: dg.AssetExecutionContext) -> None:
        seen.extend(context.partition_keys)

    span = {
        "dagster/asset_partition_range_start": "2026-03-01",
        "dagster/asset_partition_range_end": "2026-03-03",
    }
    assert _run(of_days, tags=span).success
    assert seen == ["2026-03-01", "2026-03-02", "2026-03-03"]


def test_the_private_doors_of_dagster_that_we_use_are_still_there() -> None:
    """`orchestration/instance_storage.py` has no public way to choose a storage."""
    from dagster._core.storage.base_storage import DagsterStorage
    from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
    from dagster._serdes import ConfigurableClass

    assert issubclass(DagsterSqliteStorage, DagsterStorage)
    assert issubclass(DagsterSqliteStorage, ConfigurableClass)

"""Frames across the border of DuckDB: every type as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from sf_intacct.store.frames import Stream, to_polars

FRAME = pl.DataFrame(
    {
        "text": ["Å ß 🎉", "", None],
        "money": [Decimal("12345678901234.56"), Decimal("-0.01"), None],
        "number": [Decimal("0.0001"), Decimal("1.5000"), None],
        "whole": [2**62, 0, None],
        "day": [date(2026, 3, 5), date(1970, 1, 1), None],
        "at": [datetime(2026, 3, 5, 12, 0, 0, 123_456, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC), None],
        "flag": [True, False, None],
    },
    schema={
        "text": pl.String(),
        "money": pl.Decimal(18, 3),
        "number": pl.Decimal(18, 4),
        "whole": pl.Int64(),
        "day": pl.Date(),
        "at": pl.Datetime("us", "UTC"),
        "flag": pl.Boolean(),
    },
)


def through(frame: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.register("frame", Stream(frame))
        return to_polars(connection.sql("select * from frame"))


@pytest.mark.parametrize("rows", [3, 0])
def test_every_value_of_every_type_comes_back_as_it_went(rows: int) -> None:
    frame = FRAME.head(rows)
    assert through(frame).equals(frame)
    assert through(frame).schema == frame.schema


def test_more_rows_than_one_batch_stay_in_order() -> None:
    frame = pl.DataFrame({"n": range(300_000)})
    assert through(frame).equals(frame)


def test_a_frame_can_be_read_more_than_once() -> None:
    with duckdb.connect() as connection:
        connection.register("frame", Stream(FRAME))
        counts = [connection.sql("select count(*) from frame").fetchone() for _ in range(2)]
    assert counts == [(3,), (3,)]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_an_instant_is_utc_in_microseconds_whatever_the_session_is_set_to(zone: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = '{zone}'")
        frame = to_polars(
            connection.sql("select timestamptz '2026-03-05 12:00:00+00' as at, timestamp_ns '2026-03-05' as ns")
        )
    assert frame["at"].to_list() == [datetime(2026, 3, 5, 12, tzinfo=UTC)]
    assert frame.schema["at"] == pl.Datetime("us", "UTC")

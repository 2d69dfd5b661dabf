"""Frames across the border of DuckDB, by the Arrow C stream: no copy through rows, no pyarrow."""

from typing import Any

import duckdb
import polars as pl


class Stream:
    """A polars frame as DuckDB can scan it."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def to_polars(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows of a DuckDB relation as a frame, instants in UTC and in microseconds."""
    source: Any = relation
    frame = pl.DataFrame(source)
    instants = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    return (
        frame.with_columns(pl.col(instants).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
        if instants
        else frame
    )

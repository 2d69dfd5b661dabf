"""SQL made from declarations: what is quoted stays quoted, and a table grows with its declaration."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from sf_intacct.flow.contracts import CONTRACTS, OBSERVED
from sf_intacct.flow.contracts.contract import DTYPES
from sf_intacct.store import statements
from sf_intacct.store.frames import to_polars
from sf_intacct.store.statements import create_table, frame_for, name, names, text

STRINGS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
QUIET = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(statements.FOUNDATION)
        yield connection


@QUIET
@given(STRINGS)
@example("it's")
@example("'; drop table meta.progress; --")
@example("\\' or 1 = 1 --")
@pytest.mark.answers("S4")
def test_any_text_is_what_it_was(duck: duckdb.DuckDBPyConnection, value: str) -> None:
    assert duck.execute(f"select {text(value)}").fetchone() == (value,)


@QUIET
@given(STRINGS.filter(bool))
@example('a "quoted" name')
@example("select")
@example("DISPLAYCONTACT.MAILADDRESS.CITY")
def test_any_name_is_what_it_was(duck: duckdb.DuckDBPyConnection, value: str) -> None:
    relation = duck.sql(f"select 1 as {name(value)}")
    assert relation.columns == [value]


def test_names_are_listed_with_their_prefix() -> None:
    assert names(["a", 'b"'], "t.") == 't."a", t."b"""'


COLUMNS = {"id": ("varchar not null", "Its id"), "amount": ("decimal(18, 3)", "It's an amount")}


def columns(duck: duckdb.DuckDBPyConnection, table: str) -> dict[str, tuple[str, str]]:
    """Type and comment of every column."""
    query = "select column_name, data_type, comment from duckdb_columns() where table_name = ?"
    return {column: (kind, says) for column, kind, says in duck.execute(query, [table]).fetchall()}


def test_a_table_carries_what_it_says(duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(create_table("core.things", COLUMNS, "Things; one's enough."))
    assert columns(duck, "things") == {"id": ("VARCHAR", "Its id"), "amount": ("DECIMAL(18,3)", "It's an amount")}
    said = duck.execute("select comment from duckdb_tables() where table_name = 'things'").fetchone()
    assert said == ("Things; one's enough.",)
    with pytest.raises(duckdb.ConstraintException):
        duck.execute("insert into core.things values (null, 1)")


def test_a_table_grows_with_its_declaration_and_keeps_its_rows(duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(create_table("core.things", COLUMNS, "Things."))
    duck.execute("insert into core.things values ('A', 12.50)")
    wider = {**COLUMNS, "label": ("varchar not null", "A name")}
    for _ in range(2):
        duck.execute(create_table("core.things", wider, "Things with names."))
    assert duck.execute("select * from core.things").fetchall() == [("A", Decimal("12.50"), None)]


def test_every_contract_makes_its_tables(duck: duckdb.DuckDBPyConnection) -> None:
    for contract in OBSERVED.values():
        duck.execute(statements.create_raw(contract))
    for contract in CONTRACTS.values():
        duck.execute(statements.create_core(contract))
    made = duck.execute("select schema_name, table_name from duckdb_tables() where schema_name in ('raw', 'core')")
    assert set(made.fetchall()) == {("raw", name) for name in OBSERVED} | {("core", name) for name in CONTRACTS}


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_a_table_of_core_reads_back_with_the_types_of_its_contract(
    duck: duckdb.DuckDBPyConnection, contract: object
) -> None:
    declared = CONTRACTS[getattr(contract, "name")]  # noqa: B009 - the parameter is an object to mypy
    duck.execute(statements.create_core(declared))
    frame = to_polars(duck.sql(f"select {names(declared.dtypes)} from core.{declared.name}"))
    assert frame.schema == pl.Schema(declared.dtypes)


def test_every_kind_has_a_type_in_both_worlds() -> None:
    assert set(statements.SQL_TYPES) == set(DTYPES)


def test_rows_become_a_frame_with_the_types_of_their_table(duck: duckdb.DuckDBPyConnection) -> None:
    declared = {
        "label": ("varchar not null", ""),
        "number": ("bigint", ""),
        "is_open": ("boolean not null", ""),
        "day": ("date", ""),
        "at": ("timestamptz", ""),
        "amount": ("decimal(18, 3)", ""),
    }
    row = {
        "label": "A",
        "number": 7,
        "is_open": True,
        "day": date(2026, 3, 5),
        "at": datetime(2026, 3, 5, 12, tzinfo=UTC),
        "amount": Decimal("0.10"),
    }
    frame = frame_for(declared, [row, dict.fromkeys(declared)])
    assert frame.row(0, named=True) == row
    assert frame.row(1) == (None,) * 6
    duck.execute(create_table("core.things", declared, ""))
    assert frame_for(declared, []).schema == to_polars(duck.sql("select * from core.things")).schema


@pytest.mark.answers("E1")
def test_an_amount_is_never_a_float_on_its_way(duck: duckdb.DuckDBPyConnection) -> None:
    frame = frame_for(
        {"amount": ("decimal(18, 3)", "")}, [{"amount": Decimal("12345678901234.56")}, {"amount": Decimal("0.1")}]
    )
    assert frame["amount"].sum() == Decimal("12345678901234.66")

"""Expressions of mappings: standard SQL, without a clock, without other records, without floats."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from sf_intacct.errors import MappingError
from sf_intacct.flow.expression import as_text, compiled
from sf_intacct.model.system import Kind

ROWS = pl.DataFrame(
    {
        "name": ["Acme", None, "  Łódź  "],
        "street": ["1 Main St\r\nSuite 2", "2 High St", None],
        "amount": pl.Series(["10.00", "0.05", None]).cast(pl.Decimal(18, 3)),
        "quantity": pl.Series(["3", "2.5", "1"]).cast(pl.Decimal(18, 4)),
        "is_active": [True, False, None],
        "account": [{"name": "Big", "is_excluded": None}, {"name": None, "is_excluded": True}, None],
    }
)


def _text(sql: str, kind: Kind = Kind.TEXT) -> list[str | None]:
    value = ROWS.with_columns(compiled(sql).alias("value"))["value"]
    return as_text(value, kind, "a crossing, a field").to_list()


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ("name", ["Acme", None, "  Łódź  "]),
        ("'active'", ["active"] * 3),
        ("'C-' || name", ["C-Acme", None, "C-  Łódź  "]),
        ("coalesce(name, account.name, 'nobody')", ["Acme", "nobody", "  Łódź  "]),
        ("trim(split_part(replace(street, '\r', ''), '\n', 1))", ["1 Main St", "2 High St", None]),
        ("trim(split_part(replace(street, '\r', ''), '\n', 2))", ["Suite 2", None, None]),
        ("left(name, 2)", ["Ac", None, "  "]),
        ("account.name", ["Big", None, None]),
        ("case when quantity > 2 then 'many' end", ["many", "many", None]),
        ("is_active", ["true", "false", None]),
        ("not coalesce(account.is_excluded, false)", ["true", "false", "true"]),
        ("upper(right(name, 3))", ["CME", None, "Ź  "]),
        ("greatest(quantity, 2) > 2", ["true", "true", "false"]),
    ],
)
def test_an_expression_says_one_thing_per_record(sql: str, values: list[str | None]) -> None:
    assert _text(sql) == values


@pytest.mark.parametrize(
    "sql",
    [
        "now()",
        "NOW ( )",
        "current_date",
        "CURRENT_TIMESTAMP",
        "current_time",
        "localtime",
        "localtimestamp",
        "case when current_date > '2026-01-01' then name end",
    ],
)
@pytest.mark.answers("J5")
def test_a_clock_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match="clock"):
        compiled(sql)


AGGREGATES = """
sum(quantity)
SUM ( quantity )
total(quantity)
count(*)
count(name)
avg(quantity)
min(name)
max(name)
median(quantity)
stddev(quantity)
stddev_pop(quantity)
stdev(quantity)
var(quantity)
var_samp(quantity)
variance(quantity)
quantile_cont(quantity, 0.5)
quantile_disc(quantity, 0.5)
corr(quantity, amount)
covar(quantity, amount)
covar_pop(quantity, amount)
first(name)
first_value(name)
last(name)
last_value(name)
array_agg(name)
string_agg(name, ',')
listagg(name)
group_concat(name)
row_number()
row_number() over (order by name)
rank() over (order by name)
lag(name) over (order by name)
amount - lag(amount) over (order by name)
unnest(name)
"""


@pytest.mark.parametrize("sql", AGGREGATES.strip().splitlines())
def test_a_value_that_depends_on_other_records_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match="other records"):
        compiled(sql)


@given(
    st.sampled_from(AGGREGATES.strip().splitlines()),
    st.sampled_from(["{}", "coalesce({}, 1)", "1 + ({})", "case when {} > 1 then 2 end"]),
)
def test_it_is_refused_wherever_it_stands(sql: str, around: str) -> None:
    with pytest.raises(ValueError, match="no place in a mapping"):
        compiled(around.format(sql))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("'now() or sum(x)'", "now() or sum(x)"),
        ("'it''s now() or never'", "it's now() or never"),
        ("'current_date'", "current_date"),
    ],
)
def test_a_quoted_word_is_only_a_word(sql: str, said: str) -> None:
    assert _text(sql) == [said] * 3


def test_names_that_only_look_forbidden_are_columns() -> None:
    rows = pl.DataFrame({"account": ["a"], "counter": ["b"], "discount": ["c"], "summary": ["d"], "over": ["e"]})
    assert rows.select(compiled("concat(account, counter, discount, summary)"))["account"].to_list() == ["abcd"]
    assert rows.select(compiled("cast(counter as varchar)"))["counter"].to_list() == ["b"]


@pytest.mark.parametrize(
    "sql", ["", "name ||", "name, name", "select name", "(select name from self)", "name;", "nme()"]
)
def test_what_is_no_expression_is_refused_by_polars(sql: str) -> None:
    with pytest.raises((pl.exceptions.PolarsError, ValueError)):
        compiled(sql)


# Spelling


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ("amount", ["10.00", "0.05", None]),
        ("amount / 3", ["3.33", "0.02", None]),
        ("amount * quantity", ["30.00", "0.13", None]),  # 0.125 goes away from zero
        ("-amount * quantity", ["-30.00", "-0.13", None]),
        ("round(amount * quantity, 1)", ["30.00", "0.10", None]),
        ("7", ["7.00", "7.00", "7.00"]),
        ("null", [None, None, None]),
    ],
)
def test_money_is_spelt_to_the_cent_and_rounded_away_from_zero(sql: str, values: list[str | None]) -> None:
    assert _text(sql, Kind.MONEY) == values


amounts = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6)


@given(st.lists(amounts, min_size=1, max_size=8))
@pytest.mark.answers("E3")
def test_money_is_rounded_by_the_house_rule(given_amounts: list[Decimal]) -> None:
    column = pl.Series([format(one, "f") for one in given_amounts]).cast(pl.Decimal(38, 6))
    cents = [one.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) for one in given_amounts]
    assert [Decimal(str(text)) for text in as_text(column, Kind.MONEY, "x")] == cents


@pytest.mark.parametrize("sql", ["cast(amount as double)", "quantity / cast(3 as double)", "1 / 2", "sqrt(quantity)"])
@pytest.mark.parametrize("kind", [Kind.MONEY, Kind.NUMBER, Kind.TEXT])
@pytest.mark.answers("E2")
def test_a_floating_point_number_is_refused_whatever_it_is_for(sql: str, kind: Kind) -> None:
    with pytest.raises(MappingError) as refused:
        _text(sql, kind)
    assert refused.value.record == "a crossing, a field"
    assert "decimal columns" in refused.value.remedy


@pytest.mark.parametrize(
    ("values", "kind", "spelt"),
    [
        ([date(2026, 3, 17), None], Kind.DATE, ["2026-03-17", None]),
        ([datetime(2026, 3, 17, 9, 30, 15, 999_999, tzinfo=UTC)], Kind.INSTANT, ["2026-03-17T09:30:15Z"]),
        ([True, False, None], Kind.FLAG, ["true", "false", None]),
        ([7, None], Kind.WHOLE, ["7", None]),
        ([Decimal("2.5000")], Kind.NUMBER, ["2.5000"]),
        (["", "x", None], Kind.TEXT, [None, "x", None]),
        (["00123"], Kind.TEXT, ["00123"]),
    ],
)
def test_every_kind_has_the_houses_spelling(values: list[Any], kind: Kind, spelt: list[str | None]) -> None:
    assert as_text(pl.Series(values), kind, "x").to_list() == spelt


def test_a_column_of_nothing_is_nothing_in_every_kind() -> None:
    nothing = pl.Series([None, None])
    assert [as_text(nothing, kind, "x").to_list() for kind in Kind] == [[None, None]] * len(Kind)

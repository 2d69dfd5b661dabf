"""One contract: what a column promises, and what pandera is told of it."""

from dataclasses import replace
from decimal import Decimal

import pandera.errors
import polars as pl
import pytest

from sf_intacct.flow.contracts.contract import DTYPES, MONEY, Contract, instant, money, text
from sf_intacct.model.system import Kind

PARCELS = Contract(
    name="parcels",
    system="salesforce",
    object="Parcel__c",
    says="Parcels.",
    key="parcel_id",
    label="parcel_id",
    stamp="modified_at",
    columns=(
        text("parcel_id", "Id", "Id", required=True, unique=True),
        text("size", "Size__c", "Size", values=("small", "large")),
        text("note", "Note__c", "Note", length_max=5),
        money("worth", "Worth__c", "Worth", required=True),
        money("insured", None, "Computed by the house"),
        instant("modified_at", "SystemModstamp", "Stamp"),
    ),
)


def _parcel(**values: object) -> pl.DataFrame:
    row = {"parcel_id": "1", "size": "small", "note": "x", "worth": Decimal("1.00"), "insured": None}
    return pl.DataFrame([{**row, "modified_at": None, **values}], schema=PARCELS.dtypes, orient="row")


def test_every_kind_has_one_type() -> None:
    assert set(DTYPES) == set(Kind)
    assert DTYPES[Kind.MONEY] == MONEY == pl.Decimal(18, 3)
    assert [kind for kind, dtype in DTYPES.items() if dtype.is_float()] == []


def test_a_lawful_row_passes() -> None:
    PARCELS.schema.validate(_parcel(), lazy=True)


@pytest.mark.parametrize(
    ("column", "value"),
    [("size", "medium"), ("note", "longer"), ("worth", None), ("parcel_id", None)],
)
def test_a_bad_value_is_refused_though_its_type_is_right(column: str, value: object) -> None:
    bad = _parcel(**{column: value})
    assert bad.schema == _parcel().schema
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        PARCELS.schema.validate(bad, lazy=True)
    assert refused.value.failure_cases["column"].to_list() == [column]


def test_a_key_that_comes_twice_is_refused() -> None:
    with pytest.raises(pandera.errors.SchemaErrors):
        PARCELS.schema.validate(pl.concat([_parcel(), _parcel()]), lazy=True)


@pytest.mark.parametrize(
    "frame",
    [_parcel().drop("size"), _parcel().with_columns(extra=1), _parcel().cast({"worth": pl.Float64})],
    ids=["a column is missing", "a column too many", "another type"],
)
def test_other_columns_or_types_are_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(pandera.errors.SchemaErrors):
        PARCELS.schema.validate(frame, lazy=True)


def test_a_computed_column_is_promised_but_not_read() -> None:
    assert "insured" in PARCELS.dtypes
    assert "insured" not in {field.name for field in PARCELS.selection.fields}
    assert None not in PARCELS.by_source


def test_a_computed_column_cannot_identify_a_version() -> None:
    with pytest.raises(AssertionError, match=r"parcels\.insured is computed"):
        _ = replace(PARCELS, stamp="insured").selection

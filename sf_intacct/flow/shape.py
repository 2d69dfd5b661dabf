"""From text as it was seen to typed columns. What cannot be read is a finding, never a silent null."""

import polars as pl

from sf_intacct.errors import ContractError
from sf_intacct.flow.contracts import Column, Contract
from sf_intacct.flow.findings import findings, together
from sf_intacct.model.system import Kind

# Wide enough to hold what was sent before it is judged: a cast straight to two places would round, silently.
_WIDE = pl.Decimal(38, 12)


def shape(contract: Contract, raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The typed columns of `contract`, and a finding for every value that is not of its kind.

    `raw` has one text column per source field of the contract, and `is_deleted`. Raises ContractError
    when a column is missing: then nothing of this table can be trusted.
    """
    missing = [source for source in contract.by_source if source not in raw.columns]
    if missing:
        raise ContractError(
            f"shaping {contract.name}",
            seen=f"no column {', '.join(missing)} in what was read of {contract.object}",
            remedy="check that the integration user may read these fields, and that they still exist",
        )
    observed = [column for column in contract.columns if column.source]
    typed = raw.select(*(_typed(column) for column in observed), pl.col("is_deleted"))
    document = contract.document or contract.key
    identified = raw.with_columns(typed[document].alias("__document"))
    return typed, together(_unreadable(contract, column, identified, typed) for column in observed)


def _typed(column: Column) -> pl.Expr:
    value = pl.col(column.source or "")
    match column.kind:
        case Kind.TEXT:
            expression = value
        case Kind.MONEY | Kind.NUMBER:
            expression = _decimal(value, column)
        case Kind.WHOLE:
            expression = value.cast(pl.Int64, strict=False)
        case Kind.DATE:
            expression = value.str.to_date("%Y-%m-%d", strict=False)
        case Kind.INSTANT:
            expression = value.str.to_datetime(
                "%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False
            ).dt.replace_time_zone("UTC")
        case Kind.FLAG:
            expression = value.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    return expression.alias(column.name)


def _decimal(value: pl.Expr, column: Column) -> pl.Expr:
    """The exact decimal, or null when it would have to be rounded to fit."""
    wide = value.cast(_WIDE, strict=False)
    narrow = wide.cast(column.dtype, strict=False)
    # Beyond what is wide enough, the first cast itself would round.
    beyond = value.cast(pl.String).str.contains(r"\.\d{13}|[eE]-")
    return pl.when((narrow.cast(_WIDE) == wide) & ~beyond).then(narrow)


def _unreadable(contract: Contract, column: Column, raw: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    lost = typed[column.name].is_null() & raw[column.source or ""].is_not_null()
    rows = raw.filter(lost)
    return findings(
        rows,
        "unreadable_value",
        document="__document",
        subject=pl.lit(f"{column.says} ({contract.object}.{column.source})"),
        column=column.name,
        seen=pl.col(column.source or ""),
    )

"""What an analyst reads about an asset: columns in business words, owners, kinds, counts, a preview."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import dagster as dg
import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.mapping import Mapping as Crossing
from sf_intacct.model.money import spelt
from sf_intacct.store.statements import SQL_TYPES

OWNERS = {"salesforce": ["team:sales-operations"], "intacct": ["team:finance"], "house": ["team:sales-operations"]}


def kinds(contract: Contract, *more: str) -> set[str]:
    return {"duckdb", *more, *({contract.system} if contract.system != "house" else set())}


def contract_columns(contract: Contract) -> dg.TableSchema:
    """The columns of a core table."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=SQL_TYPES[column.kind],
                description=column.says + (f" ({contract.object}.{column.source})" if column.source else ""),
                constraints=dg.TableColumnConstraints(nullable=not column.required, unique=column.unique),
            )
            for column in contract.columns
        ]
    )


def table_columns(columns: Mapping[str, tuple[str, str]]) -> dg.TableSchema:
    """The columns of any other table."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=name,
                type=sql.removesuffix(" not null"),
                description=says,
                constraints=dg.TableColumnConstraints(nullable=not sql.endswith("not null")),
            )
            for name, (sql, says) in columns.items()
        ]
    )


def mapping_table(mapping: Crossing) -> dg.MetadataValue[Any]:
    """Which field comes from where, as the mapping file says it."""
    lines = ["| target field | comes from | written |", "|---|---|---|"]
    rules = [("", mapping.fields), ("line ", mapping.lines.fields if mapping.lines else {})]
    for prefix, fields in rules:
        for name, rule in fields.items():
            way = next((w for w in ("link", "linked_back", "lookup") if getattr(rule, w) is not None), None)
            origin = f"{way} {getattr(rule, way)} of `{rule.of}`" if way else f"`{rule.expression}`"
            lines.append(f"| {prefix}{name} | {origin.replace('|', '&#124;')} | {rule.mode.replace('_', ' ')} |")
    return dg.MetadataValue.md("\n".join(lines))


def preview(rows: pl.DataFrame, columns: int = 8) -> dg.MetadataValue[Any]:
    """The first rows as a small table."""
    shown = rows.select(rows.columns[:columns])
    head = "| " + " | ".join(shown.columns) + " |\n|" + "---|" * shown.width
    body = [
        "| " + " | ".join("" if value is None else str(value).replace("|", "\\|") for value in row) + " |"
        for row in shown.rows()
    ]
    return dg.MetadataValue.md("\n".join([head, *body]) if body else "no rows")


def counted(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as metadata: counts are plotted, money is shown exactly."""
    shown: dict[str, Any] = {}
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            shown |= {f"{name}: {key}": _number(inner) for key, inner in value.items()}
        else:
            shown[name] = _number(value)
    return shown


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return spelt(value)
    return value if isinstance(value, int) else str(value)

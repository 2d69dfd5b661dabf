"""Values that documents are coded with, against the reference records that they name: listed, inactive, renamed, gone.

Where a mapping says which table lists a value (`in`), it has to be listed. Any other value of a field that refers to a
reference table is kept back only when the books are known to have put its record away.
"""

from collections.abc import Iterator, Mapping as Dict

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, MONEY, REFERENCE, target_contract
from sf_intacct.flow.contracts.registered import REFERENCE_VALUES, REFERS
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Mapping, Rule
from sf_intacct.flow.mapping_text import Mappings

CAUSES = ("inactive_in_books", "renamed_in_books", "unknown_in_books")
# What a mapping names, and where it does.
NAMED = pl.Schema({"table_name": pl.String, "value_id": pl.String, "place": pl.String, "said": pl.String})
# Which line of which planned record names a value that is not to be used; no line: the head does.
BLOCKED = pl.Schema(
    {
        "source_id": pl.String(),
        "line_id": pl.String(),
        "field": pl.String(),
        "subject": pl.String(),
        "amount": MONEY,
    }
)


def referred(mapping: Mapping) -> set[str]:
    """The reference tables that a mapping's own values and constants are ids of."""
    found = (_table(mapping, field, variant, None) for _, field, rule in _fields(mapping) for variant in rule.variants)
    return {table for table in found if table is not None}


def _fields(mapping: Mapping) -> Iterator[tuple[bool, str, Rule]]:
    """Every field with its rule, and whether it is one of a line."""
    yield from ((False, field, rule) for field, rule in mapping.fields.items())
    yield from ((True, field, rule) for field, rule in (mapping.lines.fields.items() if mapping.lines else ()))


def _table(mapping: Mapping, field: str, rule: Rule, mappings: Mappings | None) -> str | None:
    """The reference table that lists the values of a field under one rule; lookups need the mappings to tell."""
    if rule.lookup is not None:
        return mappings.company.lookups[rule.lookup].table if mappings else None
    return REFERS.get(field) if rule.is_alone and mapping.target_system == "intacct" else None


def judged(
    asked: pl.DataFrame, table: str, tables: Dict[str, pl.DataFrame], place: str, *, is_listed: bool
) -> list[pl.DataFrame]:
    """Findings for the values (column intacct) of documents (column __source) that are not to be used.

    is_listed: a value that the books were never seen to have is one of them.
    """
    told = standing(asked.filter(pl.col("intacct").is_not_null()), table, tables)
    if told is None:
        return []
    subject = pl.format("{} {}", pl.lit(CONTRACTS[table].object), pl.col("intacct"))
    renamed = told.filter(pl.col("standing") == "renamed")
    lost = told.filter((pl.col("standing") == "gone") | ((pl.col("standing") == "unknown") & pl.lit(is_listed)))
    idle = told.filter(pl.col("standing") == "inactive")
    return [
        findings(
            renamed, "renamed_in_books", document="__source", subject=subject, column=place, seen=pl.col("became")
        ),
        findings(lost, "unknown_in_books", document="__source", subject=subject),
        findings(idle, "inactive_in_books", document="__source", subject=subject),
    ]


def standing(asked: pl.DataFrame, table: str, tables: Dict[str, pl.DataFrame]) -> pl.DataFrame | None:
    """`asked` with how the books stand to each value of its column intacct, and what a renamed one became.

    standing: active, inactive (any status but active), renamed, gone, or unknown. None where the table is not at hand.
    """
    if table not in tables:
        return None
    contract, rows = CONTRACTS[table], tables[table]
    status = pl.col("status") if "status" in contract.by_name else pl.lit("active")
    is_active = pl.when(status == "active").then(pl.lit("active")).otherwise(pl.lit("inactive"))
    living = rows.select(pl.col(contract.label).alias("intacct"), is_active.alias("now")).unique("intacct")
    past = _past(tables.get(REFERENCE_VALUES.name), table)
    joined = asked.join(living, on="intacct", how="left", maintain_order="left")
    joined = joined.join(past, on="intacct", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("now", "was", pl.lit("unknown")).alias("standing")).drop("now", "was")


def _past(values: pl.DataFrame | None, table: str) -> pl.DataFrame:
    """Ids that are no record's any more: what the record is called now, or that it is gone."""
    if values is None:
        return pl.DataFrame(schema={"intacct": pl.String, "was": pl.String, "became": pl.String})
    values = values.filter(pl.col("table_name") == table)
    is_gone = pl.col("status") == "gone"
    former = values.with_columns(pl.col("former_ids").str.split("\n").alias("intacct")).explode("intacct")
    ids = pl.concat(
        [
            former.filter(~is_gone).select(
                "intacct", pl.lit("renamed").alias("was"), pl.col("value_id").alias("became")
            ),
            values.filter(is_gone).select(
                pl.col("value_id").alias("intacct"),
                pl.lit("gone").alias("was"),
                pl.lit(None, pl.String).alias("became"),
            ),
        ]
    )
    return ids.drop_nulls("intacct").unique("intacct", keep="first", maintain_order=True)


def blocked(
    mapping: Mapping,
    mappings: Mappings,
    heads: pl.DataFrame,
    lines: pl.DataFrame | None,
    tables: Dict[str, pl.DataFrame],
) -> pl.DataFrame:
    """Every mapped field, of head or line, whose value is not to be used; heads and lines as evaluated."""
    parts = [pl.DataFrame(schema=BLOCKED)]
    for is_line, field, rule in _fields(mapping):
        frame = lines if is_line else heads
        for table in sorted(filter(None, {_table(mapping, field, one, mappings) for one in rule.variants})):
            if frame is not None:
                parts.append(_blocked_field(mapping, frame, field, table, tables, is_line=is_line))
    return pl.concat(parts)


def _blocked_field(
    mapping: Mapping,
    frame: pl.DataFrame,
    field: str,
    table: str,
    tables: Dict[str, pl.DataFrame],
    *,
    is_line: bool,
) -> pl.DataFrame:
    told = standing(frame.with_columns(pl.col(field).alias("intacct")).drop_nulls("intacct"), table, tables)
    if told is None:
        return pl.DataFrame(schema=BLOCKED)
    line = pl.col(mapping.lines.identity) if is_line and mapping.lines else pl.lit(None)
    amount = _amount(mapping) if is_line else "amount"
    return told.filter(pl.col("standing") != "active").select(
        "source_id",
        line.cast(pl.String).alias("line_id"),
        pl.lit(field).alias("field"),
        pl.format("{} {}", pl.lit(CONTRACTS[table].object), pl.col("intacct")).alias("subject"),
        (pl.col(amount) if amount in told.columns else pl.lit(None)).cast(MONEY).alias("amount"),
    )


def _amount(mapping: Mapping) -> str:
    """The field of a line of the target that holds its money."""
    target = target_contract(mapping.target)
    lines = CONTRACTS[target.lines] if target and target.lines else None
    column = lines.by_name.get("amount") if lines else None
    return (column.source or "") if column else ""


def named(mappings: Mappings) -> pl.DataFrame:
    """Every reference value that the mapping files name: in crosswalks, as defaults and as constants (NAMED)."""
    rows: list[tuple[str, str, str, str]] = []
    for name, lookup in mappings.company.lookups.items():
        if lookup.table in REFERENCE:
            pairs = mappings.crosswalks[name].drop_nulls().iter_rows()
            rows += [(lookup.table, value, lookup.crosswalk, said) for said, value in pairs]
    for mapping in mappings.crossings.values():
        for _, field, rule in _fields(mapping):
            for one in rule.variants:
                table, value = _table(mapping, field, one, mappings), one.default or one.constant
                if table in REFERENCE and value is not None:
                    rows.append((table, value, f"{mapping.crossing}.yaml, {field}", "every record that says nothing"))
    return pl.DataFrame(rows, schema=NAMED, orient="row").unique(maintain_order=True)


def troubles(mappings: Mappings, values: pl.DataFrame) -> pl.DataFrame:
    """What mapping files name that is not to be used: NAMED with `standing` and `became`; values: reference_values.

    A table of which nothing was ever read tells nothing.
    """
    told, living = named(mappings), values.filter(pl.col("status") != "gone")
    parts = [told.clear().with_columns(pl.lit("").alias("standing"), pl.lit("").alias("became"))]
    for (table,), asked in told.group_by("table_name", maintain_order=True):
        name = str(table)
        own = living.filter(pl.col("table_name") == name)
        if values.filter(pl.col("table_name") == name).is_empty():
            continue
        rows = own.select(pl.col("value_id").alias(CONTRACTS[name].label), "status")
        found = standing(
            asked.with_columns(pl.col("value_id").alias("intacct")), name, {name: rows, REFERENCE_VALUES.name: values}
        )
        assert found is not None
        parts.append(found.filter(pl.col("standing") != "active").drop("intacct"))
    return pl.concat(parts, how="diagonal")

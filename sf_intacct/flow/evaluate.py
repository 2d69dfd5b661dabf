"""What each record would say on the other side: every mapped field as text, and every reason why not."""

from collections.abc import Iterator, Mapping as Dict
from dataclasses import dataclass

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Column, Contract, target_contract
from sf_intacct.flow.expression import as_text, compiled
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.mapping import Beside, Hold, Mapping, Otherwise, Rule
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.source_hash import source_hashes
from sf_intacct.model.system import Kind

# The state of a link: who else is on the way.
LINKS = pl.Schema(
    {
        "crossing": pl.String,
        "source_id": pl.String,
        "label": pl.String,
        "natural_key": pl.String,  # null: nothing on the other side yet
        "is_ready": pl.Boolean,  # false: planned, not yet accepted
    }
)
NEEDS = pl.Schema({"source_id": pl.String, "crossing": pl.String, "needed_id": pl.String})

# What XML 1.0 and JSON cannot both carry.
_UNLAWFUL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"


@dataclass(frozen=True)
class Surroundings:
    """What a record is mapped against. tables: slices of core by name, for neighbours and references."""

    tables: Dict[str, pl.DataFrame]
    links: pl.DataFrame


@dataclass(frozen=True)
class Evaluated:
    """Mapped documents.

    heads: source_id, label, source_version, natural_key, claim, amount, currency, and one text column
    per target field. lines: source_id and one text column per target line field, in order. findings
    are about the source_ids that cannot go; needs says which other records must have crossed first.
    """

    heads: pl.DataFrame
    lines: pl.DataFrame | None
    findings: pl.DataFrame
    needs: pl.DataFrame


def evaluate(
    mapping: Mapping,
    mappings: Mappings,
    heads: pl.DataFrame,
    lines: pl.DataFrame | None,
    around: Surroundings,
) -> Evaluated:
    """Maps `heads` (rows of the mapping's source table that meet its predicate) and their `lines`."""
    contract, target = CONTRACTS[mapping.source], target_contract(mapping.target)
    assert target is not None, f"{mapping.target} was checked when the mappings were loaded"
    scope = _Scope(mapping, mappings, around)
    heads = scope.extended(heads, mapping.beside).with_columns(pl.col(contract.key).alias("__source"))
    mapped = scope.fields(heads, mapping.fields, mapping.beside, target)
    held = [_held(heads, hold) for hold in mapping.hold if not hold.any_line]
    described = heads.select(*_description(contract, mapping)).with_columns(mapped.columns)
    described = described.with_columns(pl.col(mapping.identity).alias("natural_key"))
    described = described.join(_source_hashes(mapping, mappings, heads, lines), on="source_id", maintain_order="left")
    if mapping.lines is None or lines is None:
        return Evaluated(described, None, together([*held, *mapped.findings]), _needed(mapped.needs))
    mapped_lines, held_lines, line_frame = _lines(scope, mapping, lines, heads, target)
    found = together([*held, *held_lines, *mapped.findings, *mapped_lines.findings])
    return Evaluated(described, line_frame, found, _needed([*mapped.needs, *mapped_lines.needs]))


def meets(mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, around: Surroundings) -> pl.Series:
    """Which of `heads` meet the mapping's predicate; a predicate without an answer is a no."""
    scope = _Scope(mapping, mappings, around)
    predicate = compiled(mapping.when).cast(pl.Boolean).fill_null(False)
    return scope.extended(heads, mapping.beside).with_columns(predicate.alias("__meets"))["__meets"]


@dataclass
class _Mapped:
    """Computed columns of one frame, with what was found and needed on the way."""

    columns: list[pl.Series]
    findings: list[pl.DataFrame]
    needs: list[pl.DataFrame]


@dataclass(frozen=True)
class _Scope:
    """One mapping and what it is evaluated against."""

    mapping: Mapping
    mappings: Mappings
    around: Surroundings

    def extended(self, frame: pl.DataFrame, beside: Dict[str, Beside]) -> pl.DataFrame:
        """`frame` with each neighbour as a struct column, and the company's constants as another."""
        for name, other in beside.items():
            contract = CONTRACTS[other.table]
            neighbour = self.around.tables[other.table].select(
                pl.col(contract.key).alias("__key"), pl.struct(list(contract.dtypes)).alias(name)
            )
            frame = frame.join(neighbour, left_on=other.on, right_on="__key", how="left", maintain_order="left")
        constants = self.mappings.company.constants
        return (
            frame.with_columns(pl.struct([pl.lit(v).alias(k) for k, v in constants.items()]).alias("company"))
            if constants
            else frame
        )

    def fields(
        self, frame: pl.DataFrame, rules: Dict[str, Rule], beside: Dict[str, Beside], target: Contract
    ) -> _Mapped:
        """One text column per rule, with everything that was found on the way; lost neighbours first."""
        mapped = _Mapped([], [self._lost(frame, name, other) for name, other in beside.items()], [])
        for name, rule in rules.items():
            column = target.by_source[name]
            value = self._value(frame, rule, column, beside, mapped)
            mapped.columns.append(value.alias(name))
            mapped.findings += _limits(frame, value, rule, column)
        return mapped

    def _lost(self, frame: pl.DataFrame, name: str, other: Beside) -> pl.DataFrame:
        """Neighbours that are named but not there: deleted, or in quarantine."""
        rows = frame.filter(pl.col(name).is_null() & pl.col(other.on).is_not_null())
        rows = rows.select("__source", pl.col(other.on).cast(pl.String).alias("__of"))
        crossing = next((c for c in self.mapping.needs if self.mappings.crossings[c].source == other.table), None)
        if crossing is not None:
            return self._missing(
                rows.join(self._links(crossing), left_on="__of", right_on="source_id", how="left"), crossing
            )
        subject = pl.format("{} {}", pl.lit(CONTRACTS[other.table].object), pl.col("__of"))
        return findings(
            rows, "missing_record", document="__source", subject=subject, column=other.on, seen=pl.col("__of")
        )

    def _links(self, crossing: str) -> pl.DataFrame:
        return self.around.links.filter(pl.col("crossing") == crossing).unique("source_id", keep="first")

    def _missing(self, rows: pl.DataFrame, crossing: str) -> pl.DataFrame:
        """One finding per row whose record `__of` has no counterpart, by the name people know the record by."""
        target = self.mappings.crossings[crossing].target_object
        return findings(
            rows,
            f"missing_{target.lower()}",
            document="__source",
            subject=pl.coalesce("label", "__of"),
            column=target,
            seen=pl.col("__of"),
        )

    def _value(
        self, frame: pl.DataFrame, rule: Rule, column: Column, beside: Dict[str, Beside], mapped: _Mapped
    ) -> pl.Series:
        where = f"{self.mapping.crossing}, {column.source}"
        kind = column.kind if rule.value is not None else Kind.TEXT
        computed = frame.with_columns(compiled(rule.expression).alias("__value"))["__value"]
        start = as_text(computed, kind, where)
        if rule.value is not None:
            return start
        looked_at = set(compiled(rule.expression).meta.root_names()) & beside.keys()
        asked = frame.select(
            "__source",
            pl.any_horizontal(pl.lit(False), *(pl.col(n).is_null() for n in sorted(looked_at))).alias("__is_lost"),
        )
        asked = asked.with_columns(start.alias("__of"))
        if rule.lookup is not None:
            return self._looked_up(asked, rule, mapped)
        return self._linked(asked, rule, mapped) if rule.link else self._linked_back(asked, rule, mapped)

    def _linked(self, asked: pl.DataFrame, rule: Rule, mapped: _Mapped) -> pl.Series:
        """The natural key of the record's counterpart, which may still be on its way."""
        crossing = rule.link or ""
        joined = asked.join(
            self._links(crossing), left_on="__of", right_on="source_id", how="left", maintain_order="left"
        )
        if rule.otherwise is Otherwise.REQUIRED:
            mapped.findings.append(self._missing(joined.filter(pl.col("natural_key").is_null()), crossing))
        mapped.findings.append(self._inactive(joined, self.mappings.crossings[crossing].target, "natural_key"))
        coming = joined.filter(pl.col("natural_key").is_not_null() & ~pl.col("is_ready"))
        mapped.needs.append(
            coming.select(
                pl.col("__source").alias("source_id"),
                pl.lit(rule.link).alias("crossing"),
                pl.col("__of").alias("needed_id"),
            )
        )
        return joined["natural_key"]

    def _linked_back(self, asked: pl.DataFrame, rule: Rule, mapped: _Mapped) -> pl.Series:
        """The source record of an accepted crossing whose target has this natural key."""
        links = self.around.links.filter((pl.col("crossing") == rule.linked_back) & pl.col("is_ready"))
        links = links.filter(pl.col("natural_key").is_not_null()).unique("natural_key", keep="first")
        joined = asked.join(links, left_on="__of", right_on="natural_key", how="left", maintain_order="left")
        if rule.otherwise is Otherwise.REQUIRED:
            lost = joined.filter(pl.col("source_id").is_null())
            mapped.findings.append(findings(lost, "not_linked", document="__source", subject=pl.col("__of")))
        return joined["source_id"]

    def _looked_up(self, asked: pl.DataFrame, rule: Rule, mapped: _Mapped) -> pl.Series:
        """What the books call it: through the crosswalk, and listed as active where the books list it."""
        lookup = self.mappings.company.lookups[rule.lookup or ""]
        crosswalk = self.mappings.crosswalks[rule.lookup or ""]
        joined = asked.join(crosswalk, left_on="__of", right_on="salesforce", how="left", maintain_order="left")
        if rule.otherwise is Otherwise.REQUIRED:
            # What a lost neighbour would have said is not missing: the neighbour is.
            nothing = joined.filter(pl.col("__of").is_null() & ~pl.col("__is_lost"))
            mapped.findings.append(findings(nothing, "no_value", document="__source", subject=pl.lit(lookup.says)))
        unmapped = joined.filter(pl.col("__of").is_not_null() & pl.col("intacct").is_null())
        subject = pl.format("{} '{}'", pl.lit(lookup.says), pl.col("__of"))
        mapped.findings.append(
            findings(
                unmapped,
                "unmapped_value",
                document="__source",
                subject=subject,
                column=lookup.crosswalk,
                seen=pl.col("__of"),
            )
        )
        if lookup.table:
            mapped.findings.append(self._unlisted(joined, lookup.table))
            mapped.findings.append(self._inactive_in(joined, lookup.table, "intacct"))
        return joined["intacct"]

    def _unlisted(self, joined: pl.DataFrame, table: str) -> pl.DataFrame:
        """Values that the crosswalk names but the books do not know."""
        contract = CONTRACTS[table]
        listed = self.around.tables[table][contract.label].implode()
        lost = joined.filter(pl.col("intacct").is_not_null() & ~pl.col("intacct").is_in(listed))
        return findings(lost, "unknown_in_books", document="__source", subject=_named(contract, "intacct"))

    def _inactive(self, joined: pl.DataFrame, target: str, column: str) -> pl.DataFrame:
        contract = target_contract(target)
        return self._inactive_in(joined, contract.name, column) if contract else together([])

    def _inactive_in(self, joined: pl.DataFrame, table: str, column: str) -> pl.DataFrame:
        contract = CONTRACTS[table]
        if "status" not in contract.by_name or table not in self.around.tables:
            return together([])
        rows = self.around.tables[table]
        inactive = rows.filter(pl.col("status") == "inactive")[contract.label].implode()
        lost = joined.filter(pl.col(column).is_in(inactive))
        return findings(lost, "inactive_in_books", document="__source", subject=_named(contract, column))


def _named(contract: Contract, column: str) -> pl.Expr:
    return pl.format("{} {}", pl.lit(contract.object), pl.col(column))


def _description(contract: Contract, mapping: Mapping) -> Iterator[pl.Expr]:
    """The columns by which a plan row is known: which record, which version of it, how much is at stake."""
    yield pl.col("__source").alias("source_id")
    yield pl.col(contract.label).cast(pl.String).alias("label")
    yield pl.col(contract.stamp).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").alias("source_version")
    yield ((compiled(mapping.claim) if mapping.claim else pl.lit(None, dtype=pl.String)).cast(pl.String).alias("claim"))
    amount = compiled(mapping.stake.amount) if mapping.stake else pl.lit(None)
    yield amount.cast(pl.Decimal(18, 2)).alias("amount")
    currency = compiled(mapping.stake.currency) if mapping.stake else pl.lit(None)
    yield currency.cast(pl.String).alias("currency")


def _source_hashes(
    mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, lines: pl.DataFrame | None
) -> pl.DataFrame:
    contract = CONTRACTS[mapping.source]
    line_contract = CONTRACTS[mapping.lines.each] if mapping.lines else None
    written = mappings.written(contract.system, contract.object)
    return source_hashes(contract, heads, line_contract, lines, written)


def _lines(
    scope: _Scope, mapping: Mapping, lines: pl.DataFrame, heads: pl.DataFrame, target: Contract
) -> tuple[_Mapped, list[pl.DataFrame], pl.DataFrame]:
    assert mapping.lines is not None
    contract = CONTRACTS[mapping.lines.each]
    document = contract.document or ""
    parents = heads.select(pl.col("__source"), pl.struct(pl.exclude("__source", "company")).alias("document"))
    lines = lines.with_columns(pl.col(document).alias("__source")).join(parents, on="__source", how="inner")
    lines = scope.extended(lines, mapping.lines.beside).sort("__source", mapping.lines.order_by)
    mapped = scope.fields(lines, mapping.lines.fields, mapping.lines.beside, CONTRACTS[target.lines or ""])
    held = [_held(lines, hold) for hold in mapping.hold if hold.any_line]
    frame = lines.select(pl.col("__source").alias("source_id")).with_columns(mapped.columns)
    return mapped, held, frame


def _held(frame: pl.DataFrame, hold: Hold) -> pl.DataFrame:
    rows = frame.filter(compiled(hold.when).cast(pl.Boolean).fill_null(False)).unique("__source")
    return findings(rows, hold.cause, document="__source", subject=pl.lit(""))


def _limits(frame: pl.DataFrame, value: pl.Series, rule: Rule, column: Column) -> Iterator[pl.DataFrame]:
    """Findings for a value that is missing, too long, or has characters that no wire carries."""
    rows = frame.select("__source").with_columns(value.alias("__value"))
    subject = pl.lit(f"{column.says} ({column.source})")
    given = {
        "document": "__source",
        "subject": subject,
        "column": column.source or "",
        "seen": pl.col("__value"),
    }
    if rule.required:
        yield findings(rows.filter(pl.col("__value").is_null()), "missing_value", **given)  # type: ignore[arg-type]
    if column.limit:
        long = rows.filter(pl.col("__value").str.len_chars() > column.limit)
        yield findings(long, "too_long", **given)  # type: ignore[arg-type]
    if column.kind is Kind.TEXT:
        broken = rows.filter(pl.col("__value").str.contains(_UNLAWFUL_CHARACTERS))
        yield findings(broken, "unlawful_character", **given)  # type: ignore[arg-type]


def _needed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=NEEDS), *parts]).unique()

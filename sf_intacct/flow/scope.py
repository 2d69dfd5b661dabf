"""How each kind of rule gets its values: from the record, a link, a link back, or a lookup; and what it misses."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass

import polars as pl

from sf_intacct.flow import amounts
from sf_intacct.flow.contracts import CONTRACTS, Column, Contract, target_contract
from sf_intacct.flow.contracts.contract import text
from sf_intacct.flow.contracts.registered import REFERS
from sf_intacct.flow.described import takes
from sf_intacct.flow.expression import as_text, compiled, each
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.limits import incomputable, limits, rounded_away
from sf_intacct.flow.mapping import Beside, Mapping, Otherwise, Rule
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.references import judged
from sf_intacct.model.described import DescribedField
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
ENTITY = text("entity", "MEGAENTITYID", "Entity")


@dataclass(frozen=True)
class Surroundings:
    """What a record is mapped against. tables: slices of core by name, for neighbours and references."""

    tables: Dict[str, pl.DataFrame]
    links: pl.DataFrame


@dataclass
class Mapped:
    """Computed columns of one frame, with what was found and needed on the way."""

    columns: list[pl.Series]
    findings: list[pl.DataFrame]
    needs: list[pl.DataFrame]


@dataclass(frozen=True)
class _Aim:
    """Where a value goes: the column under which it is read back, and what the field takes."""

    column: Column
    takes: DescribedField


@dataclass(frozen=True)
class Scope:
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
    ) -> Mapped:
        """One text column per rule, with everything that was found on the way; lost neighbours first."""
        mapped = Mapped([], [self._lost(frame, name, other) for name, other in beside.items()], [])
        for name, rule in rules.items():
            column = target.by_source[name]
            known = takes(self.mappings.described, target, column, by_function=self.mapping.lines is not None)
            mapped.columns.append(self._by_entity(frame, rule, _Aim(column, known), beside, mapped).alias(name))
        return mapped

    def entity(self, frame: pl.DataFrame) -> Mapped:
        """The entity in which each document is made, as the one column; empty is the top level."""
        mapped = Mapped([], [], [])
        rule = self.mapping.entity
        if rule is None:
            return Mapped([pl.Series("__entity", [None] * frame.height, dtype=pl.String)], [], [])
        value = self._limited(
            frame, rule, _Aim(ENTITY, DescribedField("MEGAENTITYID", "text")), self.mapping.beside, mapped
        )
        mapped.columns.append(value.replace("", None).alias("__entity"))
        return mapped

    def _by_entity(
        self, frame: pl.DataFrame, rule: Rule, aim: _Aim, beside: Dict[str, Beside], mapped: Mapped
    ) -> pl.Series:
        """Each row by the rule of its entity; only that rule finds and needs something for it."""
        own = rule.by_entity or {}
        if not own:
            return self._limited(frame, rule, aim, beside, mapped)
        numbered = frame.with_row_index("__row")
        parts = []
        for entity, variant in [(None, rule), *own.items()]:
            which = pl.col("__entity") == entity if entity else ~pl.col("__entity").is_in(list(own))
            rows = numbered.filter(which.fill_null(entity is None))
            value = self._limited(rows.drop("__row"), variant, aim, beside, mapped)
            parts.append(rows.select("__row", value.alias("__value")))
        return pl.concat(parts).sort("__row")["__value"]

    def _limited(
        self, frame: pl.DataFrame, rule: Rule, aim: _Aim, beside: Dict[str, Beside], mapped: Mapped
    ) -> pl.Series:
        value = self._value(frame, rule, aim.column, beside, mapped)
        mapped.findings += limits(frame, value, rule, aim.column, aim.takes)
        return value

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
        self, frame: pl.DataFrame, rule: Rule, column: Column, beside: Dict[str, Beside], mapped: Mapped
    ) -> pl.Series:
        where = f"{self.mapping.crossing}, {column.source}"
        kind = column.kind if rule.is_alone else Kind.TEXT
        computed, failed = each(frame, rule.expression)
        mapped.findings += incomputable(frame, failed, column)
        if self._is_as_the_books_say(rule) and computed.dtype == amounts.MONEY:
            start = amounts.spelt(computed)
        else:
            start = as_text(computed, kind, where, frame["__currency"], frame["__source"])
        if rule.is_alone:
            mapped.findings += rounded_away(frame, computed, start, rule, column)
            mapped.findings += self._put_away(frame, start, column)
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

    def _put_away(self, frame: pl.DataFrame, value: pl.Series, column: Column) -> list[pl.DataFrame]:
        """What the record itself says, where that is a reference value which the books have put away."""
        table = REFERS.get(column.source or "") if self.mapping.target_system == "intacct" else None
        if table is None:
            return []
        asked = frame.select("__source", value.alias("intacct"))
        place = f"{self.mapping.crossing}.yaml, {column.source}"
        return judged(asked, table, self.around.tables, place, is_listed=False)

    def _is_as_the_books_say(self, rule: Rule) -> bool:
        """An amount of Intacct's that is carried as it is: never rounded, whatever currency it is in."""
        return CONTRACTS[self.mapping.source].system != "salesforce" and compiled(rule.expression).meta.is_column()

    def _linked(self, asked: pl.DataFrame, rule: Rule, mapped: Mapped) -> pl.Series:
        """The natural key of the record's counterpart, which may still be on its way."""
        crossing = rule.link or ""
        joined = asked.join(
            self._links(crossing), left_on="__of", right_on="source_id", how="left", maintain_order="left"
        )
        if rule.otherwise is not Otherwise.OMIT:
            wanted = pl.col("__of").is_not_null() | pl.lit(rule.otherwise is Otherwise.REQUIRED)
            mapped.findings.append(self._missing(joined.filter(pl.col("natural_key").is_null() & wanted), crossing))
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

    def _linked_back(self, asked: pl.DataFrame, rule: Rule, mapped: Mapped) -> pl.Series:
        """The source record of an accepted crossing whose target has this natural key."""
        links = self.around.links.filter((pl.col("crossing") == rule.linked_back) & pl.col("is_ready"))
        links = links.filter(pl.col("natural_key").is_not_null()).unique("natural_key", keep="first")
        joined = asked.join(links, left_on="__of", right_on="natural_key", how="left", maintain_order="left")
        if rule.otherwise is Otherwise.REQUIRED:
            lost = joined.filter(pl.col("source_id").is_null())
            mapped.findings.append(findings(lost, "not_linked", document="__source", subject=pl.col("__of")))
        return joined["source_id"]

    def _looked_up(self, asked: pl.DataFrame, rule: Rule, mapped: Mapped) -> pl.Series:
        """What the books call it: through the crosswalk, and listed as active where the books list it."""
        lookup = self.mappings.company.lookups[rule.lookup or ""]
        crosswalk = self.mappings.crosswalks[rule.lookup or ""]
        joined = asked.join(crosswalk, left_on="__of", right_on="salesforce", how="left", maintain_order="left")
        # What a lost neighbour would have said is not missing: the neighbour is.
        nothing = pl.col("__of").is_null() & ~pl.col("__is_lost")
        if rule.default is not None:
            joined = joined.with_columns(
                pl.when(nothing).then(pl.lit(rule.default)).otherwise("intacct").alias("intacct")
            )
        elif rule.otherwise is Otherwise.REQUIRED:
            lost = joined.filter(nothing)
            mapped.findings.append(findings(lost, "no_value", document="__source", subject=pl.lit(lookup.says)))
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
            mapped.findings += judged(joined, lookup.table, self.around.tables, lookup.crosswalk, is_listed=True)
        return joined["intacct"]

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

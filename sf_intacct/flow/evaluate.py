"""What each record would say on the other side: every mapped field as text, and every reason why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from sf_intacct.flow import taxes
from sf_intacct.flow.amounts import MONEY, settled, too_fine
from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.expression import compiled, computing
from sf_intacct.flow.findings import LINED, findings, no_findings, on_lines, together
from sf_intacct.flow.lawful_documents import below_nothing, no_lines, of_another_kind
from sf_intacct.flow.mapping import Hold, Mapping, WhenChanged
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.rates import missing_rates
from sf_intacct.flow.scope import NEEDS, Mapped, Scope, Surroundings
from sf_intacct.flow.source_hash import fixed_hashes, source_hashes


@dataclass(frozen=True)
class Evaluated:
    """Mapped documents.

    heads: source_id, label, source_version, natural_key, claim, amount, currency, entity, and one text
    column per target field. lines: source_id and one text column per target line field, in order. findings
    are about the source_ids that cannot go; needs says which other records must have crossed first; lined, on how many
    lines a cause was seen (findings.LINED).
    """

    heads: pl.DataFrame
    lines: pl.DataFrame | None
    findings: pl.DataFrame
    needs: pl.DataFrame
    lined: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINED))


def evaluate(
    mapping: Mapping,
    mappings: Mappings,
    heads: pl.DataFrame,
    lines: pl.DataFrame | None,
    around: Surroundings,
) -> Evaluated:
    """Maps `heads` (rows of the mapping's source table that meet its predicate) and their `lines`.

    Raises MappingError for an expression that cannot be computed; where only some records fail it, those are findings.
    """
    with computing(mapping.crossing):
        return _evaluated(mapping, mappings, heads, lines, around)


def _evaluated(
    mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, lines: pl.DataFrame | None, around: Surroundings
) -> Evaluated:
    contract, target = CONTRACTS[mapping.source], target_contract(mapping.target)
    assert target is not None, f"{mapping.target} was checked when the mappings were loaded"
    scope = Scope(mapping, mappings, around)
    heads = scope.extended(heads, mapping.beside)
    heads = heads.with_columns(pl.col(contract.key).alias("__source"))
    heads = heads.with_columns(_currency(mapping, mappings).alias("__currency"))
    chosen = scope.entity(heads)
    heads = heads.with_columns(chosen.columns)
    mapped = scope.fields(heads, mapping.fields, mapping.beside, target)
    held = [_held(heads, hold) for hold in mapping.hold if not hold.any_line]
    held += [missing_rates(heads, mapping.rate, around.tables)] if mapping.rate else []
    described = heads.select(*_description(contract, mapping)).with_columns(mapped.columns)
    described, fine = _in_money(contract, described, heads)
    held.append(fine)
    described = described.with_columns(pl.col(mapping.identity).alias("natural_key"))
    held += chosen.findings
    held += of_another_kind(mapping, described, target)
    held += below_nothing(mapping, described)
    described = described.join(_source_hashes(mapping, mappings, heads, lines), on="source_id", maintain_order="left")
    described = described.join(_fixed_hashes(mapping, mappings, heads, lines), on="source_id", maintain_order="left")
    if mapping.lines is None or lines is None:
        return Evaluated(described, None, together([*held, *mapped.findings]), _needed(mapped.needs))
    mapped_lines, held_lines, line_frame = _lines(scope, mapping, lines, heads, target, _solutions(described))
    once = [part.unique(maintain_order=True) for part in held_lines]
    found = together([*held, *once, *mapped.findings, *mapped_lines.findings])
    lined = on_lines(part.filter(pl.col("cause") != "no_lines") for part in (*held_lines, *mapped_lines.findings))
    return Evaluated(described, line_frame, found, _needed([*mapped.needs, *mapped_lines.needs]), lined)


def meets(mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, around: Surroundings) -> pl.Series:
    """Which of `heads` meet the mapping's predicate; a predicate without an answer is a no."""
    extended = Scope(mapping, mappings, around).extended(heads, mapping.beside)
    with computing(f"{mapping.crossing}, when"):
        return extended.with_columns(_predicate(mapping).alias("__meets"))["__meets"]


def crossing_rows(mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, around: Surroundings) -> pl.DataFrame:
    """Those of `heads` that meet the mapping's predicate, with neighbours and constants beside them."""
    extended = Scope(mapping, mappings, around).extended(heads, mapping.beside)
    with computing(f"{mapping.crossing}, when"):
        return extended.filter(_predicate(mapping))


def _predicate(mapping: Mapping) -> pl.Expr:
    return compiled(mapping.when).cast(pl.Boolean).fill_null(False)


def _description(contract: Contract, mapping: Mapping) -> Iterator[pl.Expr]:
    """The columns by which a plan row is known: which record, which version of it, how much is at stake."""
    yield pl.col("__source").alias("source_id")
    yield pl.col(contract.label).cast(pl.String).alias("label")
    yield pl.col(contract.stamp).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").alias("source_version")
    yield ((compiled(mapping.claim) if mapping.claim else pl.lit(None, dtype=pl.String)).cast(pl.String).alias("claim"))
    amount = compiled(mapping.stake.amount) if mapping.stake else pl.lit(None)
    yield amount.cast(pl.Decimal(38, 12)).alias("amount")
    yield (pl.col("__currency") if mapping.stake else pl.lit(None, dtype=pl.String)).alias("currency")
    yield pl.col("__entity").alias("entity")


def _in_money(contract: Contract, described: pl.DataFrame, heads: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The amounts at stake in minor units, and which documents have finer ones. What the books say is as it is."""
    amounts = described["amount"]
    if contract.system != "salesforce":
        money = amounts.round(3, mode="half_away_from_zero").cast(MONEY)
        return described.with_columns(money.alias("amount")), no_findings()
    money = settled(amounts, heads["__currency"], heads["__source"])
    return described.with_columns(money.alias("amount")), too_fine(heads, amounts, money)


def _currency(mapping: Mapping, mappings: Mappings) -> pl.Expr:
    """By which a record's money is rounded: as it says itself, else the company's."""
    said = mapping.currency or (mapping.stake.currency if mapping.stake else None)
    company = pl.lit(mappings.company.constants.get("currency"), dtype=pl.String)
    return pl.coalesce(compiled(said).cast(pl.String), company) if said else company


def _source_hashes(
    mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, lines: pl.DataFrame | None
) -> pl.DataFrame:
    contract = CONTRACTS[mapping.source]
    line_contract = CONTRACTS[mapping.lines.each] if mapping.lines else None
    written = mappings.written(contract.system, contract.object)
    return source_hashes(contract, heads, line_contract, lines, written)


def _fixed_hashes(
    mapping: Mapping, mappings: Mappings, heads: pl.DataFrame, lines: pl.DataFrame | None
) -> pl.DataFrame:
    """Of documents whose differences are judged; nothing for the others."""
    if mapping.when_changed is not WhenChanged.HOLD:
        nothing = pl.lit(None, dtype=pl.String).alias("fixed_hash")
        return heads.select(pl.col("__source").alias("source_id"), nothing)
    contract = CONTRACTS[mapping.source]
    return fixed_hashes(mapping, heads, lines, mappings.written(contract.system, contract.object))


def _lines(
    scope: Scope,
    mapping: Mapping,
    lines: pl.DataFrame,
    heads: pl.DataFrame,
    target: Contract,
    solutions: pl.DataFrame,
) -> tuple[Mapped, list[pl.DataFrame], pl.DataFrame]:
    assert mapping.lines is not None
    contract = CONTRACTS[mapping.lines.each]
    document = contract.document or ""
    own = ("__source", "__entity", "__currency")
    parents = heads.select(*own, pl.struct(pl.exclude(*own, "company")).alias("document"))
    lines = lines.with_columns(pl.col(document).alias("__source")).join(parents, on="__source", how="inner")
    lines = scope.extended(lines, mapping.lines.beside).sort("__source", mapping.lines.order_by)
    # Every line is judged, also one that is left out of the document.
    held = [_held(lines, hold) for hold in mapping.hold if hold.any_line]
    lines = lines.filter(compiled(mapping.lines.when).cast(pl.Boolean).fill_null(False))
    held.append(no_lines(heads, lines))
    mapped = scope.fields(lines, mapping.lines.fields, mapping.lines.beside, CONTRACTS[target.lines or ""])
    frame = lines.select(pl.col("__source").alias("source_id")).with_columns(mapped.columns)
    if mapping.lines.tax is None:
        return mapped, held, frame
    levied = taxes.levied(mapping.lines.tax, lines, frame, scope.around.tables[taxes.TAX_RATES], solutions)
    # What is found already is found once: a detail that could not be looked up is not also missing.
    known = together(mapped.findings)["document_id"]
    held.append(levied.findings.filter(~pl.col("document_id").is_in(known.implode())))
    return mapped, held, levied.lines


def _solutions(described: pl.DataFrame) -> pl.DataFrame:
    """The tax solution of each document, where the mapping says one."""
    said = pl.col("TAXSOLUTIONID") if "TAXSOLUTIONID" in described.columns else pl.lit(None, dtype=pl.String)
    return described.select("source_id", said.alias("__solution"))


def _held(frame: pl.DataFrame, hold: Hold) -> pl.DataFrame:
    """One finding per row: of lines, as many as are meant by it."""
    rows = frame.filter(compiled(hold.when).cast(pl.Boolean).fill_null(False))
    return findings(rows, hold.cause, document="__source", subject=pl.lit(""))


def _needed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=NEEDS), *parts]).unique()

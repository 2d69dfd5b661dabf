"""The gate: which documents are lawful. A document is the unit, never half of one."""

from dataclasses import dataclass
from enum import StrEnum

import pandera.errors
import polars as pl

from sf_intacct.errors import ContractError
from sf_intacct.flow.computed import computed
from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.laws import LAWS
from sf_intacct.flow.shape import shape
from sf_intacct.flow.taxes import folded

# One bad document alone is a bad document; from this many on, all bad means that something else broke.
SYSTEMATIC = 3


class Verdict(StrEnum):
    """What the gate does with what arrived."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    PARTIAL = "partial"  # the lawful documents are published, the others quarantined
    REFUSE = "refuse"  # nothing is published, the last good state stays


@dataclass(frozen=True)
class Judged:
    """Lawful documents (heads, and lines where the contract has them), and why others are not.

    quarantined has one row per unlawful document: document_id, label, amount; findings say why.
    """

    heads: pl.DataFrame
    lines: pl.DataFrame | None
    quarantined: pl.DataFrame
    findings: pl.DataFrame
    documents: int

    @property
    def verdict(self) -> Verdict:
        bad = self.quarantined.height
        if bad == 0:
            return Verdict.PASS
        # A tombstone was not judged, so it does not speak for the others.
        none_lawful = _living(self.heads).is_empty()
        return Verdict.REFUSE if none_lawful and bad >= SYSTEMATIC else Verdict.PARTIAL


def check(
    contract: Contract,
    raw: pl.DataFrame,
    line_contract: Contract | None = None,
    raw_lines: pl.DataFrame | None = None,
) -> Judged:
    """Judges the documents in `raw` (and their lines) by contract and laws.

    Deleted documents are not judged: a tombstone has only to be recognisable. Raises ContractError
    when columns or types are not the contract's.
    """
    heads, unreadable = shape(contract, raw)
    heads = heads.with_columns(
        pl.lit(None, column.dtype).alias(column.name) for column in contract.columns if not column.source
    )
    parts = [unreadable, _broken_contract(contract, heads)]
    lines = None
    if line_contract is not None and raw_lines is not None:
        lines, unreadable_lines = shape(line_contract, raw_lines)
        parts += [unreadable_lines, _broken_contract(line_contract, lines)]
        parts += [law(_living(heads), _living(lines)) for law in LAWS.get(contract.name, ())]
        lines = folded(lines)
        heads = computed(contract, heads, lines)
    found = _said_once(together(parts).filter(pl.col("document_id").is_in(_living(heads)[contract.key].implode())))
    return _judged(contract, line_contract, heads, lines, found)


def _judged(
    contract: Contract,
    line_contract: Contract | None,
    heads: pl.DataFrame,
    lines: pl.DataFrame | None,
    found: pl.DataFrame,
) -> Judged:
    bad = found["document_id"].unique().implode()
    amount = pl.col(contract.amount) if contract.amount else pl.lit(None, dtype=pl.Decimal(18, 3))
    quarantined = heads.filter(pl.col(contract.key).is_in(bad)).select(
        pl.col(contract.key).alias("document_id"),
        pl.col(contract.label).cast(pl.String).alias("label"),
        amount.alias("amount"),
    )
    if line_contract is not None and lines is not None:
        lines = lines.filter(~pl.col(line_contract.document or "").is_in(bad))
    return Judged(heads.filter(~pl.col(contract.key).is_in(bad)), lines, quarantined, found, heads.height)


def _said_once(found: pl.DataFrame) -> pl.DataFrame:
    """A value that could not be read is also missing; saying the first is enough."""
    unreadable = found.filter(pl.col("cause") == "unreadable_value").select("document_id", "column")
    missing = pl.col("cause") == "missing_value"
    return pl.concat(
        [found.filter(~missing), found.filter(missing).join(unreadable, on=unreadable.columns, how="anti")]
    )


def _living(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.col("is_deleted"))


def _broken_contract(contract: Contract, typed: pl.DataFrame) -> pl.DataFrame:
    """Findings for every value of a living row that its contract does not allow."""
    living = _living(typed).drop("is_deleted")
    try:
        contract.schema.validate(living, lazy=True)
    except pandera.errors.SchemaErrors as broken:
        return _located(contract, living, broken.failure_cases)
    return together([])


def _located(contract: Contract, living: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Pandera's failure cases, each with its document. A case without a row condemns the whole table."""
    whole_table = cases.filter(pl.col("index").is_null())
    if whole_table.height:
        raise ContractError(
            f"checking {contract.name}",
            seen="; ".join(f"{row['column'] or 'table'}: {row['check']}" for row in whole_table.to_dicts()),
            remedy="compare the contract with what the system now sends",
        )
    document = contract.document or contract.key
    rows = cases.with_columns(living[document].gather(cases["index"]).alias("document_id"))
    causes = {"not_nullable": "missing_value", "field_uniqueness": "duplicate_record"}
    return together(
        findings(
            rows.filter((pl.col("check") == check) & (pl.col("column") == column)),
            causes.get(str(check), "unlawful_value"),
            document="document_id",
            subject=pl.lit(_subject(contract, str(column))),
            column=str(column),
            seen=pl.col("failure_case"),
        )
        for check, column in rows.select("check", "column").unique(maintain_order=True).iter_rows()
    )


def _subject(contract: Contract, column: str) -> str:
    declared = contract.by_name[column]
    return f"{declared.says} ({contract.object}.{declared.source})"

"""The verbs shape, check and publish: what is lawful of the newest observations goes into core."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from sf_intacct.flow import catalogue
from sf_intacct.flow.check import Verdict, check
from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.orchestration.house import House
from sf_intacct.store import core_tables


@dataclass(frozen=True)
class Published:
    """What one publication did.

    causes counts quarantined documents by cause; examples are a few of them, in words (record, why, what to do);
    rows are the sizes of the tables now, heads first.
    """

    verdict: Verdict
    documents: int
    quarantined: int
    causes: dict[str, int]
    examples: pl.DataFrame
    rows: list[int]
    preview: pl.DataFrame


def publish(house: House, contract: Contract, day: date | None = None) -> Published:
    """Judges what was observed since the last publication (or on `day`) and publishes the lawful part.

    Raises ContractError when columns or types are not the contract's: then nothing is published.
    """
    with house.warehouse.held():
        return _publish(house, contract, OBSERVED[contract.lines] if contract.lines else None, day)


def _publish(house: House, contract: Contract, lines: Contract | None, day: date | None) -> Published:
    with house.transaction() as session:
        touched = core_tables.touched(session, contract, lines, day)
        rows = core_tables.sizes(session, contract, lines)
    if touched.heads.is_empty():
        nothing = pl.DataFrame(schema=contract.dtypes)
        return Published(Verdict.PASS, 0, 0, {}, _examples(nothing), rows, nothing)
    judged = check(contract, touched.heads, lines, touched.lines)
    with house.transaction() as session:
        core_tables.publish(session, contract, lines, judged, day or house.today, touched.upto)
        rows = core_tables.sizes(session, contract, lines)
    causes = judged.findings.join(judged.quarantined, on="document_id")
    causes = causes.unique(["document_id", "cause"], keep="first", maintain_order=True)
    return Published(
        verdict=judged.verdict,
        documents=judged.documents,
        quarantined=judged.quarantined.height,
        causes=dict(causes.group_by("cause").len().sort("cause").iter_rows()),
        examples=_examples(causes.unique("cause", maintain_order=True)),
        rows=rows,
        preview=judged.heads.select(pl.exclude("is_deleted")).head(3),
    )


def _examples(findings: pl.DataFrame) -> pl.DataFrame:
    told = [
        {
            "record": f"{row['label']} ({row['document_id']})",
            "why": catalogue.words(row["cause"], row["subject"], row["seen"], row["column"]),
            "what to do": catalogue.remedy(row["cause"], row["subject"], row["seen"], row["column"]),
        }
        for row in findings.iter_rows(named=True)
    ]
    return pl.DataFrame(told, schema={"record": pl.String, "why": pl.String, "what to do": pl.String})

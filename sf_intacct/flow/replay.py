"""What past disagreements would have come to, had their fields had another owner. The law is that of the merge."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from sf_intacct.flow.mapping import Owner
from sf_intacct.flow.merge import Verdict, verdict

PERSON = "a person"
_SALESFORCE = (Verdict.WRITE, Verdict.OVERRULE)
_VALUES = ("agreed", "salesforce_value", "intacct_value", "salesforce_version", "intacct_version")


def replay(ledger: Sequence[dict[str, Any]], policy: str) -> list[dict[str, Any]]:
    """The ledger with `was` and `would_be`: whose value counted, and whose would: salesforce, intacct, or a person's.

    policy: salesforce, intacct, nobody, or newest: the side whose record carries the later stamp; where the stamps are
    the same or one is missing, nobody's.
    """
    if not ledger:
        return []
    rows = pl.DataFrame(
        [{name: row[name] for name in _VALUES} for row in ledger], schema=dict.fromkeys(_VALUES, pl.String())
    )
    known = pl.Series("is_known", [bool(row["is_known"]) for row in ledger])
    rows = rows.with_columns(
        pl.when(known).then(pl.concat_list("agreed")).alias("agreed"),
        pl.col("salesforce_value").alias("ours"),
        pl.col("intacct_value").alias("theirs"),
    )
    verdicts = rows.select(verdict(_owns(policy, Owner.SALESFORCE), _owns(policy, Owner.INTACCT)).alias("v"))["v"]
    return [
        {**row, "was": _was(row), "would_be": _winner(Verdict(law))} for row, law in zip(ledger, verdicts, strict=True)
    ]


def _owns(policy: str, side: Owner) -> pl.Expr:
    if policy != "newest":
        return pl.lit(policy == side)
    newer, older = pl.col("salesforce_version"), pl.col("intacct_version")
    if side is Owner.INTACCT:
        newer, older = older, newer
    return (newer > older).fill_null(False)


def _was(row: dict[str, Any]) -> str:
    return PERSON if row["verdict"] == Verdict.CONFLICT else str(row["winner"])


def _winner(law: Verdict) -> str:
    if law is Verdict.CONFLICT:
        return PERSON
    return Owner.SALESFORCE.value if law in _SALESFORCE else Owner.INTACCT.value

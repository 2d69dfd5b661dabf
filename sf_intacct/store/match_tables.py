"""What the warehouse knows of who is whose counterpart: the journal's links, and what people said of pairs."""

import polars as pl

from sf_intacct.flow.recognise import PAIRS
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session


def different(crossing: str) -> str:
    """SQL of the pairs of a crossing (source_id, target_id) of which a person said last that they are different."""
    return (
        f"select source_id, target_id from (select * from journal.verdict where crossing = {statements.text(crossing)} "
        "qualify row_number() over (partition by source_id, target_id order by number desc) = 1) "
        "where verdict = 'different'"
    )


def different_pairs(session: Session, crossing: str) -> pl.DataFrame:
    """Those pairs as a frame."""
    return session.frame(different(crossing)).cast(dict(PAIRS))  # type: ignore[arg-type]


def linked_pairs(session: Session, crossing: str) -> pl.DataFrame:
    """The journal's links of a crossing: source_id, target_id."""
    rows = session.frame("select source_id, target_id from journal.link where crossing = ?", [crossing])
    return rows.cast(dict(PAIRS))  # type: ignore[arg-type]

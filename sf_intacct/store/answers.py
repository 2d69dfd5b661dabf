"""The whole answers of refusals, beside their receipts: what code and words leave out may say why.

Personal data may be in them, so that they can be taken away without touching the chain of receipts.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from sf_intacct.store.journal_tables import METADATA, RECEIPT, Rising

ANSWER = sa.Table(
    "answer",
    METADATA,
    # The number of a receipt; no reference, so that nothing about receipts hangs on what may be taken away.
    sa.Column("receipt", Rising, primary_key=True, autoincrement=False),
    sa.Column("answer", sa.Text, nullable=False),
)


def keep(connection: sa.Connection, receipt: int, answer: str) -> None:
    """Keeps the answer that a receipt is about."""
    if answer:
        connection.execute(sa.insert(ANSWER).values(receipt=receipt, answer=answer))


def of_write(engine: sa.Engine, intent_key: str) -> Sequence[str]:
    """The answers to one write that were no successes, oldest first."""
    query = sa.select(ANSWER.c.answer).join(RECEIPT, RECEIPT.c.number == ANSWER.c.receipt)
    query = query.where(RECEIPT.c.intent_key == intent_key).order_by(RECEIPT.c.number)
    with engine.begin() as connection:
        return connection.execute(query).scalars().all()

"""What need not be kept for ever: the words of writes that were carried out and read back long ago.

Keys, hashes, states, links and receipts stay: they are what keeps a write single, and its history true.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sf_intacct.model.intent import State, content_hash
from sf_intacct.store.journal import Journal
from sf_intacct.store.journal_tables import INTENT, RECEIPT
from sf_intacct.store.log_tables import SENT

# Nothing is sent, looked for or compared by the words of these any more.
_OVER = (State.VERIFIED, State.CANCELLED)
_CHUNK = 500
_MASKED = '{"masked": '


def forgettable(journal: Journal, before: datetime) -> list[str]:
    """Keys of writes that were over before an instant, and whose words are still there."""
    with journal.engine.begin() as connection:
        return list(connection.execute(_keys(before)).scalars())


def forget(journal: Journal, before: datetime) -> list[str]:
    """Puts its hash in the place of each such request; returns whose."""
    with journal.engine.begin() as connection:
        keys = list(connection.execute(_keys(before)).scalars())
        for key in keys:
            mine = INTENT.c.key == key
            request = connection.execute(sa.select(INTENT.c.request).where(mine)).scalar_one()
            masked = json.dumps({"masked": f"sha256:{content_hash(request)}"})
            connection.execute(sa.update(INTENT).where(mine).values(request=masked))
        return keys


def requests(journal: Journal, keys: Collection[str]) -> dict[str, str]:
    """What these writes say now, by key; without those whose words were forgotten."""
    wanted, found = sorted(keys), {}
    with journal.engine.begin() as connection:
        for start in range(0, len(wanted), _CHUNK):
            query = sa.select(INTENT.c.key, INTENT.c.request).where(INTENT.c.key.in_(wanted[start : start + _CHUNK]))
            found.update({row.key: row.request for row in connection.execute(query)})
    return {key: request for key, request in found.items() if not request.startswith(_MASKED)}


def _keys(before: datetime) -> sa.Select[Any]:
    newer = sa.exists().where(RECEIPT.c.intent_key == INTENT.c.key, RECEIPT.c.recorded_at >= before)
    sent_since = sa.exists().where(SENT.c.intent_key == INTENT.c.key, SENT.c.sent_at >= before)
    over = INTENT.c.state.in_([state.value for state in _OVER])
    words = ~INTENT.c.request.startswith(_MASKED, autoescape=True)
    return sa.select(INTENT.c.key).where(over, words, INTENT.c.created_at < before, ~newer, ~sent_since)

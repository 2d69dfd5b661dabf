"""Intents as tests need them: the create of an invoice for an order, unless said otherwise."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.record import RecordReference

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

_INVOICE = Intent(
    key="k1",
    crossing="order_to_invoice",
    action=Action.CREATE,
    source=RecordReference("salesforce", "Order", "801A"),
    source_version="2026-03-05T10:00:00.000000Z",
    source_hash="source hash",
    target_system="intacct",
    target_object="ARINVOICE",
    target_id=None,
    target_version=None,
    natural_key="SO-1",
    label="1",
    content_hash="content hash",
    wording_hash="wording hash",
    mapping_revision="revision 1",
    request="<create_invoice/>",
    amount=Decimal("100.00"),
    currency="USD",
)


def intent(key: str = "k1", source_id: str = "801A", **changes: Any) -> Intent:
    """The invoice of order `source_id`, under `key`, with whatever is to be different."""
    reference = replace(_INVOICE.source, record_id=source_id)
    return replace(_INVOICE, **{"key": key, "source": reference, **changes})

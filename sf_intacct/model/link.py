"""One thing that both systems know."""

from dataclasses import dataclass

from sf_intacct.model.record import RecordReference


@dataclass(frozen=True, slots=True)
class Link:
    """The trace of an accepted write: source and target of one crossing are the same thing.

    natural_key is how people name the target (a customer id, an invoice number); content_hash is
    what both sides last agreed on.
    """

    crossing: str
    source: RecordReference
    target: RecordReference
    natural_key: str
    content_hash: str

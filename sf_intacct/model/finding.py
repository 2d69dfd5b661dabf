"""A broken law as data: which document, which law, what was seen, and what would mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why one document cannot go on.

    cause is a code of the catalogue; subject is what the cause is about, so that one cause with
    many victims can be told as one ("missing_item" of "SKU-9"). seen is the offending value.
    """

    document_id: str
    cause: str
    subject: str
    seen: str = ""
    column: str = ""

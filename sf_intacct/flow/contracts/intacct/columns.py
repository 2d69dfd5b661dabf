"""Columns that many objects of Intacct have."""

from sf_intacct.flow.contracts.contract import Column, instant, text

STAMP = instant("modified_at", "WHENMODIFIED", "When Intacct last touched the record, by its own clock")
RECORD = text("record_number", "RECORDNO", "Record number in Intacct", required=True, unique=True)
STATUS = text("status", "STATUS", "active or inactive", required=True)
# What a mapping names that has anything to do with taxes: only then is it read what they are told by.
TAXED = ("tax_amount", "TAXENTRIES.DETAILID")
URL = text("url", "RECORD_URL", "Link to the record in Intacct")


def address(prefix: str, source: str, whose: str) -> tuple[Column, ...]:
    """The address columns of one contact block."""
    parts = {
        "address_1": ("ADDRESS1", "first address line", 80),
        "address_2": ("ADDRESS2", "second address line", 80),
        "city": ("CITY", "city", 80),
        "state": ("STATE", "state or province", 40),
        "postal_code": ("ZIP", "postal code", 30),
        "country": ("COUNTRY", "country", 60),
    }
    return tuple(
        text(f"{prefix}{name}", f"{source}MAILADDRESS.{field}", f"{whose}: {says}", limit=limit)
        for name, (field, says, limit) in parts.items()
    )

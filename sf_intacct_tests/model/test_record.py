"""References to records: comparable, sortable, and readable in a message."""

from sf_intacct.model.record import Record, RecordReference


def test_a_reference_reads_as_a_phrase() -> None:
    assert str(RecordReference("salesforce", "Order", "801D000000IRt53IAD")) == "salesforce Order 801D000000IRt53IAD"


def test_references_sort_by_system_then_object_then_id() -> None:
    ordered = [
        RecordReference("intacct", "ARINVOICE", "2"),
        RecordReference("intacct", "CUSTOMER", "1"),
        RecordReference("salesforce", "Account", "1"),
    ]
    assert sorted([ordered[2], ordered[0], ordered[1]]) == ordered
    assert len({*ordered, RecordReference("intacct", "CUSTOMER", "1")}) == 3


def test_records_do_not_share_their_fields() -> None:
    reference = RecordReference("intacct", "CUSTOMER", "1")
    assert Record(reference, None).fields is not Record(reference, None).fields

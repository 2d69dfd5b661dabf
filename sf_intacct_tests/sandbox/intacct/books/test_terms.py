import pytest

from sf_intacct.sandbox.intacct.books.terms import due_on


@pytest.mark.parametrize(
    ("rule", "days", "on", "due"),
    [
        ("from invoice/bill date", 30, "2026-01-31", "2026-03-02"),
        ("from invoice/bill date", 0, "2026-01-31", "2026-01-31"),
        ("of the month of invoice/bill date", 15, "2026-02-20", "2026-02-15"),
        ("of next month from invoice/bill date", 31, "2026-01-10", "2026-02-28"),
        ("of 2nd month from invoice/bill date", 10, "2026-11-30", "2027-01-10"),
        ("of 6th month from invoice/bill date", 31, "2026-08-01", "2027-02-28"),
        ("after end of month of invoice/bill date", 10, "2024-02-03", "2024-03-10"),
        ("from invoice/bill date extending to eom", 30, "2026-01-05", "2026-02-28"),
    ],
)
def test_a_term_says_when_an_invoice_is_due(rule: str, days: int, on: str, due: str) -> None:
    assert due_on({"DUEDATE": days, "DUEFROM": rule}, on) == due

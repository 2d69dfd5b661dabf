"""periods: which books are known to be closed, and who says so."""

import pytest

from sf_intacct_tests.cli.desk import Desk


@pytest.mark.long
def test_what_a_refusal_taught_is_listed_with_intacct_words_and_the_next_open_day(settled: Desk) -> None:
    (closed,) = settled.told("periods")["closed"]
    assert (closed["ledger"], closed["places"], closed["source"]) == ("AR", ["E01"], "refused")
    assert (closed["through"], closed["opens_on"]) == ("2026-07-15", "2026-08-01")
    assert "Periods are closed." in closed["words"]
    assert "2026-07-15" in settled.says("periods")

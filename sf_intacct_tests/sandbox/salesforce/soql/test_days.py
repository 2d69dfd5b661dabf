"""Date literals as spans of days."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.salesforce.soql.days import span_of
from sf_intacct.sandbox.salesforce.soql.mistakes import QueryMistake

TUESDAY = date(2026, 3, 17)


@pytest.mark.parametrize(
    ("word", "first", "after"),
    [
        ("TODAY", "2026-03-17", "2026-03-18"),
        ("YESTERDAY", "2026-03-16", "2026-03-17"),
        ("TOMORROW", "2026-03-18", "2026-03-19"),
        ("THIS_WEEK", "2026-03-15", "2026-03-22"),
        ("LAST_MONTH", "2026-02-01", "2026-03-01"),
        ("NEXT_QUARTER", "2026-04-01", "2026-07-01"),
        ("LAST_YEAR", "2025-01-01", "2026-01-01"),
        ("THIS_FISCAL_YEAR", "2026-01-01", "2027-01-01"),
        ("LAST_N_DAYS:7", "2026-03-10", "2026-03-18"),
        ("NEXT_N_DAYS:2", "2026-03-18", "2026-03-20"),
        ("N_DAYS_AGO:1", "2026-03-16", "2026-03-17"),
        ("LAST_N_MONTHS:2", "2026-01-01", "2026-03-01"),
        ("NEXT_N_WEEKS:1", "2026-03-22", "2026-03-29"),
        ("LAST_90_DAYS", "2025-12-17", "2026-03-18"),
    ],
)
def test_a_word_means_whole_days(word: str, first: str, after: str) -> None:
    assert span_of(word, TUESDAY, 0) == (date.fromisoformat(first), date.fromisoformat(after))


@given(st.dates(date(1980, 1, 1), date(2100, 1, 1)), st.sampled_from(["WEEK", "MONTH", "QUARTER", "YEAR"]))
def test_last_this_and_next_touch_without_gap(today: date, unit: str) -> None:
    last, this, following = (span_of(f"{which}_{unit}", today, 0) for which in ("LAST", "THIS", "NEXT"))
    assert last[1] == this[0] <= today < this[1] == following[0]


@pytest.mark.parametrize("word", ["SOMEDAY", "LAST_DECADE", "LAST_N_DECADES:2"])
def test_an_unknown_word_is_refused(word: str) -> None:
    with pytest.raises(QueryMistake):
        span_of(word, TUESDAY, 0)

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.intacct import values
from sf_intacct.sandbox.intacct.values import BadValue


@given(st.integers(min_value=-(10**15), max_value=10**15), st.integers(min_value=0, max_value=10))
def test_a_number_survives_the_way_over_the_wire(stored: int, scale: int) -> None:
    text = values.plain(stored, scale)
    assert values.scaled(values.number(text), scale) == stored
    assert "E" not in text
    assert "." not in text or not text.endswith("0")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_amounts_are_kept_to_the_finest_minor_unit_rounded_half_up(amount: Decimal) -> None:
    assert abs(values.unscaled(values.scaled(amount)) - amount) <= Decimal("0.0005")


@pytest.mark.parametrize(
    ("text", "cents"), [("100.005", 10001), ("-0.005", -1), ("2.675", 268), (".5", 50), ("7.", 700)]
)
def test_the_half_cent_goes_away_from_zero(text: str, cents: int) -> None:
    assert values.scaled(values.number(text), 2) == cents


@pytest.mark.parametrize("text", ["", "1,000", "1e3", "12.5.1", "abc", "NaN", "--1"])
def test_what_is_not_plain_notation_is_not_a_number(text: str) -> None:
    with pytest.raises(BadValue):
        values.number(text)


@pytest.mark.parametrize("text", ["2026-03-05", "13/01/2026", "02/29/2026", "3/5/26", "05.03.2026", ""])
def test_only_month_day_year_is_a_date(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        values.iso_date(text)
    assert refused.value.problem.errorno == "PL03000006"


@given(st.datetimes(), st.integers(min_value=-720, max_value=840))
def test_an_instant_reads_back_in_any_zone(instant: object, minutes: int) -> None:
    zone, stored = timedelta(minutes=minutes), str(instant)[:19]
    if "1000" < stored[:4] < "9990":
        assert values.utc_stamp(values.local_stamp(stored, zone), zone) == stored


@pytest.mark.parametrize(
    "text", ["2026-03-05T10:00:00Z", "03/05/2026T10:00", "03/05/2026 24:00:00", "03/05/2026 10:61"]
)
def test_an_iso_timestamp_is_not_understood(text: str) -> None:
    with pytest.raises(BadValue):
        values.utc_stamp(text, timedelta(0))

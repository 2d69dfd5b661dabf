"""Dates and times over the wire and back: the user's spelling out there, ISO 8601 and UTC in the house."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, strategies as st

from sf_intacct.errors import CredentialsError
from sf_intacct.intacct.formatting import Formatting, read_formatting
from sf_intacct.intacct.xml import parse
from sf_intacct.model.system import Kind, SourceField

# What clocks on earth are set to: whole quarters of an hour, from fourteen hours ahead to twelve behind.
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def normalised(kind: Kind, value: str | None, offset: timedelta = timedelta(0)) -> str | None:
    """One value of the wire as the house spells it."""
    page = pl.DataFrame({"FIELD": [value]}, schema={"FIELD": pl.String()})
    cell: str | None = Formatting(offset).normalised(page, (SourceField("FIELD", kind),))["FIELD"][0]
    return cell


def preferences(**values: str) -> Formatting:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return read_formatting(parse(f"<data><userformatting>{inside}</userformatting></data>".encode()))


@given(INSTANTS.map(lambda at: at.replace(microsecond=0)), OFFSETS)
def test_an_instant_comes_back_from_the_wire_as_it_went_out(at: datetime, offset: timedelta) -> None:
    assert normalised(Kind.INSTANT, Formatting(offset).spelt(at), offset) == at.strftime("%Y-%m-%dT%H:%M:%SZ")


@given(INSTANTS, OFFSETS)
@pytest.mark.answers("J6")
def test_a_filter_never_begins_after_the_instant_that_was_meant(at: datetime, offset: timedelta) -> None:
    """The wire knows whole seconds: what is left over makes a read begin earlier, never later."""
    spelt = datetime.strptime(Formatting(offset).spelt(at), "%m/%d/%Y %H:%M:%S").replace(tzinfo=timezone(offset))
    assert timedelta(0) <= at - spelt < timedelta(seconds=1)


def test_an_instant_is_spelt_in_the_users_zone() -> None:
    noon = datetime(2026, 3, 5, 12, 0, 59, 999_999, tzinfo=UTC)
    assert Formatting().spelt(noon) == "03/05/2026 12:00:59"
    assert Formatting(timedelta(hours=-8)).spelt(noon) == "03/05/2026 04:00:59"
    assert Formatting(timedelta(hours=13)).spelt(noon) == "03/06/2026 01:00:59"
    paris = datetime(2026, 3, 5, 13, tzinfo=timezone(timedelta(hours=1)))
    assert Formatting().spelt(paris) == "03/05/2026 12:00:00"


@pytest.mark.parametrize("day", ["03/29/2026", "10/25/2026", "07/01/2026", "12/31/2026"])
@pytest.mark.answers("C12", "J3")
def test_no_hour_is_skipped_or_told_twice_on_any_day_of_the_year(day: str) -> None:
    """The user's zone is an offset from GMT: clocks that others set forward and back do not reach us."""
    hours = [normalised(Kind.INSTANT, f"{day} {hour:02d}:30:00", timedelta(hours=1)) for hour in range(24)]
    instants = [datetime.fromisoformat(str(hour)) for hour in hours]
    assert {later - earlier for earlier, later in pairwise(instants)} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("wire", "house"),
    [
        ("03/05/2026", "2026-03-05"),
        ("12/31/2026", "2026-12-31"),
        ("02/29/2028", "2028-02-29"),
        ("2021-08-26", "2021-08-26"),
        ("2021-08-26T16:46:42Z", "2021-08-26"),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.answers("J5")
def test_a_date_is_read_in_both_spellings_of_the_wire(wire: str | None, house: str | None) -> None:
    assert normalised(Kind.DATE, wire, timedelta(hours=-8)) == house


@pytest.mark.parametrize("wire", ["13/05/2026", "02/30/2026", "yesterday"])
def test_a_date_that_there_is_not_is_left_for_the_gate_to_refuse(wire: str) -> None:
    assert normalised(Kind.DATE, wire) == wire


def test_an_instant_in_iso_8601_is_utc_already_whatever_the_users_zone() -> None:
    assert normalised(Kind.INSTANT, "2021-08-26T16:46:42Z", timedelta(hours=-8)) == "2021-08-26T16:46:42Z"
    assert normalised(Kind.INSTANT, "") is None


@pytest.mark.parametrize(
    ("wire", "house"),
    [("T", "true"), ("F", "false"), ("true", "true"), ("False", "false"), ("", None), ("maybe", "maybe")],
)
def test_a_flag_is_true_or_false(wire: str, house: str | None) -> None:
    assert normalised(Kind.FLAG, wire) == house


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.MONEY, Kind.NUMBER, Kind.WHOLE])
@pytest.mark.parametrize("value", ["00123", "1234.50", "T", "03/05/2026", " two  blanks ", "1E+3"])
def test_every_other_value_stays_as_it_is(kind: Kind, value: str) -> None:
    assert normalised(kind, value) == value
    assert normalised(kind, "") is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("+09:30", timedelta(hours=9, minutes=30)),
        ("-08:00", timedelta(hours=-8)),
        ("-03:30", timedelta(hours=-3, minutes=-30)),
        ("+00:00", timedelta(0)),
        ("-8", timedelta(hours=-8)),
        ("+0545", timedelta(hours=5, minutes=45)),
        ("", timedelta(0)),
    ],
)
def test_the_users_offset_is_read(text: str, offset: timedelta) -> None:
    assert preferences(dateformat="/mdY", clock="24", gmtoffset=text) == Formatting(offset)


@pytest.mark.parametrize(
    "values",
    [
        {"dateformat": "/dmY", "clock": "24", "gmtoffset": "+00:00"},
        {"dateformat": "-Ymd", "clock": "24", "gmtoffset": "+00:00"},
        {"dateformat": "/mdY", "clock": "12", "gmtoffset": "+00:00"},
        {"dateformat": "/mdY", "clock": "24", "gmtoffset": "PST"},
        {"dateformat": "/mdY", "clock": "24", "gmtoffset": "08:00"},
    ],
)
@pytest.mark.answers("C11")
def test_preferences_that_could_be_misread_stop_the_read(values: dict[str, str]) -> None:
    with pytest.raises(CredentialsError, match="reading the formatting of the web-services user"):
        preferences(**values)


def test_without_an_answer_the_gateways_own_spelling_is_meant() -> None:
    assert read_formatting(None) == Formatting()
    assert preferences() == Formatting()

"""The date through which Intacct says that its books are closed: read as it is, or not believed."""

from datetime import date

import pytest

from sf_intacct.errors import Uncertain
from sf_intacct.intacct.closed_books import closed_through
from sf_intacct.intacct.xml import parse


def test_the_day_is_a_legacy_date() -> None:
    day = "<closedbooksdate><year>2026</year><month>08</month><day>31</day></closedbooksdate>"
    assert closed_through(parse(f"<data>{day}</data>".encode())) == date(2026, 8, 31)


def test_an_empty_date_says_that_nothing_is_closed() -> None:
    assert closed_through(parse(b"<data><closedbooksdate/></data>")) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"<data/>",
        b"<data><closedbooksdate>08/31/2026</closedbooksdate></data>",
        b"<data><closedbooksdate><year>2026</year><month>13</month><day>1</day></closedbooksdate></data>",
    ],
)
def test_an_answer_of_another_form_is_not_taken_for_open_books(answer: bytes) -> None:
    with pytest.raises(Uncertain, match=r"periods\.closed"):
        closed_through(parse(answer))

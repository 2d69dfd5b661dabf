"""Salesforce ids: 15 and 18 characters are one record, and a typing error is noticed."""

import re
from contextlib import suppress
from string import ascii_letters, digits

import pytest
from hypothesis import given, strategies as st

from sf_intacct.model.identifier import to_18
from sf_intacct_tests.shared_data import shared

# From Salesforce's own REST documentation.
KNOWN = (
    "001D000000IRt53IAD",
    "001D000000IqhSLIAZ",
    "003D000000QSXhMIAX",
    "005D0000001KPN3IAO",
    "00Dx0000000BV7zEAG",
    "01pD0000000s1yTIAQ",
)
heads = st.text(ascii_letters + digits, min_size=15, max_size=15)


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.answers("A27")
def test_both_forms_of_a_documented_id_are_the_same_record(known: str) -> None:
    assert to_18(known[:15]) == known == to_18(known)


@pytest.mark.parametrize("sample", ["cci-query-Account-200.json", "cci-query-Contact-200-3.json"])
def test_every_recorded_id_carries_the_suffix_we_compute(sample: str) -> None:
    recorded = set(re.findall(r'/sobjects/\w+/(\w{18})"', shared(f"data/wire-samples/salesforce/{sample}").read_text()))
    assert recorded
    assert [one for one in recorded if to_18(one[:15]) != one] == []


@pytest.mark.parametrize("place", range(15))
@pytest.mark.answers("A27")
def test_a_letter_in_the_wrong_case_is_refused(place: int) -> None:
    known = "aBcDeFgHiJkLmNo"
    wrong = known[:place] + known[place].swapcase() + known[place + 1 :] + to_18(known)[15:]
    with pytest.raises(ValueError, match="do not fit"):
        to_18(wrong)


@given(heads)
def test_an_id_in_its_long_form_stays_as_it_is(head: str) -> None:
    assert to_18(to_18(head)) == to_18(head)
    assert to_18(head)[:15] == head


@given(heads, heads)
@pytest.mark.answers("A28")
def test_ids_that_differ_only_in_case_still_differ_when_case_is_lost(one: str, other: str) -> None:
    assert (to_18(one).lower() == to_18(other).lower()) == (one == other)


@given(heads)
def test_a_change_of_case_changes_the_suffix(head: str) -> None:
    swapped = head.swapcase()
    assert (to_18(head)[15:] == to_18(swapped)[15:]) == (head == swapped)


def test_the_suffix_itself_may_have_lost_its_case() -> None:
    assert to_18("001D000000IRt53iad") == "001D000000IRt53IAD"


WRONG = """
001
001D000000IRt5
001D000000IRt53I
001D000000IRt53IA
001D000000IRt53IADX
001D000000IRt53IA1
001D000000IRt5-
001D000000IRt5é
001D000000 Rt53
"""


@pytest.mark.parametrize("text", ["", "001D000000IRt53\n", *WRONG.split("\n")[1:-1]])
@pytest.mark.answers("A27")
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce id"):
        to_18(text)


@given(st.text(max_size=20))
def test_any_text_is_an_id_or_is_refused(text: str) -> None:
    with suppress(ValueError):
        assert re.fullmatch(r"[A-Za-z0-9]{15}[A-Z0-5]{3}", to_18(text))

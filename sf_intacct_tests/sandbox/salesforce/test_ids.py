"""Record ids: 15 and 18 characters, and what the checksum saves."""

import re

from hypothesis import given, strategies as st

from sf_intacct.sandbox.salesforce.ids import ALPHABET, checksum, mint, normalise
from sf_intacct_tests.shared_data import shared

numbers = st.integers(1, 62**9 - 1)


@given(numbers)
def test_both_forms_of_an_id_mean_the_same_record(number: int) -> None:
    record_id = mint("001", number)
    assert len(record_id) == 18
    assert normalise(record_id[:15]) == record_id == normalise(record_id)


@given(numbers)
def test_the_long_form_survives_the_loss_of_case(number: int) -> None:
    record_id = mint("00k", number)
    assert normalise(record_id.lower()) == record_id == normalise(record_id.upper())


@given(numbers, numbers)
def test_ids_sort_in_order_of_birth(one: int, other: int) -> None:
    assert (mint("801", one) < mint("801", other)) == (one < other)


@given(st.text(ALPHABET + "-_ é", max_size=20).filter(lambda text: not re.fullmatch("[0-9A-Za-z]{15}", text)))
def test_what_is_no_id_is_refused_or_already_sound(text: str) -> None:
    found = normalise(text)
    assert found is None or (len(text) == 18 and found[15:] == checksum(found[:15]))


def test_the_checksum_is_that_of_recorded_ids() -> None:
    folder = shared("data/wire-samples/salesforce")
    text = "".join(
        (folder / name).read_text() for name in ("cci-query-Account-200.json", "cci-query-Contact-200-3.json")
    )
    recorded = set(re.findall(r'"Id" : "(\w{18})"', text))
    assert len(recorded) > 5
    assert all(normalise(record_id[:15]) == record_id for record_id in recorded)

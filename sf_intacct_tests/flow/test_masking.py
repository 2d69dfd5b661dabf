"""Masks hide who it is about, and nothing else: lengths, cases, joins and concatenations come out as before."""

import unicodedata

from hypothesis import given, strategies as st

from sf_intacct.flow.contracts import OBSERVED, REFERENCE
from sf_intacct.flow.masking import KEPT, Mask, Secrecy, is_kept
from sf_intacct.flow.refusals import recognised
from sf_intacct.model.system import Kind

MASK = Mask(b"k" * 32)
WORDS = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd", "Lo")), min_size=1, max_size=12)
ASCII = st.text(alphabet="abcxyzABCXYZ0189", min_size=1, max_size=12)


@given(st.text())
def test_a_mask_has_the_length_and_the_separators_of_its_text(text: str) -> None:
    masked = MASK.text(text)
    assert len(masked) == len(text)
    assert [c for c in masked if not c.isalnum()] == [c for c in text if not c.isalnum()]


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_no_word_is_its_own_mask_and_words_are_masked_alike_wherever_they_stand(words: list[str]) -> None:
    assert all(MASK.text(word) != word for word in words)
    assert MASK.text(" ".join(words)) == " ".join(MASK.text(word) for word in words)


@given(ASCII)
def test_case_and_kind_of_characters_survive_so_that_rules_about_them_reproduce(word: str) -> None:
    masked = MASK.text(word)
    assert MASK.text(word.upper()) == masked.upper()
    assert [unicodedata.category(c) for c in masked] == [unicodedata.category(c) for c in word]


def test_who_has_another_key_gets_other_masks() -> None:
    assert Mask(b"x" * 32).text("Ångström") != MASK.text("Ångström") == MASK.text("Ångström")


def test_a_text_column_that_nobody_has_named_is_masked() -> None:
    """Failure modes, S20: a column that somebody adds must not leak because nobody thought of it."""
    personal = (
        "name first_name last_name email phone fax billing_email person_email tax_id resale_number billing_street"
    )
    personal += " billing_city billing_postal_code mailing_street print_as contact_name display_email po_number memo"
    assert not KEPT & set(personal.split())
    columns = {(c.name, column.name) for c in OBSERVED.values() for column in c.columns if not is_kept(c, column)}
    assert ("salesforce_accounts", "name") in columns
    assert ("intacct_customers", "display_address_1") in columns
    texts = {c.name for table in OBSERVED.values() if table.name not in REFERENCE for c in table.columns}
    assert texts >= KEPT, "named to be kept, but no column of any table"
    assert all(is_kept(c, column) for c in OBSERVED.values() for column in c.columns if column.kind is not Kind.TEXT)


def test_a_refusal_loses_its_names_and_is_still_understood() -> None:
    secrecy = Secrecy(MASK, ["Net 30"], ["Bolt & Nut", "Ada Lovelace", "ada@bolt.example"])
    told = secrecy.prose("Invalid customer 'Bolt & Nut' specified. Ask Ada, ada@bolt.example, +46 18 555 0100.")
    assert [name for name in ("Bolt", "Nut", "Ada", "bolt", "ada", "555") if name in told] == []
    assert recognised("BL1", told)[0] == "invalid_in_books"
    closed = "Your transaction date (07/15/2026) is within a period that is closed: periods are closed (07/15/2026)"
    assert secrecy.prose(closed) == closed
    assert secrecy.prose("Invalid term 'Net 30'") == "Invalid term 'Net 30'"

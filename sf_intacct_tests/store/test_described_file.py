"""What the systems said of themselves, kept in the home: the same again, or nothing, or an error with a way out."""

from pathlib import Path

import pytest

from sf_intacct.errors import FixNeeded
from sf_intacct.model.described import FRACTIONS, TEXTS, Described, DescribedField, DescribedObject, DescribedSystem
from sf_intacct.store.described_file import NAME, read_described, write_described
from sf_intacct_tests.flow.descriptions import READ_AT

NAME_FIELD = DescribedField("NAME", "TEXT", TEXTS, required=True, updatable=False, length=100, values=("Å", "b"))
PRICE = DescribedField("BASEPRICE", "DECIMAL", FRACTIONS, decimals=0)
ITEM = DescribedObject("ITEM", {"NAME": NAME_FIELD, "BASEPRICE": PRICE}, {"GLGROUP": "ITEMGLGROUP"})
KNOWN = Described({"intacct": DescribedSystem(READ_AT, {"ITEM": ITEM, "NOTHING": None})})


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    write_described(tmp_path / "home", KNOWN)
    assert read_described(tmp_path / "home") == KNOWN


def test_where_nothing_was_kept_nothing_is_known(tmp_path: Path) -> None:
    assert read_described(tmp_path) == Described()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"intacct": {}}', '{"intacct": {"read_at": "x", "objects": {}}}'])
def test_a_file_that_is_damaged_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(FixNeeded, match="mappings check --live") as refused:
        read_described(tmp_path)
    assert str(tmp_path / NAME) in str(refused.value)

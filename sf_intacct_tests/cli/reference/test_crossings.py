"""docs/crossings.md: every crossing and every row of the mission, with the tests that prove it."""

from pathlib import Path

import pytest

from sf_intacct.cli.reference.crossings import crossings_page
from sf_intacct.cli.reference.proofs import Proof, proofs
from sf_intacct.cli.reference.rows import ROWS
from sf_intacct.store.mapping_files import read_mappings
from sf_intacct_tests.town import MAPPINGS

CROSSINGS = read_mappings(MAPPINGS).crossings
MARKED = """
import pytest

@pytest.mark.proves(5, 7)
def test_an_order_becomes_an_invoice(town): ...

@pytest.mark.parametrize("a", [1])
@pytest.mark.proves(1)
def test_a_customer(a): ...

def test_that_proves_nothing(): ...
"""


def test_the_mission_has_its_fourteen_rows_in_order() -> None:
    assert [row.number for row in ROWS] == list(range(1, 15))


@pytest.mark.parametrize("name", CROSSINGS)
def test_every_crossing_carries_a_row_and_is_told_field_by_field(name: str) -> None:
    mapping = CROSSINGS[name]
    assert any(row.has(mapping) for row in ROWS), f"say in rows.py which row {mapping.target} belongs to"
    page = crossings_page([mapping], [])
    assert f"### {name}\n" in page
    assert all(f"| {field} |" in page for field in mapping.fields)


def test_marks_are_found_in_the_source_and_tests_without_one_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_it.py").write_text(MARKED)
    (folder / "test_all.py").write_text("import pytest\npytestmark = [pytest.mark.proves(12)]\ndef test_x(): ...\n")
    assert proofs(folder) == [
        Proof("tests/test_all.py", "test_x", (12,)),
        Proof("tests/test_it.py", "test_a_customer", (1,)),
        Proof("tests/test_it.py", "test_an_order_becomes_an_invoice", (5, 7)),
    ]
    assert proofs(tmp_path / "nowhere") == []


def test_a_row_names_its_mappings_and_its_tests_or_says_that_it_has_none() -> None:
    page = crossings_page(CROSSINGS.values(), [Proof("tests/test_it.py", "test_a_customer", (1,))])
    first, rest = page.split("### 1. ")[1].split("### 2. ")
    assert "[account_to_customer](#account_to_customer)" in first
    assert "* a customer (`tests/test_it.py`)" in first
    assert "No test proves it yet." in rest.split("### 3. ")[0]

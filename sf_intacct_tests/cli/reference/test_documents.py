"""The committed reference documents are what the code makes now."""

from pathlib import Path

import pytest

import sf_intacct
from sf_intacct.cli.reference import documents

REPOSITORY = Path(sf_intacct.__file__).resolve().parents[1]
MADE = documents()


@pytest.mark.parametrize("name", MADE)
def test_a_committed_document_is_up_to_date(name: str) -> None:
    """If it is not: .venv/bin/python -m sf_intacct.cli.reference."""
    assert (REPOSITORY / name).read_text(encoding="utf-8") == MADE[name]


def test_the_same_code_makes_the_same_documents() -> None:
    assert documents() == MADE


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(".md")])
def test_a_page_says_that_it_is_made_and_how(name: str) -> None:
    assert MADE[name].startswith("<!-- Made by `python -m sf_intacct.cli.reference`.")
    assert MADE[name].endswith("\n")
    assert not MADE[name].endswith("\n\n")


@pytest.mark.parametrize("name", [name for name in MADE if name.endswith(".md")])
def test_every_table_on_a_page_has_as_many_cells_in_every_row(name: str) -> None:
    """A bar in a text would shift the columns."""
    for block in MADE[name].split("\n\n"):
        rows = [row for row in block.splitlines() if row.startswith("|")]
        assert len({row.replace(r"\|", "").count("|") for row in rows}) <= 1, rows[0]


def test_no_schema_lies_there_that_nobody_makes() -> None:
    there = {f"mappings/schema/{file.name}" for file in (REPOSITORY / "mappings" / "schema").iterdir()}
    assert there == {name for name in MADE if name.startswith("mappings/")}

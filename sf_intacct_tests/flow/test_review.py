"""The review file: written so that a spreadsheet runs and changes nothing, and read whatever it did to the file."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.review import Answer, Columns, guarded, read, unguarded, written

COLUMNS = Columns("salesforce", "intacct")
ROW = {
    "source_id": "001000000000001AAA",
    "target_key": "00123",
    "target_id": "7",
    "score": 91,
    "source_name": '=HYPERLINK("http://evil")',
    "seen": "v0123456789ab",
}
YES = Answer(2, True, "001000000000001AAA", "00123", "7", "v0123456789ab")


def _answered(answer: str = "yes", delimiter: str = ",", **cells: str) -> str:
    return written(COLUMNS, [{**ROW, **cells, "answer": answer}], delimiter).decode("utf-8-sig")


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "|calc", "%x", "\uff1d1+1", "'=1", "\n=1"],
)
@pytest.mark.answers("E16")
def test_what_looks_like_a_formula_is_written_as_text(formula: str) -> None:
    assert guarded(formula) == f"'{formula}"


@pytest.mark.parametrize("number", ["00123", "123456789012345678", "12E4", "1-2", "03/04/2026", "2026-11-01", "TRUE"])
def test_what_a_spreadsheet_would_take_for_a_number_or_a_date_is_written_as_text(number: str) -> None:
    assert guarded(number) == f"'{number}"


@pytest.mark.parametrize("plain", ["Acme", "C-1", "12", "Smith & Sons", "a=b", "", "7 Main St", "v0123456789ab"])
def test_what_it_leaves_alone_is_written_as_it_is(plain: str) -> None:
    assert guarded(plain) == plain


@given(st.text())
def test_a_cell_comes_back_as_it_went(text: str) -> None:
    assert unguarded(guarded(text)) == text.strip()


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
@pytest.mark.answers("E16", "S5")
def test_no_cell_of_a_written_file_begins_as_a_formula(name: str) -> None:
    text = written(COLUMNS, [{**ROW, "source_name": name, "evidence": name}]).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20") and cell.strip()] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_however_a_spreadsheet_saved_it_the_answer_is_the_same(encoding: str, delimiter: str, ends: str) -> None:
    content = _answered(delimiter=delimiter, source_name="Ångström").replace("\r\n", ends).encode(encoding)
    assert read(content, COLUMNS, "a.csv") == ([YES], [])


def test_a_first_line_that_names_the_separator_is_no_header() -> None:
    answers, _ = read(("sep=;\r\n" + _answered(delimiter=";")).encode(), COLUMNS, "a.csv")
    assert [(a.line, a.source_id) for a in answers] == [(3, YES.source_id)]


def test_columns_may_be_moved_added_and_left_out_and_empty_lines_and_cells_at_the_end_are_nothing() -> None:
    text = f"note,APPROVE ,intacct_key,salesforce_id\r\n,,,\r\nhm,Yes,C-1,{ROW['source_id']},,\r\n\r\n"
    assert read(text.encode(), COLUMNS, "a.csv") == ([Answer(3, True, str(ROW["source_id"]), "C-1", "", "")], [])


@pytest.mark.parametrize(("said", "is_same"), [("YES", True), ("x", True), (" y ", True), ("No", False), ("0", False)])
def test_yes_and_no_are_read_as_people_write_them(said: str, is_same: bool) -> None:
    answers, _ = read(_answered(said).encode(), COLUMNS, "a.csv")
    assert [answer.is_same for answer in answers] == [is_same]


@pytest.mark.parametrize("said", ["maybe", "=1", "ja?", "yes no"])
def test_any_other_answer_is_refused_with_its_line(said: str) -> None:
    answers, wrong = read(_answered(said).encode(), COLUMNS, "a.csv")
    assert answers == []
    assert [line for line, _ in wrong] == [2]
    assert "neither yes nor no" in wrong[0][1]


def test_what_was_not_answered_is_no_answer() -> None:
    assert read(_answered("").encode(), COLUMNS, "a.csv") == ([], [])


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\0", b"PK\x03\x04\0\0", b"hello", b"a,b,c\r\n1,2,3\r\n", b"\xff\xfe\0", b"approve,salesforce_id\r\n"],
)
def test_what_is_no_review_file_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(FixNeeded, match="reading the review file"):
        read(content, COLUMNS, "a.csv")


def test_a_column_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(FixNeeded, match="twice"):
        read(b"approve,approve,salesforce_id,intacct_key\r\n", COLUMNS, "a.csv")


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    for prefix in (b"", b"approve,salesforce_id,intacct_key\r\n"):
        with suppress(FixNeeded):
            read(prefix + content, COLUMNS, "a.csv")

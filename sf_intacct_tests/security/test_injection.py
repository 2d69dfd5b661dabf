"""Data is never obeyed: not as SQL, XML, SOQL or a formula. Through the builders that the house really uses."""

import ast
import csv
import io
import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

import sf_intacct
from sf_intacct.flow.review import guarded, unguarded
from sf_intacct.intacct import functions
from sf_intacct.intacct.xml import parse
from sf_intacct.salesforce import soql
from sf_intacct.store import statements

ROOT = Path(sf_intacct.__file__).parent
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "'; drop table core.x; --", '"; attach \'/etc/passwd\'; --', "' or 1=1 --", "\\' OR Name != '", "]]>",
            "</NAME><TOTALDUE>0</TOTALDUE>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "&lt;b&gt;", "$name", "?",
            "=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=cmd|'/c calc'!A0", "\uff1d1+1",
        ]
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("create table kept as select 1 as x")
    return connection


@given(value=HOSTILE.filter(lambda text: "\0" not in text and not any(0xD800 <= ord(c) < 0xE000 for c in text)))
@settings(max_examples=40)
@pytest.mark.answers("S4")
def test_a_text_in_sql_is_that_text_and_a_name_is_that_name(database: duckdb.DuckDBPyConnection, value: str) -> None:
    assert database.execute(f"select {statements.text(value)}").fetchall() == [(value,)]
    if value:
        described = database.execute(f"select 1 as {statements.name(value)}").description
        assert described is not None
        assert [column[0] for column in described] == [value]
    assert database.execute("select x from kept").fetchall() == [(1,)]


@given(value=HOSTILE)
@pytest.mark.answers("S2")
def test_a_value_in_a_request_is_that_value_or_the_record_is_refused(value: str) -> None:
    """Failure modes, E12 and E14."""
    try:
        request = functions.create("CUSTOMER", {"fields": {"NAME": value, "STATUS": "active"}})
    except ValueError:
        return
    root = parse(request.encode())
    (customer,) = root
    assert [node.tag for node in root.iter()] == ["create", "CUSTOMER", "NAME", "STATUS"]
    # A line feed is what XML makes of a carriage return that nobody escaped.
    assert (customer.findtext("NAME") or "") == value


@given(value=HOSTILE)
@pytest.mark.answers("S3")
def test_a_value_in_soql_stays_between_its_quotes(value: str) -> None:
    literal = soql.quoted(value)
    inner = literal[1:-1].replace("\\\\", "").replace("\\'", "")
    assert (literal[0], literal[-1]) == ("'", "'")
    assert "'" not in inner
    assert "\n" not in literal


@pytest.mark.answers("E16")
@given(value=HOSTILE)
@settings(max_examples=200)
@pytest.mark.answers("S5")
def test_no_cell_of_an_exported_file_is_a_formula_and_it_is_read_back_as_it_was(value: str) -> None:
    """OWASP: = + - @ TAB CR, also behind blanks; numbers stay numbers."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([guarded(value)])
    cell = next(csv.reader(io.StringIO(text.getvalue(), newline="")))[0] if "\0" not in value else guarded(value)
    assert not cell.lstrip(" \u00a0\u200b\ufeff").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(value)) == value.removeprefix("'").strip() or unguarded(guarded(value)) == value.strip()


def test_a_table_for_a_spreadsheet_is_written_where_its_cells_are_guarded() -> None:
    writers = {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("csv.writer", "csv.DictWriter"))
        or (isinstance(node, ast.Attribute) and node.attr in ("write_csv", "write_excel"))
    }  # fmt: skip
    for_people = {"flow/review.py", "cli/log.py", "cli/exception_files.py"}
    # The one feeds the sandboxes; the other adds the words of two systems to a crosswalk, where they stand as they are.
    for_programs = {"cli/replay/seeding.py", "store/mapping_files.py"}
    assert {name for name in writers if not name.startswith("sandbox/")} == for_people | for_programs
    for name in for_people:
        assert re.search(r"\b(guarded|neutral)\(", (ROOT / name).read_text()), name

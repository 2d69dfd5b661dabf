"""query: SQL over the finance file, exact, read-only, and readable however wide the answer is."""

import shutil

import pytest

from sf_intacct_tests.cli.desk import Desk


def test_a_query_is_answered_as_a_table(settled: Desk) -> None:
    said = settled.says("query", "select class, count(*) as documents from ar_tie_out group by class order by class")
    assert [row.split() for row in said.splitlines() if row.strip()] == [
        ["class", "documents"],
        ["exception", "3"],
        ["tied", "1"],
    ]


def test_a_name_with_its_schema_means_the_same(settled: Desk) -> None:
    assert settled.told("query", "select count(*) n from finance.invoices") == {"columns": ["n"], "rows": [[1]]}


def test_a_program_gets_amounts_as_text_and_days_as_iso(settled: Desk) -> None:
    told = settled.told(
        "query", "select order_number, posting_month, salesforce_amount from ar_tie_out where class='tied'"
    )
    assert told["rows"] == [["1", "2026-10-01", "698.00"]]


def test_values_are_shown_as_they_are(settled: Desk) -> None:
    """A year is no amount, a price has four places, and brackets are no style."""
    said = settled.says("query", "select 2026 as year, 33.3333 as price, '[red]x[/red]' as text, null as nothing")
    assert said.splitlines()[1].split() == ["2026", "33.3333", "[red]x[/red]"]


def test_an_answer_wider_than_the_screen_is_shown_row_by_row(settled: Desk) -> None:
    said = settled.says("query", "select * from ar_tie_out where class = 'tied'")
    shown = dict(row.split(maxsplit=1) for row in said.splitlines() if len(row.split()) > 1)
    assert shown["order_number"].strip() == "1"
    assert shown["account_name"].strip() == "Ångström & Søn"
    assert shown["class"].strip() == "tied"


@pytest.mark.parametrize(
    "sql",
    [
        "insert into invoices select * from invoices",
        "delete from invoices",
        "drop table invoices",
        "create table mine (a int)",
        "copy invoices to 'out.csv'",
        "attach 'other.duckdb'",
        "select * from read_csv('seed/salesforce/Order.csv')",
        "set enable_external_access = true",
    ],
)
@pytest.mark.answers("I11")
def test_nothing_is_written_and_no_other_file_is_read(settled: Desk, sql: str) -> None:
    file = settled.house.settings.finance_file
    before = file.read_bytes()
    said = settled.refuses("query", sql, ends=3)
    assert said.startswith(f"sf-intacct: querying the finance file; record: {file}; seen: ")
    assert "what to do: " in said
    assert file.read_bytes() == before
    assert not (settled.town.folder / "out.csv").exists()


def test_a_slip_in_the_query_is_shown_with_what_there_is_to_ask(settled: Desk) -> None:
    said = settled.refuses("query", "select * from invoice", ends=3)
    assert "invoice does not exist" in said
    assert '"show tables"' in said
    assert "ar_tie_out" in settled.says("query", "show tables")


def test_an_error_while_the_rows_are_made_is_no_traceback(settled: Desk) -> None:
    assert "Conversion Error" in settled.refuses("query", "select customer_id::int from invoices", ends=3)


@pytest.mark.parametrize(("sql", "number"), [("", 0), ("select 1; select 2", 2)])
def test_one_query_is_one_statement(settled: Desk, sql: str, number: int) -> None:
    assert f"{number} statements; what to do: write one select" in settled.refuses("query", sql, ends=3)


def test_a_file_that_is_no_finance_file_is_refused_by_its_name(settled: Desk) -> None:
    file = settled.town.folder / "notes.txt"
    file.write_text("not a database\n" * 500)
    said = settled.refuses("query", "select 1", "--file", str(file), ends=3)
    assert f"record: {file}" in said
    assert "not a valid DuckDB database file" in said
    assert "does not exist" in settled.refuses("query", "select 1", "--file", "nowhere.duckdb", ends=2)


def test_a_copy_of_the_file_can_be_asked_without_any_setting(settled: Desk) -> None:
    copy = settled.town.folder / "october.duckdb"
    shutil.copy(settled.house.settings.finance_file, copy)
    nothing = dict.fromkeys(("SF_INTACCT_SALESFORCE_URL", "SF_INTACCT_INTACCT_SENDER_ID", "SF_INTACCT_HOME"))
    assert "SO-1" in settled.says("query", "select invoice_number from invoices", "--file", str(copy), **nothing)


def test_before_the_first_sync_there_is_no_file_and_a_way_to_get_one(desk: Desk) -> None:
    said = desk.refuses("query", "select 1", ends=3)
    assert said == (
        f"sf-intacct: opening the finance file; record: {desk.house.settings.finance_file}; "
        "what to do: run `sf-intacct sync` first\n"
    )

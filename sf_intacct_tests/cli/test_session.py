"""What every command needs: settings and stores that can be used, and a bar that is quiet where nobody watches."""

import pytest
from rich.console import Console

from sf_intacct.cli import session
from sf_intacct.cli.session import Bar
from sf_intacct_tests.canned import closed_port
from sf_intacct_tests.cli.desk import Desk, secrets_of


def _watched(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool) -> str:
    console = Console(force_terminal=is_terminal, width=100, record=True)
    monkeypatch.setattr(session, "CONSOLE", console)
    with Bar("syncing") as bar:
        bar.pass_of(2, "pass 1")
        bar.step("read")
        bar.step("apply")
        bar.pass_of(3, "pass 2")
        bar.step("read")
    return console.export_text()


def test_nobody_watching_means_no_progress_in_the_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _watched(monkeypatch, is_terminal=False) == ""
    assert capsys.readouterr().out == ""


def test_somebody_watching_sees_the_steps_of_the_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _watched(monkeypatch, is_terminal=True)
    shown = capsys.readouterr().out
    assert "pass 2" in shown
    assert "1/3" in shown


# Settings


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("INTACCT_SENDER_ID", None, "SF_INTACCT_INTACCT_SENDER_ID: Field required"),
        ("FIRST_DAY", "canary", "SF_INTACCT_FIRST_DAY: Input should be a valid date"),
        ("INTACCT_BATCH_SIZE", "101", "SF_INTACCT_INTACCT_BATCH_SIZE: Input should be less than or equal to 100"),
        ("QUITE_SECONDS", "canary", "did you mean SF_INTACCT_QUIET_SECONDS?"),
        pytest.param(
            "SALESFORCE_URL",
            "http://canary.example",
            "use https; plain http is for the sandbox on loopback",
            marks=pytest.mark.long,  # a whole plan is run
        ),
    ],
)
def test_a_setting_that_cannot_be_is_said_by_its_name(desk: Desk, variable: str, value: str | None, said: str) -> None:
    command = ("plan", "--crossing", "order_to_invoice") if variable == "SALESFORCE_URL" else ("status",)
    refusal = desk.refuses(*command, ends=3, **{f"SF_INTACCT_{variable}": value})
    assert said in refusal
    assert "what to do: " in refusal
    assert "canary" not in refusal.replace("http://canary.example", "")


@pytest.mark.long
def test_a_wrong_password_is_told_without_the_password(desk: Desk) -> None:
    desk.town.seed()
    said = desk.refuses("plan", ends=3, SF_INTACCT_INTACCT_USER_PASSWORD="canary-password")
    assert "signing in to Intacct" in said
    assert "canary" not in said
    assert secrets_of(desk.house.settings), "or nothing would have been looked for"


# Stores


def test_a_home_that_is_no_folder_is_said(desk: Desk) -> None:
    (desk.town.folder / "home").write_text("a file")
    said = desk.refuses("status", ends=3)
    assert f"record: {desk.town.folder}/home/journal.sqlite; seen: " in said
    assert "what to do: set SF_INTACCT_HOME to a folder that can be written" in said


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("warehouse.duckdb", "opening the warehouse; record: "),
        ("journal.sqlite", "opening the journal; record: "),
    ],
)
def test_a_store_that_is_something_else_is_refused_and_left_as_it_is(desk: Desk, file: str, said: str) -> None:
    store = desk.town.folder / "home" / file
    store.parent.mkdir()
    store.write_text("no database\n" * 1000)
    refusal = desk.refuses("status", ends=3)
    assert said in refusal
    assert str(store) in refusal
    assert "what to do: restore " in refusal
    assert store.read_text() == "no database\n" * 1000


@pytest.mark.parametrize(
    ("url", "ends", "said"),
    [
        ("canary", 3, "seen: a URL that cannot be read; what to do: use sqlite:///<file> or postgresql://"),
        ("mysql://sync:canary@db/journal", 3, "seen: mysql://sync:***@db/journal; what to do: use sqlite:///<file>"),
        ("postgresql://sync:canary@127.0.0.1:{closed}/journal", 4, "what to do: start the database, or correct"),
    ],
)
def test_a_journal_that_cannot_be_reached_is_said_without_its_password(
    desk: Desk, url: str, ends: int, said: str
) -> None:
    refusal = desk.refuses("status", ends=ends, SF_INTACCT_JOURNAL_URL=url.format(closed=closed_port()))
    assert refusal.startswith("sf-intacct: opening the journal; ")
    assert said in refusal
    assert "canary" not in refusal

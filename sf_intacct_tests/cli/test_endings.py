"""How commands end: with the exit code that is documented for what happened, and one message that says what to do."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from sf_intacct import errors
from sf_intacct.cli import cli
from sf_intacct.cli.endings import EXIT_CODES, Commands
from sf_intacct.errors import SyncError
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import publishing, reading
from sf_intacct.store.lease import leased
from sf_intacct_tests.canned import closed_port
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.pauses import counted

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SyncError)]


def _ending(failure: BaseException) -> tuple[int, str]:
    """Exit code and message of a command in which this happens."""

    @click.group(cls=Commands)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise failure

    result = CliRunner(catch_exceptions=False).invoke(group, ["fail"])
    assert result.stdout == ""
    return result.exit_code, result.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_ours_ends_with_its_own_code_and_says_all_that_it_knows(kind: type[SyncError]) -> None:
    error = kind.__new__(kind)
    SyncError.__init__(error, "sending an order", record="Order 7", seen="a closed period", remedy="open it")
    said = "sf-intacct: sending an order; record: Order 7; seen: a closed period; what to do: open it\n"
    assert _ending(error) == (kind.exit_code, said)


def test_every_error_has_a_documented_code_and_every_code_is_somebodys() -> None:
    of_errors = {kind.exit_code for kind in KINDS}
    assert set(EXIT_CODES) == {0, 2, 130} | of_errors


def test_an_interrupted_command_says_so_and_is_not_mistaken_for_a_tie_out_that_does_not_hold() -> None:
    assert _ending(KeyboardInterrupt()) == (130, "sf-intacct: interrupted\n")
    assert _ending(click.Abort()) == (130, "sf-intacct: interrupted\n")


def test_a_mistake_in_our_own_code_is_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        _ending(ZeroDivisionError())


@pytest.mark.parametrize("words", [("statu",), ("exceptions", "lst"), ("plan", "--crosing", "x"), ("query",)])
def test_a_slip_in_the_command_is_wrong_use(words: tuple[str, ...]) -> None:
    result = CliRunner(catch_exceptions=False).invoke(cli, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: sf-intacct")


def test_help_ends_well_and_names_every_exit_code() -> None:
    result = CliRunner(catch_exceptions=False).invoke(cli, ["--help"])
    assert result.exit_code == 0
    codes = " ".join(result.stdout.split()).partition("Exit codes: ")[2]
    assert all(f"{code} " in codes for code in EXIT_CODES)


# Each documented code, reached by a command that people run


def _in_order(desk: Desk) -> int:
    return desk.run("status").exit_code


def _tie_out_does_not_hold(desk: Desk) -> int:
    """Intacct has an invoice that claims to be of an order, and Salesforce has no such order."""
    customer = {"CUSTOMERID": "X", "NAME": "X", "STATUS": "active", "TERMNAME": "Net 30"}
    desk.town.seed(intacct={"CUSTOMER": [customer]})
    lines = [{"account": "4000", "amount": "698.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
    fields = {"SALESFORCE_ID": "801Sx0000000099IAA"}
    desk.town.act("intacct", "create_invoice", customer="X", lines=lines, number="STRAY", fields=fields)
    for name in ("intacct_invoices", "intacct_invoice_items"):
        reading.read(desk.house, OBSERVED[name])
    publishing.publish(desk.house, OBSERVED["intacct_invoices"])
    said = desk.run("reconcile")
    assert "The tie-out does not hold: 1 without order." in said.stdout
    assert said.stderr == ""
    return said.exit_code


def _wrong_use(desk: Desk) -> int:
    return desk.run("reconcile", "--month", "2026-13").exit_code


def _setting_missing(desk: Desk) -> int:
    said = desk.run("status", SF_INTACCT_SALESFORCE_URL=None)
    assert "SF_INTACCT_SALESFORCE_URL: Field required" in said.stderr
    return said.exit_code


def _nobody_answers(desk: Desk) -> int:
    return desk.run("sandbox", "clock", "--url", f"http://127.0.0.1:{closed_port()}").exit_code


def _answers_break_off(desk: Desk) -> int:
    desk.town.fault("truncate", operation="query Order", times=None, settings={"keep": 0.5})
    said = desk.run("plan")
    assert re.search("step raw__salesforce_orders: reading Order; seen: ", said.stderr)
    return said.exit_code


def _somebody_is_sending(desk: Desk) -> int:
    with leased(desk.house.journal, "intacct", timedelta(seconds=1), desk.house.now):
        said = desk.run("apply")
    assert re.search("sf-intacct: step receipts__\\w+: sending to intacct; seen: held by ", said.stderr)
    return said.exit_code


REACHED: dict[Callable[[Desk], int], int] = {
    _in_order: 0,
    _tie_out_does_not_hold: 1,
    _wrong_use: 2,
    _setting_missing: 3,
    _nobody_answers: 4,
    _answers_break_off: 5,
    _somebody_is_sending: 6,
}


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither between the attempts of a call nor between those of a step."""
    monkeypatch.setattr("sf_intacct.orchestration.assets.raw._PAUSE", timedelta(0))
    with counted():
        yield


@pytest.mark.long
@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize("reach", REACHED, ids=lambda reach: reach.__name__)
def test_a_documented_code_is_reached_by_a_command(desk: Desk, reach: Callable[[Desk], int]) -> None:
    desk.town.seed()
    assert reach(desk) == REACHED[reach]


def test_all_documented_codes_are_reached() -> None:
    assert {*REACHED.values(), 130} == set(EXIT_CODES)

"""docs/commands.md: every command and option with what it does, and every exit code."""

import re

import click
import pytest

from sf_intacct.cli import NAME, cli
from sf_intacct.cli.endings import EXIT_CODES
from sf_intacct.cli.reference.commands import commands, commands_page

PAGE = commands_page()
COMMANDS = dict(commands(cli, (NAME,)))
# They serve until they are interrupted, or show what they do while they do it.
WITHOUT_JSON = {"sf-intacct demo", "sf-intacct up", "sf-intacct sandbox up"}


def test_every_command_has_its_section_in_the_order_of_the_road() -> None:
    assert re.findall(r"^## (sf-intacct .*)$", PAGE, re.MULTILINE) == list(COMMANDS)
    road = ("sync", "plan", "plan approve", "apply", "reconcile", "status")
    assert list(COMMANDS)[:6] == [f"sf-intacct {verb}" for verb in road]


def test_every_exit_code_is_in_the_table_with_the_errors_that_end_so() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| .* \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows.keys() == {str(code) for code in EXIT_CODES}
    assert "`MappingError`" in rows["3"]
    assert (rows["5"], rows["6"]) == ("`Uncertain`", "`Busy`")


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_says_what_it_does_and_every_option_what_it_means(words: str) -> None:
    command = COMMANDS[words]
    assert (command.help or "").split("\n\n")[0].rstrip().endswith((".", "do."))
    silent = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
    assert silent == []


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_that_ends_takes_json_and_says_what_is_in_it(words: str) -> None:
    takes = any("--json" in one.opts for one in COMMANDS[words].params)
    says = "JSON: " in (COMMANDS[words].help or "")
    assert takes == says == (words not in WITHOUT_JSON)

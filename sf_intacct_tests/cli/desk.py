"""Somebody at the command line: their commands run in this process, in a folder and an environment of their own.

Whatever a command says, it says without a secret in it; whatever it tells a program, its help explains.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result
from pydantic import SecretStr

from sf_intacct.cli import cli
from sf_intacct.orchestration.house import House
from sf_intacct.sandbox.server import Addresses
from sf_intacct.settings import PREFIX, Settings
from sf_intacct_tests.town import MAPPINGS, Town


@dataclass(frozen=True)
class Desk:
    """A town with a house, and a command line that is set up for that house."""

    town: Town
    house: House

    def run(self, *words: str, **variables: str | None) -> Result:
        """One command. An error that is not one of ours comes through: nobody should see a traceback."""
        environment = {**environment_of(self.house.settings), "DAGSTER_HOME": None, **variables}
        with chdir(self.town.folder):
            result = CliRunner(catch_exceptions=False).invoke(cli, words, env=environment)
        for secret in secrets_of(self.house.settings):
            assert secret not in result.output, f"{' '.join(words)} says a secret"
        return result

    def says(self, *words: str, **variables: str | None) -> str:
        """What a command that succeeds prints for people."""
        result = self.run(*words, **variables)
        assert result.exit_code == 0, result.output
        assert result.stderr == ""
        return result.stdout

    def told(self, *words: str, ends: int = 0, **variables: str | None) -> dict[str, Any]:
        """What a command tells a program: one object, every key explained in its help. The house tells no floats."""
        result = self.run(*words, "--json", **variables)
        assert (result.exit_code, result.stderr) == (ends, ""), result.output
        told: dict[str, Any] = json.loads(result.stdout, parse_float=None if words[0] == "sandbox" else _no_float)
        _require_explained(told, help_of(words))
        return told

    def refuses(self, *words: str, ends: int, **variables: str | None) -> str:
        """The one message of a command that fails, and nothing on standard output."""
        result = self.run(*words, **variables)
        assert (result.exit_code, result.stdout) == (ends, ""), result.output
        return result.stderr


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables that make these settings."""
    plain = {name: value for name, value in settings if value is not None}
    return {PREFIX + name.upper(): str(_revealed(value)) for name, value in plain.items()}


def secrets_of(settings: Settings) -> set[str]:
    return {value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)} - {""}


def _revealed(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _no_float(text: str) -> None:
    raise AssertionError(f"{text} is a float: money is told as text")


def help_of(words: tuple[str, ...]) -> str:
    """The help text of the command that these words call."""
    command: click.Command = cli
    for word in words:
        if isinstance(command, click.Group):
            command = command.commands.get(word, command)
    return command.help or ""


def _require_explained(told: dict[str, Any], explanation: str) -> None:
    rows = [row for value in told.values() if isinstance(value, list) for row in value[:1] if isinstance(row, dict)]
    unexplained = {key for keys in (told, *rows) for key in keys if not re.search(rf"\b{key}\b", explanation)}
    assert unexplained == set()


@contextmanager
def desk_in(folder: Path, addresses: Addresses) -> Iterator[Desk]:
    """A desk with a town of its own in `folder`; its house is as new, or as the folder keeps it."""
    if not (folder / "mappings").exists():
        shutil.copytree(MAPPINGS, folder / "mappings")
    town = Town(addresses, folder)
    yield Desk(town, town.house())
    town.close()

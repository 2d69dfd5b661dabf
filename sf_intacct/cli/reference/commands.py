"""docs/commands.md: every command with its options and exit codes, from click itself."""

from collections.abc import Iterator

import click

from sf_intacct import errors
from sf_intacct.cli import NAME, cli
from sf_intacct.cli.endings import EXIT_CODES
from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.errors import SyncError

_INTRODUCTION = """
The words are the road's: what is new is **read**, checked and published; from that we **plan** what to write,
**apply** it, and **reconcile** both systems. `sf-intacct COMMAND --help` says what stands here.

With `--json` a command prints one JSON object on standard output and nothing else. Money is text, so that no cent is
lost; instants are ISO 8601. An error is one message on standard error, with or without `--json`: what was being done,
to which record, what was seen, and what to do.
"""


def commands_page() -> str:
    codes = [(str(number), says, _kinds(number)) for number, says in EXIT_CODES.items()]
    endings = table(("Code", "Meaning", "Errors"), codes)
    sections = [_section(words, command) for words, command in commands(cli, (NAME,))]
    return page("Commands", _INTRODUCTION, f"## Exit codes\n\n{endings}", *sections)


def commands(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it, in the order of the road."""
    for name, command in group.commands.items():
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join((*words, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


def _kinds(number: int) -> str:
    """The errors that end with a code."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SyncError)]
    return ", ".join(code(kind.__name__) for kind in kinds if kind.exit_code == number)


def _section(words: str, command: click.Command) -> str:
    context = click.Context(command)
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    records = [parameter.get_help_record(context) for parameter in command.params]
    options = [(code(record[0]), record[1]) for record in records if record and record[1]]
    parts = [f"## {words}", f"    {' '.join((words, *pieces))}", _text(command)]
    return "\n\n".join(parts) + (f"\n\n{table(('Option', 'Meaning'), options)}" if options else "")


def _text(command: click.Command) -> str:
    """The help text, one line for each paragraph."""
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)

"""How a command ends: its exit code, and one readable line for an error of ours."""

from typing import Any

import click

from sf_intacct.errors import Busy, FixNeeded, SyncError, TryLater, Uncertain

WRONG_USE = click.UsageError.exit_code
INTERRUPTED = 130
EXIT_CODES: dict[int, str] = {
    0: "Done, and in order.",
    SyncError.exit_code: "Done, but something is not in order: the tie-out does not hold, or the other system said no.",
    WRONG_USE: "Wrong use: there is no such command, option or record. The message says what there is.",
    FixNeeded.exit_code: "Change something first: a setting, a mapping, a permission, a query. Repeating is useless.",
    TryLater.exit_code: "Try again later. Nothing was carried out.",
    Uncertain.exit_code: "It may or may not have been carried out. The next sync looks before it sends anything.",
    Busy.exit_code: "Another process is at it. Wait for it to end.",
    INTERRUPTED: "Interrupted by Ctrl-C. The next sync goes on from there.",
}


class Commands(click.Group):
    """All commands. What goes wrong ends in one line on standard error, and with the exit code of its kind."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SyncError as error:
            click.secho(f"sf-intacct: {error}", fg="red", err=True)
            context.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("sf-intacct: interrupted", err=True)
            context.exit(INTERRUPTED)

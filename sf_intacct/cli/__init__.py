"""The command line. Words are the road's: sync, plan, apply, reconcile, exceptions, status.

Exit codes: 0 done and in order; 1 done, but something is not (a tie-out that does not hold, a check
that found something); 2 wrong use; 3 change something first; 4 try again later; 5 uncertain; 6 busy.
"""

import sys
from typing import NoReturn

import click

from sf_intacct.cli.exceptions import exceptions
from sf_intacct.cli.finance import query
from sf_intacct.cli.mappings import mappings
from sf_intacct.cli.road import apply, plan, reconcile, status, sync
from sf_intacct.cli.sandbox import sandbox
from sf_intacct.cli.together import demo, up
from sf_intacct.errors import SyncError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sf_intacct")
def cli() -> None:
    """Keeps Salesforce and Sage Intacct in step, and proves it to the cent.

    Settings come from environment variables named SF_INTACCT_...; see docs/settings.md. Every command
    takes --json. Exit codes: 0 in order, 1 something is not, 2 wrong use, 3 change something first,
    4 try again later, 5 uncertain, 6 busy.
    """


for command in (sync, plan, apply, reconcile, status, exceptions, query, mappings, sandbox, demo, up):
    cli.add_command(command)


def main() -> NoReturn:
    """The entry point: errors of ours end with their own code and one readable line."""
    try:
        cli.main(standalone_mode=False)
    except SyncError as error:
        click.secho(f"sf-intacct: {error}", fg="red", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(0)

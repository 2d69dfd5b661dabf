"""The command line. Words are the road's: sync, plan, apply, reconcile, exceptions, status.

Every command is a few lines over the floor below; how it ends is said once, in endings.py.
"""

import click

from sf_intacct.cli.alerts import alerts
from sf_intacct.cli.closing import close
from sf_intacct.cli.conflicts import conflicts
from sf_intacct.cli.discover import discover
from sf_intacct.cli.endings import Commands
from sf_intacct.cli.exceptions import exceptions
from sf_intacct.cli.finance import query
from sf_intacct.cli.journal import journal
from sf_intacct.cli.log import log
from sf_intacct.cli.mappings import mappings
from sf_intacct.cli.match import match
from sf_intacct.cli.periods import periods
from sf_intacct.cli.registers import reference
from sf_intacct.cli.replay import replay
from sf_intacct.cli.road import apply, plan, reconcile, status, sync
from sf_intacct.cli.sandbox import sandbox
from sf_intacct.cli.stopping import pause, resume
from sf_intacct.cli.together import demo, up

NAME = "sf-intacct"


@click.group(NAME, cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="sf_intacct")
def cli() -> None:
    """Keeps Salesforce and Sage Intacct in step, and proves it to the cent.

    Settings come from environment variables named SF_INTACCT_...; see docs/settings.md. Every command
    that ends by itself, but the demo, takes --json. Exit codes: 0 in order, 1 something is not, 2 wrong use,
    3 change something first, 4 try again later, 5 uncertain, 6 busy, 130 interrupted.
    """


for command in (
    sync,
    plan,
    apply,
    reconcile,
    status,
    close,
    pause,
    resume,
    exceptions,
    replay,
    alerts,
    conflicts,
    periods,
    reference,
    query,
    journal,
    log,
    mappings,
    match,
    discover,
):
    cli.add_command(command)
for command in (sandbox, demo, up):
    cli.add_command(command)


def main() -> None:
    """The entry point."""
    cli(prog_name=NAME)

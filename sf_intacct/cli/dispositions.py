"""What people decide about exceptions: retry them, or leave them out with a reason."""

import getpass

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, tell
from sf_intacct.cli.session import house

by_whom = click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")


@click.command()
@click.argument("exception_id")
@click.option("--reason", default="mended", show_default=True, help="What was mended.")
@by_whom
@as_json
def retry(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Try the kept records again at the next sync. All rules still apply.

    JSON: exception, decision, records (how many), by.
    """
    _decide(exception_id, "retry", reason, by, json_)


@click.command()
@click.argument("exception_id")
@click.option("--reason", required=True, help="Why these records may stay out.")
@by_whom
@as_json
def ignore(exception_id: str, reason: str, by: str, json_: bool) -> None:
    """Leave the kept records out on purpose, with a reason that Sales and Finance see.

    JSON: exception, decision, records (how many), by.
    """
    _decide(exception_id, "ignore", reason, by, json_)


def _decide(exception_id: str, decision: str, reason: str, by: str, json_: bool) -> None:
    from sf_intacct.store import exceptions as store

    if not reason.strip():
        raise click.BadParameter("say why; Sales and Finance read it", param_hint="'--reason'")
    with house() as opened:
        if all(one["id"] != exception_id for one in store.listed(opened.journal)):
            remedy = "`sf-intacct exceptions list` says what is open"
            raise click.BadParameter(f"no exception {exception_id} is open; {remedy}", param_hint="'EXCEPTION_ID'")
        number = store.decide(opened.journal, exception_id, decision, reason, by, opened.now(), f"cli {by}")
    told = {"exception": exception_id, "decision": decision, "records": number, "by": by}
    done = f"{counted(number, 'record')}: {decision}, by {by}. It takes effect at the next sync."
    tell(told, json_, lambda: CONSOLE.print(done, markup=False))


DISPOSITIONS = (retry, ignore)

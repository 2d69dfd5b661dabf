"""What people decide about exceptions: one by one, by cause, or from a file. Everything is signed and kept."""

import getpass
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.exception_files import decisions
from sf_intacct.cli.output import CONSOLE, as_json, counted, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.disposing import Wish
    from sf_intacct.orchestration.house import House

by_whom = click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")
_RECORD = click.option("--record", "records", multiple=True, help="Only this record, by id or name; may be repeated.")
_CAUSE = click.option("--cause", "causes", multiple=True, help="Every exception of this cause; may be repeated.")


def _many(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which exceptions, and which of their records, a command is about."""
    return click.argument("exception_ids", nargs=-1)(_CAUSE(_RECORD(by_whom(as_json(command)))))


@click.command()
@_many
@click.option("--reason", default="mended", show_default=True, help="What was mended.")
def retry(
    exception_ids: tuple[str, ...],
    causes: tuple[str, ...],
    records: tuple[str, ...],
    reason: str,
    by: str,
    json_: bool,
) -> None:
    """Try the kept records again at the next sync. All rules still apply.

    What somebody left out, linked or held is not touched, unless its record is named; `undo` takes that back. A retry
    of what is held by a person releases it.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    _decide("retry", exception_ids, causes, records, reason, by, json_)


@click.command()
@_many
@click.option("--reason", required=True, help="Why nothing is to be sent for now.")
def hold(
    exception_ids: tuple[str, ...],
    causes: tuple[str, ...],
    records: tuple[str, ...],
    reason: str,
    by: str,
    json_: bool,
) -> None:
    """Send nothing of the kept records until somebody says `retry` or `undo`, with a reason that Sales sees.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    _decide("hold", exception_ids, causes, records, reason, by, json_)


@click.command()
@_many
@click.option("--reason", required=True, help="Why these records may stay out.")
def ignore(
    exception_ids: tuple[str, ...],
    causes: tuple[str, ...],
    records: tuple[str, ...],
    reason: str,
    by: str,
    json_: bool,
) -> None:
    """Leave the kept records out on purpose, with a reason that Sales and Finance see.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    _decide("ignore", exception_ids, causes, records, reason, by, json_)


@click.command()
@_many
@click.option("--to", required=True, help="Who takes care of it.")
def assign(
    exception_ids: tuple[str, ...], causes: tuple[str, ...], records: tuple[str, ...], to: str, by: str, json_: bool
) -> None:
    """Give exceptions to somebody who takes care of them.

    JSON: exceptions (their ids), decision, records (how many they keep), by.
    """
    _decide("assign", exception_ids, causes, records, f"given to {to}", by, json_, owner=to)


@click.command()
@click.argument("exception_id")
@click.option("--document", required=True, help="Number of the document in Intacct that it is.")
@click.option("--record", "records", multiple=True, help="Which record, by id or name, where several are kept.")
@click.option("--reason", default="entered by hand", show_default=True, help="How that came about.")
@by_whom
@as_json
def resolve(exception_id: str, document: str, records: tuple[str, ...], reason: str, by: str, json_: bool) -> None:
    """Say that a record is in Intacct already, as a document that somebody made by hand: the two are linked.

    The document is looked up in Intacct first. Its customer, total and currency have to be the record's, it may not
    have been taken back, and it may not belong to another record.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    _decide("resolve", (exception_id,), (), records, reason, by, json_, document=document)


@click.command()
@click.argument("exception_id")
@click.option("--to", "means", required=True, help="What the value is called in Intacct.")
@by_whom
@as_json
def fix(exception_id: str, means: str, by: str, json_: bool) -> None:
    """Give a value its counterpart: complete the crosswalk that lacks it, and try the kept records again.

    Intacct has to list the counterpart as active.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    from sf_intacct.orchestration import disposing

    with house() as opened:
        ((told, _),) = _chosen(opened, (exception_id,), (), ())
        number = disposing.fix(opened, told, means, by)
    _say("fix", [exception_id], number, by, json_)


@click.command()
@click.argument("exception_ids", nargs=-1, required=True)
@click.option("--reason", default="undone", show_default=True, help="Why.")
@by_whom
@as_json
def undo(exception_ids: tuple[str, ...], reason: str, by: str, json_: bool) -> None:
    """Take back what was decided about exceptions: a hold, an ignore, or a link with a document.

    After a link was taken back the record is held: it may be in the books, so that nothing is sent until somebody says
    `retry`. A retry cannot be undone; what it is about can be held.

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    from sf_intacct.orchestration import disposing

    _require_reason(reason)
    with house() as opened:
        number = disposing.undo(opened, exception_ids, reason, by)
    _say("undo", exception_ids, number, by, json_)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_whom
@as_json
def decide(file: Path, by: str, json_: bool) -> None:
    """Carry out what a file says, line by line: all of it, or nothing if one line cannot be taken.

    The file is one of `sf-intacct exceptions list --csv`, with these columns filled in where something is to be done:
    disposition (retry, hold, ignore, resolve, assign), reason, document (in Intacct, to resolve), owner (to assign).

    JSON: exceptions (their ids), decision, records (how many), by.
    """
    from sf_intacct.orchestration import disposing

    with house() as opened:
        wishes = decisions(opened, file.read_bytes(), file.name)
        number = disposing.dispose(opened, wishes, by)
    said = ", ".join(sorted({wish.disposition.value for wish in wishes})) or "nothing"
    _say(said, sorted({wish.told.id for wish in wishes}), number, by, json_)


def _decide(
    disposition: str,
    ids: Sequence[str],
    causes: Sequence[str],
    records: Sequence[str],
    reason: str,
    by: str,
    json_: bool,
    **more: str,
) -> None:
    from sf_intacct.orchestration import disposing
    from sf_intacct.store.decisions import Disposition

    _require_reason(reason)
    with house() as opened:
        found = _chosen(opened, ids, causes, records)
        wishes: list[Wish] = [
            disposing.Wish(told, victims, Disposition(disposition), reason, is_named=bool(records), **more)
            for told, victims in found
        ]
        number = disposing.dispose(opened, wishes, by)
    _say(disposition, [told.id for told, _ in found], number, by, json_)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise click.BadParameter("say why; Sales and Finance read it", param_hint="'--reason'")


def _chosen(opened: "House", ids: Sequence[str], causes: Sequence[str], records: Sequence[str]) -> list[Any]:
    from sf_intacct.errors import FixNeeded
    from sf_intacct.orchestration.disposing import chosen

    if not ids and not causes:
        raise click.UsageError("name exceptions by their ids, or a --cause")
    try:
        return chosen(opened, ids, causes, records)
    except FixNeeded as error:
        remedy = "`sf-intacct exceptions list` says what is open"
        said = f"no exception {error.record} is open; {remedy}" if error.seen == "not open" else str(error)
        raise click.BadParameter(said, param_hint="'EXCEPTION_ID'") from error


def _say(decision: str, ids: Sequence[str], number: int, by: str, json_: bool) -> None:
    told = {"exceptions": list(ids), "decision": decision, "records": number, "by": by}
    done = f"{counted(number, 'record')}: {decision}, by {by}. It takes effect at the next sync."
    tell(told, json_, lambda: CONSOLE.print(done, markup=False))


DISPOSITIONS = (retry, fix, hold, ignore, resolve, assign, undo, decide)

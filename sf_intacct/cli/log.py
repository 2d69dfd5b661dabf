"""log: who or what caused each write, from which version, in which run, with what answer."""

import csv
import sys
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, neutral, plain, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House
    from sf_intacct.store.sync_log import Entry


@click.command()
@click.option("--source", metavar="ID", help="Only this source record, by its id in its own system.")
@click.option("--crossing", help="Only this crossing.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="From this instant (UTC) on.")
@click.option("--payload", is_flag=True, help="With what was sent, masked: codes, numbers and days can be read.")
@click.option("--csv", "csv_", is_flag=True, help="Print comma-separated values; no cell is a formula.")
@as_json
def log(
    source: str | None, crossing: str | None, since: datetime | None, payload: bool, csv_: bool, json_: bool
) -> None:
    """Everything that was sent, what came of it, and what people decided, in the order in which it happened.

    Asks neither system. Nothing of it is ever changed: see `sf-intacct journal verify`.

    JSON: log, a list with at, event (sent; accepted, refused, not_executed, uncertain, doubtful, found, absent,
    different, verified or decided; or what a person decided), crossing, source_object, source_id, label, action,
    target_system, target_object, natural_key, target_id, attempt, source_version and mapping_revision (what it was
    made from), amount, currency, code, message, by (who decided), run, intent_key, request_hash, receipt (its number
    in the chain), and with --payload also payload (a list of path, value, is_kept; null where it was forgotten).
    """
    if csv_ and json_:
        raise click.UsageError("--csv and --json exclude each other")
    with house() as opened:
        found = _entries(opened, source, crossing, since)
        told = [asdict(one) for one in found]
        if payload:
            _add_payloads(opened, told)
    if csv_:
        _print_csv(told)
        return
    tell({"log": told}, json_, lambda: _show(found, told, payload))


def _entries(opened: "House", source: str | None, crossing: str | None, since: datetime | None) -> list["Entry"]:
    from sf_intacct.store import sync_log

    with opened.journal.engine.begin() as connection:
        return sync_log.entries(connection, source, crossing, since.replace(tzinfo=UTC) if since else None)


def _add_payloads(opened: "House", told: list[dict[str, Any]]) -> None:
    """Beside each send the words it had, as long as they are the words that the write has now."""
    from sf_intacct.flow.bundle import masked_request
    from sf_intacct.flow.masking import Mask, Secrecy
    from sf_intacct.model.intent import content_hash
    from sf_intacct.store import retention
    from sf_intacct.store.mask_key import mask_key

    mask = Mask(mask_key(opened.settings.home))
    words = retention.requests(opened.journal, {one["intent_key"] for one in told})
    for one in told:
        request = words.get(one["intent_key"]) if one["event"] == "sent" else None
        one["payload"] = None
        if request is not None and content_hash(request) == one["request_hash"]:
            kept = [
                one[name] for name in ("source_id", "natural_key", "target_id", "currency", "intent_key") if one[name]
            ]
            one["payload"] = [asdict(leaf) for leaf in masked_request(request, Secrecy(mask, kept, []))]


def _print_csv(told: list[dict[str, Any]]) -> None:
    from sf_intacct.store.sync_log import Entry

    names = [field.name for field in fields(Entry)]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*names, *(["payload"] if told and "payload" in told[0] else [])])
    for one in told:
        row = [neutral(one[name]) for name in names]
        if "payload" in one:
            row.append(neutral(_lines(one["payload"])))
        writer.writerow(row)


def _lines(payload: list[dict[str, Any]] | None) -> str:
    return "\n".join(f"{leaf['path']}: {leaf['value']}" for leaf in payload or [])


def _show(found: list["Entry"], told: list[dict[str, Any]], payload: bool) -> None:
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.crossing,
            one.label or one.source_id,
            _what(one),
            one.target_id,
            one.run[:8],
        )
        for one in found
    ]
    table("Log (UTC)", ("at", "crossing", "record", "what", "target", "run"), rows, whole=["at", "run"])
    for one in told if payload else []:
        if one["payload"]:
            CONSOLE.print(f"{plain(one['at'])} {one['natural_key']}", style="bold", markup=False)
            CONSOLE.print(_lines(one["payload"]) + "\n", markup=False)
    CONSOLE.print(f"{counted(len(found), 'line')}.")


def _what(one: "Entry") -> str:
    """Event and words: by whom and why, or what the other side said."""
    event = f"{one.event} {one.attempt}" if one.event == "sent" else one.event
    words = " ".join(part for part in (f"by {one.by}" if one.by else "", one.code, one.message) if part)
    return f"{event}: {words}" if words else event

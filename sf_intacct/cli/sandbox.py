"""sandbox: run both systems imitated, set their clock and faults, and act as the people in them."""

import json
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import requests

from sf_intacct.cli.output import CONSOLE, as_json, table, tell
from sf_intacct.errors import FixNeeded, TryLater

if TYPE_CHECKING:
    from sf_intacct.sandbox.server import Sandboxes

SALESFORCE_PORT, INTACCT_PORT = 8071, 8072
DEFAULT_URL = f"http://127.0.0.1:{SALESFORCE_PORT}"
at_url = click.option(
    "--url",
    envvar="SF_INTACCT_SALESFORCE_URL",
    default=DEFAULT_URL,
    help="A running sandbox; by default the one SF_INTACCT_SALESFORCE_URL names, or `make up` serves.",
)
from_seed = click.option(
    "--seed", default="example_company", show_default=True, help="A seed that ships here, or a folder."
)


@click.group()
def sandbox() -> None:
    """Salesforce and Intacct imitated on this machine: up, reset, clock, fault, act, requests."""


@sandbox.command()
@click.option("--salesforce-port", default=SALESFORCE_PORT, show_default=True, help="0 takes any free port.")
@click.option("--intacct-port", default=INTACCT_PORT, show_default=True, help="0 takes any free port.")
@from_seed
def up(salesforce_port: int, intacct_port: int, seed: str) -> None:
    """Serve both sandboxes on loopback until interrupted."""
    from sf_intacct.sandbox import server
    from sf_intacct.sandbox.control import BANNER

    with closing(_bound(salesforce_port)) as salesforce, closing(_bound(intacct_port)) as intacct:
        sandboxes = _seeded(seed)
        sockets = {"salesforce": salesforce, "intacct": intacct}
        where = server.addresses(sockets)
        CONSOLE.print(BANNER)
        CONSOLE.print(f"Salesforce  {where.salesforce}\nIntacct     {where.intacct_gateway}")
        CONSOLE.print(f"Control     {where.control}/")
        server.run(sandboxes, sockets)


def _bound(port: int) -> socket.socket:
    from sf_intacct.sandbox import server

    try:
        return server.bind(port)
    except OSError as error:
        remedy = "end what listens there, or name another port"
        raise FixNeeded("starting the sandboxes", record=f"port {port}", seen=str(error), remedy=remedy) from error


def _seeded(seed: str) -> "Sandboxes":
    from sf_intacct.sandbox.server import Sandboxes
    from sf_intacct.sandbox.system import Refusal

    try:
        return Sandboxes(_folder_of(seed))
    except (OSError, ValueError, KeyError, Refusal) as error:
        remedy = "name a seed that ships here, or a folder with its CSV files"
        raise FixNeeded("starting the sandboxes", record=f"seed {seed}", seen=str(error), remedy=remedy) from error


@sandbox.command()
@from_seed
@at_url
@as_json
def reset(seed: str, url: str, json_: bool) -> None:
    """Empty both systems and load a seed.

    JSON: loaded, with the number of records by system and object.
    """
    told = call(url, "POST", "reset", {"seed": str(_folder_of(seed))})
    rows = [(system, name, number) for system, loaded in told["loaded"].items() for name, number in loaded.items()]
    tell(told, json_, lambda: table("Loaded", ("system", "object", "records"), rows, ["records"]))


@sandbox.command()
@click.option("--advance", type=float, help="Seconds to move the clock by.")
@click.option("--move-to", help="Instant to move the clock to, ISO 8601 with offset.")
@at_url
@as_json
def clock(advance: float | None, move_to: str | None, url: str, json_: bool) -> None:
    """Show or move the time of the sandbox world.

    JSON: now.
    """
    wanted = {"advance_seconds": advance, "move_to": move_to}
    body = {name: value for name, value in wanted.items() if value is not None}
    told = call(url, "POST" if body else "GET", "clock", body or None)
    tell(told, json_, lambda: CONSOLE.print(told["now"]))


@sandbox.command()
@click.argument("kind", required=False)
@click.option("--system", default="*", show_default=True, help="salesforce, intacct or *.")
@click.option("--operation", default="*", show_default=True, help="A glob over operations, such as create_invoice.")
@click.option("--writes-only", is_flag=True, help="Look at writing calls only.")
@click.option("--nth", default=1, show_default=True, help="Strike from this matching call on.")
@click.option("--every", type=int, help="Strike on every n-th matching call.")
@click.option("--times", type=int, help="Strike at most so often; without end by default with --every, once otherwise.")
@click.option("--setting", "settings", multiple=True, help="name=value, for the kinds that take settings.")
@click.option("--clear", is_flag=True, help="Take all faults back.")
@at_url
@as_json
def fault(kind: str | None, url: str, clear: bool, settings: tuple[str, ...], json_: bool, **rule: Any) -> None:
    """Add a fault, list them (without KIND), or --clear them.

    JSON: faults, a list with kind, system, operation, writes_only, nth, every, times, settings, seen (matching calls so
    far), fired (how often it struck).
    """
    if clear:
        told = call(url, "DELETE", "faults")
    elif kind is None:
        told = call(url, "GET", "faults")
    else:
        rule["times"] = rule["times"] or (None if rule["every"] else 1)
        added = {**rule, "kind": kind, "settings": _named(settings, float)}
        told = call(url, "PUT", "faults", {"faults": [*call(url, "GET", "faults")["faults"], added]})
    tell(told, json_, lambda: _show_faults(told["faults"]))


def _show_faults(faults: list[dict[str, Any]]) -> None:
    if not faults:
        CONSOLE.print("No faults are set.")
        return
    columns = list(faults[0])
    table("Faults", columns, [[fault[name] for name in columns] for fault in faults])


@sandbox.command()
@click.argument("system", required=False)
@click.argument("do", required=False)
@click.argument("arguments", nargs=-1)
@at_url
@as_json
def act(system: str | None, do: str | None, arguments: tuple[str, ...], url: str, json_: bool) -> None:
    """Act as a person: SYSTEM DO name=value ...  Without DO, list what people can do.

    JSON: what the act tells; for the list, the acts of each system with their arguments.
    """
    if system is None or do is None:
        told = call(url, "GET", "act")
        told = {name: acts for name, acts in told.items() if system in (None, name)}
        rows = [(name, act, says) for name, acts in told.items() for act, says in acts.items()]
        tell(told, json_, lambda: table("What people can do", ("system", "act", "arguments"), rows))
        return
    # An amount among the arguments must not become a float.
    told = call(url, "POST", "act", {"system": system, "do": do, **_named(arguments, str)})
    tell(told, json_, lambda: table(f"{system}: {do}", ("", ""), told.items()))


@sandbox.command("requests")
@click.option("--since", default=0, show_default=True, help="Only lines after this number.")
@at_url
@as_json
def requests_(since: int, url: str, json_: bool) -> None:
    """The requests both sandboxes received.

    JSON: total, by_system, by_fault, and lines, a list with number, at, system, method, path, operations (how many of
    each), is_write, status, fault, executed, seconds, detail.
    """
    told = call(url, "GET", f"requests?since={since}")
    columns = ("number", "at", "system", "status", "operations", "fault")

    def people() -> None:
        lines = [{**line, "operations": ", ".join(line["operations"])} for line in told["lines"]]
        table(f"{told['total']} requests", columns, [[line[name] for name in columns] for line in lines])

    tell(told, json_, people)


def call(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One call of the control route. Raises TryLater when no sandbox answers, FixNeeded when it says no."""
    doing = f"sandbox {path.split('?', 1)[0]}"
    try:
        answer = requests.request(method, f"{url}/_sandbox/{path}", json=body, timeout=120, allow_redirects=False)
    except (requests.RequestException, UnicodeError) as error:
        raise TryLater(doing, record=url, seen="nobody answers", remedy="start it with `make up`") from error
    try:
        told: dict[str, Any] = answer.json()
    except requests.JSONDecodeError as error:
        remedy = "name a sandbox with --url"
        raise FixNeeded(doing, record=url, seen="what answers there is no sandbox", remedy=remedy) from error
    if answer.status_code >= 400:
        remedy = "`sf-intacct sandbox act` lists what people can do" if path == "act" else ""
        raise FixNeeded(doing, seen=told.get("error", str(told)), remedy=remedy)
    return told


def _folder_of(seed: str) -> str | Path:
    """A seed that ships is a name; a folder is said whole, because the sandbox may run in another one."""
    return Path(seed).absolute() if "/" in seed else seed


def _named(arguments: tuple[str, ...], fraction: Callable[[str], Any]) -> dict[str, Any]:
    """name=value, where a value is a number, a list or a flag if it reads as one, and text otherwise."""
    wrong = [argument for argument in arguments if "=" not in argument]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is not name=value")
    return {name: _value(text, fraction) for name, text in (argument.split("=", 1) for argument in arguments)}


def _value(text: str, fraction: Callable[[str], Any]) -> Any:
    try:
        return json.loads(text, parse_float=fraction)
    except json.JSONDecodeError:
        return text

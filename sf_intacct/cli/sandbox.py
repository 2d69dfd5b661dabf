"""sandbox: run both systems imitated, set their clock and faults, and act as the people in them."""

import json
from pathlib import Path
from typing import Any

import click
import requests

from sf_intacct.cli.output import CONSOLE, as_json, tell
from sf_intacct.errors import FixNeeded, TryLater

SALESFORCE_PORT, INTACCT_PORT = 8071, 8072
url = click.option(
    "--url",
    envvar="SF_INTACCT_SALESFORCE_URL",
    default=f"http://127.0.0.1:{SALESFORCE_PORT}",
    help="A running sandbox.",
)


@click.group()
def sandbox() -> None:
    """Salesforce and Intacct imitated on this machine: up, reset, clock, fault, act, requests."""


@sandbox.command()
@click.option("--salesforce-port", default=SALESFORCE_PORT, show_default=True)
@click.option("--intacct-port", default=INTACCT_PORT, show_default=True)
@click.option("--seed", default="example_company", show_default=True, help="A seed that ships here, or a folder.")
def up(salesforce_port: int, intacct_port: int, seed: str) -> None:
    """Serve both sandboxes on loopback until interrupted."""
    from sf_intacct.sandbox import server
    from sf_intacct.sandbox.control import BANNER

    sockets = {"salesforce": server.bind(salesforce_port), "intacct": server.bind(intacct_port)}
    sandboxes = server.Sandboxes(Path(seed) if "/" in seed else seed)
    where = server.addresses(sockets)
    CONSOLE.print(BANNER)
    CONSOLE.print(f"Salesforce  {where.salesforce}\nIntacct     {where.intacct_gateway}\nControl     {where.control}/")
    server.run(sandboxes, sockets)


@sandbox.command()
@click.option("--seed", default="example_company", show_default=True)
@url
@as_json
def reset(seed: str, url: str, json_: bool) -> None:
    """Empty both systems and load a seed."""
    told = call(url, "POST", "reset", {"seed": seed})
    tell(told, json_, lambda: CONSOLE.print(told["loaded"]))


@sandbox.command()
@click.option("--advance", type=float, help="Seconds to move the clock by.")
@click.option("--move-to", help="Instant to move the clock to, ISO 8601 with offset.")
@url
@as_json
def clock(advance: float | None, move_to: str | None, url: str, json_: bool) -> None:
    """Show or move the time of the sandbox world."""
    wanted = {"advance_seconds": advance, "move_to": move_to}
    body = {name: value for name, value in wanted.items() if value is not None}
    told = call(url, "POST" if body else "GET", "clock", body or None)
    tell(told, json_, lambda: CONSOLE.print(told["now"]))


@sandbox.command()
@click.argument("kind", required=False)
@click.option("--system", default="*", help="salesforce, intacct or *.")
@click.option("--operation", default="*", help="A glob over operations, such as create_invoice.")
@click.option("--writes-only", is_flag=True)
@click.option("--nth", default=1, help="Strike from this matching call on.")
@click.option("--every", type=int, help="Strike on every n-th matching call.")
@click.option("--times", type=int, help="Strike at most so often; without end by default with --every, once otherwise.")
@click.option("--setting", "settings", multiple=True, help="name=value, for the kinds that take settings.")
@click.option("--clear", is_flag=True, help="Take all faults back.")
@url
@as_json
def fault(kind: str | None, url: str, clear: bool, settings: tuple[str, ...], json_: bool, **rule: Any) -> None:
    """Add a fault, list them (without KIND), or --clear them."""
    if clear:
        told = call(url, "DELETE", "faults")
    elif kind is None:
        told = call(url, "GET", "faults")
    else:
        rule["times"] = rule["times"] or (None if rule["every"] else 1)
        given = dict(setting.split("=", 1) for setting in settings)
        known = call(url, "GET", "faults")["faults"]
        told = call(url, "PUT", "faults", {"faults": [*known, {**rule, "kind": kind, "settings": given}]})
    tell(told, json_, lambda: CONSOLE.print(told["faults"] or "no faults are set"))


@sandbox.command()
@click.argument("system", required=False)
@click.argument("do", required=False)
@click.argument("arguments", nargs=-1)
@url
@as_json
def act(system: str | None, do: str | None, arguments: tuple[str, ...], url: str, json_: bool) -> None:
    """Act as a person: SYSTEM DO name=value ...  Without arguments, list what people can do."""
    if system is None or do is None:
        told = call(url, "GET", "act")
    else:
        given = {name: _value(text) for name, text in (argument.split("=", 1) for argument in arguments)}
        told = call(url, "POST", "act", {"system": system, "do": do, **given})
    tell(told, json_, lambda: CONSOLE.print(told))


@sandbox.command("requests")
@click.option("--since", default=0, help="Only lines after this number.")
@url
@as_json
def requests_(since: int, url: str, json_: bool) -> None:
    """The requests both sandboxes received."""
    told = call(url, "GET", f"requests?since={since}")

    def people() -> None:
        for line in told["lines"]:
            CONSOLE.print(
                line["number"], line["at"], line["system"], line["status"], line["operations"], line["fault"] or ""
            )

    tell(told, json_, people)


def call(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One call of the control route. Raises TryLater when no sandbox answers, FixNeeded when it says no."""
    try:
        answer = requests.request(method, f"{url}/_sandbox/{path}", json=body, timeout=120)
    except requests.RequestException as error:
        raise TryLater(
            "calling the sandbox", record=url, seen="nobody answers", remedy="start it with `make up`"
        ) from error
    told: dict[str, Any] = answer.json()
    if answer.status_code >= 400:
        raise FixNeeded(f"sandbox {path.split('?', 1)[0]}", seen=told.get("error", str(told)))
    return told


def _value(text: str) -> Any:
    """A number, a list or a flag where the text is one; text otherwise."""
    try:
        return json.loads(text, parse_float=str)  # an amount must not become a float
    except json.JSONDecodeError:
        return text

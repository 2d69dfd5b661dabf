"""demo and up: everything together on one machine, for people who want to see it work."""

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli import processes
from sf_intacct.cli.output import CONSOLE, table
from sf_intacct.cli.road import run_sync, settle, show_synced
from sf_intacct.cli.sandbox import DEFAULT_URL, INTACCT_PORT, SALESFORCE_PORT, call, from_seed
from sf_intacct.cli.session import house
from sf_intacct.errors import FixNeeded
from sf_intacct.settings import layout_from_environment

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House

DAGSTER_PORT = 3070
_WORKSPACE = "workspace.yaml"
_FOLDER = click.Path(file_okay=False, path_type=Path)
_QUERY = (
    "select class, count(*) as documents, sum(salesforce_amount) as salesforce, sum(intacct_amount) as intacct "
    "from finance.ar_tie_out group by class order by class"
)
# A product of the example company.
_RAISED = "SCALE-500"
# An order of the example company.
_SENT_BACK = "00001002"


@click.command()
@click.option(
    "--home", default="var/demo", show_default=True, type=_FOLDER, help="Where it works; emptied at the start."
)
def demo(home: Path) -> None:
    """Start both sandboxes, walk the whole road, and show what happened. Exit code 0 only if it ties out."""
    from dagster import DagsterInstance

    from sf_intacct.store.mapping_files import read_mappings

    layout = layout_from_environment(os.environ)
    read_mappings(layout.mappings, layout.override_names)
    _empty(home)
    CONSOLE.print("Starting Salesforce and Intacct sandboxes with the example company ...")
    with processes.sandboxes(home, "example_company") as environment:
        os.environ.update(environment)
        # The demo's runs leave no trace in anybody's Dagster.
        with house() as opened, DagsterInstance.ephemeral() as where:
            CONSOLE.print("First sync: accounts, products, activated orders and won deals go to Intacct.\n")
            synced = run_sync(opened, where)
            show_synced(synced)
            paid = _pay(environment["SF_INTACCT_SALESFORCE_URL"])
            _raise_price(environment["SF_INTACCT_SALESFORCE_URL"], opened.today.isoformat())
            _send_back(environment["SF_INTACCT_SALESFORCE_URL"], opened)
            CONSOLE.print(
                f"Then customers pay {paid} invoices in Intacct, Finance raises the price of {_RAISED}, and the\n"
                f"customer of order {_SENT_BACK} sends something back. A second sync brings payments and price\n"
                "home, and makes a credit memo.\n"
            )
            synced = run_sync(opened, where)
            show_synced(synced)
            _show_exceptions(opened)
            _show_way_on(opened)
    settle(synced.tie_out)


def _pay(sandbox: str) -> int:
    """What people do in Intacct between two syncs."""
    told = call(sandbox, "POST", "act", {"system": "intacct", "do": "pay_many", "count": 12, "seed": 7})
    return len(told.get("payments", []))


def _raise_price(sandbox: str, today: str) -> None:
    """A price list of Intacct says what an item costs from today: the price book that shows the list follows."""
    price = {"price_list": "Base Price List", "item": _RAISED, "price": "359.00", "start": today}
    call(sandbox, "POST", "act", {"system": "intacct", "do": "enter_price", **price})


def _send_back(sandbox: str, opened: "House") -> None:
    """A reduction order in Salesforce: one piece of the first line of an order that is invoiced."""
    with opened.transaction() as session:
        sold = session.frame(
            "select o.order_id, o.account_id, o.department, o.region, p.product_code, l.unit_price "
            "from core.salesforce_orders o join core.salesforce_order_items l using (order_id) "
            "join core.salesforce_products p using (product_id) "
            "where o.order_number = ? order by l.order_item_number limit 1",
            [_SENT_BACK],
        ).row(0, named=True)
    back = {"product": sold["product_code"], "quantity": "-1", "unit_price": str(sold["unit_price"])}
    reduction = {"IsReductionOrder": True, "OriginalOrderId": sold["order_id"]}
    coding = {"Department__c": sold["department"], "Region__c": sold["region"]}
    order = {
        "account": sold["account_id"],
        "lines": [back],
        "activate": True,
        "EffectiveDate": opened.today.isoformat(),
    }
    call(sandbox, "POST", "act", {"system": "salesforce", "do": "create_order", **order, **reduction, **coding})


def _show_exceptions(opened: "House") -> None:
    with opened.transaction() as session:
        rows = session.frame(
            "select label, source_id, words, remedy, amount from receipts.exceptions "
            "where source_object = 'Order' qualify row_number() over (partition by cause order by label) = 1 "
            "order by amount desc limit 3"
        )
    columns = ("order", "Salesforce id", "why it did not cross", "what to do", "money at risk")
    table("Three of the exceptions", columns, rows.rows(), ["money at risk"])


def _show_way_on(opened: "House") -> None:
    CONSOLE.print(f"The finance file is [bold]{_short(opened.settings.finance_file)}[/bold]. One query to try:\n")
    CONSOLE.print(f'  sf-intacct query --file {_short(opened.settings.finance_file)} "{_QUERY}"\n', soft_wrap=True)


def _short(path: Path) -> str:
    return os.path.relpath(path)


def _empty(home: Path) -> None:
    """Starts the demo's folder anew. Raises FixNeeded for a folder with anything in it that no demo made."""
    if home.exists() and not processes.sandbox_log(home).exists() and any(home.iterdir()):
        remedy = "name a folder that is empty or not there yet"
        raise FixNeeded(
            "starting anew", record=str(home), seen="the folder holds files of somebody else", remedy=remedy
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, mode=0o700)


@click.command()
@click.option("--home", default="var/up", show_default=True, type=_FOLDER, help="Where it works; emptied first.")
@from_seed
@click.option("--poll-seconds", default=5, show_default=True, help="How often the sensors look.")
def up(home: Path, seed: str, poll_seconds: int) -> None:
    """Keep both sandboxes and Dagster running on loopback until Ctrl-C; everything then happens by itself."""
    if not Path(_WORKSPACE).is_file():
        raise FixNeeded("starting Dagster", seen=f"no {_WORKSPACE} in {Path.cwd()}", remedy="run it in the checkout")
    _empty(home)
    ports = (SALESFORCE_PORT, INTACCT_PORT)
    with processes.sandboxes(home, seed, ports) as environment:
        environment = {**environment, "SF_INTACCT_POLL_SECONDS": str(poll_seconds)}
        port = processes.free_port(DAGSTER_PORT)
        log = home / "dagster.log"
        command = processes.python("-m", "dagster", "dev", "-w", _WORKSPACE, "-h", "127.0.0.1", "-p", str(port))
        with processes.running(command, environment, log) as process:
            processes.wait_for(f"http://127.0.0.1:{port}/server_info", process, log, seconds=120)
            _show_links(environment, port, home)
            _wait(process)


def _show_links(environment: dict[str, str], port: int, home: Path) -> None:
    salesforce = environment["SF_INTACCT_SALESFORCE_URL"]
    rows: list[tuple[str, Any]] = [
        ("Dagster: lineage, runs, checks", f"http://127.0.0.1:{port}/asset-groups"),
        ("Salesforce sandbox", salesforce),
        ("Intacct sandbox", environment["SF_INTACCT_INTACCT_URL"]),
        ("what people can do in them", f"{salesforce}/_sandbox/act"),
        ("finance file", _short(home / "finance.duckdb")),
    ]
    table("Everything is up. Ctrl-C ends all of it.", ("what", "where"), rows)
    CONSOLE.print("Try, in another terminal:")
    where = "" if salesforce == DEFAULT_URL else f" --url {salesforce}"
    for deed in ("salesforce activate_order order=00001018", "intacct pay_invoice invoice=SO-00001018"):
        CONSOLE.print(f"  .venv/bin/sf-intacct sandbox act{where} {deed}", markup=False, soft_wrap=True)


def _wait(process: Any) -> None:
    """Until somebody interrupts, or Dagster ends by itself."""
    try:
        while process.poll() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        CONSOLE.print("Ending ...")

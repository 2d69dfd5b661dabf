"""A small town for journeys: both sandboxes with a few records, people who act in them, and a house of our own.

The house's steps are walked directly, in the order of the job, so that a journey takes a second and
not a minute; that the order is the job's own is a test of its own.
"""

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import applying, deriving, exceptions, planning, publishing, reading, reconciling
from sf_intacct.orchestration.house import House
from sf_intacct.orchestration.reconciling import Sums, TieOut
from sf_intacct.sandbox.server import Addresses, Sandboxes, serving
from sf_intacct.settings import from_environment
from sf_intacct.store.derived_tables import DERIVATIONS
from sf_intacct.store.finance_tables import MONTHLY, TABLES

MAPPINGS = Path(__file__).resolve().parents[1] / "mappings"
TO_INTACCT = (
    "contact_to_contact",
    "account_to_ship_to",
    "account_to_customer",
    "product_to_item",
    "opportunity_to_project",
    "opportunity_item_to_task",
    "order_to_invoice",
    "return_to_credit",
    "opportunity_to_sales_document",
)
PRICES = "price_to_price_book.yaml"
# Crossings that the shipped company does not have; a town walks them once it has the files.
ALTERNATIVES = ("item_to_product", "reference_to_record")
OUTCOMES = ("account_outcomes", "product_outcomes", "order_outcomes", "opportunity_outcomes")
TO_SALESFORCE = (
    "invoice_to_mirror",
    "invoice_line_to_mirror",
    "payment_to_mirror",
    "application_to_mirror",
    "credit_memo_to_mirror",
    "credit_application_to_mirror",
    "price_to_price_book",
    "outcome_to_account",
    "outcome_to_product",
    "outcome_to_order",
    "outcome_to_opportunity",
)

# What a town needs to bill, and nothing of what comes home.
BILLING = (
    "account_to_customer",
    "account_to_ship_to",
    "contact_to_contact",
    "product_to_item",
    "opportunity_to_project",
    "order_to_invoice",
)

Row = Mapping[str, str]

ACCOUNTS: list[Row] = [
    {
        "key": "acme",
        "Name": "Ångström & Søn",
        "AccountNumber": "1",
        "BillingStreet": "Kungsgatan 12\nFloor 3",
        "BillingCity": "Uppsala",
        "BillingCountry": "Sweden",
        "Phone": "+46 18 1",
        "Payment_Terms__c": "Net 30",
        "Bill_To_Contact__c": "ingrid",
    },
    {"key": "bolt", "Name": "Bolt & Nut", "AccountNumber": "2", "Payment_Terms__c": "Net 30"},
]
CONTACTS: list[Row] = [{"key": "ingrid", "AccountId": "acme", "FirstName": "Ingrid", "LastName": "Ångström"}]
PRODUCTS: list[Row] = [
    {"key": "scale", "Name": "Bench Scale", "ProductCode": "SCALE", "Family": "Hardware", "IsActive": "true"},
    {"key": "visit", "Name": "Visit", "ProductCode": "VISIT", "Family": "Services", "IsActive": "true"},
]
REFERENCE: dict[str, list[Row]] = {
    "COMPANY": [
        {"setting": "base_currency", "value": "USD"},
        {"setting": "refuse_duplicate_invoice_numbers", "value": "true"},
        {"setting": "ar_closed_through", "value": "2026-08-31"},
    ],
    "ARTERM": [{"NAME": "Net 30", "DUEDATE": "30", "STATUS": "active"}],
    "DEPARTMENT": [{"DEPARTMENTID": "100", "TITLE": "Field Sales", "STATUS": "active"}],
    "LOCATION": [{"LOCATIONID": "E01", "NAME": "East", "STATUS": "active"}],
    "CLASS": [
        {"CLASSID": "HW", "NAME": "Hardware", "STATUS": "active"},
        {"CLASSID": "SVC", "NAME": "Services", "STATUS": "active"},
    ],
    "CHANNEL": [{"NAME": "Web", "STATUS": "active"}, {"NAME": "Partner", "STATUS": "active"}],
    "SODOCUMENTPARAMS": [
        {
            "DOCID": name,
            "DOCCLASS": name.split()[1],
            "STATUS": "active",
            "POSTS_TO_AR": posts,
            "REVENUE_ACCOUNT": "4000",
            "CONVERTS_FROM": "Sales Order" if posts == "true" else "",
        }
        for name, posts in (("Sales Order", "false"), ("Sales Invoice", "true"))
    ],
    "GLACCOUNT": [
        {
            "ACCOUNTNO": number,
            "TITLE": title,
            "NORMALBALANCE": "credit",
            "ACCOUNTTYPE": "incomestatement",
            "CLOSINGTYPE": "closing account",
            "REQUIREDEPT": "true",
            "STATUS": "active",
        }
        for number, title in (("4000", "Hardware"), ("4300", "Services"))
    ],
}


def order(key: str, account: str = "acme", status: str = "Activated", **fields: str) -> Row:
    """One order row of a seed."""
    row = {
        "key": key,
        "OrderNumber": key,
        "AccountId": account,
        "EffectiveDate": "2026-10-05",
        "Status": status,
        "Pricebook2Id": "STD",
        "Department__c": "Field Sales",
        "Region__c": "East",
    }
    return {**row, **fields}


def line(number: int, order_key: str, product: str = "scale", quantity: str = "2", price: str = "349.00") -> Row:
    """One order line of a seed."""
    return {
        "key": f"L{number}",
        "OrderId": order_key,
        "OrderItemNumber": f"{number:010d}",
        "PricebookEntryId": f"price-{product}",
        "Product2Id": product,
        "Quantity": quantity,
        "UnitPrice": price,
    }


@dataclass
class Town:
    """One reset world and the house that looks after it."""

    addresses: Addresses
    folder: Path
    clock_offset: timedelta = timedelta(0)
    houses: list[House] = field(default_factory=list)

    def seed(
        self,
        orders: Sequence[Row] = (),
        lines: Sequence[Row] = (),
        accounts: Sequence[Row] = ACCOUNTS,
        products: Sequence[Row] = PRODUCTS,
        contacts: Sequence[Row] = CONTACTS,
        intacct: Mapping[str, list[Row]] | None = None,
        salesforce: Mapping[str, Sequence[Row]] | None = None,
    ) -> None:
        """Empties both systems and fills them with these rows, further tables, and the town's reference data."""
        seed = self.folder / "seed"
        shutil.rmtree(seed, ignore_errors=True)
        prices = [
            {
                "key": f"price-{p['key']}",
                "Pricebook2Id": "STD",
                "Product2Id": p["key"],
                "UnitPrice": "1",
                "IsActive": "true",
            }
            for p in products
        ]
        book = [{"key": "STD", "Name": "Standard", "IsActive": "true", "IsStandard": "true"}]
        sales = {"Account": accounts, "Contact": contacts, "Product2": products, "Pricebook2": book}
        sales |= {"PricebookEntry": prices, "Order": orders, "OrderItem": lines}
        write_seed(seed / "salesforce", {**sales, **(salesforce or {})})
        write_seed(seed / "intacct", {**REFERENCE, **(intacct or {})})
        # The world outlives a test, and a test may have moved its clock.
        self.control("POST", "clock", {"move_to": self.now().isoformat()})
        self.control("POST", "reset", {"seed": str(seed)})
        # Other towns may have let time go by here.
        self.control("POST", "clock", {"move_to": self.now().isoformat()})

    def house(self, **settings: Any) -> House:
        """A house on this town; its stores are those of every other house of the same test."""
        made = House(from_environment(self.environment(**settings)), now=self.now, run=f"walk {len(self.houses)}")
        self.houses.append(made)
        return made

    def environment(self, **settings: Any) -> dict[str, str]:
        """The environment variables of a house on this town."""
        environment = {
            "HOME": str(self.folder / "home"),
            "MAPPINGS": str(self.folder / "mappings"),
            "ENVIRONMENT": "town",
            "SALESFORCE_URL": self.addresses.salesforce,
            "SALESFORCE_CLIENT_ID": "sandbox-client",
            "SALESFORCE_CLIENT_SECRET": "sandbox-secret",
            "INTACCT_URL": self.addresses.intacct_gateway,
            "INTACCT_SENDER_ID": "sandbox-sender",
            "INTACCT_SENDER_PASSWORD": "sandbox-sender-secret",
            "INTACCT_COMPANY_ID": "SANDBOX",
            "INTACCT_USER_ID": "integration",
            "INTACCT_USER_PASSWORD": "integration-secret",
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        return {f"SF_INTACCT_{name}": value for name, value in environment.items()}

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_offset

    def pass_time(self, **span: float) -> None:
        """Time goes by for the house and for both systems."""
        self.clock_offset += timedelta(**span)
        self.control("POST", "clock", {"advance_seconds": timedelta(**span).total_seconds()})

    def act(self, system: str, do: str, **arguments: Any) -> dict[str, Any]:
        """Somebody does something in one of the systems."""
        return self.control("POST", "act", {"system": system, "do": do, **arguments})

    def fault(self, kind: str, **rule: Any) -> None:
        self.control("PUT", "faults", {"faults": [{"kind": kind, **rule}]})

    def no_faults(self) -> None:
        self.control("DELETE", "faults")

    def rows(self, system: str, table: str, **where: str) -> list[dict[str, Any]]:
        """Rows of one system's own books."""
        found = self.control("GET", f"rows/{system}/{table}")["rows"]
        return [row for row in found if all(row.get(name) == value for name, value in where.items())]

    def one(self, system: str, table: str, **where: str) -> dict[str, Any]:
        found = self.rows(system, table, **where)
        assert len(found) == 1, f"{len(found)} {table} where {where}"
        return found[0]

    def order(self, number: str) -> dict[str, Any]:
        return self.one("salesforce", "Order", OrderNumber=number)

    def invoices(self) -> list[dict[str, Any]]:
        return self.rows("intacct", "ARINVOICE")

    def invoice(self, number: str) -> dict[str, Any]:
        return self.one("intacct", "ARINVOICE", RECORDID=number)

    def writes(self, since: int = 0) -> int:
        """How many calls that write the two systems saw after call number `since`."""
        return sum(entry["is_write"] for entry in self.control("GET", f"requests?since={since}")["lines"])

    def calls(self) -> int:
        """The number of the last call that either system saw."""
        return int(self.control("GET", "requests?since=0")["total"])

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(method, f"{self.addresses.control}/{path}", json=body, timeout=60)
        told: dict[str, Any] = answer.json()
        assert answer.ok, told
        return told

    def close(self) -> None:
        for house in self.houses:
            house.close()


def only(mappings: Path, *crossings: str) -> None:
    """Leaves these crossings in a folder of mappings: what a test is not about costs it nothing."""
    for file in mappings.glob("*.yaml"):
        if file.stem not in (*crossings, "company"):
            file.unlink()


@contextmanager
def town_hall() -> Iterator[Addresses]:
    """Both sandboxes, served once for many towns."""
    with serving(Sandboxes(seed=None)) as addresses:
        yield addresses


def write_seed(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Writes rows as the CSV files of a seed, one per table."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        if rows:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)


@dataclass
class Walk:
    """What one walk of the road did."""

    new: int = 0
    sent: dict[str, int] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)

    @property
    def writes(self) -> int:
        return sum(self.sent.values())


def walk(house: House) -> Walk:
    """The whole road once, in the order of the job. The warehouse stays open: nobody else wants it here."""
    with house.warehouse.held():
        return _walk(house)


def road(more: Sequence[str] = (), before: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """Every step of a walk, in order: the verb, and what it is about.

    more: crossings of a test's own to Intacct. before: crossings that the others need the results of.
    """
    to_intacct = (*TO_INTACCT, *more)
    yield from (("read", name) for name in OBSERVED)
    yield from (("publish", name) for name, contract in OBSERVED.items() if contract.document is None)
    yield from (("derive", name) for name in DERIVATIONS if name not in OUTCOMES)
    yield from ((verb, crossing) for crossing in before for verb in ("plan", "apply"))
    yield from (("plan", crossing) for crossing in to_intacct)
    yield from (("apply", crossing) for crossing in to_intacct)
    yield "gather", "exceptions"
    yield from (("derive", name) for name in OUTCOMES)
    yield from (("plan", crossing) for crossing in TO_SALESFORCE)
    yield from (("apply", crossing) for crossing in TO_SALESFORCE)


def look(house: House) -> None:
    """Reads, checks and plans, and writes to neither system: what `sf-intacct plan` does."""
    with house.warehouse.held():
        _walk(house, ("read", "publish", "derive", "plan"))


def _walk(house: House, verbs: Sequence[str] = ("read", "publish", "derive", "plan", "apply", "gather")) -> Walk:
    done = Walk()
    for verb, name in strides(house):
        if verb in verbs:
            stride(house, verb, name, done)
    return done


def strides(house: House) -> Iterator[tuple[str, str]]:
    """Every step of a walk of this house, in order, without crossings that it does not have."""
    before = [crossing for crossing in ALTERNATIVES if crossing in house.mappings.crossings]
    for verb, name in road(_of_its_own(house), before):
        if verb not in ("plan", "apply") or name in house.mappings.crossings:
            yield verb, name


def stride(house: House, verb: str, name: str, done: Walk) -> None:
    """One step. What brought nothing new is not published again."""
    match verb:
        case "read":
            new = reading.read(house, OBSERVED[name]).new
            done.new += new
            done.fresh |= {name, *reading.NAMED.get(name, {}).values()} if new else set()
        case "publish":
            contract = OBSERVED[name]
            if done.fresh & {name, contract.lines}:
                publishing.publish(house, contract)
        case "derive":
            deriving.derive(house, name)
        case "plan":
            planning.plan(house, name)
        case "apply":
            done.sent[name] = applying.apply(house, name).sent
        case "gather":
            exceptions.gather(house)


def _of_its_own(house: House) -> list[str]:
    """Crossings to Intacct that a test has added to those of the example company."""
    crossings = house.mappings.crossings.values()
    return [m.crossing for m in crossings if m.target_system == "intacct" and m.crossing not in TO_INTACCT]


def settle(house: House, walks_max: int = 6) -> list[Walk]:
    """Walks until a walk writes nothing."""
    walks: list[Walk] = []
    while not walks or walks[-1].writes:
        assert len(walks) < walks_max, f"still writing after {walks_max} walks: {walks[-1].sent}"
        walks.append(walk(house))
    return walks


def tie_out(house: House) -> TieOut:
    """Finance, made anew."""
    months = reconciling.months_behind(house)
    for table in TABLES:
        reconciling.refresh(house, table, months if table in MONTHLY else ())
    return reconciling.tie_out(house)


def alone(result: TieOut) -> Sums:
    """The sums of a tie-out in one currency."""
    assert result.alone is not None
    return result.alone


def queue(house: House) -> dict[str, list[str]]:
    """The open exceptions: labels of the records that each cause keeps."""
    with house.transaction() as session:
        rows = session.frame("select cause, label from receipts.exceptions order by cause, label")
    found: dict[str, list[str]] = {}
    for cause, label in rows.iter_rows():
        found.setdefault(cause, []).append(label)
    return found


def money(value: Any) -> Decimal:
    return Decimal(str(value))

"""A running gateway of one company, and a caller who writes XML by hand: nothing here is the product's client."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import requests
import uvicorn
from lxml import etree
from starlette.applications import Starlette

from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.control import Control
from sf_intacct.sandbox.intacct import IntacctSandbox, defaults
from sf_intacct.sandbox.wire import OpenProtocol
from sf_intacct.sandbox.world import World

START = datetime(2026, 3, 5, 10, 30, 0, tzinfo=UTC)
SEED = Path(__file__).parent / "seed"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer and its XML."""

    http: requests.Response

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.http.content)

    @property
    def results(self) -> list[etree._Element]:
        return self.xml.findall("operation/result")

    @property
    def result(self) -> etree._Element:
        (only,) = self.results
        return only

    @property
    def status(self) -> str:
        return self.result.findtext("status") or ""

    @property
    def key(self) -> str:
        return self.result.findtext("key") or ""

    @property
    def records(self) -> list[dict[str, str]]:
        """The records of the only result, flat."""
        return [{str(one.tag): one.text or "" for one in record} for record in self.result.findall("data/*")]

    @property
    def data(self) -> dict[str, str]:
        block = self.result.find("data")
        assert block is not None
        return attributes(block)

    @property
    def errors(self) -> list[str]:
        """`errorno text` of every error anywhere in the answer, support ids cut off."""
        return [
            f"{one.findtext('errorno')} {(one.findtext('description2') or '').partition(' [Support ID')[0]}"
            for one in self.xml.iter("error")
        ]


@dataclass
class Gateway:
    """A running sandbox, called over HTTP."""

    sandbox: IntacctSandbox
    world: World
    root: str
    http: requests.Session

    def __post_init__(self) -> None:
        self._ids = count(1)

    @property
    def url(self) -> str:
        return self.root + defaults.GATEWAY_PATH

    def post(self, body: str | bytes) -> Answer:
        data = body.encode() if isinstance(body, str) else body
        return Answer(self.http.post(self.url, data=data, headers={"Content-Type": "application/xml"}, timeout=60))

    def call(self, *functions: str, **envelope: Any) -> Answer:
        """Sends functions under a login, each with a control id of its own; see `envelope`."""
        return self.post(self.envelope(*functions, **envelope))

    def envelope(
        self,
        *functions: str,
        ids: list[str] | None = None,
        unique: str | None = "false",
        transaction: bool = False,
        authentication: str | None = None,
        entity: str = "",
        control: str = "",
        sender: str = defaults.SENDER_ID,
        version: str = "3.0",
    ) -> str:
        names = ids or [f"function-{next(self._ids)}" for _ in functions]
        content = "".join(
            f'<function controlid="{name}">{one}</function>' for name, one in zip(names, functions, strict=True)
        )
        unique_block = f"<uniqueid>{unique}</uniqueid>" if unique is not None else ""
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<request><control><senderid>{sender}</senderid>"
            f"<password>{defaults.SENDER_PASSWORD}</password><controlid>test</controlid>{unique_block}"
            f"<dtdversion>{version}</dtdversion><includewhitespace>false</includewhitespace>{control}</control>"
            f'<operation transaction="{str(transaction).lower()}">'
            f"<authentication>{authentication or login(entity)}</authentication>"
            f"<content>{content}</content></operation></request>"
        )

    def act(self, do: str, **arguments: Any) -> dict[str, Any]:
        """What a person does, over the control route; raises AssertionError if it is refused."""
        answer = self.http.post(
            f"{self.root}/_sandbox/act", json={"system": "intacct", "do": do, **arguments}, timeout=60
        )
        assert answer.ok, answer.text
        return dict(answer.json())

    def faults(self, *rules: dict[str, Any]) -> None:
        answer = self.http.put(f"{self.root}/_sandbox/faults", json={"faults": list(rules)}, timeout=60)
        assert answer.ok, answer.text

    def advance(self, seconds: float) -> None:
        self.http.post(f"{self.root}/_sandbox/clock", json={"advance_seconds": seconds}, timeout=60)

    def books(self) -> dict[str, Any]:
        return dict(self.http.get(f"{self.root}/_sandbox/books", timeout=60).json()["intacct"])

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.http.get(f"{self.root}/_sandbox/rows/intacct/{table}", timeout=60).json()["rows"])

    def query(
        self, object_name: str, fields: str, filter_xml: str = "", order: str = "RECORDNO"
    ) -> list[dict[str, str]]:
        """The first 2000 matches as flat records, ordered."""
        answer = self.call(query(object_name, fields, filter_xml, order=order, pagesize=2000))
        assert answer.status == "success", answer.errors
        return answer.records


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def login(entity: str = "", password: str = defaults.USER_PASSWORD) -> str:
    return (
        f"<login><userid>{defaults.USER_ID}</userid><companyid>{defaults.COMPANY_ID}</companyid>"
        f"<password>{password}</password><locationid>{entity}</locationid></login>"
    )


def query(
    object_name: str, fields: str, filter_xml: str = "", *, order: str = "RECORDNO", more: str = "", **page: int
) -> str:
    selected = "".join(f"<field>{one}</field>" for one in fields.split())
    filtered = f"<filter>{filter_xml}</filter>" if filter_xml else ""
    ordered = "".join(f"<order><field>{one}</field><ascending/></order>" for one in order.split())
    pages = "".join(f"<{name}>{value}</{name}>" for name, value in page.items())
    return (
        f"<query><object>{object_name}</object><select>{selected}</select>{filtered}"
        f"{f'<orderby>{ordered}</orderby>' if ordered else ''}{pages}{more}</query>"
    )


def compare(operator: str, field: str, *values: str) -> str:
    return f"<{operator}><field>{field}</field>{''.join(f'<value>{one}</value>' for one in values)}</{operator}>"


def date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"<year>{year}</year><month>{month}</month><day>{day}</day>"


def line(amount: str, account: str = "4000", more: str = "") -> str:
    return f"<lineitem><glaccountno>{account}</glaccountno><amount>{amount}</amount>{more}</lineitem>"


def invoice(
    *lines: str,
    customer: str = "C-1",
    on: str = "2026-03-05",
    number: str = "",
    head: str = "<termname>Net 30</termname>",
    tail: str = "",
) -> str:
    """A create_invoice; head stands before the number, tail after it."""
    return (
        f"<create_invoice><customerid>{customer}</customerid><datecreated>{date(on)}</datecreated>{head}"
        f"<invoiceno>{number}</invoiceno>{tail}<invoiceitems>{''.join(lines)}</invoiceitems></create_invoice>"
    )


@contextmanager
def serving(seed: Path | None = SEED) -> Iterator[Gateway]:
    """A gateway on a free port, its clock frozen at START."""
    world = World(seed=7, clock=Clock(START, frozen=True))
    sandbox = IntacctSandbox(world)
    if seed:
        sandbox.load(seed)
    control = Control(world, {"intacct": sandbox})
    app = Starlette(routes=[control.mount(), *sandbox.routes()])
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=OpenProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        date_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with requests.Session() as http:
        try:
            yield Gateway(sandbox, world, f"http://127.0.0.1:{port}", http)
        finally:
            server.should_exit = True
            thread.join(timeout=10)

"""A company in Salesforce as tests see it: a logged-in session with a few words for what they do most."""

import json
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import requests

from sf_intacct_tests.sandbox.remote import Remote

VERSION = "v64.0"


class Org:
    """Talks REST over real HTTP, numbers as Decimal. `control` is the other side: people, faults, time."""

    def __init__(self, host: str, control: Remote) -> None:
        self.host, self.control = host, control
        self.http = requests.Session()
        self.credentials: dict[str, str] = self.http.get(f"{host}/_sandbox_credentials").json()
        self.log_in()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()

    def log_in(self) -> None:
        form = {"grant_type": "client_credentials", **self.client}
        token = self.http.post(f"{self.host}/services/oauth2/token", data=form).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    @property
    def client(self) -> dict[str, str]:
        return {name: self.credentials[name] for name in ("client_id", "client_secret")}

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request below /services/data/v64.0/."""
        return self.http.request(method, f"{self.host}/services/data/{VERSION}/{path}", **options)

    def good(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """The body of a request that must succeed."""
        answer = self.send(method, path, **options)
        assert answer.status_code == status, answer.text
        return json.loads(answer.content, parse_float=Decimal) if answer.content else None

    def bad(self, method: str, path: str, status: int = 400, **options: Any) -> dict[str, Any]:
        """The one error of a request that must be refused."""
        answer = self.send(method, path, **options)
        assert answer.status_code == status, answer.text
        (error,) = answer.json()
        return dict(error)

    def query(self, soql: str, resource: str = "query") -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self.good("GET", resource, params={"q": soql})["records"]
        return [{name: value for name, value in record.items() if name != "attributes"} for record in records]

    def bad_query(self, soql: str) -> dict[str, Any]:
        return self.bad("GET", "query", params={"q": soql})

    def create(self, name: str, **fields: Any) -> str:
        return str(self.good("POST", f"sobjects/{name}", 201, json=fields)["id"])

    def update(self, name: str, record_id: str, **fields: Any) -> None:
        self.good("PATCH", f"sobjects/{name}/{record_id}", 204, json=fields)

    def get(self, name: str, record_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.good("GET", f"sobjects/{name}/{record_id}")
        return found

    def collection(self, method: str, records: list[dict[str, Any]], path: str = "", **options: Any) -> Any:
        """A collections call; each record is given as {type, ...fields}."""
        body = [
            {"attributes": {"type": record["type"]}, **{key: each for key, each in record.items() if key != "type"}}
            for record in records
        ]
        return self.good(method, f"composite/sobjects{path}", json={"records": body, **options})

    def product(self, code: str = "WIDGET", price: str = "10.00") -> str:
        """A product with a standard price; returns the price book entry."""
        product = self.create("Product2", Name=f"The {code}", ProductCode=code, IsActive=True)
        return self.create(
            "PricebookEntry", Product2Id=product, Pricebook2Id=self.standard_book, UnitPrice=price, IsActive=True
        )

    @property
    def standard_book(self) -> str:
        return str(self.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0]["Id"])

    def order(self, *lines: tuple[str, str], entry: str = "", **fields: Any) -> str:
        """A draft order with (quantity, unit price) lines."""
        account = fields.pop("AccountId", None) or self.create("Account", Name="Acme")
        given = {"EffectiveDate": "2026-03-01", "Status": "Draft", "Pricebook2Id": self.standard_book, **fields}
        order = self.create("Order", AccountId=account, **given)
        for quantity, price in lines:
            self.line(order, entry or self.product(), quantity, price)
        return order

    def line(self, order: str, entry: str, quantity: str = "1", price: str = "10") -> str:
        return self.create("OrderItem", OrderId=order, PricebookEntryId=entry, Quantity=quantity, UnitPrice=price)

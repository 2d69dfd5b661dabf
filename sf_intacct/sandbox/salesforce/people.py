"""What people do in the company's user interface: approve orders, edit, delete, merge, make rules."""

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from functools import wraps
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.ids import normalise
from sf_intacct.sandbox.salesforce.rules.orders import ACTIVATED, DRAFT
from sf_intacct.sandbox.salesforce.schema import ObjectType
from sf_intacct.sandbox.salesforce.soql import RecordPlan, plan_of
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.salesforce.writer import Writer
from sf_intacct.sandbox.system import Act, Refusal

NATURAL_NAMES = {"Product2": ("ProductCode", "Name"), "User": ("Username",), "Pricebook2": ("Name",)}


class People:
    """Acts as the sales person; every act returns the ids that changed. A refusal is a Refusal.

    Records are named by id or by their natural name (OrderNumber, Account Name, ProductCode ...).
    `stamp_age_seconds` dates a writing back: a transaction that began then and commits only now.
    """

    def __init__(self, company: Company) -> None:
        self.company, self.store = company, company.store

    @property
    def acts(self) -> Mapping[str, Act]:
        return {
            act.__name__: _as_act(act)
            for act in (
                self.activate_order,
                self.deactivate_order,
                self.create_order,
                self.edit,
                self.edit_many,
                self.delete,
                self.undelete,
                self.empty_recycle_bin,
                self.recalculate,
                self.merge_accounts,
                self.add_validation_rule,
                self.remove_validation_rules,
                self.hide_field,
                self.set_limit,
                self.register_public_key,
            )
        }

    def activate_order(self, order: str, stamp_age_seconds: float = 0) -> dict[str, Any]:
        """order: approves a draft order, so that it is locked and counts."""
        return self.edit("Order", order, {"Status": self._status(ACTIVATED)}, stamp_age_seconds)

    def deactivate_order(self, order: str, stamp_age_seconds: float = 0) -> dict[str, Any]:
        """order: sends an activated order back to draft."""
        return self.edit("Order", order, {"Status": self._status(DRAFT)}, stamp_age_seconds)

    def create_order(
        self,
        account: str,
        lines: list[dict[str, Any]],
        activate: bool = False,
        stamp_age_seconds: float = 0,
        **fields: Any,
    ) -> dict[str, Any]:
        """account, lines [{product, quantity, unit_price, ...fields}], activate, ...fields: a new order."""
        writer = self._writer(stamp_age_seconds)
        fields.setdefault("EffectiveDate", self.company.world.clock.now().date().isoformat())
        fields.setdefault("Pricebook2Id", self._standard_book())
        owner = self._find(self._kind("Account"), account)["Id"]
        order_id = writer.create(self._kind("Order"), {"AccountId": owner, **fields})
        book = normalise(str(fields["Pricebook2Id"])) or ""
        items = [writer.create(self._kind("OrderItem"), self._line(order_id, book, line)) for line in lines]
        if activate:
            writer.update(self._kind("Order"), order_id, {"Status": self._status(ACTIVATED)})
        number = (self.store.get(self._kind("Order"), order_id) or {})["OrderNumber"]
        return {"id": order_id, "OrderNumber": number, "items": items, "ids": [order_id, *items]}

    def edit(self, object: str, id: str, fields: dict[str, Any], stamp_age_seconds: float = 0) -> dict[str, Any]:
        """object, id, fields: edits one record by hand, under all rules."""
        kind = self._kind(object)
        record_id = self._find(kind, id)["Id"]
        self._writer(stamp_age_seconds).update(kind, record_id, fields)
        return {"ids": [record_id]}

    def edit_many(
        self,
        object: str,
        fields: dict[str, Any],
        ids: list[str] | None = None,
        where: str | None = None,
        stamp_age_seconds: float = 0,
    ) -> dict[str, Any]:
        """object, fields, and ids or where (a SOQL condition): edits many records, all or none."""
        kind, writer = self._kind(object), self._writer(stamp_age_seconds)
        found = self._where(kind, where) if ids is None else [self._find(kind, each)["Id"] for each in ids]
        for record_id in found:
            writer.update(kind, record_id, fields)
        return {"ids": found}

    def delete(self, object: str, id: str) -> dict[str, Any]:
        """object, id: puts a record and its dependents into the recycle bin."""
        kind = self._kind(object)
        bin_ = self.company.recycle_bin(self._writer())
        return {"ids": bin_.delete(kind, self._find(kind, id)["Id"])}

    def undelete(self, object: str, id: str) -> dict[str, Any]:
        """object, id: takes a record out of the recycle bin, with all that went in along with it."""
        kind = self._kind(object)
        record_id = normalise(id) or ""
        return {"ids": self.company.recycle_bin(self._writer()).undelete(kind, record_id)}

    def empty_recycle_bin(self) -> dict[str, Any]:
        """Removes all deleted records for good: even queryAll and getDeleted know nothing of them then."""
        self.company.cursors.forget_all()  # they keep places of rows, which others may now take
        return {"ids": self.company.recycle_bin(self._writer()).empty()}

    def recalculate(self, object: str, where: str | None = None) -> dict[str, Any]:
        """object, where: the system recomputes records, moving SystemModstamp and no other stamp."""
        kind, found = self._kind(object), self._where(self._kind(object), where)
        for record_id in found:
            self.store.change(kind, record_id, {"SystemModstamp": self.company.stamp()})
        return {"ids": found}

    def merge_accounts(self, winner: str, loser: str) -> dict[str, Any]:
        """winner, loser: folds one account into another, which gets its contacts, orders and all."""
        kind = self._kind("Account")
        ids = [self._find(kind, each)["Id"] for each in (winner, loser)]
        return {"ids": self.company.recycle_bin(self._writer()).merge(kind, *ids)}

    def add_validation_rule(self, object: str, error_condition: str, message: str) -> dict[str, Any]:
        """object, error_condition (a SOQL condition), message: forbids records that meet the condition."""
        self.company.validation.add(self._kind(object), error_condition, message)
        return {"rules": len(self.company.validation.rules.get(self._kind(object).name, ()))}

    def remove_validation_rules(self) -> dict[str, Any]:
        """Removes every validation rule."""
        self.company.validation.remove_all()
        return {"rules": 0}

    def hide_field(self, object: str, field: str) -> dict[str, Any]:
        """object, field: takes the right to see a field from API users, until the company is reset."""
        kind = self._kind(object)
        if field not in kind.by_name or field == "Id":
            raise Refusal(f"{kind.name} has no field {field!r} to hide")
        self.company.hide(kind, field)
        return {"fields": len(self.company.visible[kind.name].fields)}

    def set_limit(self, name: str, value: Any) -> dict[str, Any]:
        """name, value: changes a setting of the company, such as requests_per_day."""
        limits = {each.name: getattr(self.company.limits, each.name) for each in fields_of(self.company.limits)}
        if name not in limits or type(value) is not type(limits[name]):
            raise Refusal(f"there is no limit {name!r} that could be {value!r}")
        setattr(self.company.limits, name, value)
        return {name: value}

    def register_public_key(self, pem: str) -> dict[str, Any]:
        """pem: lets assertions signed by this RSA key in, beside the sandbox's own."""
        try:
            load_pem_public_key(pem.encode())
        except ValueError:
            raise Refusal("this is no public key in PEM form") from None
        self.company.public_keys.append(pem)
        return {"keys": len(self.company.public_keys)}

    def _writer(self, age_seconds: float = 0) -> Writer:
        return self.company.writer(self.company.sales_user_id, float(age_seconds))

    def _kind(self, name: str) -> ObjectType:
        found = self.company.schema.find(name)
        if found is None:
            raise Refusal(f"there is no object {name!r}")
        return found

    def _find(self, kind: ObjectType, name: str | int) -> Record:
        """The live record with this id or natural name, which may have been said as a number."""
        name = str(name)
        record_id = normalise(name)
        record = self.store.get(kind, record_id) if record_id else None
        if record and not record["IsDeleted"]:
            return record
        for field_name in NATURAL_NAMES.get(kind.name, (kind.name_field,)):
            found = self.store.find(kind, field_name, name)
            if len(found) > 1:
                raise Refusal(f"{len(found)} records of {kind.name} are called {name!r}; give an id")
            if found:
                return found[0]
        raise Refusal(f"there is no {kind.name} {name!r}")

    def _where(self, kind: ObjectType, condition: str | None) -> list[str]:
        text = f"SELECT Id FROM {kind.name}" + (f" WHERE {condition}" if condition else "")
        plan = plan_of(self.company.schema, text, self.company.world.clock.now().date())
        assert isinstance(plan, RecordPlan)
        return [row[0] for row in self.company.cursors.every_row(plan)]

    def _status(self, code: str) -> str:
        """The company's own label for a status code, its first."""
        statuses = self.store.find(self._kind("OrderStatus"), "StatusCode", code)
        return str(min(statuses, key=lambda each: each["SortOrder"] or 0)["ApiName"])

    def _standard_book(self) -> str:
        return str(self.store.find(self._kind("Pricebook2"), "IsStandard", 1)[0]["Id"])

    def _line(self, order_id: str, book: str, line: dict[str, Any]) -> dict[str, Any]:
        given = dict(line)
        product = self._find(self._kind("Product2"), given.pop("product"))
        entries = self.store.find(self._kind("PricebookEntry"), "Product2Id", product["Id"])
        entry = next((each for each in entries if each["Pricebook2Id"] == book), None)
        if entry is None:
            raise Refusal(f"{product['Name']!r} has no price in the order's price book")
        quantity, price = given.pop("quantity"), given.pop("unit_price")
        return {"OrderId": order_id, "PricebookEntryId": entry["Id"], "Quantity": quantity, "UnitPrice": price, **given}


def _as_act(method: Callable[..., dict[str, Any]]) -> Act:
    """A method whose refusals are a person's."""

    @wraps(method)
    def act(**arguments: Any) -> dict[str, Any]:
        try:
            return method(**arguments)
        except SalesforceError as error:
            raise Refusal(str(error)) from None
        except KeyError as error:
            raise Refusal(f"{error} is missing") from None

    return act

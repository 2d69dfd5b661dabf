"""Orders and their lines: drafts that are activated, locked, and perhaps sent back to draft."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule, integrity, rescale, scaled_product
from sf_intacct.sandbox.salesforce.store import Look, Record, Store

DRAFT, ACTIVATED = "Draft", "Activated"


class OrderRule(Rule):
    """Status is a label of the company's own; the life cycle follows its StatusCode."""

    def derive(self, change: Change, look: Look) -> None:
        order = change.new
        if order["Status"] is None:
            order["Status"] = look("OrderStatus", "IsDefault", 1).get("ApiName", DRAFT)
        status = look("OrderStatus", "ApiName", order["Status"])
        if not status:
            raise RecordError(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"Status: bad value for restricted picklist field: {order['Status']}",
                "Status",
            )
        order["StatusCode"] = status["StatusCode"]
        was_active = change.old is not None and change.old["StatusCode"] == ACTIVATED
        if order["StatusCode"] == DRAFT:
            order["ActivatedDate"] = order["ActivatedById"] = None
        elif order["StatusCode"] == ACTIVATED and not was_active:
            order["ActivatedDate"] = order["ActivatedDate"] or order["LastModifiedDate"]
            order["ActivatedById"] = order["ActivatedById"] or order["LastModifiedById"]

    def check(self, change: Change, store: Store) -> None:
        old, new = change.old, change.new
        if old is None:
            if new["StatusCode"] != DRAFT:
                raise _invalid_status()
            return
        if old["StatusCode"] == ACTIVATED and new["StatusCode"] == ACTIVATED:
            refuse_locked(change)
        if old["StatusCode"] != ACTIVATED and new["StatusCode"] == ACTIVATED:
            _check_activation(new, store)
        if change.changed("Pricebook2Id") and old["Pricebook2Id"] and _items(old, store):
            raise integrity("Pricebook2Id", "the price book cannot be changed once the order has products")

    def check_delete(self, record: Record, store: Store) -> None:
        if record["StatusCode"] == ACTIVATED:
            raise RecordError("DELETE_FAILED", "You can't delete an activated order.")


class OrderItemRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        item = change.new
        entry = look("PricebookEntry", "Id", item["PricebookEntryId"])
        if change.old is None:
            item["Product2Id"] = entry.get("Product2Id", item["Product2Id"])
            item["ListPrice"] = entry.get("UnitPrice")
        item["AvailableQuantity"] = item["Quantity"]
        if item["Quantity"] is not None and item["UnitPrice"] is not None:
            item["TotalPrice"] = line_total(change, _places(item, look))

    def check(self, change: Change, store: Store) -> None:
        item = change.new
        order = store.get(store.schema["Order"], item["OrderId"]) or {}
        activated = order.get("StatusCode") == ACTIVATED
        if change.old is not None:
            if activated:
                refuse_locked(change)
        elif activated:
            raise integrity("OrderId", "products cannot be added to an activated order")
        else:
            _check_price(item, order, store)
        if item["Quantity"] < 0 and not order.get("IsReductionOrder"):
            raise integrity("Quantity", "only a reduction order may have a negative quantity")

    def check_delete(self, record: Record, store: Store) -> None:
        order = store.get(store.schema["Order"], record["OrderId"]) or {}
        if order.get("StatusCode") == ACTIVATED:
            raise RecordError("DELETE_FAILED", "You can't delete the products of an activated order.")

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        total = store.total(store.schema["OrderItem"], "TotalPrice", '"OrderId" = ?', record["OrderId"])
        return [("Order", record["OrderId"], {"TotalAmount": total})]


def _places(item: Record, look: Look) -> int:
    """Decimal places of the order's currency: two, unless the company has several currencies and says otherwise."""
    currency = look("Order", "Id", item["OrderId"]).get("CurrencyIsoCode")
    places = look("CurrencyType", "IsoCode", currency).get("DecimalPlaces") if currency else None
    return 2 if places is None else int(places)


def line_total(change: Change, places: int) -> int:
    """Quantity times unit price in the total's own scale, rounded to `places`, halves away from zero."""
    fields = change.kind.by_name
    scale = fields["TotalPrice"].scale
    product = scaled_product(
        change.new["Quantity"],
        fields["Quantity"].scale,
        change.new["UnitPrice"],
        fields["UnitPrice"].scale,
        places,
    )
    return rescale(product, places, scale)


def refuse_locked(change: Change) -> None:
    """Raises if a field moved that an activated order locks; setting it to what it was is no move."""
    locked = [field.name for field in change.kind.fields if field.locked_when_activated]
    for name in locked:
        if change.changed(name):
            raise integrity(name, "it cannot be changed on an activated order")


def _check_activation(order: Record, store: Store) -> None:
    if not _items(order, store):
        raise RecordError("FAILED_ACTIVATION", "An order must have at least one product.")


def _items(order: Record, store: Store) -> list[Record]:
    return store.find(store.schema["OrderItem"], "OrderId", order["Id"])


def _check_price(item: Record, order: Record, store: Store) -> None:
    entry = store.get(store.schema["PricebookEntry"], item["PricebookEntryId"])
    if entry is None:
        raise RecordError(
            "REQUIRED_FIELD_MISSING", "Required fields are missing: [PricebookEntryId]", "PricebookEntryId"
        )
    if not order.get("Pricebook2Id"):
        raise integrity("PricebookEntryId", "the order has no price book")
    if entry["Pricebook2Id"] != order["Pricebook2Id"]:
        reason = "pricebook entry is in a different pricebook than the one assigned to the order"
        raise integrity("PricebookEntryId", reason)
    if not entry["IsActive"]:
        raise integrity("PricebookEntryId", "pricebook entry is inactive")


def _invalid_status() -> RecordError:
    return RecordError("INVALID_STATUS", "Choose a valid order status and save your changes.", "Status")

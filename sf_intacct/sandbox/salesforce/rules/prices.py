"""Price books: one price per product and book, and a standard price before any other."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule, integrity
from sf_intacct.sandbox.salesforce.store import Look, Record, Store


class PricebookEntryRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        entry = change.new
        product = look("Product2", "Id", entry["Product2Id"])
        entry["Name"], entry["ProductCode"] = product.get("Name"), product.get("ProductCode")
        if entry["UseStandardPrice"]:
            entry["UnitPrice"] = _standard_price(entry, look)

    def check(self, change: Change, store: Store) -> None:
        if change.old is not None:
            _check_follower(change)
            return
        entry, kind = change.new, change.kind
        entries = store.find(kind, "Product2Id", entry["Product2Id"])
        if any(each["Pricebook2Id"] == entry["Pricebook2Id"] for each in entries):
            raise RecordError("FIELD_INTEGRITY_EXCEPTION", "This price definition already exists in this price book")
        standard = {book["Id"] for book in store.find(store.schema["Pricebook2"], "IsStandard", 1)}
        if entry["Pricebook2Id"] not in standard and not any(each["Pricebook2Id"] in standard for each in entries):
            raise RecordError("STANDARD_PRICE_NOT_DEFINED", "No standard price defined for this product")


class ProductRule(Rule):
    """The entries of a product show its name and code."""

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        kind = store.schema["PricebookEntry"]
        shown = {"Name": record["Name"], "ProductCode": record["ProductCode"]}
        for entry in store.find(kind, "Product2Id", record["Id"]):
            store.change(kind, entry["Id"], shown)
        return []


def _check_follower(change: Change) -> None:
    """While an entry follows the standard price, nothing but that can be changed about its price."""
    if change.old is not None and change.old["UseStandardPrice"] and "UnitPrice" in change.given:
        raise integrity("UnitPrice", "cannot be specified while Use Standard Price is selected")


def _standard_price(entry: Record, look: Look) -> int | None:
    book = look("Pricebook2", "IsStandard", 1)
    standard = look("PricebookEntry", "Product2Id", entry["Product2Id"])
    found = standard if standard.get("Pricebook2Id") == book.get("Id") else {}
    return found.get("UnitPrice", entry["UnitPrice"])

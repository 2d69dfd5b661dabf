"""Price books: one price per product, book and currency, and a standard price before any other."""

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule, integrity
from sf_intacct.sandbox.salesforce.store import Look, Record, Store


class PricebookEntryRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        entry = change.new
        product = look("Product2", "Id", entry["Product2Id"])
        entry["Name"], entry["ProductCode"] = product.get("Name"), product.get("ProductCode")
        if entry["CurrencyIsoCode"] is None:
            # A company with one currency has no currencies, and its records none either.
            entry["CurrencyIsoCode"] = look("CurrencyType", "IsCorporate", 1).get("IsoCode")
        if entry["UseStandardPrice"]:
            entry["UnitPrice"] = _standard_price(entry, look)

    def check(self, change: Change, store: Store) -> None:
        if change.old is not None:
            _check_follower(change)
            return
        _check_currency(change.new, store)
        _check_alone(change, store)


def _check_currency(entry: Record, store: Store) -> None:
    currency = entry["CurrencyIsoCode"]
    known = store.find(store.schema["CurrencyType"], "IsoCode", currency) if currency else []
    if currency and not any(one["IsActive"] for one in known):
        message = f"Currency ISO Code: bad value for restricted picklist field: {currency}"
        raise RecordError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, "CurrencyIsoCode")


def _check_alone(change: Change, store: Store) -> None:
    """The only price of its product in this book and currency, and not before the standard price."""
    entry = change.new
    entries = store.find(change.kind, "Product2Id", entry["Product2Id"])
    entries = [each for each in entries if each["CurrencyIsoCode"] == entry["CurrencyIsoCode"]]
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
    same = (book.get("Id"), entry["CurrencyIsoCode"])
    found = standard if (standard.get("Pricebook2Id"), standard.get("CurrencyIsoCode")) == same else {}
    return found.get("UnitPrice", entry["UnitPrice"])

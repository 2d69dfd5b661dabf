"""Quotes, which belong to an opportunity, and their lines, which make the quote's totals."""

from sf_intacct.sandbox.salesforce.rules.opportunities import price_line
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule, integrity
from sf_intacct.sandbox.salesforce.store import Look, Record, Store


class QuoteRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        quote = change.new
        opportunity = look("Opportunity", "Id", quote["OpportunityId"])
        quote["AccountId"] = opportunity.get("AccountId")
        quote["IsSyncing"] = int(opportunity.get("SyncedQuoteId") == quote["Id"])
        quote["GrandTotal"] = _grand_total(quote)


class QuoteLineItemRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        line = change.new
        entry = look("PricebookEntry", "Id", line["PricebookEntryId"])
        if change.old is None:
            line["Product2Id"] = entry.get("Product2Id", line["Product2Id"])
            line["ListPrice"] = entry.get("UnitPrice")
        if line["Quantity"]:
            price_line(change)

    def check(self, change: Change, store: Store) -> None:
        line = change.new
        if not line["Quantity"]:
            raise integrity("Quantity", "it cannot be zero")
        entry = store.get(store.schema["PricebookEntry"], line["PricebookEntryId"]) or {}
        quote = store.get(store.schema["Quote"], line["QuoteId"]) or {}
        if change.old is None and entry.get("Pricebook2Id") != quote.get("Pricebook2Id"):
            reason = "pricebook entry is in a different pricebook than the one assigned to the quote"
            raise integrity("PricebookEntryId", reason)

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        kind, quote_id = store.schema["QuoteLineItem"], record["QuoteId"]
        owned = '"QuoteId" = ?'
        changes: Record = {name: store.total(kind, name, owned, quote_id) for name in ("Subtotal", "TotalPrice")}
        changes["LineItemCount"] = len(store.find(kind, "QuoteId", quote_id))
        changes["GrandTotal"] = _grand_total({**(store.get(store.schema["Quote"], quote_id) or {}), **changes})
        return [("Quote", quote_id, changes)]


def _grand_total(quote: Record) -> int:
    return sum(quote.get(name) or 0 for name in ("TotalPrice", "Tax", "ShippingHandling"))

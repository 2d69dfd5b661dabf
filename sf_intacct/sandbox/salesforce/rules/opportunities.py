"""Opportunities, whose stage decides much, and their lines, which decide the amount."""

from typing import Any

from sf_intacct.sandbox.salesforce.errors import RecordError
from sf_intacct.sandbox.salesforce.rules.rule import Change, Rule, integrity, rescale, scaled_product
from sf_intacct.sandbox.salesforce.store import Look, Record, Store

_CATEGORY_NAMES = {"BestCase": "Best Case", "Forecast": "Commit", "MostLikely": "Commit"}


class OpportunityRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        if change.changed("StageName"):
            _follow_stage(change)
        if change.old is not None and change.old["HasOpportunityLineItem"]:
            # Documented: an attempt to set it is ignored, the rest of the update is carried out.
            change.new["Amount"] = change.old["Amount"]
        _expect(change.new)
        _fiscal(change.new)

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        """The quote that the deal follows says so itself."""
        quotes = store.find(store.schema["Quote"], "OpportunityId", record["Id"])
        synced = {quote["Id"]: int(quote["Id"] == record["SyncedQuoteId"]) for quote in quotes}
        return [
            ("Quote", one["Id"], {"IsSyncing": synced[one["Id"]]})
            for one in quotes
            if one["IsSyncing"] != synced[one["Id"]]
        ]


class OpportunityLineItemRule(Rule):
    def derive(self, change: Change, look: Look) -> None:
        line = change.new
        entry = look("PricebookEntry", "Id", line["PricebookEntryId"])
        opportunity = look("Opportunity", "Id", line["OpportunityId"])
        if change.old is None:
            line["Product2Id"] = entry.get("Product2Id", line["Product2Id"])
            line["ProductCode"], line["ListPrice"] = entry.get("ProductCode"), entry.get("UnitPrice")
        line["Name"] = f"{opportunity.get('Name', '')} {entry.get('Name', '')}".strip()
        if line["Quantity"]:
            price_line(change)

    def check(self, change: Change, store: Store) -> None:
        line = change.new
        if {"UnitPrice", "TotalPrice"} <= change.given:
            message = "specify either TotalPrice or UnitPrice, not both"
            raise RecordError("INVALID_FIELD_FOR_INSERT_UPDATE", message, "TotalPrice", "UnitPrice")
        if not line["Quantity"]:
            raise integrity("Quantity", "it cannot be zero")
        entry = store.get(store.schema["PricebookEntry"], line["PricebookEntryId"])
        opportunity = store.get(store.schema["Opportunity"], line["OpportunityId"]) or {}
        if entry is None:
            raise RecordError("REQUIRED_FIELD_MISSING", "Required fields are missing: [PricebookEntryId]",
                              "PricebookEntryId")  # fmt: skip
        if change.old is None and entry["Pricebook2Id"] != opportunity.get("Pricebook2Id"):
            reason = "pricebook entry is in a different pricebook than the one assigned to the opportunity"
            raise integrity("PricebookEntryId", reason)

    def settle(self, record: Record, store: Store) -> list[tuple[str, str, Record]]:
        kind, opportunity_id = store.schema["OpportunityLineItem"], record["OpportunityId"]
        opportunity = store.get(store.schema["Opportunity"], opportunity_id) or {}
        has_lines = bool(store.find(kind, "OpportunityId", opportunity_id))
        changes: Record = {"HasOpportunityLineItem": int(has_lines)}
        if has_lines:
            owned = '"OpportunityId" = ?'
            changes["Amount"] = store.total(kind, "TotalPrice", owned, opportunity_id)
            changes["TotalOpportunityQuantity"] = store.total(kind, "Quantity", owned, opportunity_id)
        _expect(merged := {**opportunity, **changes})
        return [("Opportunity", opportunity_id, {**changes, "ExpectedRevenue": merged["ExpectedRevenue"]})]


def _follow_stage(change: Change) -> None:
    record = change.new
    record["LastStageChangeDate"] = record["LastModifiedDate"]
    stage = _stage(change)
    record["IsClosed"], record["IsWon"] = int(stage.get("isClosed", False)), int(stage.get("isWon", False))
    record["ForecastCategory"] = stage.get("forecastCategory", "Pipeline")
    if "ForecastCategoryName" not in change.given:
        category = record["ForecastCategory"]
        record["ForecastCategoryName"] = _CATEGORY_NAMES.get(category, category)
    if "Probability" not in change.given:
        record["Probability"] = stage.get("probability", 0)


def _stage(change: Change) -> dict[str, Any]:
    stages = change.kind.by_name["StageName"].picklist
    return next((stage for stage in stages if stage["value"] == change.new["StageName"]), {})


def _expect(record: Record) -> None:
    amount, probability = record["Amount"], record["Probability"]
    known = amount is not None and probability is not None
    record["ExpectedRevenue"] = rescale(amount * probability, 4, 2) if known else None


def _fiscal(record: Record) -> None:
    """Fiscal years begin in January here."""
    if record["CloseDate"]:
        year, month = int(record["CloseDate"][:4]), int(record["CloseDate"][5:7])
        quarter = (month + 2) // 3
        record.update(FiscalYear=year, FiscalQuarter=quarter, Fiscal=f"{year} {quarter}")


def price_line(change: Change) -> None:
    """Total follows unit price, or unit price follows total, whichever was given."""
    line = change.new
    if "TotalPrice" in change.given and "UnitPrice" not in change.given and line["TotalPrice"] is not None:
        line["UnitPrice"] = rescale(line["TotalPrice"] * 10**4 // line["Quantity"], 4, 2)
        line["Subtotal"] = line["TotalPrice"]
        return
    if line["UnitPrice"] is None:
        line["UnitPrice"] = line["ListPrice"]
    if line["UnitPrice"] is not None:
        line["Subtotal"] = scaled_product(line["Quantity"], 2, line["UnitPrice"], 2, 2)
        paid = 10_000 - (line["Discount"] or 0)
        line["TotalPrice"] = scaled_product(line["Subtotal"], 2, paid, 4, 2)

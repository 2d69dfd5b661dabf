"""Quotes and their lines: what was offered for an opportunity, and may be what is sold."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, money, number, text, whole
from sf_intacct.flow.contracts.salesforce.columns import STAMP

QUOTES = Contract(
    name="salesforce_quotes",
    system="salesforce",
    object="Quote",
    says="Quotes; an accepted one may become a document.",
    key="quote_id",
    label="quote_number",
    stamp="modified_at",
    lines="salesforce_quote_items",
    amount="total_price",
    optional=True,
    columns=(
        text("quote_id", "Id", "Salesforce id of the quote", required=True, unique=True),
        text("quote_number", "QuoteNumber", "Number of the quote, given by Salesforce", required=True),
        text("name", "Name", "Name of the quote", required=True),
        text("opportunity_id", "OpportunityId", "Opportunity the quote belongs to"),
        text("account_id", "AccountId", "Account of the opportunity"),
        text("contact_id", "ContactId", "Contact it was offered to"),
        text("status", "Status", "Draft, Presented, Accepted, ... as Sales names it"),
        flag("is_syncing", "IsSyncing", "The opportunity follows this quote", required=True),
        day("expires_on", "ExpirationDate", "Last day of the offer"),
        day("accepted_on", "Accepted_On__c", "Day it was accepted"),
        whole("line_count", "LineItemCount", "How many lines it has"),
        money("total_price", "TotalPrice", "Sum of the lines after their discounts"),
        money("tax", "Tax", "Tax as typed on the quote"),
        money("shipping", "ShippingHandling", "Shipping and handling as typed on the quote"),
        money("grand_total", "GrandTotal", "Lines, tax and shipping"),
        text("description", "Description", "Free text"),
        text("po_number", "Po_Number__c", "The customer's purchase order number"),
        text("payment_terms", "Payment_Terms__c", "Payment terms of this quote, where they are not the account's"),
        text("department", "Department__c", "Selling department as Sales names it"),
        text("region", "Region__c", "Region as Sales names it"),
        flag("is_excluded", "Intacct_Skip_Sync__c", "Sales asked to keep this quote out of Intacct"),
        STAMP,
    ),
)

QUOTE_ITEMS = Contract(
    name="salesforce_quote_items",
    system="salesforce",
    object="QuoteLineItem",
    says="Lines of quotes.",
    key="quote_item_id",
    label="line_number",
    stamp="modified_at",
    document="quote_id",
    optional=True,
    columns=(
        text("quote_item_id", "Id", "Salesforce id of the line", required=True, unique=True),
        text("quote_id", "QuoteId", "Quote the line belongs to", required=True),
        text("line_number", "LineNumber", "Number of the line, given by Salesforce"),
        whole("sort_order", "SortOrder", "Place among the lines, where somebody sorted them"),
        text("product_id", "Product2Id", "Product offered", required=True),
        number("quantity", "Quantity", "Quantity offered", required=True),
        number("unit_price", "UnitPrice", "Price of one unit before the discount"),
        number("discount_percent", "Discount", "Discount in percent"),
        money("total_price", "TotalPrice", "Price of the line after the discount", required=True),
        day("service_starts_on", "ServiceDate", "First day of the service"),
        text("description", "Description", "Line text"),
        STAMP,
    ),
)

QUOTED = (QUOTES, QUOTE_ITEMS)

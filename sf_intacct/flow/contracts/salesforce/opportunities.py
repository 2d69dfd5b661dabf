"""Opportunities and their lines: deals that Sales has won, where no order is made of them."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, money, number, text, whole
from sf_intacct.flow.contracts.salesforce.columns import STAMP

OPPORTUNITIES = Contract(
    name="salesforce_opportunities",
    system="salesforce",
    object="Opportunity",
    says="Opportunities; a won one may become a document or a project.",
    key="opportunity_id",
    label="name",
    stamp="modified_at",
    lines="salesforce_opportunity_items",
    amount="total_amount",
    optional=True,
    columns=(
        text("opportunity_id", "Id", "Salesforce id of the opportunity", required=True, unique=True),
        text("name", "Name", "Name of the deal", required=True),
        text("account_id", "AccountId", "Account that buys"),
        text("stage", "StageName", "Stage as Sales names it", required=True),
        flag("is_closed", "IsClosed", "Won or lost", required=True),
        flag("is_won", "IsWon", "Won", required=True),
        day("closed_on", "CloseDate", "Day it was closed, or is expected to be", required=True),
        text(
            "currency",
            "CurrencyIsoCode",
            "Currency of the deal; empty in an organisation with one currency",
            detected=True,
        ),
        text("type", "Type", "Kind of deal as Sales names it"),
        money("total_amount", "Amount", "Sum of the lines; typed by hand where there are none"),
        flag("is_itemised", "HasOpportunityLineItem", "It has lines", required=True),
        text("description", "Description", "Free text"),
        text("po_number", "Po_Number__c", "The customer's purchase order number"),
        text("payment_terms", "Payment_Terms__c", "Payment terms of this deal, where they are not the account's"),
        text("department", "Department__c", "Selling department as Sales names it"),
        text("region", "Region__c", "Region as Sales names it"),
        text("channel", "Channel__c", "Sales channel as Sales names it"),
        flag("is_excluded", "Intacct_Skip_Sync__c", "Sales asked to keep this opportunity out of Intacct"),
        text("intacct_document_id", "Intacct_Document_Id__c", "Sales document in Intacct, written by us", limit=130),
        text(
            "intacct_document_state",
            "Intacct_Document_State__c",
            "State of the sales document, written by us",
            limit=40,
        ),
        text("intacct_project_id", "Intacct_Project_Id__c", "Project in Intacct, written by us", limit=40),
        text(
            "intacct_sync_status", "Intacct_Sync_Status__c", "What became of the opportunity, written by us", limit=255
        ),
        text("intacct_sync_error", "Intacct_Sync_Error__c", "Why it could not cross, written by us"),
        STAMP,
    ),
)

OPPORTUNITY_ITEMS = Contract(
    name="salesforce_opportunity_items",
    system="salesforce",
    object="OpportunityLineItem",
    says="Lines of opportunities.",
    key="opportunity_item_id",
    label="name",
    stamp="modified_at",
    document="opportunity_id",
    optional=True,
    columns=(
        text("opportunity_item_id", "Id", "Salesforce id of the line", required=True, unique=True),
        text("opportunity_id", "OpportunityId", "Opportunity the line belongs to", required=True),
        text("name", "Name", "Opportunity and product"),
        whole("sort_order", "SortOrder", "Place among the lines, where somebody sorted them"),
        text("product_id", "Product2Id", "Product sold", required=True),
        number("quantity", "Quantity", "Quantity sold; negative where goods are taken back", required=True),
        number("unit_price", "UnitPrice", "Price of one unit before the discount"),
        number("discount_percent", "Discount", "Discount in percent"),
        money("total_price", "TotalPrice", "Price of the line after the discount", required=True),
        day("service_starts_on", "ServiceDate", "First day of the service"),
        day("service_ends_on", "Service_End__c", "Last day of the service"),
        text("bundle", "Bundle__c", "Lines of one bundle share its name"),
        text("description", "Description", "Line text"),
        STAMP,
    ),
)

DEALS = (OPPORTUNITIES, OPPORTUNITY_ITEMS)

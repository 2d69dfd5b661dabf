"""What Sales sells for: price books and their entries."""

from sf_intacct.flow.contracts.contract import Contract, flag, number, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

PRICE_BOOKS = Contract(
    name="salesforce_price_books",
    system="salesforce",
    object="Pricebook2",
    says="Price books, and which price list of Intacct each of them shows.",
    key="price_book_id",
    label="name",
    stamp="modified_at",
    optional=True,
    columns=(
        text("price_book_id", "Id", "Salesforce id of the price book", required=True, unique=True),
        text("name", "Name", "Name of the price book", required=True),
        flag("is_standard", "IsStandard", "Whether it is the standard price book", required=True),
        text("price_list", "Intacct_Price_List__c", "Price list in Intacct that the price book shows; none: its own"),
        STAMP,
    ),
)

PRICE_BOOK_ENTRIES = Contract(
    name="salesforce_price_book_entries",
    system="salesforce",
    object="PricebookEntry",
    says="What a product costs in a price book.",
    key="entry_id",
    label="entry_id",
    stamp="modified_at",
    optional=True,
    columns=(
        text("entry_id", "Id", "Salesforce id of the entry", required=True, unique=True),
        text("price_book_id", "Pricebook2Id", "Price book that the entry belongs to", required=True),
        text("product_id", "Product2Id", "Product", required=True),
        text("entry_currency", "CurrencyIsoCode", "Currency, in an organisation with several of them", optional=True),
        number("unit_price", "UnitPrice", "Price of one unit", required=True),
        flag("is_active", "IsActive", "Whether the product is sold from this price book", required=True),
        flag("is_by_standard", "UseStandardPrice", "Whether the price is that of the standard price book"),
        text("price_key", "Intacct_Price_Key__c", "Which price of Intacct the entry shows, written by us", limit=120),
        STAMP,
    ),
)

PRICING = (PRICE_BOOKS, PRICE_BOOK_ENTRIES)

"""Tables of core that say what is sold for how much today."""

from sf_intacct.flow.contracts.contract import Contract, day, flag, instant, number, text, whole

ITEM_PRICES = Contract(
    name="item_prices",
    system="house",
    object="ItemPrice",
    says="Today's price of each item in each price list that a price book shows, for the sale of one unit.",
    key="price_key",
    label="label",
    stamp="modified_at",
    made_of=("intacct_price_lists", "intacct_prices", "salesforce_price_books", "salesforce_price_book_entries"),
    columns=(
        text("price_key", None, "Price book, item and currency", required=True, unique=True),
        text("label", None, "Item, price list and currency, as people call them", required=True),
        text("price_list", None, "Price list in Intacct", required=True),
        text("price_book_id", None, "Price book in Salesforce that shows the list", required=True),
        flag("is_standard", None, "Whether that is the standard price book", required=True),
        text("item_id", None, "Item; none where the price is of a product line"),
        text("product_id", None, "Salesforce product that is the item"),
        text("currency", None, "Currency of the price; none in a company with one currency"),
        number("unit_price", None, "Today's price, where there is one; the least of several", required=True),
        whole("prices_today", None, "How many different prices hold today", required=True),
        flag("is_plain", None, "Whether the price stands as it is, for one item", required=True),
        day("starts_on", None, "First day of today's price"),
        day("ends_on", None, "Last day of today's price"),
        flag("is_in_standard", None, "Whether the product has a standard price in this currency", required=True),
        flag("is_by_standard", None, "Whether Sales lets the entry follow another standard price", required=True),
        instant("modified_at", None, "When what is told here last changed"),
    ),
)

PRICING = (ITEM_PRICES,)

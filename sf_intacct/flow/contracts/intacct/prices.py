"""What Order Entry sells for: price lists and their entries. Neither is known to have a stamp: both are read whole.

The documentation names the fields of a price list. Those of an entry are what two clients in production read;
STATUS is not among them.
"""

from sf_intacct.flow.contracts.contract import Contract, day, number, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STATUS

PRICE_LISTS = Contract(
    name="intacct_price_lists",
    system="intacct",
    object="SOPRICELIST",
    says="Price lists of Order Entry.",
    key="record_number",
    label="name",
    stamp="",
    optional=True,
    columns=(
        RECORD,
        text("name", "NAME", "Name of the price list", required=True, unique=True),
        day("starts_on", "DATEFROM", "First day on which the list counts"),
        day("ends_on", "DATETO", "Last day on which the list counts"),
        STATUS,
    ),
)

PRICES = Contract(
    name="intacct_prices",
    system="intacct",
    object="SOPRICELISTENTRY",
    says="Entries of price lists: what an item costs, from when until when.",
    key="record_number",
    label="item_id",
    stamp="",
    optional=True,
    columns=(
        RECORD,
        text("price_list", "PRICELISTID", "Price list that the entry belongs to", required=True),
        text("item_id", "ITEMID", "Item; none where the price is of a product line"),
        text("product_line", "PRODUCTLINEID", "Product line, in the place of an item"),
        text("currency", "CURRENCY", "Currency of the price; none in a company with one currency"),
        day("starts_on", "DATEFROM", "First day on which the price counts"),
        day("ends_on", "DATETO", "Last day on which the price counts"),
        number("quantity_from", "QTYLIMITMIN", "Least quantity for this price"),
        number("quantity_to", "QTYLIMITMAX", "Greatest quantity for this price; none or 0 is without an end"),
        number("price", "VALUE", "The price, or the figure that Intacct works it out with", required=True),
        text("value_type", "VALUETYPE", "Actual for a price as it stands; else a markup or discount on another price"),
    ),
)

PRICING = (PRICE_LISTS, PRICES)

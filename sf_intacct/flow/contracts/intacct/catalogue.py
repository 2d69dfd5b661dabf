"""What we sell, as the books know it: items."""

from sf_intacct.flow.contracts.contract import Contract, flag, number, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS

ITEMS = Contract(
    name="intacct_items",
    system="intacct",
    object="ITEM",
    says="Items in the books.",
    key="record_number",
    label="item_id",
    stamp="modified_at",
    columns=(
        RECORD,
        text("item_id", "ITEMID", "Item id", required=True, unique=True, limit=30),
        text("name", "NAME", "Name", required=True, limit=100),
        text(
            "item_type",
            "ITEMTYPE",
            "Inventory, Non-Inventory (Sales only), ...",
            choices=(
                "Inventory",
                "Non-Inventory",
                "Non-Inventory (Purchase only)",
                "Non-Inventory (Sales only)",
                "Kit",
                "Stockable Kit",
            ),
        ),
        text("sales_description", "SODESCRIPTION", "Text on sales documents", limit=400),
        text("gl_group", "GLGROUP", "Item GL group: which accounts the item posts to", optional=True, limit=80),
        text("tax_group", "TAXGROUP.NAME", "Item tax group", optional=True, limit=100),
        flag("is_taxable", "TAXABLE", "Whether sales tax is charged", optional=True),
        text("unit_group", "UOMGRP", "Unit of measure group", optional=True, limit=80),
        text("product_line", "PRODUCTLINEID", "Product line", optional=True, limit=80),
        text("extended_description", "EXTENDED_DESCRIPTION", "Long description", optional=True, limit=4000),
        text("upc", "UPC", "Universal product code", optional=True, limit=80),
        number("base_price", "BASEPRICE", "Price where no price list has one", optional=True),
        STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce product the item came from"),
        STAMP,
    ),
)

CATALOGUE = (ITEMS,)

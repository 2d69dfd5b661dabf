"""What we sell, as the books know it: items."""

from sf_intacct.flow.contracts.contract import Contract, text
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
        text("item_type", "ITEMTYPE", "Inventory, Non-Inventory (Sales only), ..."),
        text("sales_description", "SODESCRIPTION", "Text on sales documents"),
        STATUS,
        text("salesforce_id", "SALESFORCE_ID", "Salesforce product the item came from"),
        STAMP,
    ),
)

CATALOGUE = (ITEMS,)

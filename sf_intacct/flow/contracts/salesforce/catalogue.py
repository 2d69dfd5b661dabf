"""What we sell, as Sales keeps it: products."""

from sf_intacct.flow.contracts.contract import Contract, flag, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

PRODUCTS = Contract(
    name="salesforce_products",
    system="salesforce",
    object="Product2",
    says="What we sell.",
    key="product_id",
    label="name",
    stamp="modified_at",
    columns=(
        text("product_id", "Id", "Salesforce id of the product", required=True, unique=True),
        text("name", "Name", "Product name", required=True, limit=255),
        text("product_code", "ProductCode", "Product code; becomes the Intacct item id", required=True, limit=255),
        text("family", "Family", "Product family; decides revenue account and class"),
        text("description", "Description", "Long description"),
        flag("is_active", "IsActive", "Whether the product is sold", required=True),
        text("unit_of_measure", "QuantityUnitOfMeasure", "Unit in which it is sold", optional=True),
        text("stock_keeping_unit", "StockKeepingUnit", "Stock keeping unit", optional=True),
        text("item_type", "Item_Type__c", "Item type as the books name it", optional=True),
        text("gl_group", "Item_GL_Group__c", "Item GL group as the books name it", optional=True),
        text("tax_group", "Item_Tax_Group__c", "Item tax group as the books name it", optional=True),
        text("revenue_template", "Revenue_Template__c", "Revenue template in the books", optional=True),
        flag("is_task", "Project_Task__c", "A project deal that sells it has a task for it", optional=True),
        text("intacct_item_id", "Intacct_Item_Id__c", "Item id in Intacct, written by us", limit=40),
        text("intacct_sync_status", "Intacct_Sync_Status__c", "What became of the record, written by us", limit=255),
        text("intacct_sync_error", "Intacct_Sync_Error__c", "Why it could not cross, written by us"),
        STAMP,
    ),
)

CATALOGUE = (PRODUCTS,)

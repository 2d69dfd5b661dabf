"""Records in Salesforce that stand for what Intacct codes documents with."""

from sf_intacct.flow.contracts.contract import Contract, flag, text
from sf_intacct.flow.contracts.salesforce.columns import STAMP

REFERENCE_RECORDS = Contract(
    name="salesforce_intacct_references",
    system="salesforce",
    object="Intacct_Reference__c",
    says="Our mirror of Intacct's reference records, read back to see that it is still true.",
    key="mirror_id",
    label="name",
    stamp="modified_at",
    optional=True,
    columns=(
        text("mirror_id", "Id", "Salesforce id of the mirror record", required=True, unique=True),
        text("reference_key", "Reference_Key__c", "Object and record number in Intacct", required=True),
        text("name", "Name", "What people call it"),
        text("kind", "Kind__c", "Object in Intacct"),
        text("value_id", "Value_Id__c", "Id with which documents are coded"),
        text("status", "Status__c", "Status in Intacct, or gone"),
        flag("is_active", "Is_Active__c", "Whether documents may be coded with it"),
        STAMP,
    ),
)

REFERENCES = (REFERENCE_RECORDS,)

"""What documents are coded with: terms, accounts, dimensions."""

from sf_intacct.flow.contracts.contract import Contract, flag, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS

TERMS = Contract(
    name="intacct_terms",
    system="intacct",
    object="ARTERM",
    says="Payment terms in the books.",
    key="record_number",
    label="name",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("name", "NAME", "Name of the terms", required=True, unique=True),
        text("description", "DESCRIPTION", "Description"),
        STATUS,
        STAMP,
    ),
)

GL_ACCOUNTS = Contract(
    name="intacct_gl_accounts",
    system="intacct",
    object="GLACCOUNT",
    says="Chart of accounts, with the dimensions each account requires.",
    key="record_number",
    label="account_number",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("account_number", "ACCOUNTNO", "Account number", required=True, unique=True),
        text("title", "TITLE", "Title"),
        text("account_type", "ACCOUNTTYPE", "balancesheet or incomestatement"),
        STATUS,
        flag("requires_department", "REQUIREDEPT", "Lines need a department"),
        flag("requires_location", "REQUIRELOC", "Lines need a location"),
        flag("requires_class", "REQUIRECLASS", "Lines need a class"),
        flag("requires_item", "REQUIREITEM", "Lines need an item"),
        flag("requires_customer", "REQUIRECUSTOMER", "Lines need a customer"),
        flag("requires_project", "REQUIREPROJECT", "Lines need a project", optional=True, read_for=("PROJECTID",)),
        text("control_of", "ALTERNATIVEACCOUNT", "Subledger whose control account it is: None, Receivables account"),
        STAMP,
    ),
)

ACCOUNT_LABELS = Contract(
    name="intacct_account_labels",
    system="intacct",
    object="ARACCOUNTLABEL",
    says="Account labels for companies that use them instead of account numbers.",
    key="record_number",
    label="account_label",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("account_label", "ACCOUNTLABEL", "Label", required=True, unique=True),
        text("description", "DESCRIPTION", "Description"),
        text("account_number", "GLACCOUNTNO", "Account it stands for"),
        STATUS,
        STAMP,
    ),
)

DEPARTMENTS = Contract(
    name="intacct_departments",
    system="intacct",
    object="DEPARTMENT",
    says="Department dimension.",
    key="record_number",
    label="department_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("department_id", "DEPARTMENTID", "Department id", required=True, unique=True),
        text("title", "TITLE", "Title"),
        text("parent_id", "PARENTID", "Parent department"),
        STATUS,
        STAMP,
    ),
)

LOCATIONS = Contract(
    name="intacct_locations",
    system="intacct",
    object="LOCATION",
    says="Location dimension, entities included.",
    key="record_number",
    label="location_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("location_id", "LOCATIONID", "Location id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("parent_id", "PARENTID", "Parent location"),
        STATUS,
        STAMP,
    ),
)

ENTITIES = Contract(
    name="intacct_entities",
    system="intacct",
    object="LOCATIONENTITY",
    says="Legal entities of a multi-entity company; seen at the top level only.",
    key="record_number",
    label="entity_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("entity_id", "LOCATIONID", "Entity id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("currency", "CURRENCY", "Base currency"),
        STATUS,
        STAMP,
    ),
)

CLASSES = Contract(
    name="intacct_classes",
    system="intacct",
    object="CLASS",
    says="Class dimension.",
    key="record_number",
    label="class_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("class_id", "CLASSID", "Class id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("parent_id", "PARENTID", "Parent class"),
        STATUS,
        STAMP,
    ),
)

REFERENCE = (TERMS, GL_ACCOUNTS, ACCOUNT_LABELS, DEPARTMENTS, LOCATIONS, ENTITIES, CLASSES)

"""Registers that few companies code documents with: territories, customer types, periods, tax schedules and groups.

None of them is known to keep a trustworthy stamp: each is read whole, and only where it is used.
"""

from sf_intacct.flow.contracts.contract import Contract, day, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STATUS

TERRITORIES = Contract(
    name="intacct_territories",
    system="intacct",
    object="TERRITORY",
    says="Sales territories.",
    key="record_number",
    label="territory_id",
    stamp="",
    optional=True,
    columns=(
        RECORD,
        text("territory_id", "TERRITORYID", "Territory id", required=True, unique=True),
        text("name", "NAME", "Name"),
        text("parent_id", "PARENTID", "Territory above this one"),
        STATUS,
    ),
)

CUSTOMER_TYPES = Contract(
    name="intacct_customer_types",
    system="intacct",
    object="CUSTTYPE",
    says="Customer types.",
    key="record_number",
    label="name",
    stamp="",
    optional=True,
    columns=(RECORD, text("name", "NAME", "Name of the customer type", required=True, unique=True), STATUS),
)

PERIODS = Contract(
    name="intacct_periods",
    system="intacct",
    object="REPORTINGPERIOD",
    says="Reporting periods. Whether one is open or closed is not among what Intacct tells.",
    key="record_number",
    label="name",
    stamp="",
    optional=True,
    columns=(
        RECORD,
        text("name", "NAME", "Name of the period", required=True, unique=True),
        day("starts_on", "START_DATE", "First day", required=True),
        day("ends_on", "END_DATE", "Last day", required=True),
        STATUS,
    ),
)

TAX_SCHEDULES = Contract(
    name="intacct_tax_schedules",
    system="intacct",
    object="TAXSCHEDULE",
    says="Tax schedules: which tax details a sale is taxed with.",
    key="record_number",
    label="schedule_id",
    stamp="",
    optional=True,
    columns=(
        RECORD,
        text("schedule_id", "SCHEDULEID", "Tax schedule", required=True, unique=True),
        text("description", "DESCRIPTION", "Description"),
        text("tax_type", "TAXTYPE", "Sale or Purchase"),
        STATUS,
    ),
)

CONTACT_TAX_GROUPS = Contract(
    name="intacct_contact_tax_groups",
    system="intacct",
    object="CONTACTTAXGROUP",
    says="Contact tax groups: which customers are taxed alike. They are there or not; no status is known of them.",
    key="record_number",
    label="name",
    stamp="",
    optional=True,
    columns=(RECORD, text("name", "NAME", "Name of the tax group", required=True, unique=True)),
)

REGISTERS = (TERRITORIES, CUSTOMER_TYPES, PERIODS, TAX_SCHEDULES, CONTACT_TAX_GROUPS)

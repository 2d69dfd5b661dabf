"""Which tables of core are reference tables, what people call their records, and what the house makes of them all."""

from dataclasses import dataclass

from sf_intacct.flow.contracts.contract import Contract, instant, text

# Reference table -> the column by which people call a record, beside its id.
REFERENCE_NAMES = {
    "intacct_terms": "description",
    "intacct_departments": "title",
    "intacct_locations": "name",
    "intacct_entities": "name",
    "intacct_classes": "name",
    "intacct_gl_accounts": "title",
    "intacct_account_labels": "description",
    "intacct_territories": "name",
    "intacct_customer_types": "name",
    "intacct_periods": "name",
    "intacct_tax_details": "description",
    "intacct_tax_schedules": "description",
    "intacct_contact_tax_groups": "name",
}

# Field of a document or customer in Intacct -> the reference table that its values are ids of.
REFERS = {
    "TERMNAME": "intacct_terms",
    "DEPARTMENTID": "intacct_departments",
    "LOCATIONID": "intacct_locations",
    "CLASSID": "intacct_classes",
    "ACCOUNTNO": "intacct_gl_accounts",
    "ACCOUNTLABEL": "intacct_account_labels",
    "TERRITORYID": "intacct_territories",
    "CUSTTYPE": "intacct_customer_types",
}


@dataclass(frozen=True)
class Register:
    """One reference table: its contract, and the column by which people call its records."""

    contract: Contract
    title: str


REFERENCE_VALUES = Contract(
    name="reference_values",
    system="house",
    object="ReferenceValue",
    says="Every record of every reference table that is read: its id, what it is called and was called, its status.",
    key="reference_key",
    label="reference_key",
    stamp="modified_at",
    columns=(
        text("reference_key", None, "Object and record number", required=True, unique=True),
        text("table_name", None, "Reference table of core", required=True),
        text("object", None, "Object in Intacct", required=True),
        text("record_number", None, "Record number in Intacct", required=True),
        text("value_id", None, "Id with which documents are coded", required=True),
        text("title", None, "What people call it"),
        text("status", None, "active, inactive, another status of Intacct's, or gone", required=True),
        text("former_ids", None, "Ids that it had before, one a line"),
        text("former_titles", None, "What it was called before, one a line"),
        instant("modified_at", None, "When what is told here last changed"),
    ),
)

"""What taxes are worked out with: the rates of the tax solutions that a company has."""

from sf_intacct.flow.contracts.contract import Contract, number, text
from sf_intacct.flow.contracts.intacct.columns import RECORD, STAMP, STATUS

TAX_DETAILS = Contract(
    name="intacct_tax_details",
    system="intacct",
    object="TAXDETAIL",
    says="Tax details: one rate of a tax solution each, which the lines of documents name.",
    key="record_number",
    label="detail_id",
    stamp="modified_at",
    optional=True,
    columns=(
        RECORD,
        text("detail_id", "DETAILID", "Tax detail", required=True, unique=True, limit=100),
        text("description", "DESCRIPTION", "Description"),
        text("tax_type", "TAXTYPE", "Sale or Purchase"),
        number("percent", "VALUE", "Rate in percent of the net amount"),
        text("tax_solution", "TAXSOLUTIONID", "Tax solution the rate belongs to"),
        STATUS,
        STAMP,
    ),
)

TAXES = (TAX_DETAILS,)

"""The date through which the books are closed, as Intacct's function get_closedbooksdate answers it.

It stands in the schema v2.1 (an empty element; the answer is a legacy date), and in no current page: one date for the
company, without entity or ledger. Read only where company.yaml says so.
"""

from sf_intacct.flow.contracts.contract import Contract, day, text

CLOSED_BOOKS = Contract(
    name="intacct_closed_books",
    system="intacct",
    object="get_closedbooksdate",
    says="The date through which Intacct says that the books of the company are closed.",
    key="company",
    label="company",
    stamp="",
    optional=True,
    by_function=True,
    columns=(
        text("company", "company", "The company", required=True, unique=True),
        day("last_closed_on", "closedbooksdate", "Last day that is closed; empty: nothing is"),
    ),
)

CLOSING = (CLOSED_BOOKS,)

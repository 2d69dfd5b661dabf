"""What a cause is; and the causes of one subject that are many: taxes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One kind of reason. {subject} and {seen} are filled in; who is the one who can mend it."""

    words: str
    remedy: str
    who: str


TAXES: dict[str, Cause] = {
    "tax_detail_missing": Cause(
        "A line has no tax detail, and the customer is not exempt.",
        "Say the tax code on the line or its product, or complete the mapping.",
        "operations",
    ),
    "tax_not_of_sales": Cause(
        "The tax detail {subject} is for purchases.", "Name one for sales in {column}.", "operations"
    ),
    "tax_of_another_solution": Cause(
        "The tax detail {subject} belongs to another tax solution: {seen}.",
        "Correct the crosswalk, or the rule that chooses the tax solution.",
        "operations",
    ),
    "taxed_though_exempt": Cause(
        "The customer is exempt from tax, and {subject} has a rate of {seen}.",
        "Give the line an exempt tax code, or take the exemption off the account.",
        "finance",
    ),
    "tax_off_rate": Cause(
        "The tax of a line is not what {subject} gives: {seen}.", "Correct the tax in Salesforce.", "sales"
    ),
    "tax_details_refused": Cause(
        "Intacct misses tax details, or they do not belong to the tax solution.",
        "Compare the tax details in the crosswalk with the tax solution of the entity in Intacct.",
        "finance",
    ),
}

"""What a cause is: its words, its class, who mends it where, and what makes its records go again."""

from dataclasses import dataclass
from enum import StrEnum


class Class(StrEnum):
    """What kind of thing has to change."""

    DATA = "data"  # a value on a record
    REFERENCE = "reference"  # something that it names: missing, inactive, or not across yet
    MAPPING = "mapping"  # a mapping file or a crosswalk
    SETUP = "setup"  # permissions, periods, rules or settings of one of the two systems
    DECISION = "decision"  # nothing by itself: a person decides
    TRANSIENT = "transient"  # nothing: it passes
    UNKNOWN = "unknown"  # nobody has recognised these words yet


class Again(StrEnum):
    """What makes the records of a cause go again."""

    ITSELF = "itself"  # time: tried again, each time after a longer pause
    MOVED = "moved"  # what has to change is read: the records go at the next sync after it changed
    PROBED = "probed"  # nothing that can be read tells: one record is tried from time to time, the others follow it
    TOLD = "told"  # a person says so


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

"""What company.yaml may say: what is the same in every mapping of one company."""

from pydantic import Field

from sf_intacct.flow.mapping import Constant
from sf_intacct.flow.mapping_base import Strict
from sf_intacct.flow.mapping_brakes import Brakes
from sf_intacct.flow.mapping_preflight import Periods, Preflight


class Lookup(Strict):
    """A crosswalk: what Sales calls it, what the books call it, and where the books list it."""

    says: str = Field(description="What is looked up, as people call it: `Department 'X' has no counterpart`")
    crosswalk: str = Field(description="CSV file beside this one, with columns salesforce and intacct")
    table: str | None = Field(
        None, alias="in", description="Reference table of core that must list the value as active"
    )


class Company(Strict):
    """What is the same in every mapping of one company: lookups and constants."""

    constants: dict[str, Constant] = Field(default_factory=dict, description="Read as company.<name> in expressions")
    reference: tuple[str, ...] = Field(
        (), description="Reference tables of core that are read although no mapping names them"
    )
    lookups: dict[str, Lookup] = Field(default_factory=dict, description="Crosswalks, by the name that mappings use")
    periods: Periods = Field(default_factory=Periods, description="Which periods are closed")
    brakes: Brakes = Field(default_factory=Brakes, description="Which plans wait for a person to approve them")
    preflight: Preflight = Field(
        default_factory=Preflight, description="What becomes of documents that Intacct would refuse, rule by rule"
    )

"""Every table of core. A new object is one contract here."""

from sf_intacct.flow.contracts.contract import Column, Contract
from sf_intacct.flow.contracts.derived import DERIVED
from sf_intacct.flow.contracts.intacct import INTACCT
from sf_intacct.flow.contracts.salesforce import SALESFORCE

# What is read from the two systems, and everything that a mapping may start from.
OBSERVED: dict[str, Contract] = {contract.name: contract for contract in (*SALESFORCE, *INTACCT)}
CONTRACTS: dict[str, Contract] = {**OBSERVED, **{contract.name: contract for contract in DERIVED}}


def target_contract(target: str) -> Contract | None:
    """The contract under which records of `system.Object` are read back; None if there is none."""
    system, _, name = target.partition(".")
    return next((c for c in OBSERVED.values() if c.system == system and c.object == name), None)


__all__ = [
    "CONTRACTS",
    "DERIVED",
    "INTACCT",
    "OBSERVED",
    "SALESFORCE",
    "Column",
    "Contract",
    "target_contract",
]

"""Every table of core. A new object is one contract here."""

from sf_intacct.flow.contracts.contract import Column, Contract
from sf_intacct.flow.contracts.derived import DERIVED
from sf_intacct.flow.contracts.intacct import INTACCT as _INTACCT
from sf_intacct.flow.contracts.own import OWN_FIELDS, with_own_fields
from sf_intacct.flow.contracts.salesforce import SALESFORCE as _SALESFORCE

INTACCT = tuple(with_own_fields(contract) for contract in _INTACCT)
SALESFORCE = tuple(with_own_fields(contract) for contract in _SALESFORCE)

# What is read from the two systems, and everything that a mapping may start from.
OBSERVED: dict[str, Contract] = {contract.name: contract for contract in (*SALESFORCE, *INTACCT)}
CONTRACTS: dict[str, Contract] = {**OBSERVED, **{contract.name: contract for contract in DERIVED}}

_LOST = sorted({table for field in OWN_FIELDS for table in field.on} - OBSERVED.keys())
if _LOST:
    raise ValueError(f"flow/contracts/own.py: there is no table {', '.join(_LOST)} that is read")


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

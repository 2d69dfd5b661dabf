"""Every table of core. A new object is one contract here."""

from sf_intacct.flow.contracts.contract import MONEY, Column, Contract
from sf_intacct.flow.contracts.derived import DERIVED
from sf_intacct.flow.contracts.dimensions import DIMENSIONS, OWN_DIMENSIONS
from sf_intacct.flow.contracts.intacct import INTACCT as _INTACCT
from sf_intacct.flow.contracts.own import OWN_FIELDS, with_own_fields
from sf_intacct.flow.contracts.registered import REFERENCE_NAMES, Register
from sf_intacct.flow.contracts.salesforce import SALESFORCE as _SALESFORCE

INTACCT = tuple(with_own_fields(contract) for contract in (*_INTACCT, *DIMENSIONS))
SALESFORCE = tuple(with_own_fields(contract) for contract in _SALESFORCE)

# What is read from the two systems, and everything that a mapping may start from.
OBSERVED: dict[str, Contract] = {contract.name: contract for contract in (*SALESFORCE, *INTACCT)}
CONTRACTS: dict[str, Contract] = {**OBSERVED, **{contract.name: contract for contract in DERIVED}}

# The reference tables, by name; user-defined dimensions among them.
REFERENCE: dict[str, Register] = {
    name: Register(OBSERVED[name], title)
    for name, title in {
        **REFERENCE_NAMES,
        **dict.fromkeys((f"intacct_{dimension.plural}" for dimension in OWN_DIMENSIONS), "title"),
    }.items()
    if name in OBSERVED
}

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
    "MONEY",
    "OBSERVED",
    "REFERENCE",
    "SALESFORCE",
    "Column",
    "Contract",
    "Register",
    "target_contract",
]

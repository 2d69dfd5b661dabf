"""The company's own fields: custom fields of Salesforce, custom fields and user-defined dimensions of Intacct.

One line adds a field on every object that has it; docs/how-to/add-a-field.md walks through it. A field is read only
where a mapping uses it, and need not be there otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sf_intacct.flow.contracts.contract import Column, Contract
from sf_intacct.model.system import Kind


@dataclass(frozen=True)
class OwnField:
    """A field of the company's own. name: its column in core; says: what it means; on: table of core -> the name that
    the system itself gives to the field; limit: how many characters it takes, for a text."""

    name: str
    says: str
    on: Mapping[str, str]
    kind: Kind = Kind.TEXT
    limit: int | None = None


OWN_FIELDS: tuple[OwnField, ...] = (
    # OwnField("channel", "Sales channel", {"salesforce_order_items": "Channel__c", ...}),
)


def with_own_fields(contract: Contract, fields: tuple[OwnField, ...] = OWN_FIELDS) -> Contract:
    """The contract with the company's own fields of its table, before the stamp that every contract ends with."""
    own = tuple(
        Column(field.name, field.on[contract.name], field.says, field.kind, limit=field.limit, optional=True)
        for field in fields
        if contract.name in field.on
    )
    taken = {column.name for column in contract.columns} & {column.name for column in own}
    if taken:
        raise ValueError(
            f"{contract.name} has a column {', '.join(sorted(taken))} already: give your field another name"
        )
    return replace(contract, columns=(*contract.columns[:-1], *own, contract.columns[-1])) if own else contract

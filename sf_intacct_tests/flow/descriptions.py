"""Both systems as they would describe themselves if they were exactly what the contracts say."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.model.described import Described, DescribedField, DescribedObject, DescribedSystem

READ_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
Objects = dict[str, dict[str, DescribedField]]


def as_promised() -> dict[str, Objects]:
    """system -> object -> fields, each of the kind that its contract says and no more."""
    systems: dict[str, Objects] = {"salesforce": {}, "intacct": {}}
    for contract in OBSERVED.values():
        fields = systems[contract.system].setdefault(contract.object, {})
        for name, column in contract.by_source.items():
            fields[name] = DescribedField(name, column.kind.value, frozenset({column.kind}), is_key=True)
    return systems


def described(systems: dict[str, Objects] | None = None) -> Described:
    told = as_promised() if systems is None else systems
    return Described(
        {
            system: DescribedSystem(READ_AT, {name: DescribedObject(name, fields) for name, fields in objects.items()})
            for system, objects in told.items()
        }
    )


def but(system: str, name: str, field: str, **changed: Any) -> Described:
    """As promised, but for one field: changed, or made where there was none."""
    systems = as_promised()
    fields = systems[system][name]
    fields[field] = replace(fields.get(field, DescribedField(field, "text")), **changed)
    return described(systems)


def without(system: str, name: str, field: str, instead: str = "") -> Described:
    """As promised, but a field is not there, or has another name."""
    systems = as_promised()
    gone = systems[system][name].pop(field)
    if instead:
        systems[system][name][instead] = replace(gone, name=instead)
    return described(systems)

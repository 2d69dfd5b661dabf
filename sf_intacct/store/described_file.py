"""The systems' descriptions of themselves, kept as one file in the home, so that a plan costs no call to know them."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from sf_intacct.errors import FixNeeded
from sf_intacct.model.described import Described, DescribedField, DescribedObject, DescribedSystem
from sf_intacct.model.system import Kind

NAME = "described.json"
_PLAIN = {field.name: field.default for field in fields(DescribedField)}


def read_described(home: Path) -> Described:
    """What was kept; nothing where nothing was. Raises FixNeeded for a file that is not ours to read."""
    file = home / NAME
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Described({name: _system(one) for name, one in told.items()})
    except FileNotFoundError:
        return Described()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "delete the file; `sf-intacct mappings check --live` writes a new one"
        raise FixNeeded("reading what the systems said", record=str(file), seen=repr(error), remedy=remedy) from error


def write_described(home: Path, described: Described) -> None:
    """Keeps descriptions, whole or not at all."""
    told = {name: _told(one) for name, one in sorted(described.systems.items())}
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = home / f"{NAME}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    os.replace(new, home / NAME)


def _told(system: DescribedSystem) -> dict[str, Any]:
    objects = {name: _object_told(one) for name, one in sorted(system.objects.items())}
    return {"read_at": system.read_at.isoformat(), "objects": objects}


def _object_told(one: DescribedObject | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"ways": dict(one.ways), "fields": [_field_told(field) for field in one.fields.values()]}


def _field_told(field: DescribedField) -> dict[str, Any]:
    """What is not as it mostly is: the file stays one that people can read."""
    told = asdict(field) | {"kinds": sorted(field.kinds)}
    return {name: value for name, value in told.items() if name in ("name", "type", "kinds") or value != _PLAIN[name]}


def _system(told: Mapping[str, Any]) -> DescribedSystem:
    objects = {name: _object(name, one) for name, one in told["objects"].items()}
    return DescribedSystem(datetime.fromisoformat(told["read_at"]), objects)


def _object(name: str, told: Mapping[str, Any] | None) -> DescribedObject | None:
    if told is None:
        return None
    found = [_field(one) for one in told["fields"]]
    return DescribedObject(name, {field.name: field for field in found}, told["ways"])


def _field(told: Mapping[str, Any]) -> DescribedField:
    kinds = frozenset(Kind(kind) for kind in told["kinds"])
    return DescribedField(**{**told, "kinds": kinds, "values": tuple(told.get("values", ()))})

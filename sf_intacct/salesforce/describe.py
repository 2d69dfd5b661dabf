"""What Salesforce says of an object: its `describe`, of which fields that our user may not see are simply absent."""

from typing import Any

from sf_intacct.model.described import (
    DATES,
    FLAGS,
    FRACTIONS,
    INSTANTS,
    NUMBERS,
    TEXTS,
    DescribedField,
    DescribedObject,
)
from sf_intacct.model.system import Kind

_NUMBERS = ("currency", "double", "percent")
_KINDS: dict[str, frozenset[Kind]] = {
    "boolean": FLAGS,
    "int": NUMBERS,
    "long": NUMBERS,
    "date": DATES,
    "datetime": INSTANTS,
    "time": frozenset(),
    "address": frozenset(),
    "location": frozenset(),
    "base64": frozenset(),
    "complexvalue": frozenset(),
}


def described(answer: dict[str, Any]) -> DescribedObject:
    """The object from the answer to `describe`."""
    fields = [_field(one) for one in answer["fields"]]
    ways = {
        one["relationshipName"]: one["referenceTo"][0]
        for one in answer["fields"]
        if one.get("relationshipName") and len(one.get("referenceTo") or ()) > 0
    }
    return DescribedObject(answer["name"], {one.name: one for one in fields}, ways)


def _field(told: dict[str, Any]) -> DescribedField:
    type_, scale = told["type"], int(told.get("scale") or 0)
    creatable = bool(told["createable"])
    kinds = _KINDS.get(type_, TEXTS)
    if type_ in _NUMBERS:
        kinds = FRACTIONS if scale else NUMBERS
    return DescribedField(
        told["name"],
        type_,
        kinds,
        required=creatable and not told["nillable"] and not told["defaultedOnCreate"],
        creatable=creatable,
        updatable=bool(told["updateable"]),
        is_key=bool(told.get("externalId") or told.get("idLookup")),
        length=int(told.get("length") or 0) or None if kinds is TEXTS else None,
        decimals=scale if type_ in _NUMBERS else None,
        values=_values(told),
    )


def _values(told: dict[str, Any]) -> tuple[str, ...]:
    """The choices of a restricted list; another list takes whatever the API sends, and several at once are no list."""
    if not told.get("restrictedPicklist") or told["type"] != "picklist":
        return ()
    return tuple(one["value"] for one in told.get("picklistValues") or () if one.get("active", True))

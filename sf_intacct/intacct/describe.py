"""What Intacct says of an object: `lookup` tells types, choices and relations, `inspect` how long a text may be.

Both list fields that our user may not read. Neither tells decimals, nor which characters a field takes.
"""

from sf_intacct.intacct.xml import Element, child, element, fragment, text_of
from sf_intacct.model.described import (
    ANY,
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

# DATATYPE of lookup. Numbers that say INTEGER have been seen with decimals.
_KINDS = {
    "TEXT": TEXTS,
    "ENUM": TEXTS,
    "INTEGER": NUMBERS,
    "SEQUENCE": NUMBERS,
    "DECIMAL": FRACTIONS,
    "CURRENCY": FRACTIONS,
    "PERCENT": FRACTIONS,
    "BOOLEAN": FLAGS,
    "DATE": DATES,
    "TIMESTAMP": INSTANTS,
}
_FLAGS = {"true", "false"}


def lookup(name: str, definition: str = "") -> str:
    """Asks for an object's fields; those of Order Entry show their custom fields under a transaction definition."""
    function = element("lookup")
    child(function, "object", name)
    if definition:
        child(function, "docparid", definition)
    return fragment(function)


def inspect(name: str) -> str:
    function = element("inspect", detail="1")
    child(function, "object", name)
    return fragment(function)


def described(name: str, looked_up: Element | None, inspected: Element | None) -> DescribedObject:
    """The object from the answers to `lookup` and `inspect`; a field of either alone counts with what it says."""
    lengths = _lengths(inspected)
    fields = [] if looked_up is None else [_field(node, lengths) for node in looked_up.iter("Field")]
    ways = [] if looked_up is None else list(looked_up.iter("Relationship"))
    return DescribedObject(
        name,
        {one.name: one for one in fields if one.name},
        {text_of(node, "OBJECTPATH"): text_of(node, "OBJECTNAME") for node in ways},
    )


def _lengths(inspected: Element | None) -> dict[str, int]:
    nodes = [] if inspected is None else list(inspected.iter("Field"))
    told = {text_of(node, "Name"): text_of(node, "maxLength") for node in nodes}
    return {name: int(length) for name, length in told.items() if length.isdigit() and int(length)}


def _field(node: Element, lengths: dict[str, int]) -> DescribedField:
    name, type_ = text_of(node, "ID"), text_of(node, "DATATYPE").upper()
    values = tuple(value.text or "" for value in node.iter("VALIDVALUE"))
    kinds = _KINDS.get(type_, ANY)
    is_open = text_of(node, "READONLY") != "true"
    return DescribedField(
        name,
        type_,
        kinds | {Kind.FLAG} if values and set(values) <= _FLAGS else kinds,
        required=text_of(node, "REQUIRED") == "true",
        creatable=is_open,
        updatable=is_open,
        length=lengths.get(name) if kinds is TEXTS else None,
        values=() if Kind.FLAG in kinds else values,
    )

"""From elements to the plain values that the books take: upper-case names, blocks as mappings."""

from typing import Any

from lxml import etree


def values(element: etree._Element) -> dict[str, Any]:
    """The children of `element` by upper-case tag; a repeated tag becomes a list.

    Any case is accepted, as the real system does on generic functions. A child with children is a mapping,
    anything else its text; an empty one is an empty text.
    """
    found: dict[str, Any] = {}
    for child in element:
        name = str(child.tag).upper()
        value = values(child) if len(child) else (child.text or "")
        if name in found:
            earlier = found[name]
            found[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            found[name] = value
    return found


def as_list(value: Any) -> list[Any]:
    """A block that may be repeated, once, or absent."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]

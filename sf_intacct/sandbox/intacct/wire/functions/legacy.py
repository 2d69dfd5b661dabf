"""What the older, object-specific functions have in common: lower-case names in a fixed order."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.wire import plain
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.response import Outcome


def texts(element: etree._Element, names: Mapping[str, str]) -> dict[str, Any]:
    """The children of `element` by the field id that `names` gives them; the rest is passed over.

    Dates come in parts and leave as `mm/dd/yyyy`; contacts are mappings; custom fields stand under their names.
    """
    found: dict[str, Any] = {}
    for child in element:
        tag = str(child.tag)
        if tag == "customfields":
            found |= _custom_fields(child)
        elif tag in names:
            found[names[tag]] = _value(child)
    return found


def _value(element: etree._Element) -> Any:
    if element.find("year") is not None:
        return day(element)
    if len(element) == 0:
        return element.text or ""
    inner = element.find("contact")
    return plain.values(inner if inner is not None else element)


def day(element: etree._Element | None) -> str:
    """`year`, `month` and `day` as `mm/dd/yyyy`; whether that is a date is for the books to say."""
    if element is None:
        return ""
    year, month, number = ((element.findtext(part) or "").strip() for part in ("year", "month", "day"))
    return f"{month}/{number}/{year}" if year or month or number else ""


def _custom_fields(element: etree._Element) -> dict[str, str]:
    """Names of custom fields are case sensitive here, unlike everywhere else."""
    return {
        (one.findtext("customfieldname") or ""): one.findtext("customfieldvalue") or ""
        for one in element.iterfind("customfield")
    }


def key(element: etree._Element, name: str = "key") -> int:
    """The record number in an attribute or a child. Raises Rejection if it is no number."""
    text = (element.get(name) or element.findtext(name) or "").strip()
    if element.get("externalkey", "false") == "true":
        raise Rejection([problems.not_imitated("Addressing a record by its external id")])
    if not text.isdecimal():
        raise Rejection([problems.no_such_record("Record", text)])
    return int(text)


def keyed(desk: Desk, number: object) -> Outcome:
    """The answer of a legacy write: the record number alone, directly in the result."""
    return Outcome(payload=[desk.markup.text("key", number)])

"""Salesforce record ids in their one comparable form: 18 characters."""

import re

_FIFTEEN = re.compile(r"[A-Za-z0-9]{15}")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def to_18(identifier: str) -> str:
    """The 18-character form of a Salesforce id given in either form.

    The last three characters say which of the first fifteen are upper case, so that ids which differ
    only in case still differ when case is lost. Raises ValueError for anything that is not an id, and
    for an 18-character id whose suffix does not fit.
    """
    head, suffix = identifier[:15], identifier[15:]
    if not _FIFTEEN.fullmatch(head) or len(suffix) not in (0, 3):
        raise ValueError(f"not a Salesforce id: {identifier!r}")
    expected = "".join(_suffix_of(head[start : start + 5]) for start in (0, 5, 10))
    if suffix and suffix.upper() != expected:
        raise ValueError(f"not a Salesforce id (its last three characters do not fit): {identifier!r}")
    return head + expected


def _suffix_of(five: str) -> str:
    return _SUFFIX[sum(1 << place for place, letter in enumerate(five) if "A" <= letter <= "Z")]

"""Record ids: 15 case-sensitive characters, and the 18-character form with its checksum."""

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
INSTANCE = "Sx"  # characters 4 and 5 name the server instance; any constant will do
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_CASE = str.maketrans({char: "1" if char.isupper() else "0" for char in ALPHABET})
_CHECKS = {f"{number:05b}"[::-1]: char for number, char in enumerate(CHECKSUM_ALPHABET)}


def checksum(short: str) -> str:
    """The three characters that tell which of the 15 are upper-case letters, five by five."""
    case = short.translate(_CASE)
    return _CHECKS[case[:5]] + _CHECKS[case[5:10]] + _CHECKS[case[10:15]]


def mint(prefix: str, number: int) -> str:
    """The 18-character id of the `number`-th record under a key prefix; ids sort in order of birth."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    short = f"{prefix}{INSTANCE}0{digits:0>9}"
    return short + checksum(short)


def normalise(text: str) -> str | None:
    """The 18-character form of a 15- or 18-character id, or None if it is not one.

    The 18-character form survives a loss of case: the checksum says what was upper case.
    """
    if not _SHAPE.fullmatch(text):
        return None
    if len(text) == 15:
        return text + checksum(text)
    short = _restore_case(text)
    return short + checksum(short) if short else None


def _restore_case(text: str) -> str | None:
    if checksum(text[:15]) == text[15:]:
        return text[:15]
    restored = ""
    for place, char in enumerate(text[:15]):
        bits = CHECKSUM_ALPHABET.find(text[15 + place // 5].upper())
        if bits < 0:
            return None
        upper = bits >> (place % 5) & 1
        if upper and not char.isalpha():
            return None
        restored += char.upper() if upper else char.lower()
    return restored

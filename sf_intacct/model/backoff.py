"""How long to wait before something is tried again: longer each time, and not everything at the same moment."""

import hashlib
from datetime import timedelta

_PARTS = 1024


def backoff(key: str, attempt: int, first: timedelta, longest: timedelta) -> timedelta:
    """The pause after an attempt (from 1): doubled each time, at most `longest`, between half of it and the whole.

    Where in that half follows from the key and the attempt, so that the same story runs the same way again.
    """
    doubled: timedelta = min(first * 2 ** min(max(attempt, 1) - 1, 32), longest)
    digest = hashlib.sha256(f"{key}\0{attempt}".encode()).digest()
    share = _PARTS // 2 + int.from_bytes(digest[:2]) % (_PARTS // 2 + 1)
    return doubled * share // _PARTS

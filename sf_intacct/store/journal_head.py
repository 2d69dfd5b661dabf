"""The journal's head in a second place: a small file beside, written after each batch, before its bytes leave.

SQLite drops the damaged tail of its log without a word, and a backup that is put back says nothing either. A
journal that is older than this file has lost something.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import filelock

from sf_intacct.errors import TryLater
from sf_intacct.store.journal_chain import NOTHING, Tip

_LOCK_SECONDS = 10


@dataclass(frozen=True)
class Head:
    """How far a journal had come: its newest receipt, its newest change, and when.

    walked: the newest receipt when the whole chain was last followed from its beginning, and when that was.
    """

    tip: Tip
    change: int
    at: datetime
    walked: Tip = NOTHING
    walked_at: datetime | None = None


def read(file: Path) -> Head | None:
    """What the file says; None when there is none. Raises ValueError for what is no head."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        return None
    try:
        told = json.loads(text)
        walked_at = told["walked_at"]
        return Head(
            Tip(**told["tip"]),
            int(told["change"]),
            datetime.fromisoformat(told["at"]),
            Tip(**told["walked"]),
            datetime.fromisoformat(walked_at) if walked_at else None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{file} says no head") from error


def keep(file: Path, head: Head) -> None:
    """Writes the head down durably, unless a later one is there. Of two that were walked, the one given now counts.

    Raises TryLater when the disk does not take it: nothing may be sent then.
    """
    with _alone(file):
        known = _readable(file) or head
        newest = known if known.change > head.change else head
        walked = head if head.walked_at else known
        newest = replace(newest, walked=walked.walked, walked_at=walked.walked_at)
        if newest != known or known is head:
            _write(file, newest)


def put(file: Path, head: Head) -> None:
    """Writes the head down durably, whatever was there: somebody has looked at what was there, and said so."""
    with _alone(file):
        _write(file, head)


def _readable(file: Path) -> Head | None:
    try:
        return read(file)
    except ValueError:
        return None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with filelock.FileLock(f"{file}.lock", timeout=_LOCK_SECONDS, mode=0o600):
            yield
    except (OSError, filelock.Timeout) as error:
        remedy = "make room, or set SF_INTACCT_HOME to a folder that can be written; nothing is sent until then"
        raise TryLater("keeping the journal's head", record=str(file), seen=str(error), remedy=remedy) from error


def _write(file: Path, head: Head) -> None:
    """Beside, synced, renamed, and the folder synced: after a power cut there is the old head or the new one."""
    told = {**asdict(head), "at": head.at.isoformat(), "walked_at": head.walked_at and head.walked_at.isoformat()}
    fresh = file.with_name(f"{file.name}.new")
    with open(fresh, "w", opener=_for_us_alone) as written:
        written.write(json.dumps(told))
        written.flush()
        os.fsync(written.fileno())
    os.replace(fresh, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

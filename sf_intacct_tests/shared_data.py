"""Finds the real data and recorded samples that live beside a checkout; a test without them is skipped."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SF_INTACCT_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(path: str) -> Path:
    """The file or folder `path` of the shared data; skips the calling test when it is not there."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"the shared data is not here: {found} (set SF_INTACCT_SHARED)")
    return found

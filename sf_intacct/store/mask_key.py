"""The key of all masks of this home: made once, kept beside the stores, never exported."""

import os
import secrets
from pathlib import Path

from sf_intacct.errors import SettingsError

NAME, BYTES = "mask.key", 32


def mask_key(home: Path) -> bytes:
    """The key; the same record has the same masks in every bundle of this home. Raises SettingsError."""
    file = home / NAME
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
                made.write(secrets.token_bytes(BYTES))
        except FileExistsError:
            pass  # another export, or an earlier one, has made it
        key = file.read_bytes()
    except OSError as error:
        remedy = "set SF_INTACCT_HOME to a folder that can be written"
        raise SettingsError("reading the key of the masks", record=str(file), seen=str(error), remedy=remedy) from error
    if len(key) != BYTES:
        remedy = "delete the file: a new key is made, and masks differ from those of earlier bundles"
        raise SettingsError("reading the key of the masks", record=str(file), seen=f"{len(key)} bytes", remedy=remedy)
    return key

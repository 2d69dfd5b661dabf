"""On what kind of file system a folder lies: on a network, locks and syncs are promises that nobody keeps."""

import re
from pathlib import Path

from sf_intacct.errors import SettingsError

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    (
        "9p",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.ceph",
        "fuse.davfs",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.goofys",
        "fuse.gvfsd-fuse",
        "fuse.juicefs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb3",
        "smbfs",
    )
)


def require_local(folder: Path, mounts: Path = _MOUNTS) -> None:
    """Raises SettingsError for a folder on a network file system, where this machine tells of what kind it is."""
    try:
        text = mounts.read_text()
    except OSError:
        return
    kind = kind_of(folder.resolve(), text)
    if kind in _NETWORK:
        raise SettingsError(
            "opening the journal",
            record=str(folder),
            seen=f"a network file system ({kind}), whose locks and syncs cannot be trusted",
            remedy="set SF_INTACCT_HOME to a folder on a local disk, or SF_INTACCT_JOURNAL_URL to a PostgreSQL",
        )


def kind_of(folder: Path, mounts: str) -> str:
    """The kind of file system that a folder lies on, by the machine's mounts (proc(5), mountinfo); or empty."""
    found, deepest = "", -1
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        place = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), fields.split()[4]))
        # Of several mounts on one place the last one counts.
        if (folder == place or place in folder.parents) and len(place.parts) >= deepest:
            found, deepest = rest.split()[0], len(place.parts)
    return found

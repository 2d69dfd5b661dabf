"""The journal is opened on a local disk only, as far as the machine tells (failure modes, F15)."""

from pathlib import Path

import pytest

from sf_intacct.errors import SettingsError
from sf_intacct.store.filesystems import kind_of, require_local
from sf_intacct.store.journal import Journal

MOUNTS = r"""
22 1 0:20 / / rw,relatime - ext4 /dev/vda1 rw
30 22 0:35 / /srv rw shared:1 - xfs /dev/vdb rw
31 30 0:36 / /srv/shared rw shared:2 - nfs4 files:/shared rw,vers=4.2
32 22 0:37 / /mnt/two\040words rw - cifs //files/share rw
33 30 0:38 / /srv/again rw - nfs files:/x rw
34 30 0:39 / /srv/again rw - ext4 /dev/vdc rw
""".strip()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/us", "ext4"),
        ("/srv", "xfs"),
        ("/srv/sharedness", "xfs"),
        ("/srv/shared", "nfs4"),
        ("/srv/shared/sync/home", "nfs4"),
        ("/mnt/two words/home", "cifs"),
        ("/srv/again/home", "ext4"),
    ],
)
def test_a_folder_lies_on_the_deepest_and_newest_mount_above_it(folder: str, kind: str) -> None:
    assert kind_of(Path(folder), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "ceph"])
@pytest.mark.answers("F15")
def test_a_journal_on_a_network_is_refused_and_told_where_else_it_may_lie(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"22 1 0:20 / / rw - ext4 /dev/vda1 rw\n30 22 0:35 / {tmp_path} rw - {kind} there rw\n")
    with pytest.raises(SettingsError, match=rf"a network file system \({kind}\).*SF_INTACCT_HOME") as caught:
        require_local(tmp_path / "home", mounts)
    assert caught.value.record == str(tmp_path / "home")


def test_a_machine_that_does_not_tell_is_believed(tmp_path: Path) -> None:
    require_local(tmp_path, tmp_path / "nothing")


@pytest.mark.answers("F15")
def test_the_journal_asks_before_it_makes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def network(folder: Path) -> None:
        raise SettingsError("opening the journal", record=str(folder), seen="a network file system (nfs)")

    monkeypatch.setattr("sf_intacct.store.filesystems.require_local", network)
    with pytest.raises(SettingsError, match="nfs"):
        Journal(f"sqlite:///{tmp_path}/home/journal.sqlite")
    assert not (tmp_path / "home").exists()

"""Mapping files as they were at a revision of git: what a change is compared with."""

import subprocess
from pathlib import Path

from sf_intacct.errors import MappingError
from sf_intacct.store.mapping_files import is_mapping_file


def texts_at(folder: Path, revision: str) -> dict[str, str]:
    """The mapping files of `folder` at a revision, by their names in the folder. Raises MappingError."""
    if not folder.is_dir():
        raise MappingError("reading the mappings", seen=f"no folder {folder}", remedy="set SF_INTACCT_MAPPINGS")
    # A revision is no option, whatever it looks like.
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    names = _git(folder, "ls-tree", "-r", "-z", "--name-only", commit, "--", ".").split("\0")
    texts = {name: _git(folder, "show", f"{commit}:./{name}") for name in names if is_mapping_file(name)}
    if not texts:
        raise MappingError("reading the mappings", record=f"{folder} at {revision}", seen="no mapping file")
    return texts


def _git(folder: Path, *words: str) -> str:
    doing = f"asking git for the mappings in {folder}"
    try:
        answer = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=True)  # noqa: S603, S607
        return answer.stdout.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise MappingError(doing, seen="there is no git on this machine", remedy="install git") from error
    except UnicodeDecodeError as error:
        raise MappingError(doing, record=words[-1], seen=str(error), remedy="save it as UTF-8") from error
    except subprocess.CalledProcessError as error:
        seen = error.stderr.decode(errors="replace").strip() or "no such revision"
        raise MappingError(doing, record=words[-1], seen=seen, remedy="name a commit, tag or branch") from error

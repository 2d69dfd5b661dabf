"""A process whose parent died does not go on: the run of a dead code server, the programs of a dead `up`."""

import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of the death")

# The child says that it lives, and would go on for a minute.
_CHILD = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
_BOUND = f"from sf_intacct.orchestration.parents import die_with_parent; die_with_parent(); {_CHILD}"
_STARTS = """
import subprocess, sys
with open(sys.argv[2], "wb") as log:
    subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=log).wait()
"""
_RUNS = """
import sys
from pathlib import Path
from sf_intacct.cli.processes import running
with running([sys.executable, "-c", sys.argv[1]], {}, Path(sys.argv[2])) as process:
    process.wait()
"""


def _outlives(parent: str, child: str, log: Path) -> bool:
    """Starts a parent that starts a child, kills the parent once the child lives; whether the child goes on."""
    process = subprocess.Popen([sys.executable, "-c", parent, child, str(log)])
    while not (log.exists() and log.read_text().endswith("\n")):
        assert process.poll() is None
        time.sleep(0.01)
    left = psutil.Process(int(log.read_text()))
    process.kill()
    process.wait()
    _, living = psutil.wait_procs([left], timeout=20)
    return any(one.status() != psutil.STATUS_ZOMBIE for one in living)


@pytest.mark.answers("G4")
def test_a_process_bound_to_its_parent_ends_when_that_is_killed(tmp_path: Path) -> None:
    assert not _outlives(_STARTS, _BOUND, tmp_path / "log")


@pytest.mark.long
def test_a_process_that_is_not_bound_goes_on(tmp_path: Path) -> None:
    """So the test above can fail."""
    assert _outlives(_STARTS, _CHILD, tmp_path / "log")
    psutil.Process(int((tmp_path / "log").read_text())).kill()


@pytest.mark.answers("G4")
def test_a_program_that_we_run_is_interrupted_when_we_are_killed(tmp_path: Path) -> None:
    assert not _outlives(_RUNS, _CHILD, tmp_path / "log")

"""The table of failure modes: every row has tests, a reason or an honest gap, and never two that contradict."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from sf_intacct.cli.reference import MODES
from sf_intacct.cli.reference.modes import Mode, Modes, counted, modes_page, read_modes, wanting
from sf_intacct.cli.reference.proofs import Proof, proofs
from sf_intacct_tests.failure_modes import collector_of, show
from sf_intacct_tests.shared_data import shared

TESTS = Path(__file__).resolve().parent
TABLE = read_modes(MODES)
REASON, GAP, BARE = Mode("D1", "x", reason="r"), Mode("D2", "x", gap="g"), Mode("D3", "x")


@pytest.mark.parametrize(
    ("mode", "is_tested", "problem"),
    [
        (BARE, True, ""),
        (BARE, False, "has neither a test nor a reason"),
        (REASON, False, ""),
        (REASON, True, "has tests, and says why there are none"),
        (GAP, False, ""),
        (GAP, True, "has tests, and says why there are none"),
        (Mode("D4", "x", open="o"), True, ""),
        (Mode("D4", "x", open="o", gap="g"), False, "says what its tests leave open, and has none"),
    ],
)
def test_a_row_has_tests_or_says_why_there_are_none(mode: Mode, is_tested: bool, problem: str) -> None:
    assert wanting(mode, is_tested=is_tested) == problem


def test_the_table_counts_what_is_tested_reasoned_and_missing() -> None:
    modes = Modes({"D": "Writing"}, (REASON, GAP, BARE))
    assert counted(modes, {"D3"}) == {"rows": 3, "tested": 1, "reasons": 1, "gaps": 1, "neither": 0}
    assert counted(modes, set()) == {"rows": 3, "tested": 0, "reasons": 1, "gaps": 1, "neither": 1}
    page = modes_page(modes, [Proof("tests/test_it.py", "test_it_holds", answered=("D3",))])
    assert "3 rows: 1 with tests, 1 that cannot happen here, 1 not there." in page
    assert "| D3 | x | it holds (`tests/test_it.py`) |" in page
    assert "| D2 | x | *Not there:* g |" in page


@pytest.mark.parametrize(("outcome", "stands"), [("", True), ("passed", True), ("skipped", True), ("failed", False)])
def test_a_row_whose_test_fails_does_not_stand(outcome: str, stands: bool) -> None:
    modes = Modes({"D": "Writing"}, (BARE,))
    collector = collector_of(modes)
    collector.rows["D3"] = ["test_it.py::test_x[1]", "test_it.py::test_x[2]"]
    collector.outcomes["test_it.py::test_x[2]"] = outcome
    assert show(modes, collector, Console(quiet=True)) is stands


def test_a_file_in_which_a_row_contradicts_itself_or_has_no_table_is_refused(tmp_path: Path) -> None:
    for row in ('[D1]\nfault = "x"\nreason = "r"\ngap = "g"', '[E1]\nfault = "x"'):
        (tmp_path / "modes.toml").write_text(f'[titles]\nD = "Writing"\n{row}\n')
        with pytest.raises(ValueError, match="belong to no table, or"):
            read_modes(tmp_path / "modes.toml")
    assert read_modes(tmp_path / "nowhere.toml") == Modes({}, ())


def test_every_row_has_tests_or_says_why_there_are_none() -> None:
    answered = {row for proof in proofs(TESTS) for row in proof.answered}
    wrong = {row.number: wanting(row, is_tested=row.number in answered) for row in TABLE.rows}
    assert {number: what for number, what in wrong.items() if what} == {}


def test_no_test_answers_a_row_that_is_not_there() -> None:
    answered = {row for proof in proofs(TESTS) for row in proof.answered}
    assert answered - {row.number for row in TABLE.rows} == set()


def test_every_row_of_the_reference_is_in_the_table() -> None:
    text = shared("reference/failure-modes.md").read_text(encoding="utf-8")
    wanted = re.findall(r"^\| ([A-KS]\d+) \|", text, flags=re.MULTILINE)
    assert len(wanted) > 200
    assert sorted(wanted) == sorted(row.number for row in TABLE.rows)


MARKED = """
import pytest

@pytest.mark.answers("D1")
def test_it_holds(): assert False
"""
CONFIGURED = "[pytest]\nmarkers = answers(row, ...): x\naddopts = --strict-markers\n"


def test_tests_are_collected_run_and_shown_as_pytest_does(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(CONFIGURED)
    (tmp_path / "test_it.py").write_text(MARKED)
    command = [sys.executable, "-m", "sf_intacct_tests.failure_modes", "--run", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert "FAILED" in ended.stdout, ended.stdout + ended.stderr
    assert "wrong: has neither a test nor a reason" in ended.stdout

"""The table of crossings: a row is proven by a test that is marked for it, and not by one that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from sf_intacct.cli.reference.proofs import proofs
from sf_intacct.cli.reference.rows import ROWS
from sf_intacct_tests import coverage
from sf_intacct_tests.coverage import Collector, show

TESTS = Path(__file__).resolve().parent
NUMBERS = [row.number for row in ROWS]


def _shown(collector: Collector) -> tuple[bool, str]:
    console = Console(width=200, record=True, quiet=True)
    with console.capture():
        holds = show(collector, console)
    return holds, console.export_text()


def _every_row(**outcomes: str) -> Collector:
    made = Collector(outcomes=outcomes)
    for number in NUMBERS:
        made.rows[number].append(f"test_{number}")
    return made


def test_a_table_in_which_every_row_has_a_test_holds() -> None:
    assert show(_every_row(), Console(quiet=True))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_row_without_a_test_fails_the_table(number: int) -> None:
    collector = _every_row()
    collector.rows.pop(number)
    assert not show(collector, Console(quiet=True))


@pytest.mark.parametrize(("outcome", "holds"), [("passed", True), ("failed", False), ("skipped", False)])
def test_what_was_run_has_to_pass(outcome: str, holds: bool) -> None:
    assert show(_every_row(test_4=outcome), Console(quiet=True)) is holds


def test_a_mark_for_a_row_that_is_not_there_fails_the_table() -> None:
    collector = _every_row()
    collector.strangers.append("test_x proves row 99, and there is no such row")
    assert not show(collector, Console(quiet=True))


PROVING = """
import pytest

@pytest.mark.proves(*range(1, 15))
def test_everything(): assert {says}
"""
CONFIGURED = "[pytest]\nmarkers = proves(row, ...): x\naddopts = --strict-markers\n"


@pytest.mark.parametrize(("says", "code"), [("True", 0), ("False", 1)])
def test_tests_are_collected_run_and_judged_as_pytest_does(says: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(CONFIGURED)
    (tmp_path / "test_it.py").write_text(PROVING.format(says=says))
    command = [sys.executable, "-m", "sf_intacct_tests.coverage", "--run", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert ("FAILED" in ended.stdout) is (code == 1)
    assert "14 of 14 rows" in ended.stdout


def test_marks_in_the_source_are_what_the_pages_are_made_from_and_name_rows_that_are_there() -> None:
    assert {row for proof in proofs(TESTS) for row in proof.rows} <= set(NUMBERS)
    assert TESTS.parent == coverage.ROOT

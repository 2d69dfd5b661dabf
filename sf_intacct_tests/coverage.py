"""The table of crossings with the tests that prove each row: python -m sf_intacct_tests.coverage [--run].

Ends with 1 if a row has no test, or if one of them was run and did not pass.
"""

import argparse
import contextlib
import io
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from sf_intacct.cli.reference.rows import ROWS

ROOT = Path(__file__).resolve().parents[1]
SIGNS = {"passed": "[green]passed[/]", "failed": "[red]FAILED[/]", "skipped": "[yellow]skipped[/]", "": "not run"}


@dataclass
class Collector:
    """A pytest plugin: which known rows each test with the mark names, and what became of it."""

    mark: str = "proves"
    known: frozenset[int | str] = frozenset(row.number for row in ROWS)
    rows: dict[int | str, list[str]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for row in {row for mark in item.iter_markers(self.mark) for row in mark.args}:
                self.rows[row].append(item.nodeid)
                if row not in self.known:
                    self.strangers.append(f"{item.nodeid} {self.mark} row {row}, and there is no such row")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        known = self.outcomes.get(report.nodeid, "")
        if report.outcome == "failed" or (known != "failed" and (report.when == "call" or report.outcome == "skipped")):
            self.outcomes[report.nodeid] = report.outcome


def collected(collector: Collector, *, run: bool, tests: list[str], root: Path = ROOT) -> tuple[int, str]:
    """Collects the marked tests as pytest does, run or not; pytest's exit code, and what it said."""
    said = io.StringIO()
    options = ["-m", collector.mark, "-q", "--no-header", "--rootdir", str(root), "-p", "no:cacheprovider"]
    with contextlib.redirect_stdout(said):
        code = pytest.main([*options, *([] if run else ["--collect-only"]), *tests], plugins=[collector])
    return int(code), said.getvalue()


def show(collector: Collector, console: Console) -> bool:
    """Prints the table; whether every row is proven, as far as its tests were run."""
    holds = not collector.strangers
    for row in ROWS:
        tests = collector.rows.get(row.number, [])
        outcomes = [collector.outcomes.get(test, "") for test in tests]
        is_proven = bool(tests) and "failed" not in outcomes and any(outcome != "skipped" for outcome in outcomes)
        holds &= is_proven
        style = "bold" if is_proven else "bold red"
        console.print(f"{row.number:>2}  {row.source} → {row.target}", style=style, highlight=False)
        for test, outcome in zip(tests, outcomes, strict=True):
            console.print(f"      {SIGNS[outcome]}  ", end="", highlight=False)
            console.print(test, markup=False, highlight=False, soft_wrap=True)
        if not tests:
            console.print("      no test proves it", style="red", highlight=False)
    for stranger in collector.strangers:
        console.print(stranger, style="red", markup=False)
    return holds


def main(arguments: list[str] | None = None) -> int:
    """The table on standard output; 0 when every row is proven."""
    parser = argparse.ArgumentParser(prog="coverage", description="Which tests prove which crossing.")
    parser.add_argument("--run", action="store_true", help="run the tests, and say which pass")
    parser.add_argument("tests", nargs="*", default=[str(ROOT / "sf_intacct_tests")])
    given = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140)
    collector = Collector()
    code, said = collected(collector, run=given.run, tests=given.tests)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        console.print(said, markup=False)
        return 1
    holds = show(collector, console)
    if code == pytest.ExitCode.TESTS_FAILED:
        console.print(said, markup=False)
    proven = sum(bool(collector.rows.get(row.number)) for row in ROWS)
    console.print(f"\n{proven} of {len(ROWS)} rows have a test that proves them.")
    return 0 if holds and code in (pytest.ExitCode.OK,) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The failure modes with the tests or the reason of each: python -m sf_intacct_tests.failure_modes [--run].

Ends with 1 if a row has neither, or has tests and says that there are none, or if a test was run and did not pass.
"""

import argparse
import json
import sys

import pytest
from rich.console import Console

from sf_intacct.cli.reference import MODES
from sf_intacct.cli.reference.modes import Mode, Modes, counted, read_modes, wanting
from sf_intacct_tests.coverage import ROOT, SIGNS, Collector, collected


def collector_of(modes: Modes) -> Collector:
    """What gathers the tests that are marked for these rows."""
    return Collector("answers", frozenset(row.number for row in modes.rows))


def show(modes: Modes, collector: Collector, console: Console) -> bool:
    """Prints the table; whether every row stands, as far as its tests were run."""
    stands = [_show_row(mode, collector, console) for mode in modes.rows]
    for stranger in collector.strangers:
        console.print(stranger, style="red", markup=False, highlight=False, soft_wrap=True)
    return all(stands) and not collector.strangers


def _show_row(mode: Mode, collector: Collector, console: Console) -> bool:
    by_test = {test: collector.outcomes.get(test, "") for test in _functions(collector, mode)}
    problem = wanting(mode, is_tested=bool(by_test))
    stands = not problem and "failed" not in by_test.values()
    console.print(
        f"{mode.number:<4}{mode.fault}", style="bold" if stands else "bold red", markup=False, highlight=False
    )
    for test, outcome in by_test.items():
        console.print(f"      {SIGNS[outcome]}  ", end="", highlight=False)
        console.print(test, markup=False, highlight=False, soft_wrap=True)
    said = {"": mode.reason, "not there: ": mode.gap, "left open: ": mode.open, "wrong: ": problem}
    for word, text in said.items():
        if text:
            console.print(f"      {word}{text}", markup=False, highlight=False, soft_wrap=True)
    return stands


def _functions(collector: Collector, mode: Mode) -> list[str]:
    """The tests of a row, one line for all examples of a test that are alike in what became of them."""
    tests = collector.rows.get(mode.number, [])
    worst: dict[str, str] = {}
    for test in tests:
        function = test.split("[")[0]
        outcome = collector.outcomes.get(test, "")
        if worst.get(function) != "failed" and (outcome == "failed" or worst.get(function) in (None, "skipped")):
            worst[function] = outcome
    collector.outcomes.update(worst)
    return list(worst)


def main(arguments: list[str] | None = None) -> int:
    """The table on standard output, its counts as one JSON object at the end; 0 when every row stands."""
    parser = argparse.ArgumentParser(prog="failure-modes", description="What goes wrong, and what shows it ends well.")
    parser.add_argument("--run", action="store_true", help="run the tests, and say which pass")
    parser.add_argument("tests", nargs="*", default=[str(ROOT / "sf_intacct_tests")])
    given = parser.parse_args(arguments)
    modes = read_modes(MODES)
    collector = collector_of(modes)
    console = Console(width=None if sys.stdout.isatty() else 140)
    code, said = collected(collector, run=given.run, tests=given.tests)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        console.print(said, markup=False)
        return 1
    stands = show(modes, collector, console)
    if code == pytest.ExitCode.TESTS_FAILED:
        console.print(said, markup=False)
    print(json.dumps(counted(modes, {str(row) for row, tests in collector.rows.items() if tests})))
    return 0 if stands and code == pytest.ExitCode.OK else 1


if __name__ == "__main__":
    sys.exit(main())

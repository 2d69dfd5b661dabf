"""Ways to break the house on purpose: `make mutants`. Each must be caught; the last line is one JSON object.

A mutant is a copy of the tree with one piece of code replaced. It is caught when the simulation, or the tests
named beside it, fail in that copy.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SEEDS = 200
_CAUGHT_BY_TESTS = 1  # pytest's exit code for tests that failed


@dataclass(frozen=True)
class Mutant:
    """One way to be wrong. tests: what must fail; without any, the simulation must."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...] = ()


MUTANTS = (
    Mutant(
        "resend without look-up",
        "orchestration/applying.py",
        "_settle(house, list(zip(batch, system.find(batch), strict=True)), applied)",
        "_settle(house, [(intent, Outcome(Result.ABSENT)) for intent in batch], applied)",
    ),
    Mutant(
        "no quiet time before a resend",
        "store/journal.py",
        "return (intent.sent_at or now) + patience.quiet",
        "return now",
    ),
    Mutant(
        "what a dead sender sent counts as not sent",
        "orchestration/applying.py",
        '        Result.UNCERTAIN, code="sender_died",',
        '        Result.NOT_EXECUTED, code="sender_died",',
        ("simulation/test_history.py",),
    ),
    Mutant(
        "no answer counts as a success",
        "store/journal.py",
        "        case Result.ACCEPTED | Result.FOUND:",
        "        case Result.ACCEPTED | Result.FOUND | Result.UNCERTAIN:",
    ),
    Mutant(
        "a new wire identity for every attempt",
        "model/intent.py",
        'return f"{self.key}-{self.refusals}"',
        'return f"{self.key}-{self.refusals}-{self.attempt}"',
        ("model/test_intent.py",),
    ),
    Mutant(
        "somebody else's invoice of our name is taken for ours",
        "intacct/sightings.py",
        "return Outcome(Result.DIFFERENT, code=NAME_TAKEN, message=taken)",
        'return Outcome(Result.FOUND, target_id=rows[0]["RECORDNO"])',
    ),
    Mutant(
        "the total is not compared when a record is found",
        "intacct/sightings.py",
        "Decimal(row[target.total] or 0) != amount",
        "Decimal(row[target.total] or 0) == Decimal(-1)",
        ("intacct/test_system.py",),
    ),
    Mutant(
        "a throttled write counts as refused",
        "intacct/outcomes.py",
        "return [Outcome(Result.NOT_EXECUTED, code=code, message=error.seen) for _ in intents]",
        "return [Outcome(Result.REFUSED, code=code, message=error.seen) for _ in intents]",
        ("orchestration/test_nothing_twice.py",),
    ),
    Mutant(
        "the lease is not checked before a send",
        "store/lease.py",
        "        if self.now() > self.until - self.call_timeout - CLOCK_BOUND:",
        "        if False:",
        ("store/test_lease.py",),
    ),
    Mutant(
        "a clock that jumped is believed",
        "intacct/gateway.py",
        "CLOCK_BOUND = timedelta(seconds=30)",
        "CLOCK_BOUND = timedelta(days=30)",
    ),
    Mutant(
        "a refusal of a repeat counts as a refusal",
        "intacct/outcomes.py",
        "proven = Result.DOUBTFUL if doubtful else Result.REFUSED",
        "proven = Result.REFUSED",
        ("intacct/test_outcomes.py",),
    ),
    Mutant(
        "the watermark moves past what was not read",
        "store/raw_tables.py",
        "return mark.start(overlap) if mark else None",
        "return mark.stamp + overlap if mark else None",
        ("store/test_raw_tables.py",),
    ),
    Mutant(
        "a conflict is written over",
        "flow/merge.py",
        ".then(pl.lit(Verdict.CONFLICT.value))",
        ".then(pl.lit(Verdict.WRITE.value))",
        ("flow/test_merge.py",),
    ),
)


def main() -> int:
    caught = []
    started = time.monotonic()
    for mutant in MUTANTS:
        is_caught = _is_caught(mutant)
        caught.append(is_caught)
        print(f"{'caught' if is_caught else 'SURVIVED'}  {mutant.name}", flush=True)
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({"planted": len(MUTANTS), "caught": sum(caught), "seconds": seconds}))
    return 0 if all(caught) else 1


def _is_caught(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory(prefix="sf_intacct_mutant_") as folder:
        copy = Path(folder)
        for name in ("sf_intacct", "sf_intacct_tests", "mappings", "pyproject.toml", "dagster.yaml", "workspace.yaml"):
            _copied(ROOT / name, copy / name)
        _planted(mutant, copy / "sf_intacct" / mutant.file)
        return _fails(copy, mutant)


def _copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _planted(mutant: Mutant, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.right) != 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} does not say exactly once: {mutant.right}")
    file.write_text(text.replace(mutant.right, mutant.wrong), encoding="utf-8")


def _fails(copy: Path, mutant: Mutant) -> bool:
    """Whether the tests named beside the mutant fail or, without any, the simulation."""
    simulation = ["-m", "sf_intacct_tests.simulation", "--seeds", str(_SEEDS)]
    tests = [
        "-m",
        "pytest",
        "-q",
        "-x",
        "-m",
        "long or not long",
        *(f"sf_intacct_tests/{name}" for name in mutant.tests),
    ]
    command = [sys.executable, *(tests if mutant.tests else simulation)]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, _CAUGHT_BY_TESTS):
        raise SystemExit(f"{mutant.name}: {' '.join(command)} ended with {ended.returncode}\n{ended.stderr[-2000:]}")
    return ended.returncode == _CAUGHT_BY_TESTS


if __name__ == "__main__":
    sys.exit(main())

"""Every bundle in this folder is played again: the same cause keeps the same record. `replay export --to` adds one."""

from pathlib import Path

import pytest

from sf_intacct.cli.replay.running import replay
from sf_intacct.flow.bundle import read_bundle

HERE = Path(__file__).parent
# What starts with quick- is played in the default run; the road of most others takes seconds.
BUNDLES = [
    pytest.param(file, id=file.stem, marks=() if file.name.startswith("quick-") else pytest.mark.long)
    for file in sorted(HERE.glob("*.json"))
]


@pytest.mark.parametrize("file", BUNDLES)
def test_what_once_did_not_cross_still_does_not_and_for_the_same_reason(file: Path) -> None:
    played = replay(read_bundle(file.read_text(encoding="utf-8"), file.name))
    assert played.is_reproduced, played
    assert played.same_subject, played
    assert played.left_out == ()


def test_there_are_bundles_to_play() -> None:
    assert len(BUNDLES) >= 2

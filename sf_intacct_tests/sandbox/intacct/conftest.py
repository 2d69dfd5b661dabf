"""One server for all tests of this folder; every test starts from the same small company."""

from collections.abc import Iterator

import pytest

from sf_intacct_tests.sandbox.intacct.harness import SEED, START, Gateway, serving


@pytest.fixture(scope="session")
def _running() -> Iterator[Gateway]:
    with serving(seed=None) as running:
        yield running


@pytest.fixture
def gateway(_running: Gateway) -> Gateway:
    """The company of the folder `seed`, at START, without faults."""
    _running.world.clock.move_to(START)
    _running.world.faults.set([])
    _running.sandbox.reset()
    _running.sandbox.load(SEED)
    return _running

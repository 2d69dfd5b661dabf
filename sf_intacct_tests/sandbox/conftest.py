"""One running pair of sandboxes for all tests, emptied and set back in time before each."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.server import Addresses, Sandboxes, serving
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.org import Org

START = datetime(2026, 3, 17, 9, 30, 15, tzinfo=UTC)  # a Tuesday


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    with serving(Sandboxes(seed=None, clock=Clock(START, frozen=True))) as found:
        yield found


@pytest.fixture
def remote(addresses: Addresses) -> Iterator[Remote]:
    """The control route of an empty world at START."""
    with Remote(addresses.control) as control:
        control.move_to(START)
        control.reset()
        yield control


@pytest.fixture
def org(addresses: Addresses, remote: Remote) -> Iterator[Org]:
    """A company in Salesforce, logged in."""
    with Org(addresses.salesforce, remote) as found:
        yield found

"""The product's client against the sandbox's gateway: one server, and the same small company for every test."""

from collections.abc import Iterator

import pytest

from sf_intacct.intacct.envelope import Login, Sender
from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.sandbox.intacct import defaults
from sf_intacct_tests.pauses import Pauses, counted
from sf_intacct_tests.sandbox.intacct import harness

PAGE_SIZE = 3  # so small that every read of the company takes several pages

SENDER = Sender(defaults.SENDER_ID, defaults.SENDER_PASSWORD)
LOGIN = Login(defaults.COMPANY_ID, defaults.USER_ID, defaults.USER_PASSWORD)


@pytest.fixture(scope="session")
def _running() -> Iterator[harness.Gateway]:
    with harness.serving(seed=None) as running:
        yield running


@pytest.fixture
def company(_running: harness.Gateway) -> harness.Gateway:
    """The company of the sandbox's own tests, at harness.START, without faults, its request log empty."""
    _running.world.clock.move_to(harness.START)
    _running.world.faults.set([])
    _running.sandbox.reset()
    _running.sandbox.load(harness.SEED)
    _running.http.delete(f"{_running.root}/_sandbox/requests", timeout=60)
    return _running


@pytest.fixture
def gateway(company: harness.Gateway) -> Gateway:
    """The client's end of the wire."""
    return Gateway(Account(company.url, SENDER, LOGIN))


@pytest.fixture
def system(gateway: Gateway) -> IntacctSystem:
    return IntacctSystem(gateway, PAGE_SIZE)


@pytest.fixture
def pauses() -> Iterator[Pauses]:
    """Reads do not wait between their attempts; how long they would have is counted."""
    with counted() as found:
        yield found

"""The product's client against the sandbox over HTTP: one server, and an empty company for every test."""

from collections.abc import Iterator
from typing import cast

import pytest

from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow
from sf_intacct.salesforce.system import SalesforceSystem
from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.system import SalesforceSandbox
from sf_intacct.sandbox.server import Addresses, Sandboxes, serving
from sf_intacct_tests.pauses import Pauses, counted
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.org import Org

_Served = tuple[Sandboxes, Addresses]


@pytest.fixture(scope="session")
def _served() -> Iterator[_Served]:
    sandboxes = Sandboxes(seed=None, clock=Clock(START, frozen=True))
    with serving(sandboxes) as addresses:
        yield sandboxes, addresses


@pytest.fixture
def remote(_served: _Served) -> Iterator[Remote]:
    """The control route of an empty world at START."""
    with Remote(_served[1].control) as control:
        control.move_to(START)
        control.reset()
        yield control


@pytest.fixture
def org(_served: _Served, remote: Remote) -> Iterator[Org]:
    """The company as its people and other clients see it."""
    with Org(_served[1].salesforce, remote) as found:
        yield found


@pytest.fixture
def company(_served: _Served, org: Org) -> Company:
    """The company's books, for what would take too long over HTTP; between requests only."""
    return cast(SalesforceSandbox, _served[0].systems["salesforce"]).company


@pytest.fixture
def account(org: Org) -> Account:
    """How the product signs in, unless a test says otherwise."""
    return Account(org.host, Flow.CLIENT_CREDENTIALS, org.client["client_id"], org.client["client_secret"])


@pytest.fixture
def rest(account: Account) -> Rest:
    return Rest(account, lambda: START)


@pytest.fixture
def system(rest: Rest) -> SalesforceSystem:
    return SalesforceSystem(rest)


@pytest.fixture
def pauses() -> Iterator[Pauses]:
    """Reads do not wait between their attempts; how long they would have is counted."""
    with counted() as found:
        yield found

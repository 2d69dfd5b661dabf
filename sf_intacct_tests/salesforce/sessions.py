"""The product's client at a server that lets it in, and then answers whatever a test wants."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned, CannedServer
from sf_intacct_tests.sandbox.conftest import START


@contextmanager
def in_session(*answers: Canned) -> Iterator[tuple[Rest, CannedServer]]:
    """A client whose first call signs in at a canned server, which then gives these answers."""
    with canned.answering() as server:
        server.replies += [token(server), *answers]
        yield Rest(Account(server.url, Flow.CLIENT_CREDENTIALS), lambda: START), server


def token(server: CannedServer, number: int = 1) -> Canned:
    """The answer to a sign-in."""
    return Canned(json.dumps({"access_token": f"00D!{number}", "instance_url": server.url}).encode())

"""The product's client, signed in at a server that then answers whatever a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager

from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned, CannedServer
from sf_intacct_tests.intacct import replies
from sf_intacct_tests.intacct.conftest import LOGIN, SENDER


@contextmanager
def in_session(*answers: Canned, keep_alive: bool = False) -> Iterator[tuple[Gateway, CannedServer]]:
    """A gateway that is signed in at a canned server, which then gives these answers."""
    with canned.answering(keep_alive=keep_alive) as server:
        server.replies += [Canned(replies.session(server.url)), *answers]
        gateway = Gateway(Account(server.url, SENDER, LOGIN))
        gateway.session("signing in")
        server.received.clear()
        yield gateway, server

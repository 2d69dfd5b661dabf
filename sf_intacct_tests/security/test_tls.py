"""No call goes to a server whose certificate nobody vouches for: neither sign-in nor session nor data leave."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from queue import Queue

import pytest
import trustme

from sf_intacct.errors import TryLater
from sf_intacct.intacct import functions, gateway
from sf_intacct.intacct.envelope import Function, Login, Sender
from sf_intacct.intacct.gateway import Gateway
from sf_intacct.salesforce.rest import Rest
from sf_intacct.salesforce.sign_in import Account, Flow


@pytest.fixture
def stranger() -> Iterator[tuple[str, Queue[bytes]]]:
    """A TLS server with a certificate of its own making, and what it could read of each call."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))
    got: Queue[bytes] = Queue()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as line:
                    got.put(line.recv(65536))
            except OSError:
                got.put(b"")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}", got
    listener.close()


@pytest.mark.answers("I6", "S8")
def test_intacct_is_not_signed_in_to_under_a_certificate_that_nobody_vouches_for(
    stranger: tuple[str, Queue[bytes]],
) -> None:
    url, got = stranger
    login = Login("acme", "sync", "canary-password")
    house = Gateway(gateway.Account(f"{url}/ia/xml/xmlgw.phtml", Sender("acme", "canary-sender"), login))
    with pytest.raises(TryLater) as told:
        house.session("signing in")
    assert "canary" not in str(told.value)
    with pytest.raises(TryLater):
        house.write([Function("k1", functions.get_session())], "writing")
    assert got.get(timeout=10) == b""


@pytest.mark.answers("I6")
@pytest.mark.parametrize("flow", [Flow.CLIENT_CREDENTIALS, Flow.PASSWORD])
@pytest.mark.answers("S8")
def test_salesforce_is_not_signed_in_to_under_a_certificate_that_nobody_vouches_for(
    stranger: tuple[str, Queue[bytes]], flow: Flow
) -> None:
    url, got = stranger
    account = Account(url, flow, "id", "canary-client", "sync@acme.example", "canary-password", "canary-token")
    with pytest.raises(TryLater) as told:
        Rest(account, lambda: datetime(2026, 11, 25, tzinfo=UTC)).call("GET", "limits", "asking")
    assert "canary" not in str(told.value)
    assert got.get(timeout=10) == b""

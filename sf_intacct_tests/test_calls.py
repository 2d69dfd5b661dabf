"""What a broken call proves, told by real sockets: whether a byte may have left decides everything."""

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError

from sf_intacct.calls import PATIENCE_SECONDS, READ_ATTEMPTS, NotSent, attempts, broken, require_tls, retry_after
from sf_intacct.errors import CredentialsError, Refused, SettingsError, SyncError, Throttled, TryLater, Uncertain
from sf_intacct_tests import canned
from sf_intacct_tests.pauses import Pauses, counted

WITHOUT_PATIENCE = (5, 0.05)  # seconds to connect and to answer; only for answers that never come


def failure(url: str, **options: object) -> NotSent | Uncertain:
    """What a call that breaks is taken for."""
    with requests.Session() as http, pytest.raises(requests.RequestException) as caught:
        http.post(url, data=b"an invoice", **{"timeout": 5, **options})  # type: ignore[arg-type]
    return broken(caught.value, "writing 1 ARINVOICE", "the gateway")


@contextmanager
def serving(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Host and port of a server that takes one connection and does `serve` with it."""
    with canned.listening() as listener:

        def take_one() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=take_one, daemon=True)
        thread.start()
        yield f"{canned.LOOPBACK}:{listener.getsockname()[1]}"
        thread.join()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of loopback in one PEM file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(canned.LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("certificate") / "loopback.pem"
    file.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return file


def secured(certificate: Path, connection: socket.socket) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context.wrap_socket(connection, server_side=True)


@pytest.mark.answers("D7")
def test_a_refused_connection_proves_that_nothing_was_sent() -> None:
    error = failure(f"http://{canned.LOOPBACK}:{canned.closed_port()}/")
    assert isinstance(error, NotSent)
    assert "no connection to the gateway" in str(error)


@pytest.mark.answers("D7")
def test_a_name_that_nobody_knows_proves_that_nothing_was_sent() -> None:
    reason = NameResolutionError("api.example.com", HTTPConnection("api.example.com"), socket.gaierror("unknown name"))
    with HTTPConnectionPool("api.example.com") as pool:
        error = requests.ConnectionError(MaxRetryError(pool, "/", reason))
    assert isinstance(broken(error, "reading", "the gateway"), NotSent)


@pytest.mark.answers("D7", "I6", "S8")
def test_a_certificate_that_we_do_not_trust_proves_that_nothing_was_sent(certificate: Path) -> None:
    def greet(connection: socket.socket) -> None:
        with pytest.raises(ssl.SSLError):
            secured(certificate, connection)

    with serving(greet) as host:
        assert isinstance(failure(f"https://{host}/"), NotSent)


def test_garbage_on_a_secured_line_after_the_request_is_not_taken_for_a_failed_handshake(certificate: Path) -> None:
    received: list[bytes] = []

    def garble(connection: socket.socket) -> None:
        with secured(certificate, connection) as line:
            received.append(canned.whole_request(line))
            os.write(line.fileno(), b"HTTP/1.1 200 OK in clear text, below the encryption\r\n\r\n")

    with serving(garble) as host:
        error = failure(f"https://{host}/", verify=str(certificate))
    assert received[0].endswith(b"an invoice")  # it did arrive: sending it again would be a second invoice
    assert isinstance(error, Uncertain)
    assert "SSLError" in str(error)


@pytest.mark.answers("D8")
def test_a_reset_after_the_request_proves_nothing() -> None:
    with canned.resetting() as url:
        error = failure(url)
    assert isinstance(error, Uncertain)
    assert "ConnectionError" in str(error)


@pytest.mark.answers("D8")
def test_silence_after_the_request_proves_nothing() -> None:
    with canned.listening() as listener:
        error = failure(f"http://{canned.LOOPBACK}:{listener.getsockname()[1]}", timeout=WITHOUT_PATIENCE)
    assert isinstance(error, Uncertain)
    assert "ReadTimeout" in str(error)


def test_a_body_that_is_shorter_than_announced_proves_nothing() -> None:
    with canned.answering(canned.Canned(b"<respon", headers={"Content-Length": "500"})) as server:
        assert isinstance(failure(server.url), Uncertain)
        assert len(server.received) == 1


def test_what_was_not_sent_may_be_sent_again_and_what_is_uncertain_may_not() -> None:
    assert issubclass(NotSent, TryLater)
    assert not issubclass(Uncertain, TryLater)


@pytest.mark.parametrize(
    "url", ["https://api.intacct.com", "http://127.0.0.1:8080", "http://localhost", "http://[::1]"]
)
def test_secured_lines_and_loopback_are_fit_for_credentials(url: str) -> None:
    require_tls(url, "Intacct")


@pytest.mark.parametrize(
    "url",
    ["http://api.intacct.com", "http://127.0.0.1.example.com", "http://localhost@example.com", "ftp://127.0.0.1", ""],
)
@pytest.mark.answers("S8")
def test_nothing_else_is(url: str) -> None:
    with pytest.raises(SettingsError, match="connecting to Intacct"):
        require_tls(url, "Intacct")


@pytest.fixture
def pauses() -> Iterator[Pauses]:
    with counted() as found:
        yield found


def tried(*errors: SyncError) -> int:
    """How often a read was tried that fails with `errors` in turn, and then succeeds."""
    left, tries = list(errors), 0
    for attempt in attempts():
        with attempt:
            tries += 1
            if left:
                raise left.pop(0)
    return tries


def test_a_read_is_repeated_after_whatever_may_pass(pauses: Pauses) -> None:
    assert tried(TryLater("reading"), Uncertain("reading"), NotSent("reading")) == 4
    assert len(pauses) == 3


def test_a_read_waits_as_long_as_the_other_side_asked(pauses: Pauses) -> None:
    assert tried(Throttled("reading", retry_after=7.0), Throttled("reading", retry_after=0.0)) == 3
    assert pauses == [7.0, 0.0]


@pytest.mark.answers("A5", "C3")
def test_a_read_that_is_told_to_wait_for_long_is_for_the_next_run(pauses: Pauses) -> None:
    with pytest.raises(Throttled):
        tried(Throttled("reading", retry_after=PATIENCE_SECONDS + 1))
    assert pauses == []


@pytest.mark.answers("A5", "C3")
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "Sun, 01 Nov 2026 08:00:30 GMT", "Date": "Sun, 01 Nov 2026 08:00:00 GMT"}, 30.0),
        ({"Retry-After": "Sun, 01 Nov 2026 07:59:00 GMT", "Date": "Sun, 01 Nov 2026 08:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sun, 01 Nov 2026 08:00:30 GMT"}, None),
        ({"Retry-After": "soon", "Date": "Sun, 01 Nov 2026 08:00:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_said_in_seconds_or_as_an_instant(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_pauses_grow_and_are_never_equal_for_everybody(pauses: Pauses) -> None:
    assert tried(*(TryLater("reading") for _ in range(READ_ATTEMPTS - 1))) == READ_ATTEMPTS
    shortest = [0.2 * 2**n for n in range(READ_ATTEMPTS - 1)]
    assert all(low <= pause <= low + 1 for low, pause in zip(shortest, pauses, strict=True))
    assert len(set(pauses)) == len(pauses)


def test_a_read_gives_up_with_the_last_error_itself(pauses: Pauses) -> None:
    with pytest.raises(Uncertain, match="attempt 5"):
        tried(*(Uncertain(f"attempt {n}") for n in range(1, 9)))


@pytest.mark.parametrize("error", [Refused("reading", code="X", message="no"), CredentialsError("reading")])
def test_what_cannot_pass_is_not_tried_again(error: SyncError, pauses: Pauses) -> None:
    with pytest.raises(type(error)):
        tried(error)
    assert pauses == []

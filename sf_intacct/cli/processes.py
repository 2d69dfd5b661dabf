"""Other programs that run beside us, and that end when we do."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import requests

from sf_intacct.errors import SettingsError, TryLater
from sf_intacct.orchestration.parents import dying_with
from sf_intacct.settings import layout_from_environment

_END_SECONDS = 15


def free_port(preferred: int = 0) -> int:
    """`preferred` if nobody listens there, else any free port of loopback."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # As servers do: what was closed a minute ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SettingsError("looking for a free port", seen="there is none on loopback")


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a session of its own, its output in `log`; it and all its children are ended afterwards.

    Should we be killed before, it is interrupted: nothing of ours goes on sending when nobody can stop it.
    """
    bound = dying_with(os.getpid(), signal.SIGINT)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command lines
            list(command),
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=bound,  # it calls nothing that may be locked
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Interrupts the whole session, waits, and kills what is left of it."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def python(*arguments: str) -> list[str]:
    """A command line of this Python."""
    return [sys.executable, *arguments]


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Waits until `url` answers. Raises TryLater when it does not, or the program has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(url, timeout=2).status_code < 500:
                return
        time.sleep(0.1)
    raise TryLater(f"starting {url}", seen=f"it does not answer; its output is in {log}", remedy="read the output")


def sandbox_log(home: Path) -> Path:
    """Where the sandboxes' output goes. A folder that has it was made for them."""
    return home / "sandbox.log"


@contextmanager
def sandboxes(
    home: Path, seed: str, ports: tuple[int, int] = (0, 0), first_month: str = "2026-07-01"
) -> Iterator[dict[str, str]]:
    """Both sandboxes in a process of their own; the environment that points the house at them."""
    salesforce, intacct = free_port(ports[0]), free_port(ports[1])
    log = sandbox_log(home)
    command = python("-m", "sf_intacct", "sandbox", "up", "--seed", seed)
    command += ["--salesforce-port", str(salesforce), "--intacct-port", str(intacct)]
    with running(command, {}, log) as process:
        # A large seed takes its time to load before the ports are served.
        wait_for(f"http://127.0.0.1:{salesforce}/_sandbox/", process, log, seconds=300)
        yield _environment(home, salesforce, intacct, first_month)


def _environment(home: Path, salesforce: int, intacct: int, first_month: str) -> dict[str, str]:
    from sf_intacct.sandbox.intacct import defaults

    gateway = f"http://127.0.0.1:{intacct}{defaults.GATEWAY_PATH}"
    layout = layout_from_environment(os.environ)
    return {
        **sandbox_settings(home, f"http://127.0.0.1:{salesforce}", gateway),
        "SF_INTACCT_MAPPINGS": str(layout.mappings.absolute()),
        "SF_INTACCT_OVERRIDES": layout.overrides,
        "SF_INTACCT_FIRST_DAY": datetime.now(UTC).date().isoformat(),
        "SF_INTACCT_FIRST_MONTH": first_month,
    }


def sandbox_settings(home: Path, salesforce: str, gateway: str) -> dict[str, str]:
    """Settings of a house on the sandboxes. Their credentials are published in their own modules; none is a secret."""
    from sf_intacct.sandbox.intacct import defaults
    from sf_intacct.sandbox.salesforce import credentials

    values = {
        "HOME": str(home.absolute()),
        "ENVIRONMENT": "sandbox",
        "SALESFORCE_URL": salesforce,
        "SALESFORCE_CLIENT_ID": credentials.CLIENT_ID,
        "SALESFORCE_CLIENT_SECRET": credentials.CLIENT_SECRET,
        "INTACCT_URL": gateway,
        "INTACCT_SENDER_ID": defaults.SENDER_ID,
        "INTACCT_SENDER_PASSWORD": defaults.SENDER_PASSWORD,
        "INTACCT_COMPANY_ID": defaults.COMPANY_ID,
        "INTACCT_USER_ID": defaults.USER_ID,
        "INTACCT_USER_PASSWORD": defaults.USER_PASSWORD,
        # The sandbox's gateway commits before it answers, or never.
        "QUIET_SECONDS": "1",
        "LOOK_APART_SECONDS": "0",
        "PAUSE_SECONDS": "1",
    }
    return {f"SF_INTACCT_{name}": value for name, value in values.items()}

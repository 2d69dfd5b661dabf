"""Programs beside us: they get their environment, their output is kept, and nothing of them is left behind."""

import socket
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from sf_intacct.cli.processes import free_port, python, running, wait_for
from sf_intacct.errors import TryLater
from sf_intacct_tests.canned import Canned, answering, closed_port, listening


def test_the_preferred_port_is_taken_when_it_is_free_and_another_when_it_is_not() -> None:
    with listening() as listener:
        taken = listener.getsockname()[1]
        other = free_port(taken)
        assert other != taken
        with socket.create_server(("127.0.0.1", other)):
            pass
    free = closed_port()
    assert free_port(free) == free


def test_a_program_gets_its_environment_and_its_output_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "out.log"
    say = "import os, sys; print(os.environ['GREETING']); print('and this', file=sys.stderr)"
    with running(python("-c", say), {"GREETING": "hello"}, log) as process:
        process.wait()
    assert sorted(log.read_text().splitlines()) == ["and this", "hello"]


def test_a_program_and_its_children_end_with_us_even_when_they_do_not_want_to(tmp_path: Path) -> None:
    """A webserver left behind would keep its port and its lock on the stores."""
    log = tmp_path / "out.log"
    # The sleep only bounds the life of a child that the code under test failed to end.
    child = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    with suppress(RuntimeError), running(python("-c", parent), {}, log) as process:
        while "deaf" not in log.read_text():
            assert process.poll() is None
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children()]
        raise RuntimeError("we fail")
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (2, [])


def test_a_program_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "out.log"
    with running(python("-c", "raise SystemExit('no such seed')"), {}, log) as process:
        process.wait()
        with pytest.raises(TryLater) as ended:
            wait_for(f"http://127.0.0.1:{closed_port()}", process, log)
    assert str(log) in ended.value.seen
    assert "no such seed" in log.read_text()


def test_a_program_that_answers_badly_at_first_is_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "out.log"
    starting, up = Canned(b"starting", status=503), Canned(b"up")
    with running(python("-c", "import time; time.sleep(600)"), {}, log) as process, answering(starting, up) as server:
        wait_for(server.url, process, log)
        assert len(server.received) == 2

"""What listens, listens on loopback, unless somebody says otherwise; and finance is for reading."""

import ast
import re
from pathlib import Path

import pytest

import sf_intacct
from sf_intacct.cli.sandbox import sandbox
from sf_intacct.sandbox import server

ROOT = Path(sf_intacct.__file__).parent


@pytest.mark.answers("I9", "S25")
def test_the_sandboxes_listen_on_loopback_and_no_option_says_otherwise() -> None:
    listener = server.bind(0)
    assert listener.getsockname()[0] == "127.0.0.1"
    listener.close()
    up = sandbox.commands["up"]
    assert [option.name for option in up.params if re.search("host|bind|address", option.name or "")] == []


@pytest.mark.answers("I9", "S11")
def test_dagster_is_started_on_loopback() -> None:
    """Failure modes, S11."""
    commands = re.findall(r'python\("-m", "dagster".*\)', (ROOT / "cli" / "together.py").read_text())
    assert len(commands) == 1
    assert '"-h", "127.0.0.1"' in commands[0]


def test_nothing_else_of_ours_opens_a_port() -> None:
    listening = {
        file.relative_to(ROOT).as_posix()
        for file in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("listen", "create_server", "serve_forever", "Server")
    }
    assert {name for name in listening if not name.startswith("store/")} == {"sandbox/server.py"}, "store: SQL events"

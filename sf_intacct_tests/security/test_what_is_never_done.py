"""Rules kept by reading the source and the environment; more of them stand in test_architecture.py."""

import ast
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

import sf_intacct

ROOT = Path(sf_intacct.__file__).parent
PROJECT = ROOT.parent
# Of the tools that made the environment, not of the project.
TOOLS = {"pip", "setuptools", "wheel", "sf-intacct"}
# Modules that run, or make, what data says.
EXECUTES = {"pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib", "jsonpickle", "code", "codeop", "ctypes"}
XML = {"xml", "lxml", "xmltodict", "defusedxml", "bs4", "html5lib"}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if not name.startswith("sandbox/"):
            yield name, ast.parse(file.read_text())


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.answers("S24")
def test_no_module_that_runs_what_data_says_is_used() -> None:
    """Failure modes, S24."""
    found = {(name, one) for name, tree in _trees() for one in _imported(tree) if one.split(".")[0] in EXECUTES}
    # The kernel is asked to end us with our parent: a call with two constants.
    assert found == {("orchestration/parents.py", "ctypes")}


@pytest.mark.answers("S1")
def test_there_is_one_parser_of_xml() -> None:
    """Failure modes, S1."""
    found = {(name, one) for name, tree in _trees() for one in _imported(tree) if one.split(".")[0] in XML}
    # An error that simple-salesforce lets through is caught by its name.
    assert found == {("intacct/xml.py", "lxml"), ("salesforce/sign_in.py", "xml.parsers.expat")}


@pytest.mark.answers("I6")
def test_nothing_weakens_the_check_of_certificates() -> None:
    """Failure modes, S8."""
    words = re.compile(
        r"CERT_NONE|_create_unverified_context|check_hostname|disable_warnings|InsecureRequest|verify *="
    )
    assert [name for name, tree in _trees() if words.search(ast.unparse(tree))] == []


def test_no_call_of_ours_follows_a_redirect_or_waits_for_ever() -> None:
    """Every call of requests says both, or goes through a session that does."""
    speaking = [(name, tree) for name, tree in _trees() if "requests" in set(_imported(tree))]
    lax = [
        f"{name}:{node.lineno}"
        for name, tree in speaking
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and re.fullmatch(r"(requests|session|http)\.(get|post|put|patch|delete|request)", ast.unparse(node.func))
        and not {"timeout", "allow_redirects"} <= {keyword.arg for keyword in node.keywords}
    ]
    # A process that we have just started on loopback is asked whether it is there.
    assert [place for place in lax if not place.startswith("cli/processes.py")] == []


def _named(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def _pins() -> dict[str, str]:
    lines = (PROJECT / "constraints.txt").read_text().split()
    return {_named(name): version for name, _, version in (line.partition("==") for line in lines)}


@pytest.mark.answers("I12", "S19")
def test_every_package_that_is_installed_is_the_one_that_was_tested() -> None:
    """Failure modes, S19: whoever adds a dependency pins it, with all that it brings along."""
    there = {_named(one.metadata["Name"]): one.version for one in metadata.distributions()}
    there = {name: version for name, version in there.items() if name not in TOOLS}
    assert {name: version for name, version in there.items() if _pins().get(name) != version} == {}


def test_constraints_pin_exactly_and_name_no_place_to_fetch_from() -> None:
    for line in (PROJECT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line


def test_the_page_on_security_names_tests_that_exist() -> None:
    page = (PROJECT / "SECURITY.md").read_text()
    named = re.findall(r"`(sf_intacct_tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 20
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (PROJECT / file).is_file() or f"def {test}" not in (PROJECT / file).read_text()
    ]
    assert missing == []

"""Conventions of the house, kept by reading its source: floors, edges, sizes, words, and what is never done.

An exception is named here with its reason; one that is no longer needed fails the test that lists it.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

import sf_intacct

ROOT = Path(sf_intacct.__file__).parent


@dataclass(frozen=True)
class Module:
    """One module of the house: where it is, and its syntax."""

    name: str  # "flow/check.py"
    text: str
    tree: ast.Module

    @property
    def area(self) -> str:
        """The floor it lives on, or its own name on the ground."""
        return self.name.split("/")[0].removesuffix(".py")

    @property
    def imported(self) -> set[str]:
        """Dotted names of everything it imports, wherever in the file."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}:{node.lineno} imports relatively"
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @property
    def packages(self) -> set[str]:
        return {name.split(".")[0] for name in self.imported}

    def where(self, is_so: Callable[[ast.AST], bool]) -> Iterator[str]:
        """file:line of every piece of syntax that is so."""
        for node in ast.walk(self.tree):
            if is_so(node):
                yield f"{self.name}:{getattr(node, 'lineno', 0)}"


MODULES = [
    Module(file.relative_to(ROOT).as_posix(), file.read_text(), ast.parse(file.read_text()))
    for file in sorted(ROOT.rglob("*.py"))
]
HOUSE = [module for module in MODULES if module.area != "sandbox"]


def _areas(*names: str) -> list[Module]:
    return [module for module in MODULES if module.area in names]


def _attribute(node: ast.AST, dotted: str) -> bool:
    """Whether the node is this dotted name, at its end: `datetime.now` in `dt.datetime.now`."""
    return isinstance(node, ast.Attribute) and (ast.unparse(node) == dotted or ast.unparse(node).endswith(f".{dotted}"))


def _called(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name


# Floors

FLOORS = """
__main__       may import   cli
cli            may import   orchestration store flow model errors settings sandbox
orchestration  may import   salesforce intacct alerts store flow model errors settings
salesforce     may import   flow model errors calls
intacct        may import   flow model errors calls
alerts         may import   flow model errors calls
store          may import   flow model errors
flow           may import   model errors
model          may import
sandbox        may import
settings       may import   errors
calls          may import   errors
errors         may import
"""
ALLOWED = {
    area.strip(): set(names.split())
    for area, _, names in (row.partition("may import") for row in FLOORS.strip().splitlines())
}


def test_imports_go_down_the_floors_only() -> None:
    upwards = [
        f"{module.name} imports {name}"
        for module in MODULES
        for name in module.imported
        if name.startswith("sf_intacct.") and name.split(".")[1] not in {module.area, *ALLOWED.get(module.area, set())}
    ]
    assert upwards == []


def test_every_floor_is_declared_and_every_declared_floor_is_there() -> None:
    assert {module.area for module in MODULES} - {"__init__"} == set(ALLOWED)


def test_the_neighbours_never_import_each_other() -> None:
    neighbours = {"salesforce", "intacct", "store", "alerts"}
    assert all(not ALLOWED[area] & neighbours for area in neighbours)


def test_the_sandbox_shares_no_code_with_what_it_tests() -> None:
    assert ALLOWED["sandbox"] == set()


def test_the_nouns_need_only_the_standard_library() -> None:
    assert {name for module in _areas("model", "errors") for name in module.packages} <= {
        *sys.stdlib_module_names,
        "sf_intacct",
    }


# Where the outside world is let in

ONLY_IN: dict[str, tuple[str, ...]] = {
    "dagster": ("orchestration", "cli"),
    "dagster_postgres": ("orchestration",),
    "click": ("cli",),
    "rich": ("cli",),
    "requests": ("calls", "salesforce", "intacct", "alerts/webhook.py", "cli", "sandbox"),
    "smtplib": ("alerts/mail.py",),
    "simple_salesforce": ("salesforce",),
    "tenacity": ("calls",),
    "jwt": ("salesforce", "sandbox"),
    "lxml": ("intacct/xml.py", "sandbox"),  # one door for XML, and it is locked
    "yaml": ("flow/mapping_document.py", "sandbox"),  # one door for YAML
    "duckdb": ("store", "cli/finance.py"),
    "sqlalchemy": ("store", "orchestration/instance_storage.py"),  # Dagster's own database is one too
    "filelock": ("store",),
    "rapidfuzz": ("flow/likeness",),
    "numpy": (),  # rapidfuzz and matplotlib compute with it; we do not
    "matplotlib": ("cli/discovery",),
    "pandera": ("flow",),
    "polars": ("flow", "salesforce", "intacct", "store", "orchestration"),
    "pydantic": ("flow", "settings", "orchestration"),
    "starlette": ("sandbox",),
    "uvicorn": ("sandbox",),
    "subprocess": ("cli",),
    "multiprocessing": (),  # a forked process would share DuckDB's lock and our connections
    "threading": ("sandbox", "cli", "store", "orchestration"),
    "pickle": (),
    "random": ("sandbox",),
    "uuid": ("sandbox",),
}


@pytest.mark.parametrize("package", ONLY_IN)
@pytest.mark.answers("F14", "S24")
def test_a_package_is_used_where_it_belongs(package: str) -> None:
    users = {module.name for module in MODULES if package in module.packages}
    homes = ONLY_IN[package]
    assert {name for name in users if not name.startswith(homes) or not homes} == set()


def test_the_command_line_does_not_load_dagster_to_start() -> None:
    """`sf-intacct --help` must not take the seconds that importing Dagster takes."""
    look = "import sys, sf_intacct.cli; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert "'sf_intacct'" in loaded
    assert "'dagster'" not in loaded


def test_pure_steps_touch_no_disk_no_clock_no_environment_and_no_chance() -> None:
    outside = {
        "os",
        "pathlib",
        "shutil",
        "tempfile",
        "time",
        "socket",
        "subprocess",
        "random",
        "secrets",
        "uuid",
        "logging",
    }
    pure = _areas("model", "flow", "errors")
    assert {f"{module.name} {name}" for module in pure for name in module.packages & outside} == set()
    assert [place for module in pure for place in module.where(lambda node: _called(node, "open"))] == []


# The clock and the environment are read at the edge, and handed down

EDGE = {
    "orchestration/house.py": "the one clock of the house",
    "orchestration/definitions.py": "Dagster loads it and hands nothing over",
    "orchestration/instance_storage.py": "Dagster makes it and hands nothing over",
    "orchestration/sensors.py": "a sensor's process starts with its environment only",
    "orchestration/resource.py": "a run's process starts with its environment only",
    "orchestration/syncing.py": "which Dagster instance is meant is Dagster's own variable",
    "cli": "the command line is the edge",
    "sandbox/clock.py": "the clock of the imitated world",
}
READINGS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "os.environ", "os.getenv")


def test_nobody_below_the_edge_reads_the_clock_or_the_environment() -> None:
    found = [
        place
        for module in MODULES
        if not module.name.startswith(tuple(EDGE))
        for place in module.where(lambda node: any(_attribute(node, reading) for reading in READINGS))
    ]
    assert found == []


@pytest.mark.parametrize("edge", EDGE)
def test_every_place_at_the_edge_is_there_for_its_reason(edge: str) -> None:
    modules = [module for module in MODULES if module.name.startswith(edge)]
    assert any(_attribute(node, reading) for m in modules for node in ast.walk(m.tree) for reading in READINGS)


@pytest.mark.answers("J1")
def test_below_the_command_line_the_clock_is_read_in_one_place() -> None:
    clocks = [m.name for m in HOUSE if m.area != "cli" for _ in m.where(lambda node: _attribute(node, "datetime.now"))]
    assert clocks == ["orchestration/house.py"]


# Money is exact

FLOATS = {
    "store/warehouse.py": "seconds to wait for the lock",
    "flow/likeness/candidates.py": "how rare a word is",
    "flow/likeness/scores.py": "how alike two texts are",
}


@pytest.mark.answers("E1")
def test_no_float_where_money_goes() -> None:
    def is_float(node: ast.AST) -> bool:
        return (isinstance(node, ast.Name) and node.id == "float") or (
            isinstance(node, ast.Attribute) and node.attr in ("Float32", "Float64")
        )

    found = {place.split(":")[0] for module in _areas("model", "flow", "store") for place in module.where(is_float)}
    assert found == set(FLOATS)


@pytest.mark.answers("E2")
def test_no_float_in_the_sql_of_the_stores() -> None:
    def is_float(node: ast.AST) -> bool:
        words = node.value.lower().split() if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
        return bool({"double", "float", "float8", "real"} & set(words)) and "select" in words

    assert [place for module in _areas("store") for place in module.where(is_float)] == []


# The dangerous sentence


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _functions_that_call(method: str) -> list[str]:
    return [
        f"{module.name} {function.name}"
        for module in HOUSE
        for function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def test_send_it_again_is_said_in_exactly_one_function() -> None:
    assert _functions_that_call("apply") == ["orchestration/applying.py _send"]


@pytest.mark.answers("F5")
def test_what_is_sent_was_marked_in_the_journal_by_the_same_function_just_before() -> None:
    (send,) = [f for m in HOUSE if m.name == "orchestration/applying.py" for f in _functions(m) if f.name == "_send"]
    calls = [ast.unparse(node.func).split(".")[-1] for node in ast.walk(send) if isinstance(node, ast.Call)]
    steps = [call for call in sorted(calls, key=_first_line_of(send)) if call in ("check", "send", "apply", "_settle")]
    assert steps == ["check", "send", "apply", "_settle"]


def _first_line_of(function: ast.AST) -> Callable[[str], int]:
    lines = {
        ast.unparse(node.func).split(".")[-1]: node.lineno for node in ast.walk(function) if isinstance(node, ast.Call)
    }
    return lambda call: lines[call]


# What is never done


@pytest.mark.answers("S24")
def test_no_data_is_ever_executed() -> None:
    def is_so(node: ast.AST) -> bool:
        shell = isinstance(node, ast.keyword) and node.arg == "shell"
        named = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("eval", "exec", "compile")
        )
        return shell or named or _attribute(node, "os.system")

    assert [place for module in MODULES for place in module.where(is_so)] == []


@pytest.mark.answers("I6", "S8")
def test_nobody_can_switch_off_the_check_of_certificates() -> None:
    assert [
        place
        for module in HOUSE
        for place in module.where(lambda node: isinstance(node, ast.keyword) and node.arg == "verify")
    ] == []


@pytest.mark.answers("S1")
def test_nobody_parses_xml_with_the_standard_library() -> None:
    """Its parsers expand entities; ours, in intacct/xml.py, does not."""
    parsers = ("xml.etree", "xml.dom", "xml.parsers.expat.ParserCreate", "xml.sax.parse", "xml.sax.make_parser")
    assert {f"{m.name} {name}" for m in HOUSE for name in m.imported if name.startswith(parsers)} == set()


@pytest.mark.answers("S24")
def test_nobody_reads_yaml_but_as_plain_values() -> None:
    def is_so(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and any(
            _attribute(node.func, f"yaml.{name}") for name in ("load", "load_all", "unsafe_load", "full_load")
        )

    assert [place for module in MODULES for place in module.where(is_so)] == []


def test_nothing_is_swallowed_without_a_word() -> None:
    """`except Exception: pass` is how a write gets lost."""

    def is_so(node: ast.AST) -> bool:
        broad = isinstance(node, ast.ExceptHandler) and (
            node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
        )
        return broad and all(isinstance(one, ast.Pass) for one in getattr(node, "body", []))

    assert [place for module in MODULES for place in module.where(is_so)] == []


# Sizes

LONG_FILES = {
    "flow/catalogue.py": "one entry per cause",
    "sandbox/intacct/problems.py": "one function per sentence the system says",
    "store/finance_tables.py": "queries, one per table of finance",
    "store/journal.py": "the state machine and its transaction belong together",
}
LINES_MAX, FUNCTION_MAX, FUNCTION_MEDIAN = 300, 50, 12


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_files_are_short_or_have_a_reason() -> None:
    long = {module.name for module in MODULES if len(module.text.splitlines()) > LINES_MAX}
    assert long - set(LONG_FILES) == set(), "split it, or give the reason"
    assert set(LONG_FILES) - long == set(), "no longer long: take it off the list"


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{m.name} {f.name}" for m in MODULES for f in _functions(m) if _length(f) > FUNCTION_MAX]
    assert long == []


@pytest.mark.parametrize("area", [area for area in ALLOWED if area not in ("__main__",)])
def test_functions_are_short(area: str) -> None:
    lengths = [_length(function) for module in _areas(area) for function in _functions(module)]
    assert median(lengths) <= FUNCTION_MEDIAN


# Words


def test_a_module_opens_by_saying_in_a_few_lines_what_belongs_in_it() -> None:
    opening = {module.name: (ast.get_docstring(module.tree) or "").split("\n\n")[0] for module in MODULES}
    assert [name for name, said in opening.items() if not said] == []
    assert [name for name, said in opening.items() if len(said.splitlines()) > 5] == []
    assert [name for name, said in opening.items() if not said.endswith((".", ":"))] == []


OBVIOUS = 8  # lines within which a name and a signature say it all


def test_what_is_public_and_not_obvious_says_what_it_does() -> None:
    """Every public function that is longer than a few lines, and every public class, on the floors others build on."""
    silent = [
        f"{module.name} {node.name}"
        for module in _areas("model", "flow", "store", "salesforce", "intacct")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and (isinstance(node, ast.ClassDef) or _length(node) > OBVIOUS)
    ]
    assert silent == []


def test_a_docstring_is_a_sentence() -> None:
    broken = [
        f"{module.name} {node.name}"
        for module in HOUSE
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not (ast.get_docstring(node) or "Nothing.").rstrip().endswith((".", "!", "?", ":"))
    ]
    assert broken == []


def test_nobody_says_post_for_a_call() -> None:
    """It would mean three things: an HTTP method, a document in the ledger, and sending."""
    found = [
        f"{module.name} {function.name}"
        for module in HOUSE
        for function in _functions(module)
        if not function.name.startswith("__") and {"post", "posts", "posted"} & set(function.name.split("_"))
    ]
    assert found == []


def test_no_mark_of_unfinished_work() -> None:
    marks = ("TODO", "FIXME", "XXX", "HACK", "breakpoint(")
    assert [f"{module.name} {mark}" for module in MODULES for mark in marks if mark in module.text] == []

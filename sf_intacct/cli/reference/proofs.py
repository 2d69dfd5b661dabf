"""Which tests prove which row of the mission, read from the marks in their source: `@pytest.mark.proves(5, 7)`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Proof:
    """A test that shows a row to work: its file in the repository, its name, and the rows."""

    file: str
    test: str
    rows: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """The test's name as people read it."""
        return self.test.removeprefix("test_").replace("_", " ")


def proofs(tests: Path) -> list[Proof]:
    """Every marked test below the folder `tests`; none where there is no such folder."""
    files = sorted(tests.rglob("test_*.py"))
    return sorted(proof for file in files for proof in _in(file, file.relative_to(tests.parent).as_posix()))


def _in(file: Path, name: str) -> Iterator[Proof]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    everywhere = [
        row for node in tree.body if isinstance(node, ast.Assign) and _is_for_all(node) for row in _marked(node)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            rows = {*everywhere, *(row for decorator in node.decorator_list for row in _marked(decorator))}
            if rows:
                yield Proof(name, node.name, tuple(sorted(rows)))


def _is_for_all(node: ast.Assign) -> bool:
    """`pytestmark = ...` marks every test of a module."""
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


def _marked(node: ast.AST) -> Iterator[int]:
    """The rows of every `proves(...)` in a piece of syntax."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "proves":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, int))

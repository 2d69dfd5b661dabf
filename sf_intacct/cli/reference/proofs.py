"""Which tests prove what, read from the marks in their source.

`@pytest.mark.proves(5, 7)` names rows of the mission, `@pytest.mark.answers("D1")` rows of the failure modes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Proof:
    """A test that is marked: its file in the repository, its name, the rows it proves and the failures it answers."""

    file: str
    test: str
    rows: tuple[int, ...] = ()
    answered: tuple[str, ...] = ()

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
    everywhere = [node for node in tree.body if isinstance(node, ast.Assign) and _is_for_all(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            marks: list[ast.AST] = [*everywhere, *node.decorator_list]
            rows = {row for mark in marks for row in _marked(mark, "proves") if isinstance(row, int)}
            answered = {row for mark in marks for row in _marked(mark, "answers") if isinstance(row, str)}
            if rows or answered:
                yield Proof(name, node.name, tuple(sorted(rows)), tuple(sorted(answered)))


def _is_for_all(node: ast.Assign) -> bool:
    """`pytestmark = ...` marks every test of a module."""
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


def _marked(node: ast.AST, mark: str) -> Iterator[object]:
    """What every `mark(...)` in a piece of syntax names."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == mark:
            yield from (one.value for one in call.args if isinstance(one, ast.Constant))

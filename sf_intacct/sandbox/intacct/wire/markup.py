"""Answers as text: elements, and records by the thousand from one template."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
Tree = dict[str, Any]


@dataclass(frozen=True)
class Markup:
    """Writes elements, with a line break after each where the caller asked for white space."""

    spaced: bool = False

    @property
    def gap(self) -> str:
        return "\n" if self.spaced else ""

    def node(self, tag: str, children: Iterable[str] = (), **attributes: Any) -> str:
        """An element with the given elements inside."""
        named = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
        inner = "".join(children)
        return f"<{tag}{named}>{self.gap}{inner}</{tag}>{self.gap}" if inner else f"<{tag}{named}/>{self.gap}"

    def text(self, tag: str, value: object = "", **attributes: Any) -> str:
        """An element with text inside; None is empty."""
        named = "".join(f" {name}={quoteattr(str(one))}" for name, one in attributes.items())
        return f"<{tag}{named}>{escape('' if value is None else str(value))}</{tag}>{self.gap}"

    def texts(self, pairs: Mapping[str, object]) -> list[str]:
        return [self.text(tag, value) for tag, value in pairs.items()]


@dataclass
class Template:
    """How the records of one answer are written: tags in order, nested or dotted, and a writer per column."""

    markup: Markup
    tag: str
    tags: Sequence[str]
    writers: Sequence[Callable[[Any], str]]
    nested: bool = False
    _pieces: list[str] = field(default_factory=list)
    _order: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        inner = self._branch(
            _tree(self.tags) if self.nested else dict(zip(self.tags, range(len(self.tags)), strict=False))
        )
        self._pieces = [f"<{self.tag}>{self.markup.gap}", inner, f"</{self.tag}>{self.markup.gap}"]

    def record(self, values: Sequence[Any], inside: Iterable[str] = ()) -> str:
        """One record; `inside` are elements that follow its fields."""
        writers = self.writers
        texts = tuple("" if (value := values[at]) is None else escape(writers[at](value)) for at in self._order)
        return f"{self._pieces[0]}{self._pieces[1] % texts}{''.join(inside)}{self._pieces[2]}"

    def _branch(self, branch: Tree) -> str:
        parts = []
        for tag, below in branch.items():
            if isinstance(below, int):
                self._order.append(below)
                parts.append(f"<{tag}>%s</{tag}>{self.markup.gap}")
            else:
                parts.append(f"<{tag}>{self.markup.gap}{self._branch(below)}</{tag}>{self.markup.gap}")
        return "".join(parts)


def _tree(tags: Sequence[str]) -> Tree:
    """Dotted tags as nested ones. A tag that is both a value and a branch keeps its dots below."""
    tree: Tree = {}
    for at, tag in enumerate(tags):
        branch, (*path, leaf) = tree, tag.split(".")
        for step in path:
            deeper = branch.setdefault(step, {})
            if not isinstance(deeper, dict):
                break
            branch = deeper
        else:
            branch[leaf] = at
            continue
        tree[tag] = at
    return tree

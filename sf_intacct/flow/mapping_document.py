"""A YAML file as plain values that know their lines. The one door for YAML; nothing but plain values comes through."""

from collections.abc import Iterable, Mapping as Dict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from sf_intacct.errors import MappingError

Path = tuple[str | int, ...]


def wrong(file: str, line: int, seen: str, remedy: str = "") -> MappingError:
    return MappingError("reading the mappings", record=f"{file}, line {line}", seen=seen, remedy=remedy)


@dataclass(frozen=True)
class Document:
    """A YAML file as plain values, with the line on which each value stands (counted from 1)."""

    file: str
    values: Any
    lines: Dict[Path, int]
    # Values that another file says instead, by the path at which they start.
    files: Dict[Path, str] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[str, int]:
        """File and line of `path`, or of its nearest parent that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.files.get(path, self.file), self.lines.get(path, 1)

    def at(self, path: Path, default: Any) -> Any:
        """The value at a path of keys; the default where there is none."""
        value = self.values
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return default
            value = value[key]
        return value

    def wrong(self, path: Path, seen: str, remedy: str = "") -> MappingError:
        return wrong(*self.place(path), seen, remedy)


def read_yaml(file: str, text: str) -> Document:
    """The YAML of one file, plain types only. Duplicate keys, anchors and tags of Python are refused."""
    lines: dict[Path, int] = {}
    try:
        _without_anchors(file, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        values = _plain(file, root, (), lines) if root is not None else {}
    except yaml.YAMLError as error:
        raise wrong(file, _line(getattr(error, "problem_mark", None)), str(error)) from error
    except RecursionError as error:
        raise wrong(file, 1, "too deeply nested") from error
    return Document(file, values, lines)


def _without_anchors(file: str, text: str) -> None:
    """Refuses references inside a file: a value stands where it is used, and a small file cannot grow large."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        name = getattr(event, "anchor", None)
        if name is not None:
            raise wrong(file, _line(event.start_mark), f"the anchor or alias {name}", "write the value out")


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _plain(file: str, node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if node.tag not in _PLAIN:
        raise Document(file, None, lines).wrong(path, f"a value of type {node.tag}", "write plain text")
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(file, node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, child, (*path, place), lines) for place, child in enumerate(node.value)]
    if node.value == "" and getattr(node, "style", None) is None:
        raise Document(file, None, lines).wrong(
            path, f"{path[-1] if path else 'the file'} has no value", "write one, or take the key out"
        )
    # Everything but true and false stays text: an id such as 00123 must not become a number.
    return node.value == "true" if node.tag == _BOOLEAN and node.value in ("true", "false") else node.value


def _plain_mapping(file: str, node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key_node, child in node.value:
        key = str(key_node.value)
        lines[(*path, key)] = key_node.start_mark.line + 1
        if key in plain:
            raise Document(file, None, lines).wrong((*path, key), f"the key {key} stands here twice")
        plain[key] = _plain(file, child, (*path, key), lines)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return plain


_BOOLEAN = "tag:yaml.org,2002:bool"
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "null", "timestamp", "bool")}


def suggestion(name: str, known: Iterable[str]) -> str:
    """The nearest right name, as a remedy."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""

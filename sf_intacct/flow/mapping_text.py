"""From the text of mapping files to checked mappings. Whole or not at all; every error has its line."""

import hashlib
import io
from collections.abc import Iterable, Mapping as Dict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

import polars as pl
import yaml
from pydantic import BaseModel, ValidationError

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping import Company, Lookup, Mapping

ModelT = TypeVar("ModelT", bound=BaseModel)
Path = tuple[str | int, ...]


def _wrong(file: str, line: int, seen: str, remedy: str = "") -> MappingError:
    return MappingError("reading the mappings", record=f"{file}, line {line}", seen=seen, remedy=remedy)


@dataclass(frozen=True)
class Document:
    """A YAML file as plain values, with the line on which each value stands (counted from 1)."""

    file: str
    values: Any
    lines: Dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of `path`, or of its nearest parent that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def wrong(self, path: Path, seen: str, remedy: str = "") -> MappingError:
        return _wrong(self.file, self.line(path), seen, remedy)


@dataclass(frozen=True)
class Mappings:
    """All mapping files of one company, and the hash of their texts."""

    crossings: Dict[str, Mapping]
    company: Company
    crosswalks: Dict[str, pl.DataFrame]
    revision: str
    documents: Dict[str, Document] = field(default_factory=dict, compare=False)

    def written(self, system: str, name: str) -> frozenset[str]:
        """The fields of an object that some crossing writes."""
        target = f"{system}.{name}"
        writers = [mapping for mapping in self.crossings.values() if mapping.target == target]
        return frozenset(field for mapping in writers for field in mapping.fields if field != mapping.identity)


def parse(texts: Dict[str, str]) -> Mappings:
    """The mappings in `texts` (file name to content). Raises MappingError naming file and line.

    `company.yaml` holds lookups and constants, `crosswalks/*.csv` the crosswalks, every other
    `*.yaml` one crossing.
    """
    for name, text in sorted(texts.items()):
        _whole(name, text)
    documents = {name: read_yaml(name, text) for name, text in sorted(texts.items()) if name.endswith(".yaml")}
    company_document = documents.pop("company.yaml", Document("company.yaml", {}, {}))
    company = build(Company, company_document)
    crossings: dict[str, Mapping] = {}
    for document in documents.values():
        mapping = build(Mapping, document)
        if mapping.crossing in crossings:
            raise document.wrong(("crossing",), f"the crossing {mapping.crossing} is declared twice")
        crossings[mapping.crossing] = mapping
    crosswalks = {
        name: read_crosswalk(name, lookup, texts, company_document) for name, lookup in company.lookups.items()
    }
    by_crossing = {
        mapping.crossing: document for mapping, document in zip(crossings.values(), documents.values(), strict=True)
    }
    return Mappings(crossings, company, crosswalks, revision(texts), {**by_crossing, "company": company_document})


def _whole(file: str, text: str) -> None:
    """A file that was saved half ends, but for luck, in the middle of a line: 4000 would be read as 40."""
    lost = text.find("\ufffd")
    if lost >= 0:
        remedy = "type the character again, and save the file as UTF-8"
        raise _wrong(file, text[:lost].count("\n") + 1, "a character that was lost when the file was saved", remedy)
    if not text.endswith("\n"):
        remedy = "save the whole file, with a line break at its end"
        raise _wrong(file, text.count("\n") + 1, "the file ends in the middle of a line", remedy)


def revision(texts: Dict[str, str]) -> str:
    """A hash of the files: what the effect of a mapping hangs on."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:16]


def read_yaml(file: str, text: str) -> Document:
    """The YAML of one file, plain types only. Duplicate keys, anchors and tags of Python are refused."""
    lines: dict[Path, int] = {}
    try:
        _without_anchors(file, text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        values = _plain(file, root, (), lines) if root is not None else {}
    except yaml.YAMLError as error:
        raise _wrong(file, _line(getattr(error, "problem_mark", None)), str(error)) from error
    except RecursionError as error:
        raise _wrong(file, 1, "too deeply nested") from error
    return Document(file, values, lines)


def _without_anchors(file: str, text: str) -> None:
    """Refuses references inside a file: a value stands where it is used, and a small file cannot grow large."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        name = getattr(event, "anchor", None)
        if name is not None:
            raise _wrong(file, _line(event.start_mark), f"the anchor or alias {name}", "write the value out")


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


def build(model: type[ModelT], document: Document) -> ModelT:
    """The model of a document; raises MappingError for the first thing that is wrong with it."""
    if not isinstance(document.values, dict):
        raise document.wrong((), "the file is not a set of keys and values")
    try:
        return model.model_validate(document.values)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling is the better news.
        first = min(error.errors(), key=lambda wrong: wrong["type"] != "extra_forbidden")
        raise _explained(model, document, first["loc"], first) from error


def _explained(model: type[BaseModel], document: Document, path: Path, error: Any) -> MappingError:
    name = str(path[-1]) if path else ""
    if error["type"] == "extra_forbidden":
        return document.wrong(path, f"unknown key {name}", suggestion(name, _keys_at(model, path[:-1])))
    if error["type"] == "missing":
        return document.wrong(path, f"the key {name} is missing")
    return document.wrong(path, f"{name}: {error['msg'].removeprefix('Value error, ')}")


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that are allowed somewhere in the schema of `model`; near enough for a suggestion."""
    schema = model.model_json_schema(by_alias=True)
    objects = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for item in objects for key in item.get("properties", {})})


def suggestion(name: str, known: Iterable[str]) -> str:
    """The nearest right name, as a remedy."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""


def read_crosswalk(name: str, lookup: Lookup, texts: Dict[str, str], company: Document) -> pl.DataFrame:
    """The crosswalk of one lookup: text columns salesforce and intacct, each salesforce value once."""
    path: Path = ("lookups", name, "crosswalk")
    text = texts.get(lookup.crosswalk)
    if text is None:
        raise company.wrong(path, f"there is no file {lookup.crosswalk}", suggestion(lookup.crosswalk, texts))
    try:
        frame = pl.read_csv(io.StringIO(text), infer_schema=False).select("salesforce", "intacct")
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise company.wrong(
            path, f"{lookup.crosswalk} is not a CSV with columns salesforce and intacct: {error}"
        ) from error
    doubled = frame.filter(pl.col("salesforce").is_duplicated())
    if doubled.height:
        seen = f"{lookup.crosswalk} says two things about {doubled['salesforce'][0]!r}"
        raise company.wrong(path, seen, "keep one line for each value")
    return frame

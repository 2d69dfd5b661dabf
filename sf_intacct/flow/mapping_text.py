"""From the text of mapping files to checked mappings. Whole or not at all; every error has its line."""

import hashlib
import io
from collections.abc import Mapping as Dict, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl
from pydantic import BaseModel, ValidationError

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_company import Company, Lookup
from sf_intacct.flow.mapping_document import Document, Path, read_yaml, suggestion, wrong
from sf_intacct.flow.mapping_overrides import chosen, laid_over
from sf_intacct.model.described import Described

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class Mappings:
    """All mapping files of one company, and the hash of their texts."""

    crossings: Dict[str, Mapping]
    company: Company
    crosswalks: Dict[str, pl.DataFrame]
    revision: str
    documents: Dict[str, Document] = field(default_factory=dict, compare=False)
    # What is known of both systems' own descriptions: what fields take.
    described: Described = field(default_factory=Described, compare=False)

    def written(self, system: str, name: str) -> frozenset[str]:
        """The fields of an object that some crossing writes."""
        target = f"{system}.{name}"
        writers = [mapping for mapping in self.crossings.values() if mapping.target == target]
        return frozenset(field for mapping in writers for field in mapping.fields if field != mapping.identity)


def parse(texts: Dict[str, str], overrides: Sequence[str] = ()) -> Mappings:
    """The mappings in `texts` (file name to content). Raises MappingError naming file and line.

    `company.yaml` holds lookups and constants, `crosswalks/*.csv` the crosswalks, every other `*.yaml` one crossing.
    overrides are names of files in `overrides/`, laid over them in this order; the others do not count.
    """
    for name, text in sorted(texts.items()):
        _whole(name, text)
    texts = chosen(texts, overrides)
    files = [name for name in sorted(texts) if name.endswith(".yaml") and "/" not in name]
    documents = {name: read_yaml(name, texts[name]) for name in files}
    company_document = documents.pop("company.yaml", Document("company.yaml", {}, {}))
    documents, company_document = laid_over(documents, company_document, texts, overrides)
    company = build(Company, company_document)
    crossings = _crossings(documents)
    crosswalks = {
        name: read_crosswalk(name, lookup, texts, company_document) for name, lookup in company.lookups.items()
    }
    by_crossing = dict(zip(crossings, documents.values(), strict=True))
    # The order of several overrides counts as much as what they say.
    told = {**texts, "overrides": " ".join(overrides)} if overrides else texts
    return Mappings(crossings, company, crosswalks, revision(told), {**by_crossing, "company": company_document})


def _crossings(documents: Dict[str, Document]) -> dict[str, Mapping]:
    crossings: dict[str, Mapping] = {}
    for document in documents.values():
        mapping = build(Mapping, document)
        if mapping.crossing in crossings:
            raise document.wrong(("crossing",), f"the crossing {mapping.crossing} is declared twice")
        crossings[mapping.crossing] = mapping
    return crossings


def _whole(file: str, text: str) -> None:
    """A file that was saved half ends, but for luck, in the middle of a line: 4000 would be read as 40."""
    lost = text.find("\ufffd")
    if lost >= 0:
        remedy = "type the character again, and save the file as UTF-8"
        raise wrong(file, text[:lost].count("\n") + 1, "a character that was lost when the file was saved", remedy)
    if not text.endswith("\n"):
        remedy = "save the whole file, with a line break at its end"
        raise wrong(file, text.count("\n") + 1, "the file ends in the middle of a line", remedy)


def revision(texts: Dict[str, str]) -> str:
    """A hash of the files: what the effect of a mapping hangs on."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:16]


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

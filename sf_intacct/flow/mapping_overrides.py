"""What one environment or company says otherwise, laid over the mapping files before anything is judged.

Keys are laid over keys; a rule, a hold and a neighbour are replaced whole. Every value keeps the file and line that
it came from, so that an error is told where it has to be mended.
"""

from collections.abc import Iterable, Mapping as Dict, Sequence
from dataclasses import replace
from typing import Any

from sf_intacct.flow.mapping_document import Document, Path, read_yaml, suggestion, wrong

FOLDER = "overrides/"
_KEYS = ("says", "company", "crossings")
# Where keys are laid over keys; everywhere else the new value replaces the old one. * is any name.
_MERGED: frozenset[Path] = frozenset(
    {
        (),
        ("fields",),
        ("stake",),
        ("rate",),
        ("beside",),
        ("lines",),
        ("lines", "fields"),
        ("lines", "beside"),
        ("constants",),
        ("lookups",),
        ("lookups", "*"),
        ("brakes",),
        ("brakes", "money"),
        ("brakes", "by_crossing"),
        ("brakes", "by_crossing", "*"),
        ("periods",),
        ("preflight",),
    }
)


def chosen(texts: Dict[str, str], overrides: Sequence[str]) -> dict[str, str]:
    """The texts that count: everything but the overrides that were not chosen. Raises MappingError for one that is
    not there."""
    names = [f"{FOLDER}{name}.yaml" for name in overrides]
    for name, file in zip(overrides, names, strict=True):
        if file not in texts:
            there = [known.removeprefix(FOLDER).removesuffix(".yaml") for known in texts if known.startswith(FOLDER)]
            near = suggestion(name, there) or "set SF_INTACCT_OVERRIDES to the names of files in overrides/"
            raise wrong(file, 1, "there is no such file", near)
    return {name: text for name, text in texts.items() if not name.startswith(FOLDER) or name in names}


def laid_over(
    documents: Dict[str, Document], company: Document, texts: Dict[str, str], overrides: Sequence[str]
) -> tuple[dict[str, Document], Document]:
    """The documents (by file) and the company's document with the overrides in their order laid over them."""
    files = dict(documents)
    for name in overrides:
        override = read_yaml(f"{FOLDER}{name}.yaml", texts[f"{FOLDER}{name}.yaml"])
        _require(override, (), _KEYS)
        if "company" in override.values:
            company = _over(company, override, ("company",))
        owners = {_crossing(document): file for file, document in files.items()}
        for crossing in _require(override, ("crossings",), [one for one in owners if one]):
            path: Path = ("crossings", crossing)
            if "crossing" in _require(override, path, None):
                raise override.wrong((*path, "crossing"), "an override cannot rename a crossing")
            files[owners[crossing]] = _over(files[owners[crossing]], override, path)
    return files, company


def _crossing(document: Document) -> str:
    name = document.values.get("crossing") if isinstance(document.values, dict) else None
    return name if isinstance(name, str) else ""


def _require(override: Document, path: Path, known: Iterable[str] | None) -> dict[str, Any]:
    """The keys and values at a path, which may be missing; raises MappingError for a key that is not known."""
    values = override.at(path, {})
    if not isinstance(values, dict):
        raise override.wrong(path, f"{path[-1] if path else 'the file'} is not a set of keys and values")
    names = None if known is None else list(known)
    for name in values:
        if names is not None and name not in names:
            what = "there is no crossing" if path else "unknown key"
            raise override.wrong((*path, name), f"{what} {name}", suggestion(name, names))
    return values


def _over(base: Document, override: Document, at: Path) -> Document:
    """`base` with what stands at the path `at` of the override laid over it."""
    values = _require(override, at, None)
    if not isinstance(base.values, dict):
        return base
    lines, files = dict(base.lines), dict(base.files)
    merged = _merged(base.values, values, (), at, override, (lines, files))
    return replace(base, values=merged, lines=lines, files=files)


_Places = tuple[dict[Path, int], dict[Path, str]]


def _merged(
    old: dict[str, Any], new: dict[str, Any], path: Path, at: Path, override: Document, places: _Places
) -> dict[str, Any]:
    values = dict(old)
    for key, value in new.items():
        here = (*path, key)
        if key == "without" and path in ((), ("lines",)):
            values["fields"] = _without(values.get("fields"), value, here, at, override)
        elif isinstance(value, dict) and isinstance(values.get(key), dict) and _is_merged(here):
            values[key] = _merged(values[key], value, here, at, override, places)
        else:
            values[key] = value
            _moved(here, at, override, places)
    return values


def _is_merged(path: Path) -> bool:
    return path in _MERGED or (*path[:-1], "*") in _MERGED


def _moved(here: Path, at: Path, override: Document, places: _Places) -> None:
    """The lines of a replaced value are those of the override's file."""
    lines, files = places
    for path in [path for path in lines if path[: len(here)] == here]:
        del lines[path]
        files.pop(path, None)
    start = (*at, *here)
    for path, line in override.lines.items():
        if path[: len(start)] == start:
            lines[path[len(at) :]] = line
            files[path[len(at) :]] = override.file


def _without(fields: Any, names: Any, here: Path, at: Path, override: Document) -> dict[str, Any]:
    """The fields that are left when the named ones are taken out."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise override.wrong((*at, *here), "without is not a list of fields")
    known = fields if isinstance(fields, dict) else {}
    for place, name in enumerate(names):
        if name not in known:
            raise override.wrong((*at, *here, place), f"there is no field {name}", suggestion(name, known))
    return {name: rule for name, rule in known.items() if name not in names}

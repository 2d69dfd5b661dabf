"""Whether the values that mapping files say outright are such as the described field takes."""

import re
from collections.abc import Iterator

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.mapping import Rule
from sf_intacct.flow.mapping_document import Document, Path, suggestion, wrong
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.model.described import DescribedField

_LITERAL = re.compile(r"\s*'((?:[^']|'')*)'\s*")


def value_problems(
    rule: Rule, known: DescribedField, contract: Contract, mappings: Mappings, document: Document, path: Path
) -> Iterator[MappingError]:
    """Constants, defaults and crosswalk values, of a rule and of its entities', that the field does not take."""
    name = f"{contract.object}.{known.name}"
    for variant in rule.variants:
        for said in filter(None, (_literal(variant), variant.default)):
            seen = misfit(said, known, name)
            if seen:
                yield document.wrong(path, seen, suggestion(said, known.values))
        if variant.lookup and variant.lookup in mappings.crosswalks:
            yield from _crosswalk_problems(variant.lookup, known, name, mappings)


def misfit(said: str, known: DescribedField, name: str) -> str:
    """Why a field does not take a text, in words; empty if it does."""
    if known.values and said not in known.values:
        return f"{name} takes only {_listed(known.values)}, and not {said!r}"
    if known.length and len(said) > known.length:
        return f"{name} takes {known.length} characters, and {said!r} has {len(said)}"
    return ""


def _listed(values: tuple[str, ...], most: int = 6) -> str:
    return ", ".join(values[:most]) + (f" and {len(values) - most} more" if len(values) > most else "")


def _literal(rule: Rule) -> str | None:
    """What a rule says whatever the record is: its constant, or the text that its whole expression is."""
    if rule.constant is not None:
        return rule.constant
    whole = _LITERAL.fullmatch(rule.value or "")
    return whole.group(1).replace("''", "'") if whole else None


def _crosswalk_problems(lookup: str, known: DescribedField, name: str, mappings: Mappings) -> Iterator[MappingError]:
    file = mappings.company.lookups[lookup].crosswalk
    for place, said in enumerate(mappings.crosswalks[lookup]["intacct"], start=2):
        seen = misfit(said, known, name) if said else ""
        if seen:
            yield wrong(file, place, seen, suggestion(said, known.values))

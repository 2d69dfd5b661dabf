"""Whether crossings keep to their own kinds: a record must never be taken for the counterpart of another."""

from collections.abc import Iterator

from sf_intacct.errors import MappingError
from sf_intacct.flow.amendments import Policy
from sf_intacct.flow.contracts import Contract, target_contract
from sf_intacct.flow.mapping import Mapping, WhenChanged
from sf_intacct.flow.mapping_document import Document, suggestion
from sf_intacct.flow.mapping_text import Mappings

# Objects that hold many kinds, and the field that tells them apart.
KINDS = {"intacct.SODOCUMENT": "DOCPARID"}


def kind_problems(mapping: Mapping, mappings: Mappings, document: Document) -> Iterator[MappingError]:
    """What is wrong with a mapping's `among`, by itself and beside the other crossings."""
    target = target_contract(mapping.target)
    if target is None:
        return
    wanted = KINDS.get(mapping.target)
    if wanted and (mapping.among is None or mapping.among.field != wanted):
        seen = f"{mapping.target} holds documents of many kinds, and this mapping does not say which it makes"
        yield document.wrong(("to",), seen, f"add `among: {{field: {wanted}, values: [...]}}`")
    if wanted and mapping.when_changed is not WhenChanged.HOLD:
        seen = f"{mapping.target} is not changed by us once it is made"
        yield document.wrong(("when_changed",), seen, "write `when_changed: hold`")
    if mapping.among and mapping.among.field not in target.by_source:
        seen = f"{target.object} has no field {mapping.among.field} that we read back"
        yield document.wrong(("among", "field"), seen, suggestion(mapping.among.field, target.by_source))
    for other in mappings.crossings.values():
        if other.crossing < mapping.crossing and _may_be_mistaken(mapping, other):
            seen = f"{other.crossing} makes the same kind of {target.object} of the same records"
            yield document.wrong(("among",) if mapping.among else ("to",), seen, "give each of them its own `among`")


# The objects of which a mapping may choose a policy; `hold` may be chosen of every document.
POSSIBLE: dict[Policy, frozenset[str]] = {Policy.UPDATE: frozenset({"intacct.ARINVOICE"})}


def amendment_problems(mapping: Mapping, document: Document) -> Iterator[MappingError]:
    """Whether what a mapping says about amendments can be done."""
    policy = mapping.amendments
    if policy is Policy.HOLD:
        return
    if mapping.target not in POSSIBLE[policy]:
        seen = f"{mapping.target} cannot be amended by {policy.value}"
        yield document.wrong(("amendments",), seen, "write `hold`; see docs/amendments.md")
    elif mapping.when_changed is not WhenChanged.HOLD:
        remedy = "write `when_changed: hold`, or leave `amendments` out"
        yield document.wrong(("amendments",), "only documents have amendments", remedy)


def _may_be_mistaken(one: Mapping, other: Mapping) -> bool:
    """Two crossings that mark the same object with the same ids, and share a kind."""
    if (one.source, one.target) != (other.source, other.target) or not (one.mark and one.creates and other.creates):
        return False
    if one.among is None or other.among is None or one.among.field != other.among.field:
        return True
    return bool(set(one.among.values) & set(other.among.values))


def entity_problems(mapping: Mapping, target: Contract, document: Document) -> Iterator[MappingError]:
    """Documents are made in an entity. Masters are made at the top level, where all entities see them."""
    if target.lines is None or "MEGAENTITYID" not in target.by_source:
        yield document.wrong(("entity",), f"{mapping.target} is no document: masters are made at the top level")

"""What a mapping looks at beside its own records."""

from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.scope import Surroundings
from sf_intacct.store import plan_sources
from sf_intacct.store.warehouse import Session


def surroundings(session: Session, mappings: Mappings, mapping: Mapping) -> Surroundings:
    """The tables that a mapping looks at: neighbours, references, and the other ends of its links."""
    links = plan_sources.links(session, mappings, mapping.needs | _linked_back(mapping))
    tables = plan_sources.looked_at(mapping, mappings)
    return Surroundings({name: plan_sources.table(session, name) for name in sorted(tables)}, links)


def _linked_back(mapping: Mapping) -> frozenset[str]:
    return frozenset(rule.linked_back for rule in mapping.rules if rule.linked_back)

"""Every rule of the preflight: what it finds, what it reads, and on which documents it is tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_preflight import PeriodPolicy, Policy
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import periods
from sf_intacct.flow.preflight.closings import CLOSED_BOOKS
from sf_intacct.flow.preflight.documents import ADJUSTMENT, INVOICE, SALE, Documents

DOCUMENTS = frozenset({INVOICE, ADJUSTMENT, SALE})


@dataclass(frozen=True)
class Rule:
    """One rule. reads: the tables of core that it looks at, as far as they are read at all; says: in plain words."""

    name: str
    cause: str
    says: str
    finds: Callable[[Documents], pl.DataFrame]
    reads: tuple[str, ...] = ()
    objects: frozenset[str] = DOCUMENTS


RULES: tuple[Rule, ...] = (
    Rule(
        "period_closed",
        "period_closed",
        "The posting date lies in no period that is known to be closed, of the company or an entity, of the general "
        "ledger or the document's own.",
        periods.closed,
        (CLOSED_BOOKS, "intacct_locations", "intacct_transaction_definitions"),
    ),
)


def of(mapping: Mapping) -> list[Rule]:
    """The rules for what a mapping makes."""
    if mapping.target_system != "intacct":
        return []
    return [rule for rule in RULES if mapping.target_object in rule.objects]


def policy(mappings: Mappings, rule: Rule) -> str:
    """What the company says of a rule: hold, ignore, or for periods next_open_period."""
    return str(getattr(mappings.company.preflight, rule.name))


def reads(mapping: Mapping, mappings: Mappings, in_use: frozenset[str]) -> set[str]:
    """The tables of core that the rules of a mapping look at; nothing is read for their sake that is not in use."""
    rules = [rule for rule in of(mapping) if policy(mappings, rule) != Policy.IGNORE]
    return {table for rule in rules for table in rule.reads} & in_use


def checked(documents: Documents) -> Evaluated:
    """The documents, moved where the company wants it, with a finding for everything that Intacct would refuse."""
    rules = [rule for rule in of(documents.mapping) if policy(documents.mappings, rule) != Policy.IGNORE]
    if documents.mappings.company.preflight.period_closed is PeriodPolicy.NEXT_OPEN_PERIOD and rules:
        documents = replace(documents, evaluated=periods.moved(documents))
    found = [rule.finds(documents) for rule in rules]
    evaluated = documents.evaluated
    return replace(evaluated, findings=together([evaluated.findings, *found])) if found else evaluated

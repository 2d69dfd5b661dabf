"""Which tables and columns the mappings of a company use: what nobody uses is not read, and need not be there."""

import re
from collections.abc import Iterator
from dataclasses import replace

from sf_intacct.flow import parting, references
from sf_intacct.flow.contracts import CONTRACTS, OBSERVED, Column, Contract, target_contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight.closings import CLOSED_BOOKS
from sf_intacct.flow.rates import ENTRIES, RATES
from sf_intacct.flow.taxes import TAX_RATES

_WORD = re.compile(r"[A-Za-z_][\w.]*")


def in_use(contract: Contract, mappings: Mappings) -> Contract | None:
    """What to read of a contract: itself without optional columns that no mapping names; None for nothing."""
    if contract.optional and contract.name not in tables(mappings):
        return None
    if not any(column.optional for column in contract.columns):
        return contract
    words = _words(mappings)
    return replace(contract, columns=tuple(column for column in contract.columns if _is_read(column, words)))


def _is_read(column: Column, words: frozenset[str]) -> bool:
    if column.silent:
        return False
    return not column.optional or bool({column.name, column.source, *column.read_for} & words)


def tables(mappings: Mappings) -> frozenset[str]:
    """The tables of core that the mappings name, heads with their lines."""
    named = {name for mapping in mappings.crossings.values() for name in _named(mapping)}
    named |= {lookup.table for lookup in mappings.company.lookups.values() if lookup.table}
    named |= set(mappings.company.reference)
    named |= {CLOSED_BOOKS} if mappings.company.periods.read else set()
    named |= {table for mapping in mappings.crossings.values() for table in references.referred(mapping)}
    named |= {part for name in named if name in CONTRACTS for part in CONTRACTS[name].made_of}
    lines = {OBSERVED[name].lines for name in named if name in OBSERVED}
    heads = {contract.name for contract in OBSERVED.values() if contract.lines in named}
    return frozenset(named | heads | {name for name in lines if name})


def _named(mapping: Mapping) -> Iterator[str]:
    yield mapping.source
    target = target_contract(mapping.target)
    if target is not None:
        yield target.name
    yield from (other.table for other in mapping.beside.values())
    if mapping.leaves and mapping.leaves.unless:
        yield mapping.leaves.unless.table
    if mapping.rate:
        yield from (RATES, ENTRIES)
    if mapping.lines:
        yield mapping.lines.each
        yield from (other.table for other in mapping.lines.beside.values())
        if mapping.lines.tax:
            yield TAX_RATES


def _words(mappings: Mappings) -> frozenset[str]:
    """Every word of every mapping, with each part of a dotted one: more than its columns, and never less."""
    text = " ".join(mapping.model_dump_json(exclude={"crossing", "says"}) for mapping in mappings.crossings.values())
    dotted = set(_WORD.findall(text))
    return parting.columns(mappings) | frozenset(dotted | {part for word in dotted for part in word.split(".")})
